"""Relations: follow, block, mute, and what stands between two accounts.

Each verb is idempotent, and says again what is so already without a change. The two accounts are locked first (see
`ties`). Following a locked account, or as one whom a moderator limited, asks instead.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, ColumnElement, and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Forbidden, Invalid
from parvis.core.ids import AccountId
from parvis.events import Blocked, Unfollowed
from parvis.people import standing, ties
from parvis.people.accounts import Account
from parvis.people.ties import Manner, me, no_account, other
from parvis.store.statement import Statement, among
from parvis.store.tables import (
    accounts,
    blocks,
    endorsements,
    follow_requests,
    follows,
    mutes,
    notes,
    shunned_domains,
)
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
    asked: bool = False  # the viewer asked to follow
    asked_by: bool = False
    shunning: bool = False  # the viewer shuns the account's domain
    endorsed: bool = False
    note: str = ""  # the viewer's own, about the account
    manner: Manner = ties.USUAL  # of the viewer's follow, or of what they asked for


def _relationship(*row: Any) -> Relationship:
    reposts, notify, languages = row[-3:]
    manner = Manner(reposts is not False, bool(notify), ties.languages_in(languages))
    return Relationship(*(*row[:-3], manner))


_now = bindparam("now", type_=BigInteger)
_it = accounts.c.id


def _follow(follower: ColumnElement[Any], followee: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(follows.c.follower_id == follower, follows.c.followee_id == followee)


def _request(follower: ColumnElement[Any], followee: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(follow_requests.c.follower_id == follower, follow_requests.c.followee_id == followee)


def _block(blocker: ColumnElement[Any], blocked: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(blocks.c.blocker_id == blocker, blocks.c.blocked_id == blocked)


_muted = and_(mutes.c.muter_id == me, mutes.c.muted_id == other)
_mute_holds = or_(mutes.c.until.is_(None), mutes.c.until > _now)

BLOCKED_EITHER_WAY = Statement(
    select(blocks.c.blocker_id).where(or_(_block(me, other), _block(other, me))).order_by(blocks.c.blocker_id)
)
BLOCK = Statement(
    insert(blocks)
    .values({name: bindparam(name, type_=BigInteger) for name in ("blocker_id", "blocked_id", "id")})
    .on_conflict_do_nothing()
)
UNBLOCK = Statement(delete(blocks).where(_block(me, other)))
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
_theirs = follows.alias("theirs")
_shunned = and_(shunned_domains.c.account_id == me, shunned_domains.c.domain == accounts.c.domain)
_endorsed = and_(endorsements.c.account_id == me, endorsements.c.endorsed_id == _it)
RELATIONSHIPS = Statement(
    select(
        _it,
        follows.c.follower_id.is_not(None),
        exists().where(_theirs.c.follower_id == _it, _theirs.c.followee_id == me),
        exists().where(_block(me, _it)),
        exists().where(_block(_it, me)),
        mutes.c.muter_id.is_not(None),
        mutes.c.muter_id.is_not(None) & mutes.c.notifications,
        mutes.c.until,
        follow_requests.c.follower_id.is_not(None),
        exists().where(_request(_it, me)).correlate_except(follow_requests),
        exists().where(_shunned),
        exists().where(_endorsed),
        func.coalesce(notes.c.words, ""),
        func.coalesce(follows.c.reposts, follow_requests.c.reposts),
        func.coalesce(follows.c.notify, follow_requests.c.notify),
        func.coalesce(follows.c.languages, follow_requests.c.languages, ""),
    )
    .select_from(accounts)
    .outerjoin(follows, _follow(me, _it))
    .outerjoin(follow_requests, _request(me, _it))
    .outerjoin(mutes, and_(mutes.c.muter_id == me, mutes.c.muted_id == _it, _mute_holds))
    .outerjoin(notes, and_(notes.c.writer_id == me, notes.c.about_id == _it))
    .where(
        among(_it, "ids"),
        or_(accounts.c.suspended_at.is_(None), bindparam("suspended_too", type_=Boolean)),
    ),
    _relationship,
)


async def relationships(
    tx: Tx, viewer: Account, ids: Iterable[AccountId], *, suspended_too: bool = True
) -> dict[AccountId, Relationship]:
    """What stands between the viewer and each of the accounts that exist, in one query."""
    found = await tx.all(RELATIONSHIPS, me=viewer.id, ids=list(ids), now=tx.now, suspended_too=suspended_too)
    return {relationship.id: relationship for relationship in found}


async def relationship(tx: Tx, viewer: Account, account_id: AccountId) -> Relationship:
    """What stands between the viewer and the account.

    Raises:
        NotFound: there is no such account.
    """
    found = await relationships(tx, viewer, [account_id])
    if account_id not in found:
        raise no_account()
    return found[account_id]


async def follow(tx: Tx, account: Account, followee: AccountId, **wishes: Any) -> None:
    """Have the account follow another, or ask whether it may.

    `wishes` are fields of `Manner`; who follows or has asked already changes those that are given.

    Raises:
        Invalid: it is the account itself, or a language has no such form.
        NotFound: there is no such account, or it is suspended.
        Forbidden: one of the two blocks the other, or the account is suspended.
    """
    standing.require(account, "follow")
    if followee == account.id:
        raise Invalid("You cannot follow yourself.")
    if "languages" in wishes:
        wishes["languages"] = ties.checked_languages(wishes["languages"])
    held = await ties.hold_both(tx, account.id, followee)
    if held.suspended_at is not None:
        raise no_account()
    known = await tx.first(ties.KNOWN, me=account.id, other=followee)
    if known is not None:
        manner = msgspec.structs.replace(known, **wishes)
        if manner != known:
            await ties.change(tx, account.id, followee, manner)
        return
    await _require_unblocked(tx, account, followee)
    if held.locked or account.limited:
        asked = await tx.first(ties.ASKED, me=account.id, other=followee) or ties.USUAL
        await ties.ask(tx, account.id, followee, msgspec.structs.replace(asked, **wishes))
    else:
        await ties.tie(tx, account.id, followee, Manner(**wishes))


async def unfollow(tx: Tx, account: Account, followee: AccountId) -> None:
    """Have the account no longer follow the other, nor ask to.

    Raises:
        NotFound: there is no such account.
    """
    await ties.hold_both(tx, account.id, followee)
    if await ties.untie(tx, account.id, followee):
        tx.emit(Unfollowed(account.id, followee))
    else:
        await ties.drop_request(tx, account.id, followee)


async def send_away(tx: Tx, account: Account, follower: AccountId) -> None:
    """Have the other follow the account no longer; they are not told, and may follow or ask again.

    Raises:
        NotFound: there is no such account.
    """
    await ties.hold_both(tx, account.id, follower)
    if await ties.untie(tx, follower, account.id):
        tx.emit(Unfollowed(follower, account.id))


async def block(tx: Tx, account: Account, blocked: AccountId) -> None:
    """Have the account block another; neither follows the other any more, nor asks to.

    Raises:
        Invalid: it is the account itself.
        NotFound: there is no such account.
    """
    standing.require(account, "block")
    if blocked == account.id:
        raise Invalid("You cannot block yourself.")
    await ties.hold_both(tx, account.id, blocked)
    if await tx.run(BLOCK, blocker_id=account.id, blocked_id=blocked, id=tx.new_id()):
        for one, another in ((account.id, blocked), (blocked, account.id)):
            await ties.untie(tx, one, another)
            await ties.drop_request(tx, one, another)
        tx.emit(Blocked(account.id, blocked))


async def unblock(tx: Tx, account: Account, blocked: AccountId) -> None:
    """Have the account no longer block the other. Follows that the block ended do not come back.

    Raises:
        NotFound: there is no such account.
    """
    await ties.hold_both(tx, account.id, blocked)
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
    await require_account(tx, muted)
    await tx.run(MUTE, muter_id=account.id, muted_id=muted, id=tx.new_id(), until=until, notifications=notifications)


async def unmute(tx: Tx, account: Account, muted: AccountId) -> None:
    """Have the account see the other again.

    Raises:
        NotFound: there is no such account.
    """
    await require_account(tx, muted)
    await tx.run(UNMUTE, me=account.id, other=muted)


async def forget_ended_mutes(tx: Tx) -> int:
    """Remove the rows of mutes that are over; how many there were."""
    return await tx.run(FORGET_ENDED_MUTES, now=tx.now)


async def require_account(tx: Tx, account_id: AccountId) -> None:
    """Return when there is such an account.

    Raises:
        NotFound: there is none.
    """
    if await tx.value(EXISTS, other=account_id) is None:
        raise no_account()


async def _require_unblocked(tx: Tx, account: Account, followee: AccountId) -> None:
    blockers = [row[0] for row in await tx.all(BLOCKED_EITHER_WAY, me=account.id, other=followee)]
    if account.id in blockers:
        raise Forbidden("You block this account. Unblock it to follow it.")
    if blockers:
        raise Forbidden("You cannot follow this account.")
