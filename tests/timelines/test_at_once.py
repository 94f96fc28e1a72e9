"""What two requests of one member do at the same moment, on an engine that lets them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import bindparam, select
from tests.cast import members
from tests.conftest import BOTH

from parvis.core.errors import Refused
from parvis.people import collections
from parvis.people.accounts import Account
from parvis.people.collections import Sketch
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.store.transaction import Tx
from parvis.timelines import filters, hashtags, lists
from parvis.timelines.filters import Wish

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
