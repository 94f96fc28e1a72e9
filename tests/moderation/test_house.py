import datetime as dt

import pytest
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.core.errors import Forbidden, Invalid
from parvis.moderation import house


@BOTH
async def test_texts_come_with_the_house_until_the_operator_writes_their_own(world: World) -> None:
    ask = world.client.get
    for path in ("extended_description", "privacy_policy", "terms_of_service"):
        english = (await ask(f"/api/v1/instance/{path}")).json()["content"]
        french = (await ask(f"/api/v1/instance/{path}", headers={"Accept-Language": "fr"})).json()["content"]
        assert english != french
        assert english.startswith("<")
    async with world.store.transaction() as tx:
        await house.write_text(tx, None, "privacy", "# Mine\n\n<script>x</script> [a](javascript:x) **b**")
    told = (await ask("/api/v1/instance/privacy_policy", headers={"Accept-Language": "fr"})).json()
    assert "<h1>Mine</h1>" in told["content"]
    assert "<strong>b</strong>" in told["content"]
    assert "<script" not in told["content"]
    assert 'href="javascript' not in told["content"]
    async with world.store.transaction() as tx:
        await house.write_text(tx, None, "privacy", "")
    assert "Argon2" in (await ask("/api/v1/instance/privacy_policy")).json()["content"]


@BOTH
async def test_terms_hold_from_their_day_on(world: World) -> None:
    today = dt.datetime.now(dt.UTC).date()
    later = (today + dt.timedelta(days=30)).isoformat()
    async with world.store.transaction() as tx:
        await house.write_text(tx, None, "terms", "Now")
        await house.write_text(tx, None, "terms", "Then", day=later)
        with pytest.raises(Invalid):
            await house.write_text(tx, None, "terms", "Never", day="soon")
    told = (await world.client.get("/api/v1/instance/terms_of_service")).json()
    assert told == {
        "effective_date": today.isoformat(),
        "effective": True,
        "content": "<p>Now</p>\n",
        "succeeded_by": later,
    }
    coming = (await world.client.get(f"/api/v1/instance/terms_of_service/{later}")).json()
    assert (coming["effective"], coming["content"], coming["succeeded_by"]) == (False, "<p>Then</p>\n", None)
    assert (await world.client.get("/api/v1/instance/terms_of_service/1999-01-01")).status_code == 404


@BOTH
async def test_only_administrators_write_rules_and_texts(mod: Caller, boss: Caller, world: World) -> None:
    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await house.add_rule(tx, mod.account, "Be kind.")
        with pytest.raises(Forbidden):
            await house.write_text(tx, mod.account, "about", "Mine")
        first = await house.add_rule(tx, boss.account, "Be kind.")
        second = await house.add_rule(tx, boss.account, "Be brief.")
        await house.rewrite_rule(tx, boss.account, first, "Be kinder.", "Please.")
        with pytest.raises(Invalid):
            await house.add_rule(tx, boss.account, " ")
        assert [(rule.id, rule.text) for rule in await house.rules_of(tx)] == [
            (first, "Be kinder."),
            (second, "Be brief."),
        ]


@BOTH
async def test_the_instance_tells_what_it_is(ada: Caller, world: World) -> None:
    await ada.say("one")
    told = await ada.get("/api/v2/instance")
    assert told["rules"] == []
    assert told["registrations"]["enabled"] is True
    assert told["api_versions"]["mastodon"] >= 7
    assert told["configuration"]["urls"]["privacy_policy"].endswith("/about/privacy")
    older = await ada.get("/api/v1/instance")
    assert older["stats"] == {"user_count": 1, "status_count": 1, "domain_count": 0}
    assert await ada.get("/api/v1/instance/peers") == []
    (where,) = (await ada.get("/.well-known/nodeinfo"))["links"]
    known = await ada.get(where["href"].removeprefix(world.settings.url))
    assert (known["software"]["name"], known["metadata"]["upstream"]["name"]) == ("parvis", "mastodon")
    assert known["usage"] == {"users": {"total": 1, "activeMonth": 1}, "localPosts": 1}
    assert {"code": "fr", "name": "French"} in await ada.get("/api/v1/instance/languages")
    weeks = await ada.get("/api/v1/instance/activity")
    assert len(weeks) == 12
    assert (weeks[0]["statuses"], weeks[0]["logins"], weeks[0]["registrations"]) == ("1", "1", "1")
    assert weeks[1]["statuses"] == "0"
    assert int(weeks[0]["week"]) - int(weeks[1]["week"]) == 7 * 86_400
