"""What a moderator does shows at another door than the one it was done at."""

import pytest
from sqlalchemy import select
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.core.errors import Forbidden
from parvis.moderation import actions, audit, reports, strikes
from parvis.people.sessions import find_session, start_session
from parvis.store.statement import Statement
from parvis.store.tables import accounts


async def act(mod: Caller, target: Caller, kind: str, **more: str) -> None:
    await mod.post(f"/api/v1/admin/accounts/{target.id}/action", json={"type": kind} | more)


async def ids(caller: Caller, path: str) -> list[str]:
    return [status["id"] for status in await caller.get(path)]


@BOTH
async def test_who_is_limited_is_met_by_followers_only(ada: Caller, ben: Caller, mod: Caller, world: World) -> None:
    friend = await world.member("fred")
    await friend.post(f"/api/v1/accounts/{ben.id}/follow")
    status = await ben.say("hello #square")
    await act(mod, ben, "silence")
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/public?local=1", "/api/v1/timelines/tag/square"):
        assert await ids(ada, path) == []
        assert await ids(friend, path) == [status["id"]]
        assert await ids(ben, path) == [status["id"]]
    assert await ids(friend, "/api/v1/timelines/home") == [status["id"]]
    assert (await ada.get(f"/api/v1/statuses/{status['id']}"))["account"]["limited"] is True
    assert await ada.get("/api/v1/accounts/search?q=be") == []
    assert [one["id"] for one in await ada.get("/api/v1/accounts/search?q=ben")] == [ben.id]
    told = await mod.post(f"/api/v1/admin/accounts/{ben.id}/unsilence")
    assert told["silenced"] is False
    assert await ids(ada, "/api/v1/timelines/public") == [status["id"]]


@BOTH
async def test_a_suspended_account_is_gone_and_cannot_come_in(
    ada: Caller, ben: Caller, mod: Caller, world: World
) -> None:
    status = await ben.say("hello")
    async with world.store.transaction() as tx:
        session = await start_session(tx, ben.account)
    await act(mod, ben, "suspend")
    await ada.get(f"/api/v1/statuses/{status['id']}", 404)
    await ben.get("/api/v1/accounts/verify_credentials", 403)
    await ben.get("/api/v1/timelines/public", 403)
    async with world.store.reading() as tx:
        assert await find_session(tx, session) is None
    assert (await mod.post(f"/api/v1/admin/accounts/{ben.id}/unsuspend"))["suspended"] is False
    assert (await ada.get(f"/api/v1/statuses/{status['id']}"))["id"] == status["id"]
    assert (await ben.get("/api/v1/accounts/verify_credentials"))["id"] == ben.id


@BOTH
async def test_who_is_disabled_cannot_come_in_but_is_still_read(
    ada: Caller, ben: Caller, mod: Caller, world: World
) -> None:
    status = await ben.say("hello")
    async with world.store.transaction() as tx:
        session = await start_session(tx, ben.account)
    await act(mod, ben, "disable")
    refused = await ben.get("/api/v1/accounts/verify_credentials", 403)
    assert refused["error"] == "Your login is currently disabled"
    async with world.store.reading() as tx:
        assert await find_session(tx, session) is None
    assert (await ada.get(f"/api/v1/statuses/{status['id']}"))["id"] == status["id"]
    assert (await mod.post(f"/api/v1/admin/accounts/{ben.id}/enable"))["disabled"] is False
    await ben.get("/api/v1/accounts/verify_credentials")


@BOTH
async def test_what_who_is_marked_shows_is_sensitive_until_they_are_not(ada: Caller, ben: Caller, mod: Caller) -> None:
    status = await ben.say("look")
    path = f"/api/v1/statuses/{status['id']}"
    assert (await ada.get(path))["sensitive"] is False
    await act(mod, ben, "sensitive")
    assert (await ada.get(path))["sensitive"] is True
    assert (await mod.get(f"/api/v1/admin/accounts/{ben.id}"))["sensitized"] is True
    await mod.post(f"/api/v1/admin/accounts/{ben.id}/unsensitive")
    assert (await ada.get(path))["sensitive"] is False


@BOTH
async def test_an_action_closes_reports_and_writes_a_strike_and_the_log(
    ada: Caller, ben: Caller, mod: Caller, world: World
) -> None:
    first = await ada.post("/api/v1/reports", json={"account_id": ben.id})
    second = await mod.post("/api/v1/reports", json={"account_id": ben.id})
    await act(mod, ben, "none", text="Mind your manners.", report_id=first["id"])
    assert [one["id"] for one in await mod.get("/api/v1/admin/reports")] == [second["id"]]
    await act(mod, ben, "silence", text="Again.", report_id=second["id"])
    assert await mod.get("/api/v1/admin/reports") == []
    async with world.store.reading() as tx:
        told = await strikes.strikes_of(tx, ben.account)
        assert [(one.action, one.text, one.moderator_id) for one in told] == [
            ("limit", "Again.", mod.account.id),
            ("none", "Mind your manners.", mod.account.id),
        ]
        log = [(one.verb, one.subject, one.actor_id) for one in await audit.entries(tx, mod.account)]
        assert ("account.limit", f"account:{ben.id}", mod.account.id) in log
        assert ("report.resolve", f"report:{first['id']}", mod.account.id) in log
    told = await mod.get("/api/parvis/v1/admin/audit_log?limit=2")
    assert [(one["account_id"], one["verb"]) for one in told] == [(mod.id, "report.resolve"), (mod.id, "account.limit")]


