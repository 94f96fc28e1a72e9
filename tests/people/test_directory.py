import pytest
from tests.conftest import BOTH
from tests.rig import members

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId
from parvis.people.accounts import Account
from parvis.people.activity import count_post
from parvis.people.details import Trait
from parvis.people.directory import directory, familiar_followers, pass_over, suggestions_for
from parvis.people.profiles import edit_profile
from parvis.people.relations import block, follow, mute
from parvis.people.restraining import lay
from parvis.people.restraints import Restraint
from parvis.store.database import Store

pytestmark = BOTH


def handles(accounts: list[Account]) -> list[str]:
    return [account.handle for account in accounts]


async def test_the_directory_lists_who_wants_to_be_found(store: Store) -> None:
    alice, bob, carol, dan, eve = await members(store, "alice", "bob", "carol", "dan", "eve")
    async with store.transaction(durable=False) as tx:
        await count_post(tx, bob.id)
        assert handles(await directory(tx, alice))[:1] == ["bob"]
        assert handles(await directory(tx, alice, order="new")) == ["eve", "dan", "carol", "bob", "alice"]
        assert handles(await directory(tx, None, order="new", skipped=1, most=2)) == ["dan", "carol"]
        await edit_profile(tx, carol, traits={Trait.UNDISCOVERED: True})
        await lay(tx, dan.id, Restraint.LIMITED)
        await block(tx, eve, alice.id)
        assert handles(await directory(tx, alice, order="new", local=True)) == ["bob", "alice"]


async def test_suggested_are_friends_of_friends_then_the_followed(store: Store) -> None:
    alice, bob, carol, dan, eve, fay = await members(store, "alice", "bob", "carol", "dan", "eve", "fay")
    async with store.transaction(durable=False) as tx:
        await follow(tx, alice, bob.id)
        await follow(tx, bob, carol.id)
        await follow(tx, bob, alice.id)
        await follow(tx, carol, dan.id)
        await follow(tx, carol, eve.id)
        found = await suggestions_for(tx, alice)
        assert [(one.account.handle, one.reason) for one in found[:1]] == [("carol", "friends_of_friends")]
        assert {(one.account.handle, one.reason) for one in found[1:]} == {
            ("dan", "most_followed"),
            ("eve", "most_followed"),
        }
        await pass_over(tx, alice, carol.id)
        await mute(tx, alice, dan.id)
        await edit_profile(tx, eve, traits={Trait.LOCKED: True})
        assert await suggestions_for(tx, alice) == []
        with pytest.raises(NotFound):
            await pass_over(tx, alice, 7)
        assert fay.handle not in {one.account.handle for one in await suggestions_for(tx, carol)}


async def test_familiar_are_the_followers_whom_one_follows_too(store: Store) -> None:
    alice, bob, carol, dan = await members(store, "alice", "bob", "carol", "dan")
    async with store.transaction(durable=False) as tx:
        for one in (bob, carol):
            await follow(tx, alice, one.id)
            await follow(tx, one, dan.id)
        found = await familiar_followers(tx, alice, [dan.id, bob.id, AccountId(7)])
        assert {one: handles(known) for one, known in found.items()} == {dan.id: ["carol", "bob"], bob.id: [], 7: []}
        await edit_profile(tx, carol, traits={Trait.DISCREET: True})
        assert handles((await familiar_followers(tx, alice, [dan.id]))[dan.id]) == ["bob"]
