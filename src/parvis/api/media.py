"""Pictures to attach: uploaded, described, looked at again."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.fields import Id, Sentence, Upload
from parvis.api.media_entity import MediaAttachment, media_entity
from parvis.core import errors
from parvis.core.ids import MediaId
from parvis.people import standing
from parvis.posts import media
from parvis.posts.post import Media

endpoints = Endpoints("media")

UPLOAD_BYTES = 64 * 1024 * 1024  # what the door takes at all; the setting for pictures is stricter
FOCUS = r"\A-?[0-9](\.[0-9]{1,6})?,-?[0-9](\.[0-9]{1,6})?\Z"

FocusText = Annotated[str, Meta(max_length=40, pattern=FOCUS, description="`x,y`, each from -1 to 1.")]


class NewMedia(msgspec.Struct, frozen=True):
    """A picture, and what it shows."""

    file: Upload
    description: Sentence = ""
    focus: FocusText = "0.0,0.0"
    thumbnail: Upload | None = None


class One(msgspec.Struct, frozen=True):
    """One picture."""

    id: Id


class MediaChange(msgspec.Struct, frozen=True):
    """What should be said of a picture."""

    id: Id
    description: Sentence | None = None
    focus: FocusText | None = None


def _focus(text: str) -> tuple[float, float]:
    x, _, y = text.partition(",")
    return max(-1.0, min(1.0, float(x))), max(-1.0, min(1.0, float(y)))


async def _take(ctx: Ctx, given: NewMedia) -> MediaAttachment:
    standing.require(ctx.member, "upload")
    prepared = await media.prepare(given.file.data, ctx.door.settings)
    stored = await media.keep(ctx.door.blobs, prepared)
    async with ctx.door.store.transaction() as tx:
        kept = await media.add_media(tx, ctx.member, stored, alt=given.description, focus=_focus(given.focus))
    return media_entity(kept, ctx.urls)


@endpoints.post(
    "/api/v2/media", scope="write:media", mode=Mode.ALONE, most_bytes=UPLOAD_BYTES, refuses=(413,), pace="60/30 minutes"
)
async def upload_media(ctx: Ctx, given: NewMedia) -> MediaAttachment:
    """Upload a picture; its metadata is stripped."""
    return await _take(ctx, given)


@endpoints.post(
    "/api/v1/media", scope="write:media", mode=Mode.ALONE, most_bytes=UPLOAD_BYTES, refuses=(413,), pace="60/30 minutes"
)
async def upload_media_v1(ctx: Ctx, given: NewMedia) -> MediaAttachment:
    """Upload a picture, as older clients do."""
    return await _take(ctx, given)


async def _waiting(ctx: Ctx, given: str) -> Media:
    found = await media.find_unattached(ctx.tx, ctx.member, MediaId(int(given)))
    if found is None:
        raise errors.NotFound("Record not found")
    return found


@endpoints.get("/api/v1/media/{id}", scope="write:media")
async def get_media(ctx: Ctx, given: One) -> MediaAttachment:
    """One's own picture that is not yet posted."""
    return media_entity(await _waiting(ctx, given.id), ctx.urls)


@endpoints.put("/api/v1/media/{id}", scope="write:media")
async def describe_media(ctx: Ctx, given: MediaChange) -> MediaAttachment:
    """Say what a picture shows, and where to look."""
    before = await _waiting(ctx, given.id)
    changed = await media.describe(
        ctx.tx,
        ctx.member,
        before.id,
        alt=before.alt if given.description is None else given.description,
        focus=_focus(given.focus) if given.focus else (before.focus_x, before.focus_y),
    )
    return media_entity(changed, ctx.urls)
