"""Statuses: write, read, delete, favourite, reblog."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id, Language, LongText, Sentence
from parvis.api.sifting import sifted
from parvis.api.status_entity import Context, Status, StatusSource, status_entities, status_entity
from parvis.core import errors
from parvis.core.ids import MediaId, PostId
from parvis.posts import delete, likes, publish, reposts, visibility
from parvis.posts.drafts import Draft
from parvis.posts.post import Post
from parvis.timelines import thread

endpoints = Endpoints("statuses")

VISIBILITIES = {"public": "public", "unlisted": "unlisted", "private": "followers", "direct": "mentioned"}


class One(msgspec.Struct, frozen=True):
    """One status."""

    id: Id


class Several(msgspec.Struct, frozen=True):
    """Several statuses."""

    id: Annotated[tuple[Id, ...], Meta(max_length=40)] = ()


class NewStatus(msgspec.Struct, frozen=True):
    """What to say."""

    status: LongText = ""
    media_ids: Annotated[tuple[Id, ...], Meta(max_length=16)] = ()
    in_reply_to_id: Id | None = None
    sensitive: bool = False
    spoiler_text: Sentence = ""
    visibility: Literal["public", "unlisted", "private", "direct"] | None = None
    language: Language | None = None
    scheduled_at: Annotated[str, Meta(max_length=40)] | None = None


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


@endpoints.post("/api/v1/statuses", scope="write:statuses", headers=("Idempotency-Key",), refuses=(403, 404, 409, 413))
async def create_status(ctx: Ctx, given: NewStatus) -> Status:
    """Publish a status; the same Idempotency-Key within a day gives the same one."""
    if given.scheduled_at:
        raise errors.Invalid("Statuses cannot be scheduled here yet.", field="scheduled_at")
    key = ctx.header(b"idempotency-key")
    draft = Draft(
        text=given.status,
        media=tuple(MediaId(int(one)) for one in given.media_ids),
        reply_to=PostId(int(given.in_reply_to_id)) if given.in_reply_to_id else None,
        visibility=VISIBILITIES[given.visibility or "public"],
        warning=given.spoiler_text,
        sensitive=given.sensitive or bool(given.spoiler_text),
        language=given.language,
    )
    app = ctx.access.app_id if ctx.access else None
    post = await publish.publish(ctx.tx, ctx.member, draft, app_id=app, key=key or None, settings=ctx.door.settings)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, post), ctx.urls)


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
    await delete.delete(ctx.tx, ctx.member, post.id)
    return status_entity(post, ctx.urls, text=post.text)


@endpoints.get("/api/v1/statuses/{id}/context", scope="read:statuses", who="anyone")
async def get_context(ctx: Ctx, given: One) -> Context:
    """What came before a status in its thread, and what came after."""
    found = await thread.thread(ctx.tx, ctx.viewer, PostId(int(given.id)))
    return Context(status_entities(found.ancestors, ctx.urls), status_entities(found.descendants, ctx.urls))


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
    repost = await reposts.repost(ctx.tx, ctx.member, post.id)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, repost), ctx.urls)


@endpoints.post("/api/v1/statuses/{id}/unreblog", scope="write:statuses")
async def unreblog_status(ctx: Ctx, given: One) -> Status:
    """Take a repost back; the answer is what had been passed on."""
    post = await _shown(ctx, given.id)
    await reposts.unrepost(ctx.tx, ctx.member, post.id)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, post.id), ctx.urls)
