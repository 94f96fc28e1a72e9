"""Circles: the lists of who follows, asks to, is followed, endorsed, blocked and muted, a page at a time, latest first.

A page is asked for by the ids of the relations themselves (not of the accounts), as each Tie carries it. Each page is
one query; whoever is suspended, or has a block with the viewer, is left out of the lists that others can see.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Table, and_, bindparam, exists, or_, select

from parvis.people.accounts import COLUMNS, Account
from parvis.people.details import Trait
from parvis.store.statement import Statement
from parvis.store.tables import accounts, blocks, endorsements, follow_requests, follows, mutes
from parvis.store.transaction import Tx

LONGEST_PAGE: Final = 80
_NEWEST: Final = (1 << 63) - 1


class Tie(msgspec.Struct, frozen=True):
    """An account on such a list; `id` is the relation's, by which the next page is asked for."""

    id: int
    account: Account
    until: int | None = None  # ms, of a mute that ends


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list: older than `before`, newer than `after`, at most `limit`."""

    before: int | None = None
    after: int | None = None
    limit: int = 40


FIRST: Final = Span()


def _tie(*row: Any) -> Tie:
    return Tie(row[0], Account(*row[1:]))


def _muted(*row: Any) -> Tie:
    return Tie(row[0], Account(*row[2:]), row[1])


def _page(
    table: Table,
    whose: Column[Any],
    who: Column[Any],
    *conditions: ColumnElement[bool],
    told: tuple[Column[Any], ...] = (),
    into: Callable[..., Tie] = _tie,
) -> Statement[Tie]:
    return Statement(
        select(table.c.id, *told, *COLUMNS)
        .join_from(table, accounts, accounts.c.id == who)
        .where(
            whose == bindparam("whose", type_=BigInteger),
            table.c.id < bindparam("before", type_=BigInteger),
            table.c.id > bindparam("after", type_=BigInteger),
            *conditions,
        )
        .order_by(table.c.id.desc())
        .limit(bindparam("most", type_=Integer)),
        into,
    )


def _met_by(who: Column[Any]) -> ColumnElement[bool]:
    viewer = bindparam("viewer", type_=BigInteger)
    blocked = or_(
        and_(blocks.c.blocker_id == viewer, blocks.c.blocked_id == who),
        and_(blocks.c.blocker_id == who, blocks.c.blocked_id == viewer),
    )
    return and_(accounts.c.suspended_at.is_(None), ~exists().where(blocked))


FOLLOWERS = _page(follows, follows.c.followee_id, follows.c.follower_id, _met_by(follows.c.follower_id))
FOLLOWING = _page(follows, follows.c.follower_id, follows.c.followee_id, _met_by(follows.c.followee_id))
REQUESTS = _page(
    follow_requests, follow_requests.c.followee_id, follow_requests.c.follower_id, accounts.c.suspended_at.is_(None)
)
ENDORSED = _page(
    endorsements, endorsements.c.account_id, endorsements.c.endorsed_id, _met_by(endorsements.c.endorsed_id)
)
BLOCKS = _page(blocks, blocks.c.blocker_id, blocks.c.blocked_id)
MUTES = _page(
    mutes,
    mutes.c.muter_id,
    mutes.c.muted_id,
    or_(mutes.c.until.is_(None), mutes.c.until > bindparam("now", type_=BigInteger)),
    told=(mutes.c.until,),
    into=_muted,
)


async def followers_of(tx: Tx, viewer: Account | None, account: Account, span: Span = FIRST) -> list[Tie]:
    """Who follows the account, as the viewer may see it; a discreet account shows them to itself alone."""
    if hides(account, viewer):
        return []
    return await tx.all(FOLLOWERS, whose=account.id, viewer=viewer.id if viewer else 0, **bounds(span))


async def following_of(tx: Tx, viewer: Account | None, account: Account, span: Span = FIRST) -> list[Tie]:
    """Whom the account follows, as the viewer may see it; a discreet account shows them to itself alone."""
    if hides(account, viewer):
        return []
    return await tx.all(FOLLOWING, whose=account.id, viewer=viewer.id if viewer else 0, **bounds(span))


async def blocks_of(tx: Tx, account: Account, span: Span = FIRST) -> list[Tie]:
    """Whom the account blocks."""
    return await tx.all(BLOCKS, whose=account.id, **bounds(span))


async def mutes_of(tx: Tx, account: Account, span: Span = FIRST) -> list[Tie]:
    """Whom the account mutes now."""
    return await tx.all(MUTES, whose=account.id, now=tx.now, **bounds(span))


def hides(account: Account, viewer: Account | None) -> bool:
    """Whether the viewer may not know whom the account follows, and who follows it."""
    if account.suspended_at is not None:
        return True
    return bool(account.traits & int(Trait.DISCREET)) and (viewer is None or viewer.id != account.id)


def bounds(span: Span, longest: int = LONGEST_PAGE) -> dict[str, int]:
    """The part of a list as its statement's parameters; no page is longer than `longest`."""
    return {
        "before": _NEWEST if span.before is None else span.before,
        "after": 0 if span.after is None else span.after,
        "most": max(1, min(span.limit, longest)),
    }
