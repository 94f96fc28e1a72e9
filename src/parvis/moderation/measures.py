"""Measures: how much happened on each day of a period, counted from the rows themselves.

A key of `MEASURES`, a period and perhaps a subject (a hashtag, a server) flow in; a count for each day, their total and
the total of the period before flow out. Who posts, likes or passes on counts as active.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, Text, bindparam, func, literal_column, select, union_all

from parvis.core import clock, ids
from parvis.core.errors import Invalid
from parvis.moderation import roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.store.statement import Statement
from parvis.store.tables import accounts, follows, likes, media, post_tags, posts, reports
from parvis.store.transaction import Tx

MOST_DAYS: Final = 366


class Measure(msgspec.Struct, frozen=True):
    """Days (their beginnings, in ms) with their counts, the whole, and the whole of the period before where told."""

    key: str
    days: tuple[tuple[int, int], ...]
    total: int
    previous: int | None
    unit: str | None = None


class _Counting(msgspec.Struct, frozen=True):
    per_day: Statement[Any]
    whole: Statement[Any]  # differs from the sum of the days where somebody counts once
    subject: str = ""  # tag or domain
    compared: bool = True
    unit: str | None = None


_DAY: Final[ColumnElement[int]] = literal_column(str(clock.DAY))
_low, _high = bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)
_subject = bindparam("subject", type_=Text)
_local = accounts.c.domain == literal_column("''")


def day_of(identifier: ColumnElement[Any]) -> ColumnElement[int]:
    """The day (since 1970) on which an id was made."""
    return identifier.bitwise_rshift(literal_column("16")) // _DAY


def _counting(
    rows: Select[Any], day: ColumnElement[Any], what: ColumnElement[Any] | None = None, **more: Any
) -> _Counting:
    counted = func.count() if what is None else what
    return _Counting(
        Statement(rows.with_only_columns(day, counted, maintain_column_froms=True).group_by(day), slow=True),
        Statement(rows.with_only_columns(counted, maintain_column_froms=True), slow=True),
        **more,
    )


def _by_id(table: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(table.c.id).where(table.c.id >= _id_low, table.c.id < _id_high, *conditions)


_id_low, _id_high = bindparam("id_low", type_=BigInteger), bindparam("id_high", type_=BigInteger)
acting = union_all(
    select(posts.c.author_id.label("who"), day_of(posts.c.id).label("day")).where(
        posts.c.id >= _id_low, posts.c.id < _id_high
    ),
    select(likes.c.account_id.label("who"), day_of(likes.c.id).label("day")).where(
        likes.c.id >= _id_low, likes.c.id < _id_high
    ),
).subquery("acting")
_active = select(acting.c.who).join_from(acting, accounts, accounts.c.id == acting.c.who).where(_local)
_opened = select(accounts.c.id).where(_local, accounts.c.created_at >= _low, accounts.c.created_at < _high)
_met = union_all(
    select(day_of(likes.c.id).label("day")).where(likes.c.id >= _id_low, likes.c.id < _id_high),
    select(day_of(posts.c.id).label("day")).where(
        posts.c.id >= _id_low,
        posts.c.id < _id_high,
        posts.c.repost_of_id.is_not(None) | posts.c.reply_to_id.is_not(None),
    ),
).subquery("met")
_closed = select(reports.c.id).where(reports.c.resolved_at >= _low, reports.c.resolved_at < _high)
_tagged = (
    select(posts.c.id)
    .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
    .where(post_tags.c.tag == _subject, posts.c.id >= _id_low, posts.c.id < _id_high)
)
_tagged_by = _tagged.join(accounts, accounts.c.id == posts.c.author_id)


def _of_domain(table: Any, who: ColumnElement[Any]) -> Select[Any]:
    return _by_id(table).join(accounts, accounts.c.id == who).where(accounts.c.domain == _subject)


_from_there = select(accounts.c.id).where(
    accounts.c.domain == _subject, accounts.c.created_at >= _low, accounts.c.created_at < _high
)
_created = accounts.c.created_at // _DAY

MEASURES: Final[Mapping[str, _Counting]] = {
    "active_users": _counting(_active, acting.c.day, func.count(acting.c.who.distinct())),
    "new_users": _counting(_opened, _created),
    "interactions": _counting(select(_met.c.day), _met.c.day),
    "opened_reports": _counting(_by_id(reports), day_of(reports.c.id)),
    "resolved_reports": _counting(_closed, reports.c.resolved_at // _DAY),
    "tag_accounts": _counting(_tagged, day_of(posts.c.id), func.count(posts.c.author_id.distinct()), subject="tag"),
    "tag_uses": _counting(_tagged, day_of(posts.c.id), subject="tag"),
    "tag_servers": _counting(_tagged_by, day_of(posts.c.id), func.count(accounts.c.domain.distinct()), subject="tag"),
    "instance_accounts": _counting(_from_there, _created, subject="domain", compared=False),
    "instance_media_attachments": _counting(
        _of_domain(media, media.c.account_id), day_of(media.c.id), subject="domain", compared=False
    ),
    "instance_reports": _counting(
        _of_domain(reports, reports.c.target_id), day_of(reports.c.id), subject="domain", compared=False
    ),
    "instance_statuses": _counting(
        _of_domain(posts, posts.c.author_id), day_of(posts.c.id), subject="domain", compared=False
    ),
    "instance_follows": _counting(
        _of_domain(follows, follows.c.followee_id), day_of(follows.c.id), subject="domain", compared=False
    ),
    "instance_followers": _counting(
        _of_domain(follows, follows.c.follower_id), day_of(follows.c.id), subject="domain", compared=False
    ),
}


class Period(msgspec.Struct, frozen=True):
    """From the beginning of a day to the end of another, in ms."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How long it is, in ms."""
        return self.end - self.start

    @property
    def before(self) -> "Period":
        """The period as long that ends where this one begins."""
        return Period(self.start - self.length, self.start)

    def bounds(self) -> dict[str, int]:
        """What the statements ask for."""
        return {"low": self.start, "high": self.end, "id_low": ids.at(self.start), "id_high": ids.at(self.end)}


