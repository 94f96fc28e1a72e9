"""Notifications in groups (v2): what several did about one thing is one entry."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta

from parvis.api.account_entity import Account, account_entity
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.notification_entity import Grouped, fallbacks, group_entity, grouped_entity, key_meant
from parvis.api.notification_matters import CONTEXT, NOTHING, matters_of
from parvis.api.notifications import LONGEST, MOST_COUNTED, Count, Counted, NotificationPage, Types, chosen, kinds_of
from parvis.api.paging import Paging, link
from parvis.api.status_entity import status_entities
from parvis.api.written import written
from parvis.notifications import groups
from parvis.notifications.kinds import TOGETHER
from parvis.notifications.remembered import groups_glimpsed
from parvis.posts.glimpse import Glimpse
from parvis.timelines.judging import judged

endpoints = Endpoints("notifications")

Key = Annotated[str, Meta(max_length=100, description="A group's key.")]
GroupedTypes = Annotated[Types, Meta(description="Types that may be grouped; all that can be, when none is named.")]


class GroupPage(NotificationPage, frozen=True, kw_only=True):
    """Which page of groups."""

    grouped_types: GroupedTypes = ()
    expand_accounts: Literal["full", "partial_avatars"] = "full"


class CountedGroups(Counted, frozen=True, kw_only=True):
    """Which groups to count, and up to where."""

    grouped_types: GroupedTypes = ()


class OneGroup(msgspec.Struct, frozen=True):
    """One group."""

    group_key: Key


class AccountsOfGroup(Paging, frozen=True, kw_only=True):
    """A page of who made a group."""

    group_key: Key
    limit: Annotated[int, Meta(ge=1, description="How many; 80 at most.")] = 40


def _grouped(types: tuple[str, ...]) -> frozenset[str]:
    return TOGETHER & frozenset(kinds_of(types)) if types else TOGETHER


@endpoints.get("/api/v2/notifications", scope="read:notifications", pages=True)
async def get_groups(ctx: Ctx, given: GroupPage) -> Grouped:
    """What concerns the caller, newest first, in groups."""
    found = await groups_glimpsed(ctx.tx, ctx.member, given.page(LONGEST), chosen(given), _grouped(given.grouped_types))
    link(ctx, [group.shown.id for group in found])
    left = await judged(ctx.tx, ctx.member, _posts_of(found), CONTEXT)
    heard = [group for group in found if group.shown.post is None or group.shown.post.id in left]
    matters = await matters_of(ctx.tx, ctx.urls, ctx.member, [group.shown for group in heard])
    told = await fallbacks(ctx.tx, ctx.member, [group.shown for group in heard], given.supported_types)
    shown = tuple(
        [
            group_entity(group, fallback=told.get(group.shown.id, UNSET), **matters.get(group.shown.id, NOTHING))
            for group in heard
        ]
    )
    posts = {post.id: (post, None, left[post.id]) for post in _posts_of(heard)}
    statuses = await written(ctx, posts.values())
    return await grouped_entity(ctx, heard, shown, statuses, partial=given.expand_accounts == "partial_avatars")


def _posts_of(found: Iterable[groups.Group[Glimpse]]) -> list[Glimpse]:
    return [group.shown.post for group in found if group.shown.post is not None]


@endpoints.get("/api/v2/notifications/unread_count", scope="read:notifications")
async def get_unread_groups(ctx: Ctx, given: CountedGroups) -> Count:
    """How many groups have something newer than the last one read."""
    most = min(given.limit, MOST_COUNTED)
    grouped = _grouped(given.grouped_types)
    return Count(await groups.unread_groups(ctx.tx, ctx.member, chosen(given), grouped, most))


@endpoints.get("/api/v2/notifications/{group_key}", scope="read:notifications")
async def get_group(ctx: Ctx, given: OneGroup) -> Grouped:
    """One group."""
    found = await groups.get_group(ctx.tx, ctx.member, key_meant(given.group_key))
    matters = await matters_of(ctx.tx, ctx.urls, ctx.member, (found.shown,))
    shown = (group_entity(found, **matters.get(found.shown.id, NOTHING)),)
    statuses = status_entities((found.shown.post,) if found.shown.post is not None else (), ctx.urls)
    return await grouped_entity(ctx, [found], shown, statuses, partial=False)


@endpoints.get("/api/v2/notifications/{group_key}/accounts", scope="read:notifications", pages=True)
async def get_group_accounts(ctx: Ctx, given: AccountsOfGroup) -> tuple[Account, ...]:
    """Who made a group, the latest first."""
    found = await groups.actors_of(ctx.tx, ctx.member, key_meant(given.group_key), given.page(LONGEST))
    link(ctx, [number for number, _ in found], of=given.page(LONGEST))
    return tuple(account_entity(account, ctx.urls) for _, account in found)


@endpoints.post("/api/v2/notifications/{group_key}/dismiss", scope="write:notifications")
async def dismiss_group(ctx: Ctx, given: OneGroup) -> Empty:
    """Forget all notifications of a group."""
    await groups.dismiss_group(ctx.tx, ctx.member, key_meant(given.group_key))
    return Empty()
