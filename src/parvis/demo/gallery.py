"""The demo world's faces and pictures, drawn by the illustrator, marked inside the file, and kept.

Words of the script flow in; kept pictures flow out, by the handle of who wears the face and by the key of the picture.
Drawing takes a second or two of a core for each, so as many illustrators draw at once as there are cores, each in its
own process; marking and keeping go the way that the studio's drawings go.
"""

import asyncio
import io
import os
import pathlib
from collections import deque
from collections.abc import Callable

import msgspec
from PIL import Image

from parvis.ai.protocols import Picture
from parvis.core.config import Settings
from parvis.demo.script import ASSISTANT, Script, Sheet
from parvis.illustrator.art import Art
from parvis.illustrator.illustrator import NAME, Illustrator
from parvis.illustrator.portrait import portrait
from parvis.posts.media import FACE_SIDE, Stored
from parvis.store.blobs import Blobs
from parvis.studio import easel, marks

MOST_PAINTERS = 4
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

    Raises:
        Unavailable: the illustrator's process cannot be started or died.
    """
    sheets = deque(script.pictures.values() if Art(art).credits else ())
    faces = [(role.handle, role.face, role.seed, role.kind == "person") for role in script.cast]
    faces.append((ASSISTANT, *ASSISTANT_FACE, False))
    wall = _Wall(blobs, settings, len(sheets) + len(faces), progress)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(MOST_PAINTERS, os.cpu_count() or 1, len(sheets))):
                group.create_task(_paint(sheets, art, wall))
            for handle, words, seed, human in faces:
                wall.gallery.faces[handle] = await wall.hang(await asyncio.to_thread(_face, words, seed, human))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return wall.gallery


class _Wall:
    """Marks, keeps and counts what is drawn."""

    def __init__(self, blobs: Blobs, settings: Settings, total: int, progress: Callable[[int, int], None]) -> None:
        self.gallery = Gallery({}, {})
        self._blobs = blobs
        self._settings = settings
        self._seal = marks.Seal(settings.data / "keys", settings.domain)
        self._total = total
        self._done = 0
        self._progress = progress

    async def hang(self, picture: Picture) -> Hung:
        """Keep the picture, marked."""
        mark = marks.Mark(picture.model, picture.method, picture.description, picture.credits)
        stored = await easel.keep_marked(self._seal, self._blobs, self._settings, picture, mark)
        self._done += 1
        self._progress(self._done, self._total)
        return Hung(stored, picture.model)


async def _paint(sheets: deque[Sheet], art: pathlib.Path, wall: _Wall) -> None:
    """Draw sheets while there are any."""
    illustrator = Illustrator(art)
    try:
        while sheets:
            sheet = sheets.popleft()
            drawn = await illustrator.draw(sheet.prompt, width=sheet.width, height=sheet.height, seed=sheet.seed)
            wall.gallery.pictures[sheet.key] = await wall.hang(drawn)
    finally:
        await illustrator.close()


def _face(words: str, seed: int, human: bool) -> Picture:
    drawn = portrait(words, seed, kind="person" if human else "machine")
    with Image.open(io.BytesIO(drawn)) as opened:
        small = opened.resize((FACE_SIDE, FACE_SIDE), Image.Resampling.LANCZOS)
    data = io.BytesIO()
    small.save(data, "PNG")
    return Picture(data.getvalue(), FACE_SIDE, FACE_SIDE, NAME, "illustration", description=words)