def period_of(start: int, end: int) -> Period:
    """The whole days that hold both moments (ms).

    Raises:
        Invalid: it ends before it begins, or lasts longer than a year.
    """
    first, last = start // clock.DAY, end // clock.DAY
    if not 0 <= last - first < MOST_DAYS:
        raise Invalid("A period lasts from 1 to {limit} days.", field="end_at", limit=MOST_DAYS)
    return Period(first * clock.DAY, (last + 1) * clock.DAY)


async def measures(
    tx: Tx, moderator: Account | None, keys: tuple[str, ...], period: Period, subjects: Mapping[str, str]
) -> list[Measure]:
    """The measures with these keys, each once and in their order; `subjects` says of what, by key.

    Raises:
        Forbidden: the account may not read them.
        Invalid: a key is unknown, or a subject is missing.
    """
    roles.require(moderator, May.SEE_DASHBOARD)
    return [await _measure(tx, key, period, subjects.get(key, "")) for key in dict.fromkeys(keys)]


async def daily(tx: Tx, moderator: Account | None, keys: tuple[str, ...], period: Period) -> dict[str, list[int]]:
    """What these measures counted on each day of the period, the oldest first; one query each.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(moderator, May.SEE_DASHBOARD)
    return {key: [count for _, count in await _days(tx, MEASURES[key], period, "")] for key in keys}


async def _days(tx: Tx, counting: _Counting, period: Period, subject: str) -> tuple[tuple[int, int], ...]:
    counted = dict(await tx.all(counting.per_day, subject=subject, **period.bounds()))
    return tuple(
        (day * clock.DAY, int(counted.get(day, 0))) for day in range(period.start // clock.DAY, period.end // clock.DAY)
    )


async def _measure(tx: Tx, key: str, period: Period, subject: str) -> Measure:
    counting = MEASURES.get(key)
    if counting is None:
        raise Invalid("There is no such measure.", field="keys")
    if counting.subject and not subject:
        raise Invalid("This measure wants to know of what.", field=key)
    asked = {"subject": subject}
    days = await _days(tx, counting, period, subject)
    whole = period if counting.compared else Period(0, period.end)
    total = await tx.value(counting.whole, **asked, **whole.bounds())
    previous = await tx.value(counting.whole, **asked, **period.before.bounds()) if counting.compared else None
    return Measure(key, days, int(total or 0), None if previous is None else int(previous), counting.unit)
