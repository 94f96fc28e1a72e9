"""ffmpeg, as a child process that can do little harm and does not outlive its purpose.

Arguments and a folder flow in; files in that folder, or what ffmpeg says of a file, flow out. The child reads files
alone (no addresses, no playlists), in the one container format that the bytes themselves told, within bounds on memory,
processor time, disk and wall time; whoever stops waiting kills it.
"""

import asyncio
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from parvis.core.config import Settings
from parvis.core.errors import Unavailable

MEMORY = 4 << 30  # of address space; a film of 4K is decoded and encoded in about a quarter of it
MOST_SAID = 64 * 1024
STALE = 24 * 3600  # seconds after which a folder belongs to nobody
CHILD = pathlib.Path(__file__).with_name("ffmpeg_child.py")

_DURATION = re.compile(r"^  Duration: (?:(\d+):(\d\d):(\d\d(?:\.\d+)?)|N/A)(?:.*bitrate: (\d+) kb/s)?", re.MULTILINE)
_STREAM = re.compile(r"^  Stream #0:(\d+)[^ ]*: (Video|Audio): (.*)$", re.MULTILINE)  # metadata stands further in
_SIZE = re.compile(r"\b(\d{1,5})x(\d{1,5})\b")
_RATE = re.compile(r"\b([\d.]+)(k?) (?:fps|tbr)\b")
_TURNED = re.compile(r"^ +(?:displaymatrix|Display Matrix): rotation of (-?[\d.]+)", re.MULTILINE | re.IGNORECASE)


class Broken(Exception):  # noqa: N818 - it says what the file is
    """ffmpeg can make nothing of the file."""


class Stream(msgspec.Struct, frozen=True):
    """A stream of a film or a sound, as ffmpeg describes it."""

    codec: str
    profile: str
    words: str  # all that was said of it, without what stood in parentheses
    cover: bool = False  # a picture that belongs to a sound

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as stored; nothing when they are not known."""
        found = _SIZE.search(self.words)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    @property
    def rate(self) -> float:
        """Frames a second; 0 when it is not known."""
        found = _RATE.search(self.words)
        return float(found[1]) * (1000 if found[2] else 1) if found and found[1].count(".") < 2 else 0.0  # noqa: PLR2004

    @property
    def pixels(self) -> str:
        """The pixel format."""
        parts = self.words.split(", ")
        return parts[1].split("[")[0].strip() if len(parts) > 1 else ""

    @property
    def square(self) -> bool:
        """Whether its pixels are as wide as they are high."""
        return "SAR" not in self.words or re.search(r"SAR (\d+):\1\b", self.words) is not None


class Probe(msgspec.Struct, frozen=True):
    """What is in a file: seconds (0 when it does not say), bits a second, and its first streams."""

    seconds: float
    bitrate: int
    film: Stream | None
    sound: Stream | None
    cover: bool  # there is a picture that belongs to the sound
    turned: bool


@functools.cache
def program() -> str:
    """Where ffmpeg is: in its wheel, or the system's.

    Raises:
        Unavailable: there is none.
    """
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as absent:
        raise Unavailable("Films and sounds cannot be taken here now.") from absent


@contextlib.contextmanager
def scratch(settings: Settings) -> Iterator[pathlib.Path]:
    """A folder that goes with the block; what a killed process left behind a day ago goes too."""
    home = settings.data / "scratch"
    home.mkdir(parents=True, exist_ok=True)
    for old in home.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > STALE:
                shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as folder:
        yield pathlib.Path(folder)


async def run(folder: pathlib.Path, *arguments: str, seconds: float, most_bytes: int) -> str:
    """Run ffmpeg in the folder; what it said.

    Raises:
        Broken: it failed, or ran into its bounds.
        TimeoutError: it took longer than so many seconds.
    """
    code, said = await _run(folder, arguments, seconds, most_bytes)
    if code != 0:
        raise Broken(said[-500:])
    return said


async def probe(folder: pathlib.Path, name: str, container: str, *, seconds: float = 20.0) -> Probe:
    """What is in the file of this name in the folder, which is in this container format.

    Raises:
        Broken: nothing that can be seen or heard.
        TimeoutError: it took longer than so many seconds.
    """
    _, said = await _run(folder, reading(container, name), seconds, 1 << 20)
    return understood(said)


def reading(container: str, name: str) -> tuple[str, ...]:
    """The arguments with which a file of ours is read, and nothing but that file."""
    return ("-protocol_whitelist", "file", "-f", container, "-i", name)


def understood(said: str) -> Probe:
    """What ffmpeg said of a file, as numbers.

    Raises:
        Broken: it speaks of nothing that can be seen or heard.
    """
    streams = [(found[2], _stream(found[3])) for found in _STREAM.finditer(said)]
    films = [stream for kind, stream in streams if kind == "Video"]
    sounds = [stream for kind, stream in streams if kind == "Audio"]
    length = _DURATION.search(said)
    if not films and not sounds:
        raise Broken("nothing to see or hear")
    hours, minutes, seconds, bitrate = length.groups(default="0") if length else ("0", "0", "0", "0")
    turned = _TURNED.search(said)
    return Probe(
        int(hours) * 3600 + int(minutes) * 60 + float(seconds),
        int(bitrate) * 1000,
        next((stream for stream in films if not stream.cover), None),
        sounds[0] if sounds else None,
        any(stream.cover for stream in films),
        turned is not None and float(turned[1]) % 360 != 0,
    )


def ratio(rate: float) -> str:
    """Frames a second as a fraction: 30/1, 30000/1001."""
    for base in (1, 1001):
        scaled = rate * base
        whole = round(scaled) if base == 1 else round(scaled, -3)
        if abs(scaled - whole) < base * 0.006:
            return f"{whole:.0f}/{base}"
    return "{0.numerator}/{0.denominator}".format(Fraction(rate).limit_denominator(1000))


def _stream(said: str) -> Stream:
    profile = re.match(r"\w+ \(([^()]*)\)", said)
    words = said
    while (bare := re.sub(r"\s?\([^()]*\)", "", words)) != words:
        words = bare
    return Stream(
        re.split(r"[ ,]", said, maxsplit=1)[0], profile[1] if profile else "", words, "(attached pic)" in said
    )


async def _run(folder: pathlib.Path, arguments: tuple[str, ...], seconds: float, most_bytes: int) -> tuple[int, str]:
    executable = await asyncio.to_thread(program)
    bounds = {"parent": os.getpid(), "memory": MEMORY, "cpu": int(seconds * 2) + 1, "bytes": most_bytes}
    said = folder / "said"
    with await asyncio.to_thread(said.open, "wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            str(CHILD),
            json.dumps(bounds),
            executable,
            "-nostdin",
            "-hide_banner",
            "-nostats",
            "-y",
            *arguments,
            cwd=folder,
            env={},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=out,
            start_new_session=True,
        )
    try:
        async with asyncio.timeout(seconds):
            code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
    return code, await asyncio.to_thread(_beginning, said)


def _beginning(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return file.read(MOST_SAID).decode(errors="replace")
