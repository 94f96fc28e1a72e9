"""Sends blobs: pictures, films and sounds, whole or the part that a player asks for.

A name flows in; bytes flow out that a browser may keep for ever, since the name is made of them. What a member sent and
nothing was taken out of yet is sent to nobody. From S3 a part is never more than `PART`: players ask again.
"""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from parvis.core import errors
from parvis.store.blobs import HIDDEN, Blobs, FolderBlobs, type_of

PART = 4 * 1024 * 1024  # bytes
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Access-Control-Allow-Origin": "*",
    "Accept-Ranges": "bytes",
}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def sender(blobs: Blobs) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that sends blobs."""

    async def send(request: Request) -> Response:
        try:
            return await _sent(blobs, request.path_params["name"], request.headers.get("range", ""))
        except errors.NotFound as missing:
            return PlainTextResponse(str(missing), missing.status)

    return send


async def _sent(blobs: Blobs, name: str, wanted: str) -> Response:
    if name.endswith(HIDDEN):
        raise errors.NotFound("There is no such file.")
    if not isinstance(blobs, FolderBlobs):
        return await _from_afar(blobs, name, wanted)
    path = blobs.path(name)
    if not path.is_file():
        raise errors.NotFound("There is no such file.")
    return FileResponse(path, media_type=type_of(name), headers=HEADERS)  # which reads the header by itself


async def _from_afar(blobs: Blobs, name: str, wanted: str) -> Response:
    """The blob, or the part that the header wants (RFC 9110, 14.2); several parts at once are answered with all."""
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or not (found[1] or found[2]):
        return Response(await blobs.get(name), media_type=type_of(name), headers=HEADERS)
    start = int(found[1]) if found[1] else None
    length = int(found[2]) if start is None else int(found[2]) - start + 1 if found[2] else PART
    part = await blobs.part(name, start, min(length, PART)) if length > 0 else None
    if part is None:
        return Response(status_code=416, headers=HEADERS)
    end = part.start + len(part.data) - 1
    told = HEADERS | {"Content-Range": f"bytes {part.start}-{end}/{part.size}"}
    return Response(part.data, 206, media_type=type_of(name), headers=told)
