"""What one keeps and likes, and who likes a status or passed it on."""

from collections.abc import Sequence

import msgspec

from parvis.api import account_entity as entity
from parvis.api.accounts import TiePage, tied
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Paging, link
from parvis.api.sifting import sifted
from parvis.api.status_entity import Status, status_entities, status_entity
from parvis.core.ids import PostId
from parvis.posts import crowds, pins, quiet, shelves, visibility
from parvis.posts.page import Page
from parvis.posts.shelves import Kept

endpoints = Endpoints("statuses")

LONGEST_CROWD = 80


class One(msgspec.Struct, frozen=True):
    """One status."""

    id: Id


class ShelfPage(Paging, frozen=True, kw_only=True):
    """Which page; its ids are those that the Link header gives."""


class CrowdPage(TiePage, frozen=True, kw_only=True):
    """Whose crowd, and which page of it."""

    id: Id


async def _again(ctx: Ctx, post_id: PostId) -> Status:
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, post_id), ctx.urls)


async def _shelf(ctx: Ctx, kept: Sequence[Kept], page: Page) -> tuple[Status, ...]:
    link(ctx, [one.id for one in kept], of=page)
    return status_entities(await sifted(ctx, (one.post for one in kept)), ctx.urls)


@endpoints.get("/api/v1/bookmarks", scope="read:bookmarks", pages=True)
async def get_bookmarks(ctx: Ctx, given: ShelfPage) -> tuple[Status, ...]:
    """What one keeps, the latest first."""
    page = given.page()
    return await _shelf(ctx, await shelves.bookmarks_of(ctx.tx, ctx.member, page), page)


@endpoints.get("/api/v1/favourites", scope="read:favourites", pages=True)
async def get_favourites(ctx: Ctx, given: ShelfPage) -> tuple[Status, ...]:
    """What one likes, the latest first."""
    page = given.page()
    return await _shelf(ctx, await shelves.liked_by(ctx.tx, ctx.member, page), page)


@endpoints.post("/api/v1/statuses/{id}/bookmark", scope="write:bookmarks", refuses=(403,))
async def bookmark_status(ctx: Ctx, given: One) -> Status:
    """Keep a status where only oneself finds it."""
    await shelves.bookmark(ctx.tx, ctx.member, PostId(int(given.id)))
    return await _again(ctx, PostId(int(given.id)))


@endpoints.post("/api/v1/statuses/{id}/unbookmark", scope="write:bookmarks")
async def unbookmark_status(ctx: Ctx, given: One) -> Status:
    """Keep a status no longer."""
    post = await visibility.get_post(ctx.tx, ctx.member, PostId(int(given.id)))
    await shelves.unbookmark(ctx.tx, ctx.member, post.shown.id)
    return await _again(ctx, post.id)


@endpoints.post("/api/v1/statuses/{id}/pin", scope="write:accounts", refuses=(403,))
async def pin_status(ctx: Ctx, given: One) -> Status:
    """Have one's own status stand on one's profile."""
    await pins.pin(ctx.tx, ctx.member, PostId(int(given.id)))
    return await _again(ctx, PostId(int(given.id)))


@endpoints.post("/api/v1/statuses/{id}/unpin", scope="write:accounts")
async def unpin_status(ctx: Ctx, given: One) -> Status:
    """Have it stand there no more."""
    await pins.unpin(ctx.tx, ctx.member, PostId(int(given.id)))
    return await _again(ctx, PostId(int(given.id)))


@endpoints.post("/api/v1/statuses/{id}/mute", scope="write:mutes", refuses=(403,))
async def mute_conversation(ctx: Ctx, given: One) -> Status:
    """Hear nothing more of a status's conversation."""
    await quiet.mute_thread(ctx.tx, ctx.member, PostId(int(given.id)))
    return await _again(ctx, PostId(int(given.id)))


@endpoints.post("/api/v1/statuses/{id}/unmute", scope="write:mutes")
async def unmute_conversation(ctx: Ctx, given: One) -> Status:
    """Hear of it again."""
    await quiet.unmute_thread(ctx.tx, ctx.member, PostId(int(given.id)))
    return await _again(ctx, PostId(int(given.id)))


@endpoints.get("/api/v1/statuses/{id}/favourited_by", scope="read:statuses", who="anyone", pages=True)
async def get_favourited_by(ctx: Ctx, given: CrowdPage) -> tuple[entity.Account, ...]:
    """Who likes a status, the latest first."""
    page = given.page(LONGEST_CROWD)
    return tied(ctx, await crowds.likers_of(ctx.tx, ctx.viewer, PostId(int(given.id)), page), given)


@endpoints.get("/api/v1/statuses/{id}/reblogged_by", scope="read:statuses", who="anyone", pages=True)
async def get_reblogged_by(ctx: Ctx, given: CrowdPage) -> tuple[entity.Account, ...]:
    """Who passed a status on, the latest first."""
    page = given.page(LONGEST_CROWD)
    return tied(ctx, await crowds.reposters_of(ctx.tx, ctx.viewer, PostId(int(given.id)), page), given)
