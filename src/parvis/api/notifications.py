"""Notifications: who did what that concerns the caller."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.notification_entity import KINDS, Notification, notification_entity
from parvis.api.paging import Limit80, Paging, link
from parvis.notifications import inbox

endpoints = Endpoints("notifications")

Word = Annotated[str, Meta(max_length=60)]


class NotificationPage(Paging, frozen=True, kw_only=True):
    """Which notifications; types that Parvis does not have match nothing."""

    limit: Limit80 = 40
    types: Annotated[tuple[Word, ...], Meta(max_length=40)] = ()
    exclude_types: Annotated[tuple[Word, ...], Meta(max_length=40)] = ()


class One(msgspec.Struct, frozen=True):
    """One notification."""

    id: Id


class Count(msgspec.Struct, frozen=True):
    """How many."""

    count: int


def _kinds(types: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(KINDS[one] for one in types if one in KINDS)


@endpoints.get("/api/v1/notifications", scope="read:notifications", pages=True)
async def get_notifications(ctx: Ctx, given: NotificationPage) -> tuple[Notification, ...]:
    """What concerns the caller, newest first."""
    kinds = _kinds(given.types) if given.types else inbox.KINDS
    found = await inbox.notifications_of(
        ctx.tx, ctx.member, given.page(), kinds=kinds, exclude=_kinds(given.exclude_types)
    )
    link(ctx, [row.id for row in found])
    return tuple(notification_entity(row, ctx.urls) for row in found)


@endpoints.get("/api/v1/notifications/unread_count", scope="read:notifications")
async def get_unread_count(ctx: Ctx) -> Count:
    """How many are newer than the last one read."""
    return Count(await inbox.unread_count(ctx.tx, ctx.member))


@endpoints.get("/api/v1/notifications/{id}", scope="read:notifications")
async def get_notification(ctx: Ctx, given: One) -> Notification:
    """One notification."""
    return notification_entity(await inbox.get_notification(ctx.tx, ctx.member, int(given.id)), ctx.urls)


@endpoints.post("/api/v1/notifications/clear", scope="write:notifications")
async def clear_notifications(ctx: Ctx) -> Empty:
    """Forget all of them."""
    await inbox.clear(ctx.tx, ctx.member)
    return Empty()


@endpoints.post("/api/v1/notifications/{id}/dismiss", scope="write:notifications")
async def dismiss_notification(ctx: Ctx, given: One) -> Empty:
    """Forget one."""
    await inbox.dismiss(ctx.tx, ctx.member, int(given.id))
    return Empty()
