"""Films, sounds and moving pictures: looked at when they come, and made playable everywhere later.

A file of any common kind flows in. What flows out is an MP4 (H.264, AAC) that begins to play before it has come whole,
or an MP3 or M4A, with nothing of what the file told about the member; the frame or cover that stands for it; its
length, rates and colours. What is playable already is only packed anew. What is silent and short moves like a picture:
a loop.
"""

import asyncio
import io
import pathlib
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import msgspec
from PIL import Image

from parvis.core.config import Settings
from parvis.core.errors import Invalid, TooLarge
from parvis.posts import ffmpeg, pictures
from parvis.posts.ffmpeg import Broken, Probe, Stream
from parvis.posts.post import Film

MEGABYTE = 1 << 20
LONGEST_LOOP = 60.0  # seconds; what is silent and longer is a film
FASTEST = 120.0  # frames a second that are taken
SHOWN_RATE = 60  # and that are kept
SHOWN_SIDE = 1920  # pixels of the longer side that are kept
PLAIN_BITRATE = 10_000_000  # what comes with fewer bits a second and is playable is not encoded again
POSTER_SECONDS = 30.0
MOST_LOOKS = 2  # at once

_H264 = ("Constrained Baseline", "Baseline", "Main", "High")
_SHARE = f"min(1,{SHOWN_SIDE}/max(iw*sar,ih))"
_EVEN = (  # the even number below, but for what a division made a hair too small
    f"scale=w='max(2,2*floor(iw*sar*{_SHARE}/2+0.25))':h='max(2,2*floor(ih*{_SHARE}/2+0.25))',setsar=1,format=yuv420p"
)
_BARE = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn")


_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


MOV, GIF = "mov", "gif"
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp", MOV),
    (4, b"moov", MOV),
    (4, b"wide", MOV),
    (4, b"mdat", MOV),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"ID3", "mp3"),
    (8, b"WAVE", "wav"),
    (0, b"GIF8", GIF),
)
_STILLS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"jpeg", b"mif2")


class Seen(msgspec.Struct, frozen=True):
    """What a look at a file told: what it will be (`film`, `sound`, `loop`), its format and its size in pixels."""

    kind: str
    container: str
    width: int
    height: int


class Made(msgspec.Struct, frozen=True):
    """What a file became."""

    kind: str
    data: bytes
    extension: str
    width: int
    height: int
    film: Film
    poster: pictures.Prepared | None


def container_of(data: bytes) -> str | None:
    """The format that the first bytes tell; None when it is a picture, or nothing that we know."""
    if data[4:8] == b"ftyp" and data[8:12] in _STILLS:
        return None
    for place, mark, container in _MAGIC:
        if data[place : place + len(mark)] == mark:
            return None if container == GIF and not pictures.moves(data) else container
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:  # noqa: PLR2004 - the sync word of MPEG audio
        return "aac" if data[1] & 0x06 == 0 else "mp3"
    return None


