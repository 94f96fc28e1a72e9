import asyncio

import pytest
from tests.cast import SOON
from tests.conftest import BOTH
from tests.rig import members

from parvis.core.errors import Invalid
from parvis.people import moving
from parvis.people.accounts import Account, get_account
from parvis.people.relations import block, follow, relationship
from parvis.store.database import Store
from parvis.store.jobs import Runner


async def carried(store: Store) -> None:
    runner = Runner(store, [moving.CARRYING])
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(runner.settle(), SOON)
    running.cancel()


async def now(store: Store, account: Account) -> Account:
    async with store.reading() as tx:
        return await get_account(tx, account.id)


@BOTH
async def test_followers_go_along_but_who_may_not_follow_the_new_account(store: Store) -> None:
    old, new, barred = await members(store, "old", "new", "barred")
    others = await members(store, *(f"member{number}" for number in range(moving.BATCH + 5)))
    async with store.transaction() as tx:
        for one in (*others, new, barred):
            await follow(tx, one, old.id)
        await block(tx, new, barred.id)
        await moving.claim(tx, new, old.id)
        await moving.move(tx, old, new.id)
    await carried(store)
    old, new = await now(store, old), await now(store, new)
    assert old.more.moved_to == new.id
    assert (old.followers_count, new.followers_count) == (1, len(others))
    async with store.reading() as tx:
        assert (await relationship(tx, barred, old.id)).following
        assert not (await relationship(tx, new, old.id)).following


async def test_an_account_moves_only_where_it_is_known_and_may_stay_after_all(store: Store) -> None:
    old, new, fan = await members(store, "old", "new", "fan")
    async with store.transaction() as tx:
        await follow(tx, fan, old.id)
        for other in (new.id, old.id):
            with pytest.raises(Invalid):
                await moving.move(tx, old, other)
        await moving.claim(tx, new, old.id)
        await moving.disclaim(tx, await get_account(tx, new.id), old.id)
        with pytest.raises(Invalid):
            await moving.move(tx, old, new.id)
        await moving.claim(tx, await get_account(tx, new.id), old.id)
        await moving.move(tx, old, new.id)
        await moving.stay(tx, old)
    await carried(store)
    assert (await now(store, old)).more.moved_to is None
    assert (await now(store, old)).followers_count == 1


async def test_one_names_a_few_accounts_at_most(store: Store) -> None:
    new, *had = await members(store, "new", *(f"had{number}" for number in range(moving.MOST + 1)))
    async with store.transaction() as tx:
        for one in had[: moving.MOST]:
            await moving.claim(tx, await get_account(tx, new.id), one.id)
        with pytest.raises(Invalid):
            await moving.claim(tx, await get_account(tx, new.id), had[-1].id)
