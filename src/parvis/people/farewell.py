"""Farewell: an account's follows are ended, those of others too, and then it is closed for good.

What it posted and liked is gone before: that is the business of the room above. Everything else goes with the row.
"""

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, delete, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import AccountId
from parvis.events import TiesSevered
from parvis.people import restraining
from parvis.people.accounts import Account, lock_accounts
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, credentials, follows, left_handles, passkeys
from parvis.store.transaction import Tx

_account = bindparam("account", type_=BigInteger)
_most = bindparam("most", type_=Integer)
_FOLLOWERS = Statement(select(follows.c.follower_id).where(follows.c.followee_id == _account).limit(_most))
_FOLLOWED = Statement(select(follows.c.followee_id).where(follows.c.follower_id == _account).limit(_most))
_LOSE_FOLLOWERS = Statement(
    delete(follows)
    .where(follows.c.followee_id == _account, among(follows.c.follower_id, "ids"))
    .returning(follows.c.follower_id)
)
_STOP_FOLLOWING = Statement(
    delete(follows)
    .where(follows.c.follower_id == _account, among(follows.c.followee_id, "ids"))
    .returning(follows.c.followee_id)
)
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


async def sever(tx: Tx, account: Account, most: int, *, told: bool) -> bool:
    """End the follows between the account and some others, `most` at most; whether there were any to end.

    With `told`, those who followed it hear of it.
    """
    who = account.id
    others = await tx.all(_FOLLOWERS, account=who, most=most) or await tx.all(_FOLLOWED, account=who, most=most)
    ids = [row[0] for row in others]
    await lock_accounts(tx, {who, *ids})
    followers = [row[0] for row in await tx.all(_LOSE_FOLLOWERS, account=who, ids=ids)]
    followed = {row[0] for row in await tx.all(_STOP_FOLLOWING, account=who, ids=ids)}
    await tx.run(_LOSE_FOLLOWER, ids=list(followed))
    await tx.run(_LOSE_FOLLOWEE, ids=followers)
    for follower in followers if told else ():
        tx.emit(TiesSevered(follower, "suspension", account.acct, followers=int(follower in followed), following=1))
    return bool(ids)


async def close_account(tx: Tx, account_id: AccountId) -> None:
    """Remove the account, whose follows were severed, and all that hangs on it; one that is gone already stays gone."""
    await tx.run(_CLOSE, account=account_id)