async def look(data: bytes, container: str, settings: Settings) -> Seen:
    """What the file holds, refused at once where it cannot be taken.

    Raises:
        TooLarge: it has more bytes, pixels or seconds than the settings allow.
        Invalid: it can be neither seen nor heard.
        Unavailable: there is no ffmpeg here.
    """
    if len(data) > settings.film_bytes:
        raise TooLarge("The file is larger than {limit} MB.", limit=settings.film_bytes // MEGABYTE)
    async with _place():
        with ffmpeg.scratch(settings) as folder:
            await asyncio.to_thread((folder / "in").write_bytes, data)
            try:
                found = await ffmpeg.probe(folder, "in", container)
            except (Broken, TimeoutError) as broken:
                raise Invalid("This is no film or sound that can be played.", field="file") from broken
    _check(found, settings)
    width, height = found.film.size if found.film else (0, 0)
    return Seen(_kind(found, container), container, width, height)


async def make(folder: pathlib.Path, container: str, settings: Settings) -> Made:
    """Make what lies in the folder as `in` playable.

    Raises:
        Broken: that cannot be done.
        TimeoutError: it takes longer than the settings allow.
        TooLarge, Invalid: as `look` says.
    """
    found = await ffmpeg.probe(folder, "in", container)
    _check(found, settings)
    kind = _kind(found, container)
    first, *others = _ways(found, kind)
    try:
        return await _made(folder, first, container, kind, settings)
    except Broken:
        if not others:
            raise
        return await _made(folder, others[0], container, kind, settings)


async def _made(folder: pathlib.Path, way: Sequence[str], container: str, kind: str, settings: Settings) -> Made:
    *how, out = way
    most = settings.film_bytes * 2 + 16 * MEGABYTE
    given = ("-v", "error", *ffmpeg.reading(container, "in"), "-t", str(settings.film_seconds), *how, *_BARE, out)
    await ffmpeg.run(folder, *given, seconds=settings.film_work_seconds, most_bytes=most)
    made = await ffmpeg.probe(folder, out, "mp3" if out.endswith("mp3") else "mov")
    data = await asyncio.to_thread((folder / out).read_bytes)
    width, height = made.film.size if made.film else (0, 0)
    poster = await _poster(folder, container, out if made.film else "", settings)
    film = Film(
        seconds=made.seconds,
        rate=ffmpeg.ratio(made.film.rate) if made.film else "",
        bitrate=made.bitrate,
        sound=_told(made.sound) if made.sound else (),
        colours=await asyncio.to_thread(colours, poster.preview) if poster and kind == "sound" else (),
    )
    return Made(kind, data, out.partition(".")[2], width, height, film, poster)


def _ways(found: Probe, kind: str) -> list[tuple[str, ...]]:
    """How to make it playable, the cheapest way first; the last word of each is the file that comes out."""
    sound = found.sound
    if kind == "sound":
        copied = {"mp3": "out.mp3", "aac": "out.m4a"}.get(sound.codec if sound else "")
        encoded = ("-map", "0:a:0", "-c:a", "libmp3lame", "-q:a", "2", "-ac", "2", "out.mp3")
        return [("-map", "0:a:0", "-c", "copy", "-movflags", "+faststart", copied), encoded] if copied else [encoded]
    heard = ("-an",) if kind == "loop" else ("-map", "0:a:0?", "-c:a", "aac", "-b:a", "128k", "-ac", "2")
    encoded = (
        *("-map", "0:v:0", "-vf", _EVEN, "-fpsmax", str(SHOWN_RATE), "-c:v", "libx264", "-preset", "veryfast"),
        *("-crf", "24", "-maxrate", "6M", "-bufsize", "12M", "-profile:v", "high", "-threads", "2"),
        *heard,
        *("-movflags", "+faststart", "out.mp4"),
    )
    if not _is_playable(found):
        return [encoded]
    both = ("-map", "0:v:0", *(("-map", "0:a:0") if sound else ()))
    return [(*both, "-c", "copy", "-movflags", "+faststart", "out.mp4"), encoded]


def _is_playable(found: Probe) -> bool:
    """Whether every browser plays its streams as they are."""
    film, sound = found.film, found.sound
    return (
        film is not None
        and film.codec == "h264"
        and film.profile in _H264
        and film.pixels == "yuv420p"
        and film.square
        and not found.turned
        and max(film.size) <= SHOWN_SIDE
        and film.rate <= SHOWN_RATE
        and 0 < found.bitrate <= PLAIN_BITRATE
        and (sound is None or (sound.codec == "aac" and sound.profile in ("LC", "")))
    )


async def _poster(folder: pathlib.Path, container: str, film: str, settings: Settings) -> pictures.Prepared | None:
    """A telling frame of the beginning, or the cover that a sound brought along."""
    chosen = ("-vf", "thumbnail=24") if film else ("-map", "0:v:0")
    given = ffmpeg.reading("mov", film) if film else ffmpeg.reading(container, "in")
    out = ("-an", "-frames:v", "1", "-update", "1", "-f", "image2", "-c:v", "png", "poster.png")
    try:
        await ffmpeg.run(folder, "-v", "error", *given, *chosen, *out, seconds=POSTER_SECONDS, most_bytes=64 * MEGABYTE)
        data = await asyncio.to_thread((folder / "poster.png").read_bytes)
        bounds = msgspec.structs.replace(settings, picture_bytes=64 * MEGABYTE)
        return await pictures.prepare(data, bounds)
    except (Broken, TimeoutError, OSError, TooLarge, Invalid):
        return None


def _told(sound: Stream) -> tuple[str, str, str]:
    """A sound's codec, its rate, and how many channels it has, in ffmpeg's words."""
    parts = sound.words.split(", ")
    return (sound.codec, parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else "")  # noqa: PLR2004


def _check(found: Probe, settings: Settings) -> None:
    if found.seconds > settings.film_seconds:
        raise TooLarge("The file plays longer than {limit} seconds.", limit=settings.film_seconds)
    if found.film is None:
        return
    width, height = found.film.size
    if not width or not height:
        raise Invalid("This is no film or sound that can be played.", field="file")
    if width * height > settings.film_pixels:
        raise TooLarge("The film has more than {limit} pixels.", limit=settings.film_pixels)
    if found.film.rate > FASTEST and found.film.codec != "gif" and found.film.rate < 1000:  # noqa: PLR2004 - 1k: no fixed rate
        raise Invalid("The film shows more than {limit} frames a second.", field="file", limit=int(FASTEST))


def _kind(found: Probe, container: str) -> str:
    if found.film is None:
        return "sound"
    if found.sound is None and (container == GIF or 0 < found.seconds <= LONGEST_LOOP):
        return "loop"
    return "film"


def _place() -> asyncio.Semaphore:
    return _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MOST_LOOKS))


def colours(cover: bytes) -> tuple[str, str, str]:
    """Background, foreground and accent for a player that shows this picture, as `#rrggbb`."""
    with Image.open(io.BytesIO(cover)) as opened:
        small = opened.convert("RGB").resize((40, 40)).quantize(8).convert("RGB")
    found = small.getcolors(8) or [(1, (0, 0, 0))]
    ordered = [colour for _, colour in sorted(found, key=lambda entry: -entry[0]) if isinstance(colour, tuple)]
    ground = ordered[0]
    text = (255, 255, 255) if _light(ground) < 0.5 else (0, 0, 0)  # noqa: PLR2004 - half-way
    accent = max(ordered, key=lambda colour: (max(colour) - min(colour)) + 200 * abs(_light(colour) - _light(ground)))
    return (_hex(ground), _hex(text), _hex(accent))


def _light(colour: Sequence[float]) -> float:
    """How light a colour looks, 0 to 1 (ITU-R BT.709)."""
    return (0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]) / 255


def _hex(colour: Sequence[float]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in colour[:3])
