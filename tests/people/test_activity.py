import asyncio

from tests.cast import SOON
from tests.conftest import BOTH
from tests.rig import members

from parvis.core.ids import AccountId
from parvis.people.accounts import accounts_by_ids
from parvis.people.activity import count_gone_posts, count_post
from parvis.store.database import Store


@BOTH
async def test_posts_that_go_at_the_same_moment_are_each_uncounted_once(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction() as tx:
        for account in (alice, bob):
            for _ in range(30):
                await count_post(tx, account.id)

    async def lose(*accounts: AccountId) -> None:
        async with store.transaction(durable=False) as tx:
            await count_gone_posts(tx, accounts)

    losses = [lose(alice.id, bob.id) for _ in range(6)] + [lose(bob.id, alice.id, bob.id) for _ in range(6)]
    await asyncio.wait_for(asyncio.gather(*losses, lose()), SOON)
    async with store.reading() as tx:
        now = await accounts_by_ids(tx, [alice.id, bob.id])
    assert (now[alice.id].posts_count, now[bob.id].posts_count) == (18, 12)
    assert now[alice.id].last_post_at is not None
