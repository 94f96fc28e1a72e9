"""Statuses: read, delete, favourite, reblog."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.history_entity import StatusEdit, history_entity
from parvis.api.sifting import sifted
from parvis.api.status_entity import Context, Status, StatusSource, status_entities, status_entity
from parvis.api.writing import VISIBILITIES
from parvis.core import errors
from parvis.core.ids import PostId
from parvis.posts import delete, edit, likes, reposts, visibility
from parvis.posts.post import Post
from parvis.timelines import thread

endpoints = Endpoints("statuses")


class One(msgspec.Struct, frozen=True):
    """One status."""

    id: Id


class Several(msgspec.Struct, frozen=True):
    """Several statuses."""

    id: Annotated[tuple[Id, ...], Meta(max_length=40)] = ()


class Deletion(msgspec.Struct, frozen=True):
    """Which status to delete."""

    id: Id
    delete_media: bool = False


class Reblogging(msgspec.Struct, frozen=True):
    """Which status to pass on."""

    id: Id
    visibility: Literal["public", "unlisted", "private"] | None = None


async def _get(ctx: Ctx, given: str) -> Post:
    (post,) = await sifted(ctx, [await visibility.get_post(ctx.tx, ctx.viewer, PostId(int(given)))])
    return post


async def _shown(ctx: Ctx, given: str) -> Post:
    """The post to act upon: through a repost, what it passes on."""
    return (await _get(ctx, given)).shown


@endpoints.get("/api/v1/statuses", scope="read:statuses", who="anyone")
async def get_statuses(ctx: Ctx, given: Several) -> tuple[Status, ...]:
    """Several statuses at once; those the caller may not see are left out."""
    ids = [PostId(int(one)) for one in given.id]
    posts = await visibility.seen_by(ctx.tx, ctx.viewer, ids)
    return status_entities(await sifted(ctx, (posts[one] for one in ids if one in posts)), ctx.urls)


@endpoints.get("/api/v1/statuses/{id}", scope="read:statuses", who="anyone")
async def get_status(ctx: Ctx, given: One) -> Status:
    """One status."""
    return status_entity(await _get(ctx, given.id), ctx.urls)


@endpoints.delete("/api/v1/statuses/{id}", scope="write:statuses", refuses=(403,))
async def delete_status(ctx: Ctx, given: Deletion) -> Status:
    """Delete one's own status; the answer has its words, to write it anew."""
    post = await _get(ctx, given.id)
    await delete.delete(ctx.tx, ctx.member, post.id, with_media=given.delete_media)
    return status_entity(post, ctx.urls, text=post.text)


@endpoints.get("/api/v1/statuses/{id}/context", scope="read:statuses", who="anyone")
async def get_context(ctx: Ctx, given: One) -> Context:
    """What came before a status in its thread, and what came after."""
    found = await thread.thread(ctx.tx, ctx.viewer, PostId(int(given.id)))
    answers = _own_answers_first(found.descendants)
    return Context(status_entities(found.ancestors, ctx.urls), status_entities(answers, ctx.urls))


def _own_answers_first(posts: Sequence[Post]) -> list[Post]:
    """The same order, but those that go on with what their own author said come first, as Mastodon has it."""
    own = [post for post in posts if post.reply_to_author_id == post.author.id]
    return own + [post for post in posts if post.reply_to_author_id != post.author.id]


@endpoints.get("/api/v1/statuses/{id}/history", scope="read:statuses", who="anyone")
async def get_history(ctx: Ctx, given: One) -> tuple[StatusEdit, ...]:
    """All that a status said, oldest first; the last is what it says now."""
    post, before = await edit.history_of(ctx.tx, ctx.viewer, PostId(int(given.id)))
    return history_entity(post, before, ctx.urls)


@endpoints.get("/api/v1/statuses/{id}/source", scope="read:statuses")
async def get_source(ctx: Ctx, given: One) -> StatusSource:
    """One's own status as it was written."""
    post = await _get(ctx, given.id)
    if post.author.id != ctx.member.id:
        raise errors.NotFound("Record not found")
    return StatusSource(str(post.id), post.text, post.warning)


@endpoints.post("/api/v1/statuses/{id}/favourite", scope="write:favourites", refuses=(403,))
async def favourite_status(ctx: Ctx, given: One) -> Status:
    """Like a status."""
    post = await _shown(ctx, given.id)
    await likes.like(ctx.tx, ctx.member, post.id)
    return status_entity(await _get(ctx, given.id), ctx.urls)


@endpoints.post("/api/v1/statuses/{id}/unfavourite", scope="write:favourites")
async def unfavourite_status(ctx: Ctx, given: One) -> Status:
    """Take a like back."""
    post = await _shown(ctx, given.id)
    await likes.unlike(ctx.tx, ctx.member, post.id)
    return status_entity(await _get(ctx, given.id), ctx.urls)


@endpoints.post("/api/v1/statuses/{id}/reblog", scope="write:statuses", refuses=(403,))
async def reblog_status(ctx: Ctx, given: Reblogging) -> Status:
    """Pass a status on; the answer is the repost."""
    post = await _shown(ctx, given.id)
    wanted = VISIBILITIES[given.visibility] if given.visibility else None
    repost = await reposts.repost(ctx.tx, ctx.member, post.id, visibility=wanted)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, repost), ctx.urls)


@endpoints.post("/api/v1/statuses/{id}/unreblog", scope="write:statuses")
async def unreblog_status(ctx: Ctx, given: One) -> Status:
    """Take a repost back; the answer is what had been passed on."""
    post = await _shown(ctx, given.id)
    await reposts.unrepost(ctx.tx, ctx.member, post.id)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, post.id), ctx.urls)
