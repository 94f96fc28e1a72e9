"""Pictures, films and sounds to attach: uploaded, waited for, described, looked at again, taken back."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.answer import Answer, Empty, Refusal, encode
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.fields import Id, Sentence, Upload
from parvis.api.media_entity import MediaAttachment, media_entity
from parvis.core import errors
from parvis.core.ids import MediaId
from parvis.people import standing
from parvis.posts import media, uploads
from parvis.posts.post import Media

endpoints = Endpoints("media")

UPLOAD_BYTES = 66 * 1024 * 1024  # what the door takes at all; the settings for pictures and films are stricter
RATE = "60/30 minutes"
FOCUS = r"\A-?[0-9](\.[0-9]{1,6})?,-?[0-9](\.[0-9]{1,6})?\Z"
PATIENCE = 60.0  # seconds that the older way of uploading waits for a film
LOOK = 0.25

FocusText = Annotated[str, Meta(max_length=40, pattern=FOCUS, description="`x,y`, each from -1 to 1.")]


class NewMedia(msgspec.Struct, frozen=True):
    """A file, what it shows, and the picture that stands for it."""

    file: Upload
    description: Sentence = ""
    focus: FocusText = "0.0,0.0"
    thumbnail: Upload | None = None


class One(msgspec.Struct, frozen=True):
    """One file."""

    id: Id


class MediaChange(msgspec.Struct, frozen=True):
    """What should be said of a file, and which picture stands for it."""

    id: Id
    description: Sentence | None = None
    focus: FocusText | None = None
    thumbnail: Upload | None = None


def _focus(text: str) -> tuple[float, float]:
    x, _, y = text.partition(",")
    return max(-1.0, min(1.0, float(x))), max(-1.0, min(1.0, float(y)))


async def _take(ctx: Ctx, given: NewMedia) -> Media:
    """Keep the file; a film or a sound has yet to be made playable."""
    standing.require(ctx.member, "upload")
    blobs, settings = ctx.door.blobs, ctx.door.settings
    async with uploads.place():
        taken = await uploads.take(blobs, settings, await given.file.read())
        cover = await uploads.take_cover(blobs, settings, await given.thumbnail.read()) if given.thumbnail else None
    async with ctx.door.store.transaction() as tx:
        return await uploads.add(tx, ctx.member, taken, alt=given.description, focus=_focus(given.focus), cover=cover)


def _answer(ctx: Ctx, found: Media, while_processing: int) -> Answer:
    return Answer(encode(media_entity(found, ctx.urls)), while_processing if found.state == "processing" else 200)


@endpoints.post(
    "/api/v2/media",
    scope="write:media",
    mode=Mode.ALONE,
    most_bytes=UPLOAD_BYTES,
    refuses=(413, 503),
    pace=RATE,
    output=MediaAttachment,
    also=(202,),
)
async def upload_media(ctx: Ctx, given: NewMedia) -> Answer:
    """Upload a file; its metadata is stripped. A film or a sound is made playable meanwhile (202)."""
    return _answer(ctx, await _take(ctx, given), 202)


@endpoints.post(
    "/api/v1/media",
    scope="write:media",
    mode=Mode.ALONE,
    most_bytes=UPLOAD_BYTES,
    refuses=(413, 503),
    pace=RATE,
    output=MediaAttachment,
    also=(202,),
)
async def upload_media_v1(ctx: Ctx, given: NewMedia) -> Answer:
    """Upload a file, as older clients do: they are answered once it is playable, or after a minute."""
    kept = await _take(ctx, given)
    for _ in range(int(PATIENCE / LOOK)):
        if kept.state != "processing":
            break
        await asyncio.sleep(LOOK)
        async with ctx.door.store.reading() as tx:
            kept = await media.find_unattached(tx, ctx.member, kept.id) or kept
    if kept.state == "failed":
        raise Refusal(422, "Error processing thumbnail for uploaded media")
    return _answer(ctx, kept, 202)


async def _waiting(ctx: Ctx, given: str) -> Media:
    found = await media.find_unattached(ctx.tx, ctx.member, MediaId(int(given)))
    if found is None:
        raise errors.NotFound("Record not found")
    if found.state == "failed":
        raise Refusal(422, "Error processing thumbnail for uploaded media")
    return found


@endpoints.get("/api/v1/media/{id}", scope="write:media", output=MediaAttachment, also=(206,))
async def get_media(ctx: Ctx, given: One) -> Answer:
    """One's own file that is not yet posted; 206 while it is being made playable, 422 when that failed."""
    return _answer(ctx, await _waiting(ctx, given.id), 206)


@endpoints.put(
    "/api/v1/media/{id}",
    scope="write:media",
    mode=Mode.ALONE,
    most_bytes=UPLOAD_BYTES,
    refuses=(413,),
    output=MediaAttachment,
    also=(206,),
)
async def describe_media(ctx: Ctx, given: MediaChange) -> Answer:
    """Say what a file shows, where to look, and which picture stands for it."""
    cover = None
    if given.thumbnail is not None:
        async with uploads.place():
            cover = await uploads.take_cover(ctx.door.blobs, ctx.door.settings, await given.thumbnail.read())
    async with ctx.door.store.transaction() as tx:
        ctx.tx = tx
        before = await _waiting(ctx, given.id)
        changed = await media.describe(
            tx,
            ctx.member,
            before.id,
            alt=before.alt if given.description is None else given.description,
            focus=_focus(given.focus) if given.focus else (before.focus_x, before.focus_y),
        )
        if cover is not None:
            changed = await media.show_with(tx, ctx.member, before.id, cover.stored, cover.colours)
    return _answer(ctx, changed, 206)


@endpoints.delete("/api/v1/media/{id}", scope="write:media")
async def delete_media(ctx: Ctx, given: One) -> Empty:
    """Take back a file that no status holds."""
    await media.discard(ctx.tx, ctx.member, MediaId(int(given.id)))
    return Empty()
