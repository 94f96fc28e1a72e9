"""Pages without a network: the service worker, and the page it shows in place of one that it never saw."""

import functools

import msgspec
from starlette.responses import Response

from parvis.store.transaction import Tx
from parvis.web.assets import SHEET, SPRITES, assets
from parvis.web.gate import HEADERS
from parvis.web.scripts import MODULES
from parvis.web.visit import Visit

SHELL = (
    SHEET,
    *SPRITES,
    "css/lightbox.css",
    "css/scenes.css",
    "css/thread.css",
    "css/writing.css",
    "fonts/figtree.woff2",
    "fonts/bricolage-700.woff2",
    "mark.svg",
)
LATER = (
    "actions.js",
    "completing.js",
    "composer.js",
    "dressing.js",
    "keying.js",
    "keys.js",
    "lightbox.js",
    "outbox.js",
    "passage.js",
    "pictures.js",
    "sheets.js",
    "typing.js",
)
"""Modules that may be needed first when the network has gone."""


@functools.cache
def worker() -> bytes:
    """The service worker, knowing under which digest the static files are and what to fetch before it is needed."""
    kept = [assets().url(name) for name in (*SHELL, *(f"js/{module}" for module in (*MODULES, *LATER)))]
    told = f"const DIGEST = {_json(assets().digest)};\nconst SHELL = {_json(['/offline', *kept])};\n"
    return told.encode() + assets().files["js/sw.js"].data


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def read_worker(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The service worker, of the whole site."""
    return Response(worker(), media_type="text/javascript", headers=HEADERS | {"Cache-Control": "no-cache"})


async def read_offline(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """What is said where nothing was kept."""
    return visit.page("offline.html")
