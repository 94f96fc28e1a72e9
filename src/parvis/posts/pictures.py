"""Pictures, unfolded within bounds, turned upright, stripped of what they told about the member, and encoded anew.

Bytes flow in; the bytes to keep, a preview and a blurhash flow out, made in a thread. A picture that the studio marked
is kept as it is (`as_is`): its marks are the point.
"""

import asyncio
import io
import math
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import blurhash
import msgspec
import numpy as np
from PIL import Image, ImageCms, ImageOps, ImageSequence

from parvis.core.config import Settings
from parvis.core.errors import Invalid, TooLarge

T = TypeVar("T")

KEPT_PIXELS = 3840 * 2160  # larger pictures are scaled down to this
PREVIEW_SIDE = 640
FACE_SIDE = 320  # a face is worn at 134 points at most, and eight of them come with one page
HASHED_SIDE = 32
MOST_MOVING = 16_000_000  # pixels of a picture whose second frame is looked for
MOST_UNROLLED = 80_000_000  # pixels of all frames together of a face that moves
MOST_FRAMES = 200
MOVING_SIDE = 256  # pixels of a face that moves
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "HEIF": "heic", "AVIF": "avif"}
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
)
"""What Pillow and the decoders beneath it raise of broken files, as fuzzing them has shown."""
_PHOTOGRAPHS = ("JPEG", "HEIF", "AVIF")

_pictures = ThreadPoolExecutor(1, thread_name_prefix="parvis-pictures")  # one at a time bounds the memory
_SRGB = ImageCms.createProfile("sRGB")


class Prepared(msgspec.Struct, frozen=True):
    """A picture ready to be kept: bytes and extensions, sizes in pixels."""

    data: bytes
    extension: str
    preview: bytes
    preview_extension: str
    width: int
    height: int
    preview_width: int
    preview_height: int
    blurhash: str


async def prepare(
    data: bytes, settings: Settings, *, as_is: bool = False, cover: bool = False, side: int = PREVIEW_SIDE
) -> Prepared:
    """Unfold, turn upright, strip and re-encode a picture, in a thread; with `as_is` keep its very bytes.

    A `cover` stands for something else: its preview is all that is shown of it, so that of a PNG stays one.
    No side of a preview is longer than `side` pixels.

    Raises:
        TooLarge: it has more bytes, or would unfold to more pixels, than the settings allow.
        Invalid: it is no picture of a kind that we take.
    """
    if len(data) > settings.picture_bytes:
        raise TooLarge("The picture is larger than {limit} MB.", limit=settings.picture_bytes // (1024 * 1024))
    return await in_thread(_prepare, data, settings.picture_pixels, as_is, cover, side)


async def in_thread(work: Callable[..., T], *given: Any) -> T:
    """Have it done where pictures are unfolded: one after the other, and not in the loop."""
    return await asyncio.get_running_loop().run_in_executor(_pictures, work, *given)


def moves(data: bytes) -> bool:
    """Whether a picture has more than one frame; a broken one has none."""
    try:
        with Image.open(io.BytesIO(data), formats=("GIF", "WEBP", "PNG")) as opened:
            if opened.width * opened.height > MOST_MOVING:
                return False
            opened.seek(1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *BROKEN):
        return False
    return True


async def prepare_moving(data: bytes) -> bytes:
    """The whole of a picture that moves, small, as WebP; nothing where it does not move, or is too much."""
    return await in_thread(_moving, data) if moves(data) else b""


def _moving(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=("GIF", "WEBP", "PNG")) as opened:
            if opened.width * opened.height * getattr(opened, "n_frames", 1) > MOST_UNROLLED:
                return b""
            return rolled(*unrolled(opened, MOVING_SIDE), quality=75)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *BROKEN):
        return b""