@BOTH
async def test_a_post_is_taken_down_by_a_moderator(ada: Caller, ben: Caller, mod: Caller, world: World) -> None:
    status = await ben.say("for friends", visibility="private")
    await ada.post(f"/api/parvis/v1/admin/statuses/{status['id']}/take_down", 403)
    await mod.post(f"/api/parvis/v1/admin/statuses/{status['id']}/take_down", json={"text": "No."})
    await ben.get(f"/api/v1/statuses/{status['id']}", 404)
    async with world.store.reading() as tx:
        (strike,) = await strikes.strikes_of(tx, ben.account)
        assert (strike.action, strike.posts) == ("delete", [int(status["id"])])
    await mod.post("/api/parvis/v1/admin/statuses/1/take_down", 404)


@BOTH
async def test_nobody_acts_on_an_equal(mod: Caller, boss: Caller, world: World) -> None:
    other = await world.member("molly", "read", role="moderator")
    for target in (mod, boss, other):
        await mod.post(f"/api/v1/admin/accounts/{target.id}/action", 403, json={"type": "suspend"})
    await boss.post(f"/api/v1/admin/accounts/{boss.id}/action", 403, json={"type": "disable"})
    await boss.post(f"/api/v1/admin/accounts/{mod.id}/action", json={"type": "suspend"})
    await mod.get("/api/v1/admin/reports", 403)


@BOTH
async def test_a_strike_is_appealed_once_and_an_approved_appeal_lifts_it(
    ben: Caller, mod: Caller, boss: Caller, world: World
) -> None:
    async with world.store.transaction() as tx:
        strike = await actions.act(tx, mod.account, ben.account.id, "limit", text="Why not.")
    (told,) = await ben.get("/api/parvis/v1/strikes")
    assert (told["action"], told["text"], told["appeal"]) == ("silence", "Why not.", None)
    await mod.post(f"/api/parvis/v1/strikes/{strike}/appeal", 404, json={"text": "not mine"})
    await ben.post(f"/api/parvis/v1/strikes/{strike}/appeal", json={"text": "I did nothing."})
    await ben.post(f"/api/parvis/v1/strikes/{strike}/appeal", 409, json={"text": "I did nothing."})
    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await actions.decide_appeal(tx, mod.account, strike, approved=True)
        assert [one.id for one in await strikes.pending_appeals(tx, boss.account)] == [strike]
        await actions.decide_appeal(tx, boss.account, strike, approved=True)
    assert (await boss.get(f"/api/v1/admin/accounts/{ben.id}"))["silenced"] is False
    assert (await ben.get("/api/parvis/v1/strikes"))[0]["appeal"]["state"] == "approved"


@BOTH
async def test_an_erased_account_leaves_nothing_and_counters_true(
    ada: Caller, ben: Caller, boss: Caller, mod: Caller, world: World
) -> None:
    fan = await world.member("fred")
    await ben.post(f"/api/v1/accounts/{ada.id}/follow")
    await ben.post(f"/api/v1/accounts/{fan.id}/follow")
    await fan.post(f"/api/v1/accounts/{ben.id}/follow")
    mine = await ada.say("mine")
    closed = await ada.say("for those who follow", visibility="private")
    theirs = await ben.say("theirs")
    await ben.post(f"/api/v1/statuses/{mine['id']}/favourite")
    await ben.post(f"/api/v1/statuses/{mine['id']}/reblog")
    await ben.post(f"/api/v1/statuses/{closed['id']}/favourite")
    await ben.post(f"/api/v1/accounts/{ada.id}/unfollow")  # so that they see it no more
    await boss.ask("DELETE", f"/api/v1/admin/accounts/{ben.id}", 403)  # only a suspended one
    await act(mod, ben, "suspend")
    await mod.ask("DELETE", f"/api/v1/admin/accounts/{ben.id}", 403)  # no moderator's to do
    await boss.ask("DELETE", f"/api/v1/admin/accounts/{ben.id}")
    await world.settle()
    await boss.get(f"/api/v1/admin/accounts/{ben.id}", 404)
    await ada.get(f"/api/v1/statuses/{theirs['id']}", 404)
    left = await ada.get(f"/api/v1/statuses/{mine['id']}")
    assert (left["favourites_count"], left["reblogs_count"]) == (0, 0)
    assert (await ada.get(f"/api/v1/statuses/{closed['id']}"))["favourites_count"] == 0
    async with world.store.reading() as tx:
        count = Statement(select(accounts.c.followers_count).where(accounts.c.handle == "ada"))
        assert await tx.value(count) == 0
    alone = await fan.get("/api/v1/accounts/verify_credentials")
    assert (alone["followers_count"], alone["following_count"]) == (0, 0)
    [told] = await fan.get("/api/v1/notifications?types[]=severed_relationships")
    event = told["event"]
    assert (event["type"], event["target_name"]) == ("account_suspension", "ben")
    assert (event["followers_count"], event["following_count"]) == (1, 1)
    assert await ada.get("/api/v1/notifications?types[]=severed_relationships") == []


async def test_a_mass_of_reports_closes_in_as_many_statements_as_one(ada: Caller, ben: Caller, world: World) -> None:
    asked = []
    for many in (1, 12):
        async with world.store.transaction() as tx:
            for _ in range(many):
                await reports.file(tx, ada.account, reports.Filing(target=ben.account.id))
        async with world.store.transaction() as tx:
            await actions.act(tx, None, ben.account.id, "limit")
            asked.append(tx.queries)
            assert await reports.listed(tx, None) == []
    assert asked[0] == asked[1]
