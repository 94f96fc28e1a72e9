"""Timelines: home (always *Following*: clients page it by id), public, and by hashtag."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id, Tag, Url
from parvis.api.paging import Paging, link
from parvis.api.status_entity import Status, status_entities
from parvis.api.written import statuses_of, written
from parvis.posts.post import Post
from parvis.timelines import links, lists, members, steered, tags
from parvis.timelines.square import square_feed

endpoints = Endpoints("timelines")

MoreTags = Annotated[tuple[Tag, ...], Meta(max_length=20, description="The first 4 count.")]


class HomePage(Paging, frozen=True, kw_only=True):
    """Which page of home."""


class PublicPage(Paging, frozen=True, kw_only=True):
    """Which page, and of what."""

    local: bool = False
    remote: bool = False
    only_media: bool = False


class TagPage(PublicPage, frozen=True, kw_only=True):
    """Which page, of which hashtag."""

    hashtag: Tag
    any: MoreTags = ()
    all: MoreTags = ()
    none: MoreTags = ()


def _page(ctx: Ctx, posts: Sequence[Post]) -> tuple[Status, ...]:
    link(ctx, [post.id for post in posts])
    return status_entities(posts, ctx.urls)


@endpoints.get("/api/v1/timelines/home", scope="read:statuses", pages=True)
async def home_timeline(ctx: Ctx, given: HomePage) -> tuple[Status, ...]:
    """Newest first, exactly what one follows."""
    found = await steered.glimpsed(ctx.tx, ctx.member, given.page())
    link(ctx, [sight.glimpse.id for sight in found])
    return await written(ctx, found)


@endpoints.get("/api/v1/timelines/public", scope="read:statuses", who="anyone", pages=True)
async def public_timeline(ctx: Ctx, given: PublicPage) -> tuple[Status, ...]:
    """Every public post of this instance, newest first."""
    feed = square_feed(ctx.tx, ctx.viewer, local=given.local, remote=given.remote, media=given.only_media)
    return await statuses_of(ctx, given.page(), feed)


@endpoints.get("/api/v1/timelines/tag/{hashtag}", scope="read:statuses", who="anyone", pages=True)
async def tag_timeline(ctx: Ctx, given: TagPage) -> tuple[Status, ...]:
    """Public posts with a hashtag, newest first."""
    beside = tags.Beside(
        any=given.any,
        all=given.all,
        none=given.none,
        local=given.local,
        remote=given.remote,
        media=given.only_media,
    )
    return await statuses_of(ctx, given.page(), tags.tag_feed(ctx.tx, ctx.viewer, given.hashtag, beside))


class ListPage(Paging, frozen=True, kw_only=True):
    """Which page, of which list."""

    list_id: Id


@endpoints.get("/api/v1/timelines/list/{list_id}", scope="read:lists", pages=True)
async def list_timeline(ctx: Ctx, given: ListPage) -> tuple[Status, ...]:
    """What the members of one's list say and pass on, newest first."""
    listing = await lists.get_list(ctx.tx, ctx.member, int(given.list_id))
    return _page(ctx, await members.posts_on(ctx.tx, ctx.member, listing, given.page()))


class LinkPage(Paging, frozen=True, kw_only=True):
    """Which page, about which address."""

    url: Url


@endpoints.get("/api/v1/timelines/link", scope="read:statuses", who="anyone", pages=True, refuses=(404,))
async def link_timeline(ctx: Ctx, given: LinkPage) -> tuple[Status, ...]:
    """Public posts that link to a page of the web, newest first."""
    return _page(ctx, await links.about(ctx.tx, ctx.viewer, given.url, given.page()))
