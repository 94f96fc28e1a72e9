"""Static files: read once, squeezed once, named by one digest of them all so that a browser may keep them for ever.

Small style sheets, one for each part of the page, are handed out as one sheet. A relative import between modules or a
`url()` in a style sheet stays under the same digest, so nothing is rewritten. Icons are drawn from two sprites.
"""

import functools
import gzip
import hashlib
import mimetypes
import pathlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec
from lucide.jinja import lucide
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

FOLDER = pathlib.Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}
FOREVER = "public, max-age=31536000, immutable"
SHEET: Final = "css/parvis.css"
PARTS: Final = (
    "tokens", "base", "layout", "words", "buttons", "forms", "people", "post", "media", "feed", "composer", "overlays",
)  # fmt: skip
"""The parts of the one sheet that every page links, in the order of the cascade; all others are a page's own."""
SPRITE: Final = "icons.svg"
SPRITES: Final = {
    sprite: tuple(FOLDER.with_name(listed).read_text().split())
    for sprite, listed in ((SPRITE, "icons.txt"), ("icons-rare.svg", "icons-rare.txt"))
}
"""Those of Lucide's that the pages use: what a feed may show in one picture, what few pages need in another."""
ICONS: Final = {name: sprite for sprite, names in SPRITES.items() for name in names}
"""The sprite of each."""

_LINES = re.compile(r"</?svg[^>]*>")
_COMMENTS = re.compile(r"/\*.*?\*/|^ +", re.DOTALL | re.MULTILINE)
_AIR = re.compile(r" ?([{};,]) ?|(:) ")
_ASIDES = re.compile(r"^ *//.*\n|^ +", re.MULTILINE)


class Asset(msgspec.Struct, frozen=True):
    """One file, and itself gzipped where that makes it smaller."""

    kind: str
    data: bytes
    squeezed: bytes | None

    @property
    def sent(self) -> int:
        """Bytes that travel."""
        return len(self.squeezed or self.data)


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


def _sprite(names: tuple[str, ...]) -> bytes:
    """Lucide's icons as symbols of one picture, each under its name."""
    symbols = []
    for name in names:
        lines = _LINES.sub("", str(lucide(name)))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(lines.split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _plain(sheet: bytes) -> str:
    """A style sheet without its comments, its indents, and the air around its marks."""
    return _AIR.sub(lambda mark: mark[1] or mark[2], _COMMENTS.sub("", sheet.decode())).strip()


def _bare(module: bytes) -> bytes:
    """A module without the lines that only people read and without indents: no string of ours spans lines."""
    return _ASIDES.sub("", module.decode()).encode()


def _contents() -> Iterator[tuple[str, bytes]]:
    sheets = {}
    for path in sorted(FOLDER.rglob("*")):
        if not path.is_file():
            continue
        name, data = path.relative_to(FOLDER).as_posix(), path.read_bytes()
        if path.suffix == ".css":
            sheets[path.stem] = _plain(data)
            if path.stem in PARTS:
                continue
            data = sheets[path.stem].encode()
        elif path.suffix == ".js":
            data = _bare(data)
        yield name, data
    yield SHEET, "\n".join(sheets[part] for part in PARTS).encode()
    for sprite, names in SPRITES.items():
        yield sprite, _sprite(names)


@functools.cache
def assets() -> Assets:
    """The static files of this installation."""
    digest = hashlib.sha256()
    files: dict[str, Asset] = {}
    for name, data in _contents():
        digest.update(name.encode() + b"\0" + data)
        kind = TYPES.get(pathlib.PurePath(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
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


async def _send_mark(request: Request) -> Response:  # noqa: ARG001 - an endpoint's signature
    return RedirectResponse(assets().url("mark.svg"), 302, headers={"Cache-Control": "public, max-age=86400"})


MARK = Route("/favicon.ico", _send_mark)
"""For those who look for it where no page says: readers of feeds, and browsers that show one."""
ROUTE = Route("/static/{digest:str}/{path:path}", _send, name="static")
