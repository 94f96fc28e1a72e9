"""Films and sounds on their way into a post: taken at once, made playable meanwhile, and asked after until they are."""

from typing import Final

import msgspec
from starlette.responses import Response

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import MediaId
from parvis.people import standing
from parvis.posts import media, uploads
from parvis.posts.post import Media
from parvis.store.transaction import Tx
from parvis.web.visit import Visit

RATE: Final = "60/30 minutes"


class Upload(msgspec.Struct, frozen=True):
    """How far it is: `processing`, `ready` or `failed`."""

    media: str
    kind: str
    state: str
    preview: str


def _told(found: Media) -> Upload:
    preview = f"/media/{found.preview}" if found.preview and found.state == "ready" else ""
    return Upload(str(found.id), found.kind, found.state, preview)


async def upload(visit: Visit) -> Response:
    """Take a file for a post that is being written."""
    await visit.hold("upload", RATE)
    files = visit.files("file")
    if not files:
        raise Invalid("Choose a file first.", field="file")
    standing.require(visit.member(), "upload")
    settings = visit.door.settings
    async with uploads.place():
        data = await files[0].read(max(settings.picture_bytes, settings.film_bytes) + 1)
        taken = await uploads.take(visit.door.blobs, settings, data)
    async with visit.acting() as (tx, viewer):
        added = await uploads.add(tx, viewer, taken)
    return visit.json(_told(added))


async def read_upload(visit: Visit, tx: Tx) -> Response:
    """How far one's file is."""
    found = await media.find_unattached(tx, visit.member(), MediaId(visit.number("media")))
    if found is None:
        raise NotFound("There is no such picture waiting to be posted.")
    return visit.json(_told(found))
