"""The last twelve weeks in three figures each, for the public: posts, members who were active, members who joined."""

from typing import Final

import msgspec
from sqlalchemy import BigInteger, bindparam, func, literal_column, select

from parvis.core import clock, ids
from parvis.moderation.measures import acting
from parvis.store.statement import Statement
from parvis.store.tables import accounts, posts
from parvis.store.transaction import Tx

WEEKS: Final = 12
WEEK: Final = 7 * clock.DAY
MONDAY: Final = 4 * clock.DAY  # 1970 began on a Thursday


class Week(msgspec.Struct, frozen=True):
    """A week that began at `start` (ms), a Monday."""

    start: int
    posts: int
    active: int
    joined: int


_low, _high = bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)
_id_low, _id_high = bindparam("id_low", type_=BigInteger), bindparam("id_high", type_=BigInteger)
_local = accounts.c.domain == literal_column("''")
_WEEK = Statement(
    select(
        select(func.count())
        .select_from(posts)
        .join(accounts, accounts.c.id == posts.c.author_id)
        .where(posts.c.id >= _id_low, posts.c.id < _id_high, _local)
        .scalar_subquery(),
        select(func.count(acting.c.who.distinct()))
        .join_from(acting, accounts, accounts.c.id == acting.c.who)
        .where(_local)
        .scalar_subquery(),
        select(func.count())
        .select_from(accounts)
        .where(accounts.c.created_at >= _low, accounts.c.created_at < _high, _local)
        .scalar_subquery(),
    ),
    slow=True,
)


async def weeks(tx: Tx) -> list[Week]:
    """The twelve weeks up to this one, the latest first, in a query each."""
    this = (tx.now - MONDAY) // WEEK * WEEK + MONDAY
    found = []
    for start in range(this, this - WEEKS * WEEK, -WEEK):
        end = start + WEEK
        row = await tx.one(_WEEK, low=start, high=end, id_low=ids.at(start), id_high=ids.at(end))
        found.append(Week(start, *row))
    return found
