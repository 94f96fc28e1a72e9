import asyncio

import msgspec
import pytest
from tests.conftest import BOTH
from tests.rig import members

from parvis.core.errors import NotFound
from parvis.events import Event, Followed, FollowRequested, FollowRequestEnded
from parvis.people.accounts import Account, get_account
from parvis.people.details import Trait
from parvis.people.profiles import edit_profile
from parvis.people.relations import block, follow, relationship, unfollow
from parvis.people.requests import GRANTING, count_requests, grant, refuse, requests_of
from parvis.people.restraining import lay
from parvis.people.restraints import Restraint
from parvis.people.ties import Manner
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.transaction import Tx

pytestmark = BOTH


async def locked(tx: Tx, account: Account) -> Account:
    return await edit_profile(tx, account, traits={Trait.LOCKED: True})


async def test_a_locked_account_is_asked_and_a_granted_follow_is_as_it_was_asked_for(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    told: list[Event] = []
    async with store.transaction(durable=False) as tx:
        bob = await locked(tx, bob)
        await follow(tx, alice, bob.id, reposts=False)
        await follow(tx, alice, bob.id, notify=True)
        bond = await relationship(tx, alice, bob.id)
        assert (bond.following, bond.asked, bond.manner) == (False, True, Manner(reposts=False, notify=True))
        assert (await relationship(tx, bob, alice.id)).asked_by
        assert [tie.account.handle for tie in await requests_of(tx, bob)] == ["alice"]
        assert await count_requests(tx, bob) == 1
        await grant(tx, bob, alice.id)
        bond = await relationship(tx, alice, bob.id)
        assert (bond.following, bond.asked, bond.manner) == (True, False, Manner(reposts=False, notify=True))
        assert (await get_account(tx, bob.id)).followers_count == 1
        assert await requests_of(tx, bob) == []
        told += tx.aftermath().events
    assert told[1:] == [
        FollowRequested(alice.id, bob.id),
        FollowRequestEnded(alice.id, bob.id),
        Followed(alice.id, bob.id),
    ]


async def test_a_request_ends_by_a_no_a_withdrawal_and_a_block(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction(durable=False) as tx:
        bob = await locked(tx, bob)
        for end in (refuse(tx, bob, alice.id), unfollow(tx, alice, bob.id), block(tx, bob, alice.id)):
            await follow(tx, alice, bob.id)
            assert await count_requests(tx, bob) == 1
            await end
            assert await count_requests(tx, bob) == 0
        for answer in (grant, refuse):
            with pytest.raises(NotFound):
                await answer(tx, bob, alice.id)
        assert (await get_account(tx, bob.id)).followers_count == 0


async def test_who_is_limited_asks_everybody(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction(durable=False) as tx:
        await lay(tx, alice.id, Restraint.LIMITED)
        await follow(tx, await get_account(tx, alice.id), bob.id)
        assert (await relationship(tx, alice, bob.id)).asked


async def test_an_account_that_opens_up_lets_all_in_who_wait(store: Store) -> None:
    alice, bob, carol = await members(store, "alice", "bob", "carol")
    runner = Runner(store, [GRANTING])
    async with store.transaction(durable=False) as tx:
        bob = await locked(tx, bob)
        for one in (alice, carol):
            await follow(tx, one, bob.id)
    async with store.transaction(durable=False) as tx:
        await edit_profile(tx, bob, traits={Trait.LOCKED: False})
    await settled(runner)
    async with store.reading() as tx:
        assert (await get_account(tx, bob.id)).followers_count == 2


async def settled(runner: Runner) -> None:
    running = asyncio.create_task(runner.run())
    await runner.settle()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_manner_of_a_follow_changes_piece_by_piece(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction(durable=False) as tx:
        await follow(tx, alice, bob.id, languages=("FR", "en", "fr"))
        await follow(tx, alice, bob.id, notify=True)
        await follow(tx, alice, bob.id)
        manner = Manner(notify=True, languages=("fr", "en"))
        assert (await relationship(tx, alice, bob.id)).manner == manner
        await follow(tx, alice, bob.id, languages=(), reposts=False)
        wanted = msgspec.structs.replace(manner, languages=(), reposts=False)
        assert (await relationship(tx, alice, bob.id)).manner == wanted
        assert (await get_account(tx, bob.id)).followers_count == 1
