"""The demo world's faces and pictures, drawn by the illustrator, marked inside the file, and kept.

Words of the script flow in; kept pictures flow out, by the handle of who wears the face and by the key of the picture.
Drawing takes a second or two of a core for each, so it happens in as many processes as there are cores, while the loop
is free; marking and keeping go the way that the studio's drawings go.
"""

import asyncio
import concurrent.futures
import functools
import io
import multiprocessing
import os
import pathlib
from collections.abc import AsyncIterator, Callable
from typing import Literal

import msgspec

from parvis.ai.protocols import Picture
from parvis.core.config import Settings
from parvis.demo.script import ASSISTANT, Script, Sheet
from parvis.illustrator.illustrator import NAME, Illustrator
from parvis.illustrator.portrait import portrait
from parvis.posts import media
from parvis.posts.media import Stored
from parvis.store.blobs import Blobs
from parvis.studio import marks

MOST_PROCESSES = 4
ASSISTANT_FACE = ("Parvis, a friendly machine", 7)


class Hung(msgspec.Struct, frozen=True):
    """A kept picture, and what made it."""

    stored: Stored
    maker: str


class Gallery(msgspec.Struct, frozen=True):
    """All that hangs: by handle, and by key. What could not be drawn is not there."""

    faces: dict[str, Hung] = {}
    pictures: dict[str, Hung] = {}


async def hang(
    blobs: Blobs, settings: Settings, script: Script, art: pathlib.Path, progress: Callable[[int, int], None]
) -> Gallery:
    """Draw and keep every face and picture of the script; `progress` is told how many of how many hang.

    Without art in its folder only faces are drawn, since pictures would be empty rooms.
    """
    sheets = list(script.pictures.values()) if Illustrator(art).art.credits else []
    faces = [(role.handle, role.face, role.seed, role.kind) for role in script.cast]
    faces.append((ASSISTANT, *ASSISTANT_FACE, "assistant"))
    seal = marks.Seal(settings.data / "keys", settings.domain)
    gallery = Gallery({}, {})
    total = len(sheets) + len(faces)
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    context = multiprocessing.get_context("spawn")  # a fork would carry our threads' locks along
    with concurrent.futures.ProcessPoolExecutor(processes, context) as pool:
        loop = asyncio.get_running_loop()
        draws = {
            loop.run_in_executor(pool, functools.partial(_draw, art, sheet)): (gallery.pictures, sheet.key)
            for sheet in sheets
        }
        for handle, words, seed, kind in faces:
            draws[loop.run_in_executor(pool, functools.partial(_face, words, seed, kind))] = (gallery.faces, handle)
        async for done, drawing in _as_they_end(list(draws)):
            wall, name = draws[drawing]
            wall[name] = await _keep(blobs, settings, seal, drawing.result())
            progress(done, total)
    return gallery


async def _as_they_end(
    drawings: list[asyncio.Future[Picture]],
) -> AsyncIterator[tuple[int, asyncio.Future[Picture]]]:
    """Each drawing when it is done, with how many are."""
    waiting, done = set(drawings), 0
    try:
        while waiting:
            ended, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for drawing in ended:
                done += 1
                yield done, drawing
    finally:
        for drawing in waiting:
            drawing.cancel()


async def _keep(blobs: Blobs, settings: Settings, seal: marks.Seal, picture: Picture) -> Hung:
    mark = marks.Mark(picture.model, picture.method, picture.description, picture.credits)
    marked = await seal.mark(picture.data, mark)
    prepared = await media.prepare(marked, settings, as_is=True)
    return Hung(await media.keep(blobs, prepared), picture.model)


@functools.cache
def _illustrator(art: pathlib.Path) -> Illustrator:
    return Illustrator(art)


def _draw(art: pathlib.Path, sheet: Sheet) -> Picture:
    """Draw a picture; runs in a process of its own."""
    return asyncio.run(_illustrator(art).draw(sheet.prompt, width=sheet.width, height=sheet.height, seed=sheet.seed))


def _face(words: str, seed: int, kind: Literal["person", "character", "assistant"]) -> Picture:
    """Draw a face; runs in a process of its own."""
    from PIL import Image

    data = portrait(words, seed, kind="person" if kind == "person" else "machine")
    with Image.open(io.BytesIO(data)) as opened:
        width, height = opened.size
    return Picture(data, width, height, NAME, "illustration", description=words)
