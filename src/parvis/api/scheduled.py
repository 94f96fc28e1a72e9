"""Scheduled statuses: seen, moved and taken back until they are published."""

import msgspec

from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Paging, link
from parvis.api.scheduled_entity import ScheduledStatus, scheduled_entity
from parvis.api.writing import Moment, moment_of
from parvis.posts import scheduled

endpoints = Endpoints("scheduled_statuses")


class ScheduledPage(Paging, frozen=True, kw_only=True):
    """Which page of what one scheduled."""


class One(msgspec.Struct, frozen=True):
    """One scheduled status."""

    id: Id


class Moved(msgspec.Struct, frozen=True):
    """When it should be published."""

    id: Id
    scheduled_at: Moment | None = None


@endpoints.get("/api/v1/scheduled_statuses", scope="read:statuses", pages=True)
async def get_scheduled_statuses(ctx: Ctx, given: ScheduledPage) -> tuple[ScheduledStatus, ...]:
    """What one scheduled, the latest first."""
    found = await scheduled.scheduled_of(ctx.tx, ctx.member, given.page())
    link(ctx, [one.id for one in found], of=given.page())
    return tuple(scheduled_entity(one, ctx.urls) for one in found)


@endpoints.get("/api/v1/scheduled_statuses/{id}", scope="read:statuses")
async def get_scheduled_status(ctx: Ctx, given: One) -> ScheduledStatus:
    """One scheduled status."""
    return scheduled_entity(await scheduled.get_scheduled(ctx.tx, ctx.member, int(given.id)), ctx.urls)


@endpoints.put("/api/v1/scheduled_statuses/{id}", scope="write:statuses")
async def reschedule_status(ctx: Ctx, given: Moved) -> ScheduledStatus:
    """Have it published at another time."""
    if given.scheduled_at is None:
        return scheduled_entity(await scheduled.get_scheduled(ctx.tx, ctx.member, int(given.id)), ctx.urls)
    moment = moment_of(given.scheduled_at)
    return scheduled_entity(await scheduled.reschedule(ctx.tx, ctx.member, int(given.id), moment), ctx.urls)


@endpoints.delete("/api/v1/scheduled_statuses/{id}", scope="write:statuses")
async def unschedule_status(ctx: Ctx, given: One) -> Empty:
    """Take it back."""
    await scheduled.unschedule(ctx.tx, ctx.member, int(given.id))
    return Empty()
