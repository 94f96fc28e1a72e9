"""Static files: read once, squeezed once, named by one digest of them all so that a browser may keep them for ever.

A relative import between modules or a `url()` in a style sheet stays under the same digest, so nothing is rewritten.
"""

import functools
import gzip
import hashlib
import mimetypes
import pathlib

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDER = pathlib.Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}
FOREVER = "public, max-age=31536000, immutable"


class Asset(msgspec.Struct, frozen=True):
    """One file, and itself gzipped where that makes it smaller."""

    kind: str
    data: bytes
    squeezed: bytes | None


class Assets(msgspec.Struct, frozen=True):
    """Every static file, under the digest of them all."""

    digest: str
    files: dict[str, Asset]

    def url(self, path: str) -> str:
        """Where the browser finds the file.

        Raises:
            KeyError: there is none; a template's mistake.
        """
        if path not in self.files:
            raise KeyError(path)
        return f"/static/{self.digest}/{path}"


@functools.cache
def assets() -> Assets:
    """The static files of this installation."""
    digest = hashlib.sha256()
    files: dict[str, Asset] = {}
    for path in sorted(FOLDER.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(FOLDER).as_posix()
        data = path.read_bytes()
        digest.update(name.encode() + b"\0" + data)
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        squeezed = gzip.compress(data, 9, mtime=0)
        files[name] = Asset(kind, data, squeezed if len(squeezed) < len(data) * 0.95 else None)
    return Assets(digest.hexdigest()[:12], files)


async def _send(request: Request) -> Response:
    asset = assets().files.get(request.path_params["path"])
    if asset is None:
        return PlainTextResponse("", 404)
    current = request.path_params["digest"] == assets().digest
    headers = {
        "Cache-Control": FOREVER if current else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if asset.squeezed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.squeezed, media_type=asset.kind, headers=headers)
    return Response(asset.data, media_type=asset.kind, headers=headers)


ROUTE = Route("/static/{digest:str}/{path:path}", _send, name="static")