def unrolled(opened: Image.Image, side: int) -> tuple[list[Image.Image], list[int]]:
    """The frames of a picture, bare and no larger than `side`, and for how long each is seen, in ms."""
    frames: list[Image.Image] = []
    times: list[int] = []
    for frame in ImageSequence.Iterator(opened):
        if len(frames) >= MOST_FRAMES:
            break
        picture = frame.convert("RGBA")
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        frames.append(Image.frombytes(picture.mode, picture.size, picture.tobytes()))
        times.append(max(20, min(10_000, int(frame.info.get("duration") or 100))))
    return frames, times


def rolled(frames: list[Image.Image], times: list[int], *, quality: int) -> bytes:
    """The frames as one WebP that moves for ever."""
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=times, loop=0, quality=quality)
    return out.getvalue()


def _prepare(data: bytes, most_pixels: int, as_is: bool, cover: bool, side: int) -> Prepared:
    _know_heif()
    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as opened:
            width, height = opened.size
            if width * height > most_pixels:  # known from the header, before anything is unfolded
                raise TooLarge("The picture has more than {limit} million pixels.", limit=most_pixels // 1_000_000)
            source = opened.format or ""
            picture = _upright(opened)
        return _encode(picture, data, source, as_is=as_is, cover=cover, side=side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooLarge("The picture has more than {limit} million pixels.", limit=most_pixels // 1_000_000) from bomb
    except BROKEN as broken:
        raise Invalid(
            "This is no picture that can be read: send JPEG, PNG, WebP, GIF, HEIC or AVIF.", field="file"
        ) from broken


def _know_heif() -> None:
    if "HEIF" not in Image.OPEN:
        from pillow_heif import register_heif_opener

        register_heif_opener()


def _upright(opened: Image.Image) -> Image.Image:
    """The first frame, turned as the camera was held, in sRGB, as RGB or RGBA."""
    opened.draft("RGB", (3840, 3840))
    profile = opened.info.get("icc_profile")
    picture = ImageOps.exif_transpose(opened)
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    clear = picture.mode in ("RGBA", "LA", "PA", "La") or "transparency" in picture.info
    wanted = "RGBA" if clear else "RGB"
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            described = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, described, _SRGB, outputMode=wanted) or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile is no reason to refuse the picture
    return picture.convert(wanted)


def _encode(picture: Image.Image, data: bytes, source: str, *, as_is: bool, cover: bool, side: int) -> Prepared:
    preview = picture.copy()
    preview.thumbnail((side, side), Image.Resampling.LANCZOS)
    if cover and source == "PNG":
        preview_data, preview_extension = _saved(preview, "PNG"), "png"
    else:
        preview_data, preview_extension = _bytes_of(preview, photograph=picture.mode == "RGB", quality=80)
    if as_is:
        kept, extension = data, FORMATS[source]
    else:
        share = math.sqrt(KEPT_PIXELS / (picture.width * picture.height))
        if share < 1:
            smaller = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
            picture = picture.resize(smaller, Image.Resampling.LANCZOS)
        kept, extension = _bytes_of(picture, photograph=picture.mode == "RGB" and source in _PHOTOGRAPHS, quality=88)
    return Prepared(kept, extension, preview_data, preview_extension, *picture.size, *preview.size, _blurhash(preview))


def _bytes_of(picture: Image.Image, *, photograph: bool, quality: int) -> tuple[bytes, str]:
    if photograph:
        return _saved(picture, "JPEG", quality=quality, optimize=True, progressive=True), "jpg"
    return _saved(picture, "WEBP", quality=quality + 4, method=4), "webp"


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The pixels and nothing else: a new image carries none of the old one's metadata."""
    out = io.BytesIO()
    Image.frombytes(picture.mode, picture.size, picture.tobytes()).save(out, kind, **options)
    return out.getvalue()


def _blurhash(preview: Image.Image) -> str:
    small = preview.convert("RGB")
    small.thumbnail((HASHED_SIDE, HASHED_SIDE))
    across, down = (4, 3) if small.width >= small.height else (3, 4)
    code: str = blurhash.encode(np.asarray(small), across, down)
    return code
