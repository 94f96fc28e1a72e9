"""Relations: follow, block, mute, and what stands between two accounts.

Each verb is idempotent, and says again what is so already without a change. A counter changes in the same transaction
as the row that it counts, and only when that row did. The two accounts are locked first, in the order of their ids, so
that a follow and a block at the same moment on PostgreSQL can neither both hold nor wait for each other.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.events import Blocked, Followed, Unfollowed
from parvis.people import standing
from parvis.people.accounts import Account, lock_accounts
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, blocks, follows, mutes
from parvis.store.transaction import Tx


class Relationship(msgspec.Struct, frozen=True):
    """What stands between a viewer and the account `id`; `muted_until` is None for a mute without end."""

    id: AccountId
    following: bool
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muted_until: int | None  # ms


_me = bindparam("me", type_=BigInteger)
_other = bindparam("other", type_=BigInteger)
_now = bindparam("now", type_=BigInteger)
_it = accounts.c.id


def _follow(follower: ColumnElement[Any], followee: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(follows.c.follower_id == follower, follows.c.followee_id == followee)


def _block(blocker: ColumnElement[Any], blocked: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(blocks.c.blocker_id == blocker, blocks.c.blocked_id == blocked)


_muted = and_(mutes.c.muter_id == _me, mutes.c.muted_id == _other)
_mute_holds = or_(mutes.c.until.is_(None), mutes.c.until > _now)

BLOCKED_EITHER_WAY = Statement(
    select(blocks.c.blocker_id).where(or_(_block(_me, _other), _block(_other, _me))).order_by(blocks.c.blocker_id)
)
FOLLOW = Statement(
    insert(follows)
    .values({name: bindparam(name, type_=BigInteger) for name in ("follower_id", "followee_id", "id")})
    .on_conflict_do_nothing()
)
UNFOLLOW = Statement(delete(follows).where(_follow(_me, _other)))
COUNT = Statement(
    update(accounts)
    .where(_it.in_([_me, _other]))
    .values(
        following_count=accounts.c.following_count + case((_it == _me, bindparam("step", type_=BigInteger)), else_=0),
        followers_count=accounts.c.followers_count
        + case((_it == _other, bindparam("step", type_=BigInteger)), else_=0),
    )
)
BLOCK = Statement(
    insert(blocks)
    .values({name: bindparam(name, type_=BigInteger) for name in ("blocker_id", "blocked_id", "id")})
    .on_conflict_do_nothing()
)
UNBLOCK = Statement(delete(blocks).where(_block(_me, _other)))
_mute = insert(mutes).values(
    {column.name: bindparam(column.name, type_=column.type) for column in mutes.columns},
)
MUTE = Statement(
    _mute.on_conflict_do_update(
        index_elements=["muter_id", "muted_id"],
        set_={"until": _mute.excluded.until, "notifications": _mute.excluded.notifications},
    )
)
UNMUTE = Statement(delete(mutes).where(_muted))
EXISTS = Statement(select(_it).where(_it == bindparam("other", type_=BigInteger)))
FORGET_ENDED_MUTES = Statement(delete(mutes).where(mutes.c.until <= _now))
RELATIONSHIPS = Statement(
    select(
        _it,
        exists().where(_follow(_me, _it)).label("following"),
        exists().where(_follow(_it, _me)).label("followed_by"),
        exists().where(_block(_me, _it)).label("blocking"),
        exists().where(_block(_it, _me)).label("blocked_by"),
        mutes.c.muter_id.is_not(None).label("muting"),
        (mutes.c.muter_id.is_not(None) & mutes.c.notifications).label("muting_notifications"),
        mutes.c.until,
    )
    .select_from(accounts)
    .outerjoin(mutes, and_(mutes.c.muter_id == _me, mutes.c.muted_id == _it, _mute_holds))
    .where(among(_it, "ids")),
    Relationship,
)


async def relationships(tx: Tx, viewer: Account, ids: Iterable[AccountId]) -> dict[AccountId, Relationship]:
    """What stands between the viewer and each of the accounts that exist, in one query."""
    found = await tx.all(RELATIONSHIPS, me=viewer.id, ids=list(ids), now=tx.now)
    return {relationship.id: relationship for relationship in found}


async def relationship(tx: Tx, viewer: Account, account_id: AccountId) -> Relationship:
    """What stands between the viewer and the account.

    Raises:
        NotFound: there is no such account.
    """
    found = await relationships(tx, viewer, [account_id])
    if account_id not in found:
        raise _no_account()
    return found[account_id]


async def follow(tx: Tx, account: Account, followee: AccountId) -> None:
    """Have the account follow another.

    Raises:
        Invalid: it is the account itself.
        NotFound: there is no such account, or it is suspended.
        Forbidden: one of the two blocks the other, or the account is suspended.
    """
    standing.require(account, "follow")
    if followee == account.id:
        raise Invalid("You cannot follow yourself.")
    suspended = await _lock(tx, account.id, followee)
    if suspended is not None:
        raise _no_account()
    blockers = [row[0] for row in await tx.all(BLOCKED_EITHER_WAY, me=account.id, other=followee)]
    if account.id in blockers:
        raise Forbidden("You block this account. Unblock it to follow it.")
    if blockers:
        raise Forbidden("You cannot follow this account.")
    if await tx.run(FOLLOW, follower_id=account.id, followee_id=followee, id=tx.new_id()):
        await tx.run(COUNT, me=account.id, other=followee, step=1)
        tx.emit(Followed(account.id, followee))


async def unfollow(tx: Tx, account: Account, followee: AccountId) -> None:
    """Have the account no longer follow the other.

    Raises:
        NotFound: there is no such account.
    """
    await _lock(tx, account.id, followee)
    if await _part(tx, account.id, followee):
        tx.emit(Unfollowed(account.id, followee))


async def block(tx: Tx, account: Account, blocked: AccountId) -> None:
    """Have the account block another; neither follows the other any more.

    Raises:
        Invalid: it is the account itself.
        NotFound: there is no such account.
    """
    standing.require(account, "block")
    if blocked == account.id:
        raise Invalid("You cannot block yourself.")
    await _lock(tx, account.id, blocked)
    if await tx.run(BLOCK, blocker_id=account.id, blocked_id=blocked, id=tx.new_id()):
        await _part(tx, account.id, blocked)
        await _part(tx, blocked, account.id)
        tx.emit(Blocked(account.id, blocked))


async def unblock(tx: Tx, account: Account, blocked: AccountId) -> None:
    """Have the account no longer block the other. Follows that the block ended do not come back.

    Raises:
        NotFound: there is no such account.
    """
    await _lock(tx, account.id, blocked)
    await tx.run(UNBLOCK, me=account.id, other=blocked)


async def mute(
    tx: Tx, account: Account, muted: AccountId, *, until: int | None = None, notifications: bool = True
) -> None:
    """Have the account see nothing of the other in its feeds, until a moment (ms) or for good.

    Muting again replaces the moment, and whether notifications are muted too.

    Raises:
        Invalid: it is the account itself, or the moment is past.
        NotFound: there is no such account.
    """
    standing.require(account, "mute")
    if muted == account.id:
        raise Invalid("You cannot mute yourself.")
    if until is not None and until <= tx.now:
        raise Invalid("A mute ends in the future.", field="duration")
    await _require_account(tx, muted)
    await tx.run(MUTE, muter_id=account.id, muted_id=muted, id=tx.new_id(), until=until, notifications=notifications)


async def unmute(tx: Tx, account: Account, muted: AccountId) -> None:
    """Have the account see the other again.

    Raises:
        NotFound: there is no such account.
    """
    await _require_account(tx, muted)
    await tx.run(UNMUTE, me=account.id, other=muted)


async def forget_ended_mutes(tx: Tx) -> int:
    """Remove the rows of mutes that are over; how many there were."""
    return await tx.run(FORGET_ENDED_MUTES, now=tx.now)


async def _lock(tx: Tx, mine: AccountId, other: AccountId) -> int | None:
    """Hold both accounts until the commit; when the other was suspended (ms), if it is."""
    found = await lock_accounts(tx, (mine, other))
    if other not in found:
        raise _no_account()
    return found[other]


async def _part(tx: Tx, follower: AccountId, followee: AccountId) -> bool:
    """Remove the follow and uncount it; whether there was one."""
    if not await tx.run(UNFOLLOW, me=follower, other=followee):
        return False
    await tx.run(COUNT, me=follower, other=followee, step=-1)
    return True


async def _require_account(tx: Tx, account_id: AccountId) -> None:
    if await tx.value(EXISTS, other=account_id) is None:
        raise _no_account()


def _no_account() -> NotFound:
    return NotFound("This account does not exist.")
