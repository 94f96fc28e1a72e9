import asyncio

import pytest
from tests.conftest import BOTH
from tests.rig import member, members

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, OverAllowance
from parvis.people.allowances import DAILY, Allowance, hold, refund, remaining, spend
from parvis.store.database import Store
from parvis.store.opening import open_store


@BOTH
async def test_what_is_held_is_spent_or_given_back_once(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction() as tx:
        first, second = await hold(tx, alice, "imagine", 10), await hold(tx, alice, "answer", 5)
        assert await remaining(tx, alice) == Allowance(DAILY, spent=0, held=15)
        assert [await spend(tx, first), await spend(tx, first)] == [True, False]
        assert [await refund(tx, second), await refund(tx, second), await spend(tx, second)] == [True, False, False]
        assert await remaining(tx, alice) == Allowance(DAILY, spent=10, held=0)
        assert await refund(tx, first)
        assert (await remaining(tx, alice)).left == DAILY
        assert await remaining(tx, bob) == Allowance(DAILY, 0, 0)


@BOTH
async def test_work_at_the_same_moment_cannot_go_over_together(store: Store) -> None:
    alice = await member(store, "alice")

    async def begin() -> int:
        async with store.transaction(durable=False) as tx:
            return await hold(tx, alice, "imagine", 10, daily=30)

    answers = await asyncio.gather(*(begin() for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(answer, OverAllowance) for answer in answers) == 7
    async with store.reading() as tx:
        assert await remaining(tx, alice, daily=30) == Allowance(30, spent=0, held=30)


async def test_a_refusal_says_what_is_left(store: Store) -> None:
    alice = await member(store, "alice")
    async with store.transaction() as tx:
        await hold(tx, alice, "imagine", 7, daily=10)
        with pytest.raises(OverAllowance) as refusal:
            await hold(tx, alice, "imagine", 4, daily=10)
        for units in (-1, 10**9):
            with pytest.raises(Invalid):
                await hold(tx, alice, "imagine", units)
    assert str(refusal.value) == "This takes 4 units of AI work, and you have 3 of 10 left today."


async def test_a_new_day_brings_new_units(settings: Settings) -> None:
    moment = clock.now() // clock.DAY * clock.DAY
    async with open_store(settings, now=lambda: moment) as store:
        alice = await member(store, "alice")
        async with store.transaction() as tx:
            await hold(tx, alice, "imagine", 10, daily=10)
        moment += clock.DAY - 1
        async with store.transaction() as tx:
            assert (await remaining(tx, alice, daily=10)).left == 0
        moment += 1
        async with store.transaction() as tx:
            await hold(tx, alice, "imagine", 10, daily=10)
