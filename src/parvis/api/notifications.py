"""Notifications: who did what that concerns the caller, one by one."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta

from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.notification_entity import KINDS, Notification, fallbacks, notification_entity
from parvis.api.notification_matters import NOTHING, heeded, matters_of
from parvis.api.paging import Paging, link
from parvis.core.ids import AccountId
from parvis.notifications import inbox
from parvis.notifications.kinds import KINDS as ALL

endpoints = Endpoints("notifications")

LONGEST = 80
MOST_COUNTED = 1000

Type = Annotated[str, Meta(max_length=60)]
Types = Annotated[tuple[Type, ...], Meta(max_length=40)]


class NotificationPage(Paging, frozen=True, kw_only=True):
    """Which page of which notifications; types that there are not match nothing."""

    limit: Annotated[int, Meta(ge=1, description="How many; 80 at most.")] = 40
    types: Types = ()
    exclude_types: Types = ()
    account_id: Id | None = None
    include_filtered: bool = False
    supported_types: Annotated[Types, Meta(description="Types that the client knows; others come with words.")] = ()


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """Which notifications to count, and up to where."""

    limit: Annotated[int, Meta(ge=1, description="Where counting ends; 1000 at most.")] = 100
    types: Types = ()
    exclude_types: Types = ()
    account_id: Id | None = None
    include_filtered: bool = False


class One(msgspec.Struct, frozen=True):
    """One notification."""

    id: Id


class Count(msgspec.Struct, frozen=True):
    """How many."""

    count: int


def kinds_of(types: tuple[str, ...]) -> tuple[str, ...]:
    """Mastodon's types in the house's words."""
    return tuple(KINDS[one] for one in types if one in KINDS)


def chosen(given: NotificationPage | Counted) -> inbox.Choice:
    """What is asked for, in the house's words."""
    return inbox.Choice(
        kinds=kinds_of(given.types) if given.types else ALL,
        exclude=kinds_of(given.exclude_types),
        actor=AccountId(int(given.account_id)) if given.account_id else inbox.ANYBODY,
        aside=given.include_filtered,
    )


@endpoints.get("/api/v1/notifications", scope="read:notifications", pages=True)
async def get_notifications(ctx: Ctx, given: NotificationPage) -> tuple[Notification, ...]:
    """What concerns the caller, newest first."""
    found = await inbox.notifications_of(ctx.tx, ctx.member, given.page(LONGEST), chosen(given))
    link(ctx, [row.id for row in found])
    heard = await heeded(ctx.tx, ctx.member, found)
    matters = await matters_of(ctx.tx, ctx.urls, ctx.member, heard)
    told = await fallbacks(ctx.tx, ctx.member, heard, given.supported_types)
    return tuple(
        [
            notification_entity(row, ctx.urls, fallback=told.get(row.id, UNSET), **matters.get(row.id, NOTHING))
            for row in heard
        ]
    )


@endpoints.get("/api/v1/notifications/unread_count", scope="read:notifications")
async def get_unread_count(ctx: Ctx, given: Counted) -> Count:
    """How many are newer than the last one read."""
    most = min(given.limit, MOST_COUNTED)
    return Count(await inbox.unread_count(ctx.tx, ctx.member, chosen(given), most))


@endpoints.get("/api/v1/notifications/{id}", scope="read:notifications")
async def get_notification(ctx: Ctx, given: One) -> Notification:
    """One notification."""
    found = await inbox.get_notification(ctx.tx, ctx.member, int(given.id))
    matters = await matters_of(ctx.tx, ctx.urls, ctx.member, (found,))
    return notification_entity(found, ctx.urls, **matters.get(found.id, NOTHING))


@endpoints.post("/api/v1/notifications/clear", scope="write:notifications")
async def clear_notifications(ctx: Ctx) -> Empty:
    """Forget all of them."""
    await inbox.clear(ctx.tx, ctx.member)
    return Empty()


@endpoints.post("/api/v1/notifications/{id}/dismiss", scope="write:notifications")
async def dismiss_notification(ctx: Ctx, given: One) -> Empty:
    """Forget one."""
    await inbox.get_notification(ctx.tx, ctx.member, int(given.id))
    await inbox.dismiss(ctx.tx, ctx.member, int(given.id))
    return Empty()
