"""Streaming over server-sent events: /api/v1/streaming/user, public, hashtag and so on; one stream a connection."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from parvis.api.answer import EVENTS, TEXT, Answer
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.fields import Id
from parvis.api.router import caller
from parvis.api.streams import Asked, Listener, Stream, Vigil, stream_for

endpoints = Endpoints("streaming")

BEAT = b":thump\n\n"  # after a while of silence, so that proxies keep the line open
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
    teller, vigil = ctx.house.teller, Vigil(ctx.door.store, ctx.token)
    with ctx.door.live.join(ctx.viewer, stream.channels, caller(ctx)) as seat:  # there was room when the headers went
        yield b":)\n\n"
        async for arrivals in seat:
            if not await vigil.holds():
                return
            told = [await teller.told(arrival, seat) for arrival in arrivals if stream.wants(arrival)]
            if piece := b"".join([one.sse for one in told if one is not None]) if arrivals else BEAT:
                yield piece


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
