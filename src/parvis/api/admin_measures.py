"""Figures for moderators: measures day by day, dimensions, and who stays."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.account_entity import Moment
from parvis.api.endpoint import Ctx, Endpoints
from parvis.core import clock
from parvis.core.errors import Invalid
from parvis.moderation import dimensions, measures, retention
from parvis.posts.text import fold_tag

endpoints = Endpoints("admin")

SCOPE = "admin:read"

When = Annotated[str, Meta(min_length=8, max_length=40, description="A day or a moment, as ISO 8601 writes it.")]
Keys = Annotated[tuple[Annotated[str, Meta(max_length=40)], ...], Meta(min_length=1, max_length=20)]


class Subject(msgspec.Struct, frozen=True):
    """Of what: a hashtag by its id (its name here), or a server."""

    id: Annotated[str, Meta(max_length=100)] | None = None
    domain: Annotated[str, Meta(max_length=300)] | None = None


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    keys: Keys
    start_at: When
    end_at: When
    tag_accounts: Subject | None = None
    tag_uses: Subject | None = None
    tag_servers: Subject | None = None
    tag_languages: Subject | None = None
    instance_accounts: Subject | None = None
    instance_media_attachments: Subject | None = None
    instance_reports: Subject | None = None
    instance_statuses: Subject | None = None
    instance_follows: Subject | None = None
    instance_followers: Subject | None = None
    instance_languages: Subject | None = None

    def period(self) -> measures.Period:
        """The days that are asked for."""
        return measures.period_of(moment_of(self.start_at, "start_at"), moment_of(self.end_at, "end_at"))

    def subjects(self) -> dict[str, str]:
        """Of what each key is asked."""
        found = {}
        for key in self.keys:
            subject: Subject | None = getattr(self, key, None) if "_" in key else None
            if isinstance(subject, Subject):
                found[key] = fold_tag(subject.id) if subject.id else (subject.domain or "").lower()
        return found


class MeasuresAsked(_Asked, frozen=True, kw_only=True):
    """Which measures, of which days."""


class DimensionsAsked(_Asked, frozen=True, kw_only=True):
    """Which dimensions, of which days, and how many rows of each."""

    limit: Annotated[int, Meta(ge=1, le=dimensions.MOST)] = 10


class RetentionAsked(msgspec.Struct, frozen=True):
    """Which cohorts."""

    start_at: When
    end_at: When
    frequency: Literal["day", "month"]


class MeasureDay(msgspec.Struct, frozen=True):
    """A day's count."""

    date: Moment
    value: str


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """How much happened."""

    key: str
    unit: str | None
    total: str
    human_value: str | UnsetType = UNSET
    previous_total: str | UnsetType = UNSET
    data: tuple[MeasureDay, ...]


class DimensionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a dimension."""

    key: str
    human_key: str
    value: str
    unit: str | UnsetType = UNSET
    human_value: str | UnsetType = UNSET


class Dimension(msgspec.Struct, frozen=True):
    """What the place is made of."""

    key: str
    data: tuple[DimensionRow, ...]


class CohortDay(msgspec.Struct, frozen=True):
    """How many of a cohort were active in a day or month, and their share."""

    date: Moment
    rate: float
    value: str


class Cohort(msgspec.Struct, frozen=True):
    """Who joined in a day or month."""

    period: Moment
    frequency: Literal["day", "month"]
    data: tuple[CohortDay, ...]


def moment_of(words: str, field: str) -> int:
    """A day or moment as ISO 8601 writes it, in ms.

    Raises:
        Invalid: it is neither.
    """
    try:
        moment = dt.datetime.fromisoformat(words)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return max(0, int(moment.timestamp() * clock.SECOND))
    except (ValueError, OverflowError) as error:
        raise Invalid("A moment is written as ISO 8601 has it.", field=field) from error


def _told(value: Any) -> Any:
    return UNSET if value is None else str(value)


@endpoints.post("/api/v1/admin/measures", scope=SCOPE)
async def get_measures(ctx: Ctx, given: MeasuresAsked) -> tuple[Measure, ...]:
    """How much happened on each day: active and new members, interactions, reports, uses of a hashtag or a server."""
    found = await measures.measures(ctx.tx, ctx.member, given.keys, given.period(), given.subjects())
    return tuple(
        Measure(
            key=one.key,
            unit=one.unit,
            total=str(one.total),
            previous_total=_told(one.previous),
            data=tuple(MeasureDay(clock.iso(day), str(count)) for day, count in one.days),
        )
        for one in found
    )


@endpoints.post("/api/v1/admin/dimensions", scope=SCOPE)
async def get_dimensions(ctx: Ctx, given: DimensionsAsked) -> tuple[Dimension, ...]:
    """What the place is made of: languages, apps, servers, space, software."""
    found = await dimensions.dimensions(
        ctx.tx, ctx.member, given.keys, given.period(), given.subjects(), most=given.limit
    )
    return tuple(
        Dimension(
            one.key,
            tuple(
                DimensionRow(
                    key=row.key,
                    human_key=row.name,
                    value=row.value,
                    unit=_told(row.unit),
                    human_value=_told(row.human_value),
                )
                for row in one.rows
            ),
        )
        for one in found
    )


@endpoints.post("/api/v1/admin/retention", scope=SCOPE)
async def get_retention(ctx: Ctx, given: RetentionAsked) -> tuple[Cohort, ...]:
    """Of those who joined in a day or month, how many were active later."""
    start, end = moment_of(given.start_at, "start_at"), moment_of(given.end_at, "end_at")
    found = await retention.retention(ctx.tx, ctx.member, start, end, given.frequency)
    return tuple(
        Cohort(
            clock.iso(one.start),
            given.frequency,
            tuple(CohortDay(clock.iso(share.start), share.rate, str(share.active)) for share in one.shares),
        )
        for one in found
    )
