"""Erasing an account: its posts, likes, follows and pictures one batch after the other, then the account itself.

A job does it, so that a member with a hundred thousand posts stops nobody; killed in the middle, it goes on from there.
Whoever followed an account that moderators erase is told; who leaves of themselves goes unannounced.
"""

import contextlib

import msgspec
from sqlalchemy import BigInteger, bindparam, select

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId
from parvis.people.accounts import Account, find_account
from parvis.people.farewell import close_account, leave, sever
from parvis.people.profiles import worn_by
from parvis.posts import delete, leftovers, media
from parvis.posts.likes import withdraw
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import likes, posts
from parvis.store.transaction import Tx

NAME = "erase_account"
BATCH = 50


class Erasure(msgspec.Struct, frozen=True):
    """Whom to erase, and whether whoever followed them is told that moderators did."""

    account: AccountId
    told: bool = False


_account = bindparam("account", type_=BigInteger)
_POSTS = Statement(select(posts.c.id).where(posts.c.author_id == _account).order_by(posts.c.id.desc()).limit(BATCH))
_LIKES = Statement(
    select(likes.c.post_id)
    .where(likes.c.account_id == _account, likes.c.post_id > bindparam("beyond", type_=BigInteger))
    .order_by(likes.c.post_id)
    .limit(BATCH)
)


def ask(tx: Tx, account_id: AccountId, *, told: bool = False) -> None:
    """Have the account erased, once, soon; with `told`, its followers hear that moderators did."""
    tx.enqueue(NAME, Erasure(account_id, told), key=f"{NAME}:{account_id}")


async def leave_for_good(tx: Tx, account: Account) -> None:
    """Have a member leave, as they wish: unseen and signed out from here on, and erased soon."""
    await leave(tx, account)
    ask(tx, account.id)


async def _erase(work: Work) -> None:
    who: AccountId = work.payload.account
    while await _erase_posts(work, who):
        await work.renew()
    beyond = 0
    while (last := await _take_back_likes(work, who, beyond)) is not None:
        beyond = last
        await work.renew()
    while await _sever(work, who):
        await work.renew()
    async with work.ending() as tx:
        await media.forget_unattached_of(tx, who)
        account = await find_account(tx, who)
        if account is not None and (worn := worn_by(account)):
            leftovers.set_forgetting(tx, worn)
        await close_account(tx, who)


async def _erase_posts(work: Work, who: AccountId) -> bool:
    async with work.store.transaction(durable=False) as tx:
        account = await find_account(tx, who)
        batch = [row[0] for row in await tx.all(_POSTS, account=who)]
        if account is None or not batch:
            return False
        for post in batch:
            with contextlib.suppress(NotFound):  # a repost that went with what it passed on
                await delete.delete(tx, account, post)
    return True


async def _take_back_likes(work: Work, who: AccountId, beyond: int) -> int | None:
    """Take a batch of likes back; where it ended."""
    async with work.store.transaction(durable=False) as tx:
        batch = [row[0] for row in await tx.all(_LIKES, account=who, beyond=beyond)]
        for post in batch:
            await withdraw(tx, who, post)
    return int(batch[-1]) if batch else None


async def _sever(work: Work, who: AccountId) -> bool:
    async with work.store.transaction(durable=False) as tx:
        account = await find_account(tx, who)
        return account is not None and await sever(tx, account, BATCH, told=work.payload.told)


ERASE = Kind(name=NAME, payload=Erasure, run=_erase, concurrency=1)
