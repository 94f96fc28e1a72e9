"""Moving: a member goes on under another account here, and whoever follows the old one follows the new.

The new account says first that the old one is its member's, then the old one moves there. A job carries the followers
over, a few at a time, as long as the old account says that it has moved; who may not follow the new one stays.
"""

import contextlib
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, select

from parvis.core.errors import Invalid, NotFound, Refused
from parvis.core.ids import AccountId
from parvis.people.accounts import Account, accounts_by_ids, find_account
from parvis.people.profiles import edit_profile
from parvis.people.relations import follow, unfollow
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import follows
from parvis.store.transaction import Tx

BATCH: Final = 50
MOST: Final = 10  # accounts that one says one had
NAME = "carry_followers"

_FOLLOWERS = Statement(
    select(follows.c.follower_id)
    .where(
        follows.c.followee_id == bindparam("account", type_=BigInteger),
        follows.c.follower_id > bindparam("after", type_=BigInteger),
    )
    .order_by(follows.c.follower_id)
    .limit(bindparam("most", type_=Integer))
)


class Carried(msgspec.Struct, frozen=True):
    """From and to which account followers are carried, beyond the last that was."""

    account: AccountId
    to: AccountId
    after: int = 0


async def claim(tx: Tx, account: Account, other: AccountId) -> None:
    """Say that another account is the member's too, so that it may move here.

    Raises:
        Invalid: it is the same account, or they said so of ten already.
        NotFound: there is no such account.
    """
    found = await _found(tx, account, other)
    had = account.more.had
    if found.id in had:
        return
    if len(had) >= MOST:
        raise Invalid("You can name at most {most} accounts.", field="handle", most=MOST)
    await edit_profile(tx, account, had=(*had, found.id))


async def disclaim(tx: Tx, account: Account, other: AccountId) -> None:
    """Say so no more; nothing happens where it was not said."""
    if other in account.more.had:
        await edit_profile(tx, account, had=tuple(one for one in account.more.had if one != other))


async def move(tx: Tx, account: Account, other: AccountId) -> None:
    """Go on under another account: the profile says so, and followers come along.

    Raises:
        Invalid: it is the same account, or does not say that this one is its member's too.
        NotFound: there is no such account.
    """
    to = await _found(tx, account, other)
    if account.id not in to.more.had:
        raise Invalid(
            "Sign in as @{handle} first, and say there that this account is yours.", field="handle", handle=to.handle
        )
    await edit_profile(tx, account, moved_to=to.id)
    tx.enqueue(NAME, Carried(account.id, to.id))


async def stay(tx: Tx, account: Account) -> None:
    """Say no more that one has moved; who was carried over stays there."""
    await edit_profile(tx, account, moved_to=None)


async def _found(tx: Tx, account: Account, other: AccountId) -> Account:
    found = await find_account(tx, other)
    if found is None or found.suspended_at is not None:
        raise NotFound("This account does not exist.")
    if found.id == account.id:
        raise Invalid("This is the account that you are signed in to.", field="handle")
    return found


async def _carry(work: Work) -> None:
    given: Carried = work.payload
    async with work.ending() as tx:
        account = await find_account(tx, given.account)
        if account is None or account.more.moved_to != given.to:
            return
        rows: Any = await tx.all(_FOLLOWERS, account=given.account, after=given.after, most=BATCH)
        followers = await accounts_by_ids(tx, [row[0] for row in rows])
        for follower in followers.values():
            await _carry_over(tx, follower, given)
        if len(rows) == BATCH:
            tx.enqueue(NAME, Carried(given.account, given.to, rows[-1][0]))


async def _carry_over(tx: Tx, follower: Account, given: Carried) -> None:
    with contextlib.suppress(Refused):
        if follower.id != given.to:
            await follow(tx, follower, given.to)
        await unfollow(tx, follower, given.account)


CARRYING: Final = Kind(name=NAME, payload=Carried, run=_carry, concurrency=1)
