"""Collections: who may be put in, who sees them, who is told, and how one leaves."""

import pytest
from sqlalchemy import bindparam, update
from tests.cast import block, members, suspend
from tests.conftest import BOTH

from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.people import collections, relations
from parvis.people.collections import Sketch
from parvis.people.details import Trait
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts

pytestmark = BOTH

HIDE = Statement(update(accounts).where(accounts.c.id == bindparam("who")).values(traits=int(Trait.UNDISCOVERED)))


async def test_a_collection_is_made_changed_seen_and_removed(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        made = await collections.create(tx, ann, Sketch(name=" Good  people ", tag="square"), [bob.id, eve.id, bob.id])
        assert (made.name, made.tag, made.discoverable) == ("Good people", "square", True)
        assert [(item.account_id, item.state) for item in made.items] == [(bob.id, "accepted"), (eve.id, "accepted")]
        tx.queries = 0
        assert await collections.collections_of(tx, None, ann.id) == [made]
        assert tx.queries == 2
        assert await collections.collections_with(tx, bob) == [made]
        assert await collections.collections_with(tx, ann) == []
        changed = await collections.change(
            tx, ann, made.id, Sketch(description="Read them", discoverable=False, tag="")
        )
        assert (changed.name, changed.description, changed.tag) == ("Good people", "Read them", "")
        assert await collections.collections_of(tx, bob, ann.id) == []
        assert len(await collections.collections_of(tx, ann, ann.id)) == 1
        assert (await collections.get_collection(tx, None, made.id)).description == "Read them"
        with pytest.raises(Forbidden):
            await collections.change(tx, bob, made.id, Sketch(name="Mine"))
        with pytest.raises(Forbidden):
            await collections.remove(tx, bob, made.id)
        await collections.remove(tx, ann, made.id)
        with pytest.raises(NotFound):
            await collections.get_collection(tx, ann, made.id)
        assert await collections.collections_with(tx, bob) == []


async def test_nobody_is_put_in_against_their_will_and_who_leaves_stays_out(store: Store) -> None:
    ann, bob, hidden, blocking, gone = await members(store, "ann", "bob", "hidden", "blocking", "gone")
    async with store.transaction() as tx:
        await tx.run(HIDE, who=hidden.id)
        await block(tx, blocking, ann)
        await suspend(tx, gone)
        made = await collections.create(tx, ann, Sketch(name="People"))
        for wrong in (hidden, blocking):
            with pytest.raises(Forbidden):
                await collections.put_in(tx, ann, made.id, wrong.id)
        with pytest.raises(NotFound):
            await collections.put_in(tx, ann, made.id, gone.id)
        item = await collections.put_in(tx, ann, made.id, bob.id)
        with pytest.raises(Invalid):
            await collections.put_in(tx, ann, made.id, bob.id)
        with pytest.raises(Forbidden):
            await collections.put_in(tx, bob, made.id, ann.id)
        with pytest.raises(Forbidden):
            await collections.leave(tx, ann, made.id, item.id)
        with pytest.raises(NotFound):
            await collections.leave(tx, bob, made.id, 1)
        await collections.leave(tx, bob, made.id, item.id)
        assert (await collections.get_collection(tx, ann, made.id)).items == ()
        assert await collections.collections_with(tx, bob) == []
        with pytest.raises(Invalid):
            await collections.put_in(tx, ann, made.id, bob.id)


async def test_a_block_or_a_suspension_hides_what_was_collected(store: Store) -> None:
    ann, bob, eve, sue = await members(store, "ann", "bob", "eve", "sue")
    async with store.transaction() as tx:
        made = await collections.create(tx, ann, Sketch(name="People"), [bob.id, eve.id, sue.id])
        await block(tx, bob, ann)
        await block(tx, sue, eve)
        with pytest.raises(NotFound):
            await collections.get_collection(tx, bob, made.id)
        assert [item.account_id for item in (await collections.get_collection(tx, ann, made.id)).items] == [
            eve.id,
            sue.id,
        ]
        assert [item.account_id for item in (await collections.get_collection(tx, sue, made.id)).items] == [sue.id]
        await suspend(tx, ann)
        with pytest.raises(NotFound):
            await collections.get_collection(tx, None, made.id)
        assert await collections.collections_of(tx, None, ann.id) == []


async def test_bounds_hold(store: Store) -> None:
    ann, *others = await members(store, "ann", *(f"m{n}" for n in range(collections.MOST_ITEMS + 1)))
    async with store.transaction() as tx:
        for wrong in (Sketch(), Sketch(name="  "), Sketch(name="n" * 41), Sketch(name="n", description="d" * 101)):
            with pytest.raises(Invalid):
                await collections.create(tx, ann, wrong)
        full = await collections.create(tx, ann, Sketch(name="Full"), [one.id for one in others[:-1]])
        with pytest.raises(Invalid):
            await collections.put_in(tx, ann, full.id, others[-1].id)
        await collections.take_out(tx, ann, full.id, full.items[0].id)
        with pytest.raises(NotFound):
            await collections.take_out(tx, ann, full.id, full.items[0].id)
        await collections.put_in(tx, ann, full.id, others[-1].id)
        for number in range(collections.MOST - 1):
            await collections.create(tx, ann, Sketch(name=f"Number {number}"))
        with pytest.raises(Invalid):
            await collections.create(tx, ann, Sketch(name="One more"))
        page = await collections.collections_of(tx, ann, ann.id, 2, 1)
        assert [one.name for one in page] == ["Number 7", "Number 6"]


async def test_all_in_a_collection_are_followed_at_once_but_who_may_not_be(store: Store) -> None:
    ann, bob, eve, known, blocking = await members(store, "ann", "bob", "eve", "known", "blocking")
    async with store.transaction() as tx:
        inside = [one.id for one in (bob, eve, known, blocking)]
        made = await collections.create(tx, ann, Sketch(name="People"), [*inside, ann.id])
        await relations.follow(tx, ann, known.id)
        await block(tx, blocking, ann)
        assert await collections.follow_all(tx, ann, made.id) == 2
        ties = await relations.relationships(tx, ann, inside)
        assert [ties[one].following for one in inside] == [True, True, True, False]
        assert await collections.follow_all(tx, ann, made.id) == 0
