"""Looking somebody up by what one remembers of their handle or name: first whom one follows, then the most followed.

A beginning of a handle finds anybody who lets themselves be found; a part of a name finds whom one follows. Whom one
blocked is found, to be let off again; who blocked one is not.
"""

from typing import Final

from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, exists, func, literal_column, or_, select

from parvis.people.accounts import COLUMNS, Account
from parvis.people.restraints import AWAITED, Restraint, without
from parvis.store.statement import Statement
from parvis.store.tables import accounts, blocks, follows
from parvis.store.transaction import Tx

MOST: Final = 80
LONGEST: Final = 100

_c = accounts.c
_me = bindparam("me", type_=BigInteger)
_beginning = bindparam("beginning", type_=Text)
_hers = and_(follows.c.follower_id == _me, follows.c.followee_id == _c.id)
_follows = exists(select(literal_column("1")).select_from(follows).where(_hers).correlate(accounts))
_blocked_by = exists(
    select(literal_column("1"))
    .select_from(blocks)
    .where(blocks.c.blocked_id == _me, blocks.c.blocker_id == _c.id)
    .correlate(accounts)
)
_named = (
    select(_c.id)
    .where(
        _c.handle_key >= _beginning,
        _c.handle_key < bindparam("beyond", type_=Text),
        without(accounts, AWAITED),
        or_(without(accounts, Restraint.LIMITED), _c.handle_key == _beginning),
    )
    .order_by(_c.handle_key)
    .limit(200)  # so that one letter does not read everybody
)
_followed = (
    select(_c.id)
    .join_from(follows, accounts, _c.id == follows.c.followee_id)
    .where(
        follows.c.follower_id == _me,
        or_(
            _c.handle_key.contains(_beginning, autoescape=False),
            func.lower(_c.name).contains(bindparam("name", type_=Text), autoescape=False),
        ),
    )
    .limit(200)
)


def _looked_up(*, following: bool) -> Statement[Account]:
    found = _c.id.in_(_followed) if following else or_(_c.id.in_(_named), _c.id.in_(_followed))
    return Statement(
        select(*COLUMNS)
        .where(found, _c.suspended_at.is_(None), ~_blocked_by)
        .order_by(_follows.desc(), _c.followers_count.desc(), _c.handle_key)
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("skipped", type_=Integer)),
        Account,
    )


_LOOKED_UP = {following: _looked_up(following=following) for following in (False, True)}


async def look_up(
    tx: Tx, member: Account | None, text: str, *, following: bool = False, limit: int = 40, offset: int = 0
) -> list[Account]:
    """Who may be meant, in one query; with `following`, only whom the member follows."""
    asked = text.strip().removeprefix("@").lower()
    if not 0 < len(asked) <= LONGEST or "%" in asked:
        return []
    return await tx.all(
        _LOOKED_UP[following],
        me=0 if member is None else member.id,
        beginning=asked.partition("@")[0] or asked,
        beyond=(asked.partition("@")[0] or asked) + "\U0010ffff",
        name=asked,
        most=max(1, min(limit, MOST)),
        skipped=max(0, offset),
    )
