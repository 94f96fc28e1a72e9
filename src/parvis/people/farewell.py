"""Farewell: an account is closed for good, and the counters of those it followed or was followed by with it.

What it posted and liked is gone before: that is the business of the room above. Everything else goes with the row.
"""

from sqlalchemy import BigInteger, ColumnElement, bindparam, delete, literal_column, select, update

from parvis.core.ids import AccountId
from parvis.people.accounts import lock_accounts
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, follows
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


async def close_account(tx: Tx, account_id: AccountId) -> None:
    """Remove the account and all that hangs on it; nothing happens when it is gone already."""
    followed = [row[0] for row in await tx.all(_FOLLOWED, account=account_id)]
    following = [row[0] for row in await tx.all(_FOLLOWING, account=account_id)]
    await lock_accounts(tx, {account_id, *followed, *following})
    await tx.run(_LOSE_FOLLOWER, ids=followed)
    await tx.run(_LOSE_FOLLOWEE, ids=following)
    await tx.run(_CLOSE, account=account_id)
