import pytest
from tests.conftest import BOTH
from tests.rig import member, members

from parvis.core.errors import Invalid, NotFound
from parvis.people.accounts import get_account
from parvis.people.circles import Span
from parvis.people.regard import endorse, endorsed_by, note, shun, shunned_by, unendorse, unshun
from parvis.people.relations import block, follow, relationship, send_away, unfollow
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.statement import Statement

pytestmark = BOTH

ABROAD = Statement(tables.accounts.update().values(domain="far.example").where(tables.accounts.c.handle == "bob"))


async def test_one_endorses_whom_one_follows_for_as_long_as_one_does(store: Store) -> None:
    alice, bob, carol = await members(store, "alice", "bob", "carol")
    async with store.transaction(durable=False) as tx:
        with pytest.raises(Invalid):
            await endorse(tx, alice, bob.id)
        for one in (bob, carol):
            await follow(tx, alice, one.id)
            await endorse(tx, alice, one.id)
            await endorse(tx, alice, one.id)
        assert (await relationship(tx, alice, bob.id)).endorsed
        assert [tie.account.handle for tie in await endorsed_by(tx, None, alice.id)] == ["carol", "bob"]
        assert [tie.account.handle for tie in await endorsed_by(tx, None, alice.id, Span(limit=1))] == ["carol"]
        await unfollow(tx, alice, bob.id)
        assert not (await relationship(tx, alice, bob.id)).endorsed
        await unendorse(tx, alice, carol.id)
        assert await endorsed_by(tx, None, alice.id) == []
        for verb in (endorse, unendorse):
            with pytest.raises(NotFound):
                await verb(tx, alice, 7)


async def test_a_note_is_its_writers_alone(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction(durable=False) as tx:
        await note(tx, alice, bob.id, " met at the fair ")
        await note(tx, alice, bob.id, "met at the market")
        assert (await relationship(tx, alice, bob.id)).note == "met at the market"
        assert (await relationship(tx, bob, alice.id)).note == ""
        with pytest.raises(Invalid):
            await note(tx, alice, bob.id, "x" * 2001)
        await note(tx, alice, bob.id, "")
        assert (await relationship(tx, alice, bob.id)).note == ""


async def test_a_follower_can_be_sent_away_and_come_again(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction(durable=False) as tx:
        await follow(tx, bob, alice.id)
        await send_away(tx, alice, bob.id)
        await send_away(tx, alice, bob.id)
        assert (await get_account(tx, alice.id)).followers_count == 0
        await follow(tx, bob, alice.id)
        assert (await relationship(tx, alice, bob.id)).followed_by


async def test_a_shunned_domain_takes_the_follows_across_it_along(store: Store) -> None:
    alice, bob, carol = await members(store, "alice", "bob", "carol")
    async with store.transaction(durable=False) as tx:
        await follow(tx, alice, bob.id)
        await follow(tx, bob, alice.id)
        await follow(tx, alice, carol.id)
        await tx.run(ABROAD)
        await shun(tx, alice, "https://Far.example/about", own="here.example")
        await shun(tx, alice, "other.example", own="here.example")
        assert [one.domain for one in await shunned_by(tx, alice)] == ["other.example", "far.example"]
        bond = await relationship(tx, alice, bob.id)
        assert (bond.shunning, bond.following, bond.followed_by) == (True, False, False)
        assert (await relationship(tx, alice, carol.id)).following
        await unshun(tx, alice, "far.example")
        assert not (await relationship(tx, alice, bob.id)).shunning
        for wrong in ("here.example", "no domain", ""):
            with pytest.raises(Invalid):
                await shun(tx, alice, wrong, own="here.example:3000")


async def test_a_block_ends_an_endorsement(store: Store) -> None:
    alice = await member(store, "alice")
    bob = await member(store, "bob")
    async with store.transaction(durable=False) as tx:
        await follow(tx, alice, bob.id)
        await endorse(tx, alice, bob.id)
        await block(tx, bob, alice.id)
        assert await endorsed_by(tx, None, alice.id) == []
