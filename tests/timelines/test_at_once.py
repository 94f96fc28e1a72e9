"""What two requests of one member do at the same moment, on an engine that lets them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import bindparam, select
from tests.cast import follow, members, say
from tests.conftest import BOTH

from parvis.core.errors import Refused
from parvis.core.ids import PostId
from parvis.people import collections
from parvis.people.accounts import Account
from parvis.people.collections import Sketch
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.store.transaction import Tx
from parvis.timelines import filters, hashtags, home, lists, square
from parvis.timelines.filters import Wish
from parvis.timelines.page import Page

pytestmark = BOTH

TASTES = Statement(select(accounts.c.tastes).where(accounts.c.id == bindparam("who")))
Verb = Callable[[Tx, Account, int], Awaitable[object]]
BOUNDED: dict[str, tuple[Verb, int]] = {
    "collections": (lambda tx, who, n: collections.create(tx, who, Sketch(name=f"c{n}")), collections.MOST),
    "featured": (lambda tx, who, n: hashtags.feature(tx, who, f"tag{n}"), hashtags.MOST_FEATURED),
    "lists": (lambda tx, who, n: lists.make_list(tx, who, f"l{n}"), lists.MOST),
}


@pytest.mark.parametrize("what", BOUNDED)
async def test_a_bound_holds_when_many_come_at_once(store: Store, what: str) -> None:
    (ann,) = await members(store, "ann")
    verb, most = BOUNDED[what]
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        async with store.transaction(durable=False) as tx:
            await verb(tx, ann, number)
        done += 1

    for number in range(most - 1):
        await one(number)
    found = await asyncio.gather(*(one(most + number) for number in range(6)), return_exceptions=True)
    assert done == most
    assert all(outcome is None or isinstance(outcome, Refused) for outcome in found)


async def test_a_wish_is_heeded_that_comes_while_the_last_other_one_goes(store: Store) -> None:
    (ann,) = await members(store, "ann")
    async with store.transaction() as tx:
        old = await filters.make_filter(tx, ann, Wish(title="old", contexts=("home",)))
    came = asyncio.Event()

    async def goes() -> None:
        await came.wait()
        async with store.transaction() as tx:
            await filters.delete_filter(tx, ann, old.id)

    async with store.transaction() as tx:
        await hashtags.follow_tag(tx, ann, "sea")
        came.set()
        going = asyncio.create_task(goes())
        await asyncio.wait({going}, timeout=0.3)  # until it waits for this transaction
    await going
    async with store.reading() as tx:
        assert await tx.value(TASTES, who=ann.id) != 0


async def test_who_goes_on_from_the_newest_misses_nobody_who_was_slow(store: Store) -> None:
    ann, ben, eve = await members(store, "ann", "ben", "eve")
    async with store.transaction() as tx:
        await follow(tx, eve, ann)
        await follow(tx, eve, ben)
    first = await say(store, ann, "there before")

    async def seen(page: Page) -> tuple[list[PostId], list[PostId]]:
        async with store.reading() as tx:
            at_home = [item.post.id for item in await home.timeline(tx, eve, page)]
            return at_home, [post.id for post in await square.square(tx, eve, page)]

    async with store.transaction() as tx:
        slow = await publish(tx, ann, Draft("made first"))
        saying = asyncio.create_task(say(store, ben, "made later, and there before it where the engine lets it"))
        await asyncio.wait({saying}, timeout=0.3)
        assert await seen(Page(min_id=0)) == ([first], [first])
        assert await seen(Page()) == ([first], [first])
    quick = await saying
    assert await seen(Page(min_id=first)) == ([quick, slow], [quick, slow])
    assert await seen(Page()) == ([quick, slow, first], [quick, slow, first])
