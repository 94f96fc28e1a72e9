"""Announcements: what the operators tell everyone, read, put away and reacted to."""

import re
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.account_entity import Address, Emoji, Moment
from parvis.api.answer import Empty
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.status_entity import StatusTag
from parvis.core import clock
from parvis.moderation import announcements
from parvis.moderation.announcements import Shown
from parvis.posts.text import Mention

endpoints = Endpoints("announcements")

_PATH = re.compile(r"/@[\w.@:-]+/([0-9]{1,18})(?![\w/])", re.ASCII)


class Listed(msgspec.Struct, frozen=True):
    """Whether those that were put away are told too."""

    with_dismissed: bool = False


class One(msgspec.Struct, frozen=True):
    """One announcement."""

    id: Id


class Reacting(msgspec.Struct, frozen=True):
    """An announcement, and an emoji or the shortcode of a custom one."""

    id: Id
    name: Annotated[str, Meta(min_length=1, max_length=64)]


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """How often an emoji was given."""

    name: str
    count: int
    me: bool | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    static_url: Address | UnsetType = UNSET


class AnnouncementAccount(msgspec.Struct, frozen=True):
    """Somebody named in an announcement."""

    id: str
    username: str
    url: Address
    acct: str


class AnnouncementStatus(msgspec.Struct, frozen=True):
    """A status that an announcement links to."""

    id: str
    url: Address


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """What the operators tell everyone."""

    id: str
    content: Annotated[str, Meta(description="Safe HTML.")]
    starts_at: Moment | None
    ends_at: Moment | None
    all_day: bool
    published_at: Moment
    updated_at: Moment
    read: bool | UnsetType = UNSET
    mentions: tuple[AnnouncementAccount, ...]
    statuses: tuple[AnnouncementStatus, ...]
    tags: tuple[StatusTag, ...]
    emojis: tuple[Emoji, ...] = ()
    reactions: tuple[Reaction, ...]


def reaction_entity(one: announcements.Reaction, urls: Urls, *, personal: bool) -> Reaction:
    """A reaction, as its reader sees it or as everyone is told it."""
    return Reaction(
        name=one.name,
        count=one.count,
        me=one.mine if personal else UNSET,
        url=urls.media + one.blob if one.blob else UNSET,
        static_url=urls.media + one.still if one.still else UNSET,
    )


def announcement_entity(shown: Shown, urls: Urls, *, personal: bool = False) -> Announcement:
    """An announcement, as its reader sees it (`personal`) or as everyone is told it."""
    one = shown.announcement
    mentions = [msgspec.convert(mention, Mention) for mention in one.mentions]
    named = {path[1]: urls.base + path[0] for piece in one.text.split(urls.base)[1:] if (path := _PATH.match(piece))}
    return Announcement(
        id=str(one.id),
        content=urls.html(one.html),
        starts_at=clock.iso(one.starts_at) if one.starts_at else None,
        ends_at=clock.iso(one.ends_at) if one.ends_at else None,
        all_day=one.all_day,
        published_at=clock.iso(one.published_at or one.updated_at),
        updated_at=clock.iso(one.updated_at),
        read=shown.read if personal else UNSET,
        mentions=tuple(
            AnnouncementAccount(str(who.id), who.handle, urls.profile + who.acct, who.acct) for who in mentions
        ),
        statuses=tuple(AnnouncementStatus(post, address) for post, address in named.items()),
        tags=tuple(StatusTag(tag, urls.tagged(tag)) for tag in one.tags),
        reactions=tuple(reaction_entity(reaction, urls, personal=personal) for reaction in shown.reactions),
    )


@endpoints.get("/api/v1/announcements", scope="read", who="anyone")
async def list_announcements(ctx: Ctx, given: Listed) -> tuple[Announcement, ...]:
    """What the operators tell everyone now."""
    found = await announcements.current(ctx.tx, ctx.viewer, with_dismissed=given.with_dismissed)
    return tuple(announcement_entity(one, ctx.urls, personal=ctx.viewer is not None) for one in found)


@endpoints.post("/api/v1/announcements/{id}/dismiss", scope="write:accounts", refuses=(404,))
async def dismiss_announcement(ctx: Ctx, given: One) -> Empty:
    """Put an announcement away."""
    await announcements.dismiss(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.put("/api/v1/announcements/{id}/reactions/{name}", scope="write:favourites", refuses=(404,))
async def add_reaction(ctx: Ctx, given: Reacting) -> Empty:
    """React to an announcement with an emoji."""
    await announcements.react(ctx.tx, ctx.member, int(given.id), given.name)
    return Empty()


@endpoints.delete("/api/v1/announcements/{id}/reactions/{name}", scope="write:favourites", refuses=(404,))
async def remove_reaction(ctx: Ctx, given: Reacting) -> Empty:
    """Take a reaction back."""
    await announcements.unreact(ctx.tx, ctx.member, int(given.id), given.name)
    return Empty()
