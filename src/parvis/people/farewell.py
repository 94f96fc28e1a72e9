"""Farewell: an account is closed for good, and the counters of those it followed or was followed by with it.

What it posted and liked is gone before: that is the business of the room above. Everything else goes with the row.
"""

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, delete, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import AccountId
from parvis.people import restraining
from parvis.people.accounts import Account, lock_accounts
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, credentials, follows, left_handles, passkeys
from parvis.store.transaction import Tx

_account = bindparam("account", type_=BigInteger)
_FOLLOWED = Statement(select(follows.c.followee_id).where(follows.c.follower_id == _account))
_FOLLOWING = Statement(select(follows.c.follower_id).where(follows.c.followee_id == _account))
_one: ColumnElement[int] = literal_column("1")
_LOSE_FOLLOWER = Statement(
    update(accounts).where(among(accounts.c.id, "ids")).values(followers_count=accounts.c.followers_count - _one)
)
_LOSE_FOLLOWEE = Statement(
    update(accounts).where(among(accounts.c.id, "ids")).values(following_count=accounts.c.following_count - _one)
)
_CLOSE = Statement(delete(accounts).where(accounts.c.id == _account))
_FORGET_PASSWORD = Statement(delete(credentials).where(credentials.c.account_id == _account))
_FORGET_PASSKEYS = Statement(delete(passkeys).where(passkeys.c.account_id == _account))
_LEAVE_HANDLE = Statement(
    insert(left_handles)
    .values(handle_key=bindparam("handle_key", type_=Text), left_at=bindparam("moment", type_=BigInteger))
    .on_conflict_do_nothing()
)


async def leave(tx: Tx, account: Account) -> None:
    """Have the member gone from every page at once, signed out everywhere and for good.

    Nobody ever takes their handle.
    """
    await restraining.suspend(tx, account.id)
    await tx.run(_FORGET_PASSWORD, account=account.id)
    await tx.run(_FORGET_PASSKEYS, account=account.id)
    await tx.run(_LEAVE_HANDLE, handle_key=account.handle.lower(), moment=tx.now)


async def close_account(tx: Tx, account_id: AccountId) -> None:
    """Remove the account and all that hangs on it; nothing happens when it is gone already."""
    followed = [row[0] for row in await tx.all(_FOLLOWED, account=account_id)]
    following = [row[0] for row in await tx.all(_FOLLOWING, account=account_id)]
    await lock_accounts(tx, {account_id, *followed, *following})
    await tx.run(_LOSE_FOLLOWER, ids=followed)
    await tx.run(_LOSE_FOLLOWEE, ids=following)
    await tx.run(_CLOSE, account=account_id)
