"""What administrators keep: roles, the work of the house, its emoji and texts; on either engine."""

import pytest
from sqlalchemy import update
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import PostId
from parvis.moderation import actions, audit, backlog, emojis, house, remarks, reports, roles, strikes
from parvis.moderation.announcements import Turn
from parvis.moderation.reports import Filing
from parvis.moderation.roles import May
from parvis.people import restraining
from parvis.people.accounts import get_account
from parvis.people.restraints import Restraint
from parvis.posts import visibility
from parvis.store.statement import Statement
from parvis.store.tables import jobs
from parvis.store.transaction import Tx

pytestmark = BOTH


async def test_posts_of_one_member_are_taken_down_at_once_with_one_strike(
    world: World, ada: Caller, ben: Caller, mod: Caller
) -> None:
    posted = ((ada, "one"), (ada, "two"), (ben, "three"))
    first, second, other = [
        PostId(int((await who.post("/api/v1/statuses", json={"status": words}))["id"])) for who, words in posted
    ]
    async with world.store.transaction() as tx:
        report = await reports.file(tx, ben.account, Filing(target=ada.account.id))
        await reports.assign(tx, mod.account, report.id)
        assert await reports.listed(tx, mod.account, assigned=ben.account.id) == []
        assert [one.id for one in await reports.listed(tx, mod.account, assigned=mod.account.id)] == [report.id]
        assert await reports.open_count(tx, mod.account) == 1
        with pytest.raises(Forbidden):
            await reports.open_count(tx, ben.account)
        with pytest.raises(NotFound):
            await actions.take_down_all(tx, mod.account, (first, other))
        with pytest.raises(NotFound):
            await actions.take_down_all(tx, mod.account, ())
        await actions.take_down_all(tx, mod.account, (first, second), report_id=report.id)
        assert await reports.open_count(tx, mod.account) == 0
        assert set(await visibility.written(tx, (first, second, other))) == {other}
        assert len(await strikes.strikes_of(tx, ada.account)) == 1


async def test_only_administrators_appoint_and_nobody_an_equal(
    world: World, ada: Caller, mod: Caller, boss: Caller
) -> None:
    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await actions.appoint(tx, mod.account, ada.account.id, "moderator")
        with pytest.raises(Forbidden):
            await actions.appoint(tx, boss.account, boss.account.id, "member")
        await actions.appoint(tx, boss.account, ada.account.id, "moderator")
        raised = await get_account(tx, ada.account.id)
        assert roles.may(raised, May.REPORTS)
        await restraining.lay(tx, raised.id, Restraint.DISABLED)
        assert not roles.may(await get_account(tx, ada.account.id), May.REPORTS)
        assert (await audit.entries(tx, boss.account))[0].verb == "account.appoint"


async def test_dead_letters_are_run_again_or_dropped_by_administrators(world: World, mod: Caller, boss: Caller) -> None:
    kind = "send_pigeon"  # which nobody runs here
    async with world.store.transaction() as tx:
        tx.enqueue(kind, Turn(1))
    async with world.store.transaction() as tx:
        await tx.run(
            Statement(update(jobs).where(jobs.c.kind == kind).values(dead_at=tx.now, error="lost", failures=5))
        )

    async def pile(tx: Tx) -> list[tuple[int, int]]:
        return [(each.waiting, each.dead) for each in await backlog.piles(tx, boss.account) if each.kind == kind]

    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await backlog.piles(tx, mod.account)
        [letter] = await backlog.dead_letters(tx, boss.account)
        assert await pile(tx) == [(0, 1)]
        await backlog.retry(tx, boss.account, letter.id)
        assert await pile(tx) == [(1, 0)]
        with pytest.raises(NotFound):
            await backlog.drop(tx, boss.account, letter.id)


async def test_emoji_and_texts_are_the_administrators(world: World, mod: Caller, boss: Caller) -> None:
    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await emojis.add(tx, mod.account, "blob", ("a.png", "b.png"))
        await emojis.add(tx, boss.account, "blob", ("a.png", "b.png"), category="house")
        assert [emoji.shortcode for emoji, _ in await emojis.kept(tx, boss.account)] == ["blob"]
        await emojis.remove(tx, boss.account, "blob")
        assert await emojis.kept(tx, boss.account) == []
        with pytest.raises(Forbidden):
            await house.source_of(tx, mod.account, "about", "en")
        assert (await house.source_of(tx, boss.account, "terms", "fr")).startswith("#")
        await house.write_text(tx, boss.account, "terms", "Old", day="2026-01-01")
        await house.write_text(tx, boss.account, "terms", "New", day="2026-02-01")
        assert await house.source_of(tx, boss.account, "terms", "en") == "New"


async def test_remarks_are_for_the_desk_and_go_with_their_author_or_an_administrator(
    world: World, ada: Caller, ben: Caller, mod: Caller, boss: Caller
) -> None:
    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await remarks.remark(tx, ben.account, ada.account.id, "psst")
        with pytest.raises(Invalid):
            await remarks.remark(tx, mod.account, ada.account.id, "x" * 2001)
        first = await remarks.remark(tx, mod.account, ada.account.id, "one")
        second = await remarks.remark(tx, boss.account, ada.account.id, "two")
        assert [one.text for one in await remarks.remarks_on(tx, mod.account, ada.account.id)] == ["two", "one"]
        with pytest.raises(Forbidden):
            await remarks.take_away(tx, mod.account, second)
        assert await remarks.take_away(tx, boss.account, first) == ada.account.id
        with pytest.raises(NotFound):
            await remarks.take_away(tx, boss.account, first)
        with pytest.raises(Forbidden):
            await remarks.remarks_on(tx, ada.account, ada.account.id)
