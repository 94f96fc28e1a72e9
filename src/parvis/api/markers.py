"""Markers: how far the member has read home and notifications, the same in every app of theirs."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Moment
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.core import clock
from parvis.notifications import markers

endpoints = Endpoints("markers")


class Marker(msgspec.Struct, frozen=True):
    """How far one timeline is read."""

    last_read_id: str
    version: int
    updated_at: Moment


class Wanted(msgspec.Struct, frozen=True):
    """Which timelines."""

    timeline: Annotated[tuple[Literal["home", "notifications"], ...], Meta(max_length=4)] = ()


class Read(msgspec.Struct, frozen=True):
    """The last one read."""

    last_read_id: Id


class Reading(msgspec.Struct, frozen=True):
    """How far each timeline was read."""

    home: Read | None = None
    notifications: Read | None = None


async def _markers(ctx: Ctx, timelines: tuple[str, ...]) -> dict[str, Marker]:
    found = await markers.markers_of(ctx.tx, ctx.member, timelines)
    return {
        name: Marker(str(marker.last_read_id), marker.version, clock.iso(marker.updated_at))
        for name, marker in found.items()
    }


@endpoints.get("/api/v1/markers", scope="read:statuses")
async def get_markers(ctx: Ctx, given: Wanted) -> dict[str, Marker]:
    """How far these timelines are read; one that was never marked is missing."""
    return await _markers(ctx, given.timeline)


@endpoints.post("/api/v1/markers", scope="write:statuses")
async def set_markers(ctx: Ctx, given: Reading) -> dict[str, Marker]:
    """Remember how far timelines are read; never backwards."""
    read = {
        name: int(one.last_read_id)
        for name, one in (("home", given.home), ("notifications", given.notifications))
        if one is not None
    }
    await markers.mark(ctx.tx, ctx.member, read)
    return await _markers(ctx, tuple(read))
