"""The directory: who wants to be found, whom one may like to follow, and whom one knows among another's followers.

A viewer flows in, accounts flow out. Nobody is listed who asked not to be, is suspended, limited or not yet let in, or
has a block with the viewer; nobody is suggested whom they follow, asked, mute, or do not want suggested.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Integer,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import AccountId
from parvis.people.accounts import COLUMNS, Account, accounts_by_ids
from parvis.people.details import Trait
from parvis.people.relations import require_account
from parvis.people.restraints import Restraint, without
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, blocks, follow_requests, follows, mutes, passed_over
from parvis.store.transaction import Tx

Order = Literal["active", "new"]
Reason = Literal["friends_of_friends", "most_followed"]

MOST: Final = 80
MOST_SKIPPED: Final = 10_000
FRIENDS: Final = 50  # the latest of whom one follows, asked for whom they follow
MOST_FAMILIAR: Final = 1000  # rows of one look for familiar followers
SHOWN_FAMILIAR: Final = 40  # of one account

_me = bindparam("me", type_=BigInteger)
_most = bindparam("most", type_=Integer)
_c = accounts.c


class Suggestion(msgspec.Struct, frozen=True):
    """Somebody to follow, and why."""

    account: Account
    reason: Reason


def _none(table: Table, one: Column[Any], other: Column[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The viewer has no such row about the account."""
    return ~exists().where(one == _me, other == _c.id, *conditions).correlate_except(table)


def _lacks(*traits: Trait) -> ColumnElement[bool]:
    bits = sum(int(trait) for trait in traits)
    return _c.traits.bitwise_and(literal_column(str(bits))) == literal_column("0")


_listed = and_(
    _c.suspended_at.is_(None),
    without(accounts, Restraint.LIMITED | Restraint.PENDING | Restraint.UNCONFIRMED | Restraint.DISABLED),
    _lacks(Trait.UNDISCOVERED, Trait.MEMORIAL),
    _none(blocks, blocks.c.blocker_id, blocks.c.blocked_id),
    _none(blocks, blocks.c.blocked_id, blocks.c.blocker_id),
)
_fresh = and_(
    _c.id != _me,
    _lacks(Trait.LOCKED),
    _none(follows, follows.c.follower_id, follows.c.followee_id),
    _none(follow_requests, follow_requests.c.follower_id, follow_requests.c.followee_id),
    _none(mutes, mutes.c.muter_id, mutes.c.muted_id),
    _none(passed_over, passed_over.c.account_id, passed_over.c.passed_id),
)


def _directory(*order: ColumnElement[Any]) -> Statement[Account]:
    return Statement(
        select(*COLUMNS)
        .where(_listed, or_(_c.domain == "", ~bindparam("local", type_=Boolean)))
        .order_by(*order)
        .limit(_most)
        .offset(bindparam("skipped", type_=Integer)),
        Account,
        slow=True,
    )


DIRECTORY: Final = {
    "active": _directory(func.coalesce(_c.last_post_at, 0).desc(), _c.id.desc()),
    "new": _directory(_c.id.desc()),
}
_friends = (
    select(follows.c.followee_id.label("friend"))
    .where(follows.c.follower_id == _me)
    .order_by(follows.c.id.desc())
    .limit(FRIENDS)
    .subquery("friends")
)
_near = (
    select(follows.c.followee_id.label("account"), func.count().label("times"))
    .select_from(_friends)
    .join(follows, follows.c.follower_id == _friends.c.friend)
    .group_by(follows.c.followee_id)
    .subquery("near")
)
NEAR = Statement(
    select(*COLUMNS)
    .join_from(_near, accounts, _c.id == _near.c.account)
    .where(_listed, _fresh)
    .order_by(_near.c.times.desc(), _c.followers_count.desc(), _c.id.desc())
    .limit(_most),
    Account,
    slow=True,
)
FOLLOWED = Statement(
    select(*COLUMNS)
    .where(_listed, _fresh, _c.followers_count > 0)
    .order_by(_c.followers_count.desc(), _c.id.desc())
    .limit(_most),
    Account,
    slow=True,
)
PASS_OVER = Statement(
    insert(passed_over)
    .values({name: bindparam(name, type_=BigInteger) for name in ("account_id", "passed_id")})
    .on_conflict_do_nothing()
)
_mine = follows.alias("mine")
FAMILIAR = Statement(
    select(follows.c.followee_id, follows.c.follower_id)
    .join_from(follows, _mine, and_(_mine.c.follower_id == _me, _mine.c.followee_id == follows.c.follower_id))
    .join(accounts, _c.id == follows.c.follower_id)
    .where(among(follows.c.followee_id, "ids"), _c.suspended_at.is_(None), _lacks(Trait.DISCREET))
    .order_by(follows.c.id.desc())
    .limit(MOST_FAMILIAR)
)


async def directory(
    tx: Tx, viewer: Account | None, *, order: Order = "active", local: bool = False, skipped: int = 0, most: int = 40
) -> list[Account]:
    """Who wants to be found: those who posted last first, or those who came last."""
    return await tx.all(
        DIRECTORY[order],
        me=viewer.id if viewer else 0,
        local=local,
        skipped=max(0, min(skipped, MOST_SKIPPED)),
        most=max(1, min(most, MOST)),
    )


async def suggestions_for(tx: Tx, account: Account, most: int = 40) -> list[Suggestion]:
    """Whom the account may like to follow: whom its friends follow, then whom many follow."""
    most = max(1, min(most, MOST))
    found = [Suggestion(one, "friends_of_friends") for one in await tx.all(NEAR, me=account.id, most=most)]
    known = {one.account.id for one in found}
    if len(found) < most:
        followed = await tx.all(FOLLOWED, me=account.id, most=most)
        found += [Suggestion(one, "most_followed") for one in followed if one.id not in known]
    return found[:most]


async def pass_over(tx: Tx, account: Account, suggested: AccountId) -> None:
    """Suggest this one to the account no more.

    Raises:
        NotFound: there is no such account.
    """
    await require_account(tx, suggested)
    await tx.run(PASS_OVER, account_id=account.id, passed_id=suggested)


async def familiar_followers(tx: Tx, account: Account, ids: Sequence[AccountId]) -> dict[AccountId, list[Account]]:
    """For each of these accounts, which of its followers the account follows too, the latest first."""
    followers: dict[AccountId, list[AccountId]] = defaultdict(list)
    for followed, follower in await tx.all(FAMILIAR, me=account.id, ids=list(ids)):
        if len(followers[followed]) < SHOWN_FAMILIAR:
            followers[followed].append(follower)
    known = await accounts_by_ids(tx, {one for some in followers.values() for one in some})
    return {one: [known[follower] for follower in followers[one] if follower in known] for one in ids}
