"""Retention: of those who joined in a day or a month, how many were active in it and in each that followed."""

import datetime as dt
from collections import defaultdict
from itertools import pairwise
from typing import Final, Literal

import msgspec
from sqlalchemy import BigInteger, bindparam, func, literal_column, select

from parvis.core import clock, ids
from parvis.core.errors import Invalid
from parvis.moderation import roles
from parvis.moderation.measures import acting
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.store.transaction import Tx

Frequency = Literal["day", "month"]
MOST_COHORTS: Final = 31


class Share(msgspec.Struct, frozen=True):
    """How many of a cohort were active in a day or month that began at `start` (ms), and their share, 0 to 1."""

    start: int
    active: int
    rate: float


class Cohort(msgspec.Struct, frozen=True):
    """Who joined in the day or month that began at `start` (ms)."""

    start: int
    shares: tuple[Share, ...]


_low, _high = bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)
_day = accounts.c.created_at // literal_column(str(clock.DAY))
_members = (
    accounts.c.domain == literal_column("''"),
    accounts.c.kind == literal_column("'person'"),
    accounts.c.created_at >= _low,
    accounts.c.created_at < _high,
)
_JOINED = Statement(select(_day, func.count()).where(*_members).group_by(_day), slow=True)
_ACTIVE = Statement(
    select(_day, func.count(acting.c.who.distinct()))
    .join_from(acting, accounts, accounts.c.id == acting.c.who)
    .where(*_members)
    .group_by(_day),
    slow=True,
)


async def retention(
    tx: Tx, moderator: Account | None, start: int, end: int, frequency: Frequency = "day"
) -> list[Cohort]:
    """The cohorts from the day (or month) of one moment (ms) to that of another, in one query for each and one more.

    Raises:
        Forbidden: the account may not read them.
        Invalid: there would be none, or more than 31.
    """
    roles.require(moderator, May.SEE_DASHBOARD)
    edges = _edges(start, end, frequency)
    spans = list(pairwise(edges))
    if not 1 <= len(spans) <= MOST_COHORTS:
        raise Invalid("A period lasts from 1 to {limit} days.", field="end_at", limit=MOST_COHORTS)
    bounds = {"low": edges[0], "high": edges[-1]}
    joined = _gathered(await tx.all(_JOINED, **bounds), spans)
    active = [
        _gathered(await tx.all(_ACTIVE, id_low=ids.at(low), id_high=ids.at(high), **bounds), spans)
        for low, high in spans
    ]
    return [
        Cohort(
            low,
            tuple(
                Share(begin, active[later][low], active[later][low] / joined[low] if joined[low] else 0.0)
                for later, (begin, _) in enumerate(spans)
                if begin >= low
            ),
        )
        for low, _ in spans
    ]


def _gathered(rows: list[tuple[int, int]], spans: list[tuple[int, int]]) -> dict[int, int]:
    """Counts by day as counts by the beginning of the span that holds the day."""
    found: dict[int, int] = defaultdict(int)
    for day, count in rows:
        moment = day * clock.DAY
        for low, high in spans:
            if low <= moment < high:
                found[low] += count
    return found


def _edges(start: int, end: int, frequency: Frequency) -> list[int]:
    """Where the days or months begin, and where the last ends."""
    first, last = _date(start), _date(end)
    edges = [first.replace(day=1) if frequency == "month" else first]
    while edges[-1] <= last and len(edges) <= MOST_COHORTS + 1:
        step = 32 if frequency == "month" else 1
        following = edges[-1] + dt.timedelta(days=step)
        edges.append(following.replace(day=1) if frequency == "month" else following)
    return [int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()) * clock.SECOND for day in edges]


def _date(moment: int) -> dt.date:
    return dt.datetime.fromtimestamp(moment / clock.SECOND, dt.UTC).date()
