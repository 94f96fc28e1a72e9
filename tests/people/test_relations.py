import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.cast import SOON
from tests.conftest import BOTH
from tests.rig import member, members

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.events import Blocked, Event, Followed, Unfollowed
from parvis.people.accounts import Account, get_account
from parvis.people.circles import Span, blocks_of, followers_of, following_of, mutes_of
from parvis.people.relations import (
    block,
    follow,
    forget_ended_mutes,
    mute,
    relationship,
    relationships,
    unblock,
    unfollow,
    unmute,
)
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.store.transaction import Tx

pytestmark = BOTH

SUSPEND = Statement(tables.accounts.update().values(suspended_at=1).where(tables.accounts.c.handle == "bob"))


async def do(store: Store, verb: Callable[[Tx, Account, AccountId], Awaitable[None]], a: Account, b: Account) -> None:
    async with store.transaction(durable=False) as tx:
        await verb(tx, a, b.id)


async def counts(store: Store, account: Account) -> tuple[int, int]:
    """Followers and following."""
    async with store.reading() as tx:
        now = await get_account(tx, account.id)
        return now.followers_count, now.following_count


async def test_following_twice_counts_and_tells_once(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    told: list[Event] = []
    for verb in (follow, follow, unfollow, unfollow):
        async with store.transaction(durable=False) as tx:
            await verb(tx, alice, bob.id)
            told += tx.aftermath().events
        if verb is follow:
            assert await counts(store, alice) == (0, 1)
            assert await counts(store, bob) == (1, 0)
    assert told == [Followed(alice.id, bob.id), Unfollowed(alice.id, bob.id)]
    assert await counts(store, alice) == await counts(store, bob) == (0, 0)


async def test_many_follows_at_the_same_moment_count_right(store: Store) -> None:
    alice, bob, carol, dan = await members(store, "alice", "bob", "carol", "dan")
    everyone = (alice, bob, carol, dan)
    verbs = [do(store, follow, a, b) for a in everyone for b in everyone if a is not b for _ in range(3)]
    await asyncio.wait_for(asyncio.gather(*verbs), SOON)
    assert [await counts(store, account) for account in everyone] == [(3, 3)] * 4
    verbs = [do(store, unfollow, a, bob) for a in everyone for _ in range(3)]
    await asyncio.wait_for(asyncio.gather(*verbs), SOON)
    assert await counts(store, bob) == (0, 3)


async def test_a_follow_and_a_block_at_the_same_moment_never_both_hold(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    for _ in range(5):
        await asyncio.wait_for(
            asyncio.gather(do(store, follow, alice, bob), do(store, block, bob, alice), return_exceptions=True), 20
        )
        async with store.reading() as tx:
            between = await relationship(tx, alice, bob.id)
        assert between.blocked_by
        assert not between.following
        assert await counts(store, bob) == (0, 0)
        await do(store, unblock, bob, alice)


async def test_a_block_ends_both_follows_and_forbids_new_ones(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    await do(store, follow, alice, bob)
    await do(store, follow, bob, alice)
    told: list[Event] = []
    for _ in range(2):
        async with store.transaction() as tx:
            await block(tx, alice, bob.id)
            told += tx.aftermath().events
    assert told == [Blocked(alice.id, bob.id)]
    assert await counts(store, alice) == await counts(store, bob) == (0, 0)
    for follower, followee in ((alice, bob), (bob, alice)):
        with pytest.raises(Forbidden):
            await do(store, follow, follower, followee)
    await do(store, unblock, alice, bob)
    await do(store, unblock, alice, bob)
    assert await counts(store, alice) == (0, 0)
    await do(store, follow, bob, alice)
    assert await counts(store, alice) == (1, 0)


async def test_nobody_follows_blocks_or_mutes_themselves_or_somebody_who_is_not_there(store: Store) -> None:
    alice = await member(store, "alice")
    every: list[Callable[[Tx, Account, AccountId], Awaitable[None]]] = [follow, block, mute, unfollow, unblock, unmute]
    for verb in every[:3]:
        async with store.transaction() as tx:
            with pytest.raises(Invalid):
                await verb(tx, alice, alice.id)
    for verb in every:
        async with store.transaction() as tx:
            with pytest.raises(NotFound):
                await verb(tx, alice, AccountId(7))


async def test_a_suspended_account_neither_follows_nor_is_followed(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction() as tx:
        await tx.run(SUSPEND)
        bob = await get_account(tx, bob.id)
        with pytest.raises(NotFound):
            await follow(tx, alice, bob.id)
        with pytest.raises(Forbidden):
            await follow(tx, bob, alice.id)
        await block(tx, bob, alice.id)


async def test_relationships_tell_everything_in_one_query(store: Store) -> None:
    alice, bob, carol, dan = await members(store, "alice", "bob", "carol", "dan")
    await do(store, follow, alice, bob)
    await do(store, follow, bob, alice)
    await do(store, mute, alice, bob)
    await do(store, block, alice, carol)
    await do(store, block, dan, alice)
    async with store.reading() as tx:
        found = await relationships(tx, alice, [bob.id, carol.id, dan.id, AccountId(7)])
        assert tx.queries == 1
    said = {
        account.handle: {name for name, value in zip(r.__struct_fields__, r_values(r), strict=True) if value is True}
        for account in (bob, carol, dan)
        for r in (found.pop(account.id),)
    }
    assert found == {}
    assert said == {
        "bob": {"following", "followed_by", "muting", "muting_notifications"},
        "carol": {"blocking"},
        "dan": {"blocked_by"},
    }


def r_values(struct: object) -> list[object]:
    return [getattr(struct, name) for name in struct.__struct_fields__]  # type: ignore[attr-defined] # a Struct


async def test_a_mute_ends_when_it_said(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        alice, bob = await members(store, "alice", "bob")
        async with store.transaction() as tx:
            with pytest.raises(Invalid):
                await mute(tx, alice, bob.id, until=moment)
            await mute(tx, alice, bob.id)
            await mute(tx, alice, bob.id, until=moment + 1000, notifications=False)
            between = await relationship(tx, alice, bob.id)
            assert (between.muting, between.muting_notifications, between.muted_until) == (True, False, moment + 1000)
            assert [tie.account for tie in await mutes_of(tx, alice)] == [bob]
        moment += 1000
        async with store.transaction() as tx:
            assert not (await relationship(tx, alice, bob.id)).muting
            assert await mutes_of(tx, alice) == []
            assert await forget_ended_mutes(tx) == 1
            await unmute(tx, alice, bob.id)


async def test_the_lists_come_latest_first_a_page_at_a_time(store: Store) -> None:
    alice, bob, carol, dan = await members(store, "alice", "bob", "carol", "dan")
    for account in (bob, carol, dan):
        await do(store, follow, account, alice)
        await do(store, follow, alice, account)
    async with store.reading() as tx:
        first = await followers_of(tx, None, alice, Span(limit=2))
        assert [tie.account.handle for tie in first] == ["dan", "carol"]
        rest = await followers_of(tx, None, alice, Span(before=first[-1].id))
        assert [tie.account.handle for tie in rest] == ["bob"]
        newer = await followers_of(tx, None, alice, Span(after=first[-1].id))
        assert [tie.account.handle for tie in newer] == ["dan"]
        assert [tie.account.handle for tie in await following_of(tx, alice, alice)] == ["dan", "carol", "bob"]
        assert tx.queries == 4


async def test_the_lists_leave_out_the_suspended_and_who_has_a_block_with_the_viewer(store: Store) -> None:
    alice, bob, carol, dan = await members(store, "alice", "bob", "carol", "dan")
    for account in (bob, carol, dan):
        await do(store, follow, account, alice)
    await do(store, block, carol, dan)
    async with store.transaction() as tx:
        await tx.run(SUSPEND)
        assert [tie.account.handle for tie in await followers_of(tx, dan, alice)] == ["dan"]
        assert [tie.account.handle for tie in await followers_of(tx, carol, alice)] == ["carol"]
        assert [tie.account.handle for tie in await followers_of(tx, alice, alice)] == ["dan", "carol"]
        assert [tie.account.handle for tie in await blocks_of(tx, carol)] == ["dan"]
