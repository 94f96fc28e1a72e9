"""The painter's process: requests in on standard input, progress and pictures out on standard output.

Painting holds the interpreter for tens of milliseconds at a time and needs a few hundred megabytes, so it happens in a
child that leaves when nothing was asked of it for a minute. Every message is four bytes of length, then msgpack.
"""

import pathlib
import select
import sys
from typing import IO

import msgspec

from parvis.illustrator import brush, painter, reading
from parvis.illustrator.art import Art
from parvis.illustrator.brush import Canvas
from parvis.illustrator.caption import caption
from parvis.illustrator.scene import Scene

LONGEST_IDLE = 60.0  # seconds
LARGEST_MESSAGE = 64 * 1024 * 1024


class Read(msgspec.Struct, tag="read"):
    """Asks for the scene of a prompt; a `Scene` comes back."""

    prompt: str


class Paint(msgspec.Struct, tag="paint"):
    """Asks for a picture; several `Step` come back, then `Painted`."""

    scene: Scene
    width: int
    height: int
    seed: int


class Understood(msgspec.Struct, tag="understood"):
    """What a prompt was read as."""

    scene: Scene


class Step(msgspec.Struct, tag="step"):
    """The share done, and a preview."""

    share: float
    preview: bytes


class Painted(msgspec.Struct, tag="painted"):
    """A picture, in words and without."""

    data: bytes
    description: str
    undrawn: tuple[str, ...]
    credits: tuple[str, ...]


Answer = Understood | Step | Painted


def send(stream: IO[bytes], message: msgspec.Struct) -> None:
    """Write one message."""
    body = msgspec.msgpack.encode(message)
    stream.write(len(body).to_bytes(4, "big") + body)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read one message, still encoded.

    Raises:
        EOFError: the other side is gone.
    """
    size = int.from_bytes(_exactly(stream, 4), "big")
    if size > LARGEST_MESSAGE:
        raise EOFError
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    body = stream.read(size)
    if len(body) < size:
        raise EOFError
    return body


def answer(request: Read | Paint, art: Art, out: IO[bytes]) -> None:
    """Do what is asked, telling every step."""
    if isinstance(request, Read):
        send(out, Understood(reading.read(request.prompt, art)))
        return

    def watch(share: float, canvas: Canvas) -> None:
        send(out, Step(share, brush.preview(canvas)))

    scene = request.scene
    canvas, missing = painter.paint(scene, request.width, request.height, request.seed, art, watch)
    watch(0.95, canvas)
    drawn = msgspec.structs.replace(
        scene,
        beings=tuple(being for being in scene.beings if being.word not in missing),
        things=tuple(thing for thing in scene.things if thing.word not in missing),
    )
    undrawn = tuple(dict.fromkeys((*scene.undrawn, *missing)))
    send(out, Painted(brush.encoded(canvas), caption(drawn, art), undrawn, art.credits))


def main() -> None:
    """Answer until nobody asks any more."""
    art = Art(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    while select.select([source], [], [], LONGEST_IDLE)[0]:
        try:
            request = msgspec.msgpack.decode(receive(source), type=Read | Paint)
        except EOFError:
            return
        answer(request, art, out)


if __name__ == "__main__":
    main()
