"""Streaming over server-sent events: /api/v1/streaming/user, public, hashtag and so on; one stream a connection."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from parvis.api.answer import EVENTS, TEXT, Answer
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.fields import Id
from parvis.api.router import caller
from parvis.api.streams import Asked, Listener, Stream, stream_for
from parvis.core import errors
from parvis.people import grants, standing

endpoints = Endpoints("streaming")

CHECKED_EVERY = 60.0  # seconds between two looks at the token
HEARTBEAT = 15.0  # seconds of silence, after which a comment is sent so that proxies keep the line open
OPTIONS: dict[str, Any] = {"mode": Mode.ALONE, "media_type": "text/event-stream", "token_in_query": True}


class TagStream(msgspec.Struct, frozen=True):
    """Which hashtag."""

    tag: Annotated[str, Meta(min_length=1, max_length=100)]


class PublicStream(msgspec.Struct, frozen=True):
    """Of what."""

    only_media: bool = False


class ListStream(msgspec.Struct, frozen=True):
    """Which list."""

    list: Id


class AnyStream(msgspec.Struct, frozen=True):
    """Which stream, by its name, and the hashtag or list that it is about."""

    stream: Annotated[str, Meta(min_length=1, max_length=60)]
    tag: Annotated[str, Meta(max_length=100)] | None = None
    list: Id | None = None


async def _events(ctx: Ctx, stream: Stream) -> AsyncGenerator[bytes]:
    member, time = ctx.viewer, asyncio.get_running_loop().time
    checked = time()
    with ctx.door.live.join(member, stream.channels, caller(ctx)) as seat:  # there was room when the headers went
        yield b":)\n\n"
        while True:
            if time() - checked > CHECKED_EVERY:
                if not await _is_good(ctx):
                    return
                checked = time()
            try:
                async with asyncio.timeout(HEARTBEAT):
                    arrival = await anext(seat)
            except TimeoutError:
                yield b":thump\n\n"
                continue
            except StopAsyncIteration:
                return
            told = await ctx.house.teller.told(arrival, seat) if stream.wants(arrival) else None
            if told is not None:
                yield told.sse


async def _is_good(ctx: Ctx) -> bool:
    """Whether the token is still good."""
    if ctx.token is None:
        return True
    try:
        async with ctx.door.store.reading() as tx:
            access = await grants.access_of_token(tx, ctx.token)
        if access.account is not None:
            standing.require_entry(access.account)
    except (errors.Unauthenticated, errors.Forbidden):
        return False
    return True


async def _stream(ctx: Ctx, name: str, tag: str | None = None, about_list: str | None = None) -> Answer:
    listener = Listener(ctx.viewer, ctx.access.scopes if ctx.access is not None else frozenset())
    stream = await stream_for(ctx.door.store, listener, Asked(name, tag, about_list))
    ctx.door.live.require_room(ctx.viewer, caller(ctx))
    return Answer(media_type=EVENTS, headers=((b"x-accel-buffering", b"no"),), stream=_events(ctx, stream))


@endpoints.get("/api/v1/streaming/health", mode=Mode.ALONE, media_type="text/plain")
async def streaming_health(_ctx: Ctx) -> Answer:
    """OK, when streams are served."""
    return Answer(b"OK", media_type=TEXT)


@endpoints.get("/api/v1/streaming/user", scope="read:statuses", **OPTIONS)
async def stream_user(ctx: Ctx) -> Answer:
    """What arrives in one's home, and one's notifications."""
    return await _stream(ctx, "user")


@endpoints.get("/api/v1/streaming/user/notification", scope="read:notifications", **OPTIONS)
async def stream_notifications(ctx: Ctx) -> Answer:
    """One's notifications."""
    return await _stream(ctx, "user:notification")


@endpoints.get("/api/v1/streaming/direct", scope="read:statuses", **OPTIONS)
async def stream_direct(ctx: Ctx) -> Answer:
    """Conversations, whenever one grows."""
    return await _stream(ctx, "direct")


@endpoints.get("/api/v1/streaming/public", scope="read:statuses", who="anyone", **OPTIONS)
async def stream_public(ctx: Ctx, given: PublicStream) -> Answer:
    """Every public post."""
    return await _stream(ctx, "public:media" if given.only_media else "public")


@endpoints.get("/api/v1/streaming/public/local", scope="read:statuses", who="anyone", **OPTIONS)
async def stream_local(ctx: Ctx, given: PublicStream) -> Answer:
    """Every public post of this instance."""
    return await _stream(ctx, "public:local:media" if given.only_media else "public:local")


@endpoints.get("/api/v1/streaming/hashtag", scope="read:statuses", who="anyone", **OPTIONS)
async def stream_hashtag(ctx: Ctx, given: TagStream) -> Answer:
    """Public posts with a hashtag."""
    return await _stream(ctx, "hashtag", given.tag)


@endpoints.get("/api/v1/streaming/hashtag/local", scope="read:statuses", who="anyone", **OPTIONS)
async def stream_local_hashtag(ctx: Ctx, given: TagStream) -> Answer:
    """The same, of this instance."""
    return await _stream(ctx, "hashtag:local", given.tag)


@endpoints.get("/api/v1/streaming/public/remote", scope="read:statuses", who="anyone", **OPTIONS)
async def stream_remote(ctx: Ctx, given: PublicStream) -> Answer:
    """Every public post of other instances."""
    return await _stream(ctx, "public:remote:media" if given.only_media else "public:remote")


@endpoints.get("/api/v1/streaming/list", scope="read:lists read:statuses", **OPTIONS)
async def stream_list(ctx: Ctx, given: ListStream) -> Answer:
    """What arrives on one of one's lists."""
    return await _stream(ctx, "list", about_list=given.list)


@endpoints.get("/api/v1/streaming", scope="read:statuses read:notifications", who="anyone", **OPTIONS)
async def stream_any(ctx: Ctx, given: AnyStream) -> Answer:
    """A stream by its name, as over a WebSocket."""
    return await _stream(ctx, given.stream, given.tag, given.list)
