"""Grouped notifications as glimpses: a page that stands is exactly what would be found anew, whatever happens."""

from collections.abc import Awaitable, Callable

from sqlalchemy import Table
from sqlalchemy.sql.visitors import iterate
from tests.cast import members, say
from tests.conftest import BOTH
from tests.notifications.conftest import Square

from parvis.core import clock
from parvis.notifications import groups, inbox
from parvis.notifications.groups import Group, groups_looked_at
from parvis.notifications.inbox import EVERYTHING
from parvis.notifications.kinds import TOGETHER
from parvis.notifications.remembered import CONCERNED, groups_glimpsed
from parvis.people import relations, restraining
from parvis.people.accounts import Account
from parvis.people.profiles import edit_profile
from parvis.posts.delete import delete
from parvis.posts.edit import Revision, edit
from parvis.posts.glimpse import GLIMPSES, Glimpse, glimpses
from parvis.posts.likes import like, unlike
from parvis.posts.page import FIRST
from parvis.posts.reposts import repost
from parvis.store.transaction import Tx
from parvis.store.witness import TOLD, WHOSE

pytestmark = BOTH
Found = list[Group[Glimpse]]


async def look(square: Square, who: Account, later: int = 0) -> Found:
    """The page as it is remembered, twice: the second time without a query where the store can tell who stirred."""
    await square.settle()
    async with square.store.reading() as tx:
        tx.now += later
        found = await groups_glimpsed(tx, who)
        assert found == await groups_looked_at(tx, who, FIRST, EVERYTHING, TOGETHER, glimpses)
    async with square.store.reading() as tx:
        tx.now += later
        again = await groups_glimpsed(tx, who)
        assert again == found
        if tx.moment() is not None and found:
            assert tx.queries == 0
            assert again is found
    return found


async def test_a_page_stands_until_anything_stirs_that_it_depends_on(square: Square) -> None:
    ann, bob, eve, sue, ted = await members(square.store, "ann", "bob", "eve", "sue", "ted")
    liked, second = [await say(square.store, ann, text) for text in ("like me", "me too")]
    mention = await say(square.store, bob, "@ann hello")
    await say(square.store, ted, "@ann between us", visibility="followers")
    async with square.store.transaction() as tx:
        for one in (bob, eve, sue):
            await like(tx, one, liked)
        await repost(tx, eve, second)
        await relations.follow(tx, sue, ann.id)
    (likes,) = [group.key for group in await look(square, ann) if group.shown.kind == "like"]
    acts: list[tuple[Callable[[Tx], Awaitable[object]], int, int]] = [  # groups after each, and how many they tell of
        (lambda tx: like(tx, ted, liked), 5, 8),
        (lambda tx: unlike(tx, ted, liked), 5, 7),
        (lambda tx: like(tx, ann, mention), 5, 7),
        (lambda tx: edit(tx, bob, mention, Revision("@ann hello again")), 5, 7),
        (lambda tx: edit_profile(tx, bob, name="Robert"), 5, 7),
        (lambda tx: restraining.suspend(tx, bob.id), 4, 5),
        (lambda tx: restraining.unsuspend(tx, bob.id), 5, 7),
        (lambda tx: relations.mute(tx, ann, bob.id), 4, 5),
        (lambda tx: relations.unmute(tx, ann, bob.id), 5, 7),
        (lambda tx: delete(tx, ann, second), 4, 6),
        (lambda tx: relations.block(tx, ann, eve.id), 4, 5),
        (lambda tx: relations.block(tx, ted, ann.id), 3, 4),
        (lambda tx: groups.dismiss_group(tx, ann, likes), 2, 2),
        (lambda tx: delete(tx, bob, mention), 1, 1),
        (lambda tx: inbox.clear(tx, ann), 0, 0),
    ]
    for place, (act, many, told) in enumerate(acts):
        async with square.store.transaction() as tx:
            await act(tx)
        found = await look(square, ann)
        assert (place, len(found), sum(group.many for group in found)) == (place, many, told)


async def test_a_mute_that_runs_out_ends_the_page_and_what_others_are_told_does_not(square: Square) -> None:
    ann, bob, eve, ted = await members(square.store, "ann", "bob", "eve", "ted")
    post, other = await say(square.store, ann, "like me"), await say(square.store, eve, "me too")
    for one in (bob, eve):
        async with square.store.transaction() as tx:
            await like(tx, one, post)
        await square.settle()
    async with square.store.transaction() as tx:
        await relations.mute(tx, ann, bob.id, until=tx.now + clock.MINUTE)
    before = await look(square, ann)
    async with square.store.transaction() as tx:
        await like(tx, ted, other)
    await square.settle()
    async with square.store.reading() as tx:
        assert tx.moment() is None or await groups_glimpsed(tx, ann) is before
    after = await look(square, ann, later=2 * clock.MINUTE)
    assert [found[0].actors for found in (before, after)] == [(eve.id,), (eve.id, bob.id)]


def test_whatever_a_page_reads_is_watched(engine: str) -> None:
    assert engine
    looks = (GLIMPSES, CONCERNED, *groups.READ)
    read = {part.name for one in looks for part in iterate(one.clause) if isinstance(part, Table)}
    assert "notifications" in read
    assert read <= set(WHOSE) | set(TOLD)
