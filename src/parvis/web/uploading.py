"""Files on their way into a post: with its form, or at once; what is made playable is asked after."""

from typing import Final

import msgspec
from starlette.datastructures import UploadFile
from starlette.responses import Response

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import MediaId
from parvis.people import standing
from parvis.posts import media, uploads
from parvis.posts.drafts import MOST_PICTURES
from parvis.posts.post import Media
from parvis.posts.uploads import Taken
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


async def take_files(visit: Visit, *, beside: int) -> list[Taken]:
    """Keep the files that came with a form, beside so many pictures that the post has already.

    Raises:
        TooLarge, Invalid, Unavailable: as `uploads.take`; or there are too many.
    """
    files = visit.files("pictures")
    if len(files) + beside > MOST_PICTURES:
        raise Invalid("A post holds up to {most} different pictures.", field="media", most=MOST_PICTURES)
    return [await _take(visit, file) for file in files]


async def _take(visit: Visit, file: UploadFile) -> Taken:
    settings = visit.door.settings
    async with uploads.place():
        data = await file.read(max(settings.picture_bytes, settings.film_bytes) + 1)
        return await uploads.take(visit.door.blobs, settings, data)


async def upload(visit: Visit) -> Response:
    """Take a file for a post that is being written."""
    await visit.hold("upload", RATE)
    files = visit.files("file")
    if not files:
        raise Invalid("Choose a file first.", field="file")
    standing.require(visit.member(), "upload")
    taken = await _take(visit, files[0])
    async with visit.acting() as (tx, viewer):
        added = await uploads.add(tx, viewer, taken)
    return visit.json(_told(added))


async def read_upload(visit: Visit, tx: Tx) -> Response:
    """How far one's file is."""
    found = await media.find_unattached(tx, visit.member(), MediaId(visit.number("media")))
    if found is None:
        raise NotFound("There is no such picture waiting to be posted.")
    return visit.json(_told(found))
