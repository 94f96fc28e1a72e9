"""The embedded image model: reads a prompt, paints the scene, says honestly what it is and what it left out.

It is no trained model: pictures are painted by rules from vector art, `method` says "illustration", and words it could
not draw come back in `undrawn`. Drawing happens in a thread of its own, one picture at a time, and stops between two
steps when the caller is cancelled.
"""

import asyncio
import pathlib
import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec

from parvis.ai.protocols import Picture, Progress, TextModel, Usage, silent
from parvis.illustrator import brush, painter, reading
from parvis.illustrator.art import Art
from parvis.illustrator.brush import Canvas
from parvis.illustrator.caption import caption
from parvis.illustrator.scene import Scene

NAME = "Parvis illustrator"
SMALLEST, LARGEST = 64, 2048  # pixels a side


class _Stopped(BaseException):
    """The caller is gone; the painter lays down the brush."""


class Illustrator:
    """An `ImageModel` that draws with rules and vector art; `text_model` helps with words that keywords do not know."""

    def __init__(self, art_folder: pathlib.Path | None, text_model: TextModel | None = None) -> None:
        self.art = Art(art_folder)
        self._text_model = text_model
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="illustrator")

    @property
    def name(self) -> str:
        """As shown to members and written into provenance marks."""
        return NAME

    async def draw(
        self, prompt: str, *, width: int = 1024, height: int = 768, seed: int = 0, progress: Progress = silent
    ) -> Picture:
        """Draw any prompt; sides are brought within 64 and 2048 pixels. The same prompt, size and seed: the same picture.

        Progress never goes back, begins with 0 and ends with 1, with previews under 40 KB on the way.
        """
        width, height = (min(LARGEST, max(SMALLEST, side)) for side in (width, height))
        loop = asyncio.get_running_loop()
        progress(0.0, None)
        scene = await loop.run_in_executor(self._hand, reading.read, prompt, self.art)
        if self._text_model is not None:
            scene = await reading.refine(scene, prompt, self._text_model, self.art)
        progress(0.05, None)
        stop = threading.Event()
        try:
            return await loop.run_in_executor(self._hand, self._draw, scene, width, height, seed, progress, stop)
        except asyncio.CancelledError:
            stop.set()
            raise

    def _draw(
        self, scene: Scene, width: int, height: int, seed: int, progress: Progress, stop: threading.Event
    ) -> Picture:
        def watch(share: float, canvas: Canvas) -> None:
            if stop.is_set():
                raise _Stopped
            progress(share, brush.preview(canvas))

        try:
            canvas, missing = painter.paint(scene, width, height, seed, self.art, watch)
            watch(0.95, canvas)
        except _Stopped:
            raise asyncio.CancelledError from None
        data = brush.encoded(canvas)
        progress(1.0, None)
        drawn = msgspec.structs.replace(
            scene,
            beings=tuple(b for b in scene.beings if b.word not in missing),
            things=tuple(t for t in scene.things if t.word not in missing),
        )
        return Picture(
            data=data,
            width=width,
            height=height,
            model=NAME,
            method="illustration",
            usage=Usage(pictures=1),
            description=caption(drawn, self.art),
            undrawn=tuple(dict.fromkeys((*scene.undrawn, *missing))),
            credits=self.art.credits,
        )
