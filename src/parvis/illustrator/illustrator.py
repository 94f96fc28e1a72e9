"""The embedded image model: reads a prompt, paints the scene, says honestly what it is and what it left out.

It is no trained model: pictures are painted by rules from vector art, `method` says "illustration", and words it could
not draw come back in `undrawn`. The painter works in a process of its own (`hand`), one picture at a time; a cancelled
caller ends it at once, and the next picture starts another.
"""

import asyncio
import contextlib
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import msgspec

from parvis.ai.protocols import Picture, Progress, TextModel, Unavailable, Usage, silent
from parvis.illustrator import hand, reading
from parvis.illustrator.scene import Scene

NAME = "Parvis illustrator"
SMALLEST, LARGEST = 64, 2048  # pixels a side


class Illustrator:
    """An `ImageModel` that draws with rules and vector art; `text_model` helps with words that keywords do not know."""

    def __init__(self, art_folder: pathlib.Path | None, text_model: TextModel | None = None) -> None:
        self._folder = art_folder
        self._text_model = text_model
        self._turn = ThreadPoolExecutor(1, thread_name_prefix="illustrator")
        self._painter: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """As shown to members and written into provenance marks."""
        return NAME

    async def draw(
        self, prompt: str, *, width: int = 1024, height: int = 768, seed: int = 0, progress: Progress = silent
    ) -> Picture:
        """Draw any prompt; sides are brought within 64 and 2048 pixels. The same prompt, size and seed: the same picture.

        Progress never goes back, begins with 0 and ends with 1, with previews under 40 KB on the way. What the text
        model adds is part of the prompt's reading, so that with one the promise is as good as the model's own.

        Raises:
            Unavailable: the painter's process cannot be started or died.
        """
        width, height = (min(LARGEST, max(SMALLEST, side)) for side in (width, height))
        progress(0.0, None)
        bounded = prompt[: reading.LONGEST_PROMPT].encode("utf-8", "replace").decode()
        understood = await self._ask(hand.Read(bounded), silent)
        if not isinstance(understood, hand.Understood):
            raise Unavailable("The illustrator does not answer.")
        scene: Scene = understood.scene
        if self._text_model is not None:
            scene = await reading.refine(scene, bounded, self._text_model)
        progress(0.05, None)
        painted = await self._ask(hand.Paint(scene, width, height, seed), progress)
        if not isinstance(painted, hand.Painted):
            raise Unavailable("The illustrator does not answer.")
        progress(1.0, None)
        return Picture(
            data=painted.data,
            width=width,
            height=height,
            model=NAME,
            method="illustration",
            usage=Usage(pictures=1),
            description=painted.description,
            undrawn=painted.undrawn,
            credits=painted.credits,
        )

    async def close(self) -> None:
        """End the painter's process; another picture would start one again."""
        await asyncio.to_thread(self.dismiss)

    def dismiss(self) -> None:
        """The same, waiting for the process to end."""
        painter, self._painter = self._painter, None
        if painter is not None:
            painter.kill()
            painter.wait()
            for pipe in (painter.stdin, painter.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    async def _ask(self, request: hand.Read | hand.Paint, progress: Progress) -> hand.Answer:
        """Ask the painter; a caller who is cancelled meanwhile ends it."""
        begun: list[subprocess.Popen[bytes]] = []
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._turn, self._converse, request, progress, begun
            )
        except asyncio.CancelledError:
            for painter in begun:
                painter.kill()
            raise
        except (OSError, EOFError, msgspec.DecodeError) as error:
            raise Unavailable("The illustrator does not answer.") from error

    def _converse(
        self, request: hand.Read | hand.Paint, progress: Progress, begun: list[subprocess.Popen[bytes]]
    ) -> hand.Answer:
        painter = self._awake()
        begun.append(painter)
        try:
            return _talk(painter, request, progress)
        except BaseException:
            self.dismiss()
            raise
        finally:
            begun.clear()

    def _awake(self) -> "subprocess.Popen[bytes]":
        """The painter's process, started when there is none or it left."""
        if self._painter is None or self._painter.poll() is not None:
            self.dismiss()
            command = [sys.executable, "-m", "parvis.illustrator.hand", *([str(self._folder)] if self._folder else [])]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}
            self._painter = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
            )
        return self._painter


def _talk(painter: "subprocess.Popen[bytes]", request: hand.Read | hand.Paint, progress: Progress) -> hand.Answer:
    """Send a request and hear the answer out, passing each step on."""
    if painter.stdin is None or painter.stdout is None:
        raise EOFError
    hand.send(painter.stdin, request)
    while True:
        said: hand.Answer = msgspec.msgpack.decode(hand.receive(painter.stdout), type=hand.Answer)
        if not isinstance(said, hand.Step):
            return said
        progress(said.share, said.preview)
