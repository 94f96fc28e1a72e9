"""Pictures, unfolded within bounds, turned upright, stripped of what they told about the member, and kept.

Bytes flow in; blobs, a preview, a blurhash and a row flow out. `prepare` and `keep` wait for a thread and the disk, so
they come before the transaction in which `add_media` writes the row. A picture that the studio marked is kept as it is
(`as_is`): its marks are the point. Pictures that no post took are swept after a day.
"""

import asyncio
import io
import math
import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import blurhash
import msgspec
import numpy as np
from PIL import Image, ImageCms, ImageOps
from sqlalchemy import BigInteger, Float, Text, bindparam, delete, insert, select, update

from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound, TooLarge
from parvis.core.ids import MediaId, PostId
from parvis.people.accounts import Account
from parvis.posts import leftovers
from parvis.posts.post import Media
from parvis.store.blobs import Blobs
from parvis.store.statement import Statement, among
from parvis.store.tables import media
from parvis.store.transaction import Tx

KEPT_PIXELS = 3840 * 2160  # larger pictures are scaled down to this
PREVIEW_SIDE = 640
HASHED_SIDE = 32
LONGEST_ALT = 1500
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


class Stored(msgspec.Struct, frozen=True):
    """A picture whose bytes are kept."""

    blob: str
    preview: str
    width: int
    height: int
    preview_width: int
    preview_height: int
    blurhash: str


_columns = tuple(media.c[field] for field in Media.__struct_fields__)
_account = bindparam("account", type_=BigInteger)
_GIVEN = (*Media.__struct_fields__, "account_id", "created_at")
_ADD = Statement(insert(media).values({name: bindparam(name, type_=media.c[name].type) for name in _GIVEN}))
_free = (among(media.c.id, "ids"), media.c.account_id == _account, media.c.post_id.is_(None))
_FREE = Statement(select(*_columns).where(*_free), Media)
_ATTACH = Statement(update(media).where(*_free).values(post_id=bindparam("post", type_=BigInteger)))
_DESCRIBE = Statement(
    update(media)
    .where(
        media.c.id == bindparam("media", type_=BigInteger), media.c.account_id == _account, media.c.post_id.is_(None)
    )
    .values(
        alt=bindparam("given_alt", type_=Text),
        focus_x=bindparam("x", type_=Float),
        focus_y=bindparam("y", type_=Float),
    )
    .returning(*_columns),
    Media,
)
_FORGET_OF = Statement(
    delete(media).where(media.c.post_id == bindparam("post", type_=BigInteger)).returning(media.c.blob, media.c.preview)
)


async def prepare(data: bytes, settings: Settings, *, as_is: bool = False) -> Prepared:
    """Unfold, turn upright, strip and re-encode a picture, in a thread; with `as_is` keep its very bytes.

    Raises:
        TooLarge: it has more bytes, or would unfold to more pixels, than the settings allow.
        Invalid: it is no picture of a kind that we take.
    """
    if len(data) > settings.picture_bytes:
        raise TooLarge("The picture is larger than {limit} MB.", limit=settings.picture_bytes // (1024 * 1024))
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pictures, _prepare, data, settings.picture_pixels, as_is)


async def keep(blobs: Blobs, prepared: Prepared) -> Stored:
    """Keep a prepared picture's bytes; they survive a kill from here on."""
    blob = await blobs.put(prepared.data, prepared.extension)
    preview = await blobs.put(prepared.preview, prepared.preview_extension)
    return Stored(
        blob,
        preview,
        prepared.width,
        prepared.height,
        prepared.preview_width,
        prepared.preview_height,
        prepared.blurhash,
    )


async def add_media(
    tx: Tx,
    account: Account,
    stored: Stored,
    *,
    alt: str = "",
    focus: tuple[float, float] = (0.0, 0.0),
    origin: str = "human",
    maker: str = "",
) -> Media:
    """Give a kept picture to an account, to be posted within a day.

    Raises:
        Invalid: the description is too long, or the focus lies outside.
    """
    _check(alt, focus)
    picture = Media(
        MediaId(tx.new_id()),
        "picture",
        stored.blob,
        stored.preview,
        stored.width,
        stored.height,
        stored.preview_width,
        stored.preview_height,
        stored.blurhash,
        alt,
        *focus,
        origin,
        maker,
    )
    await tx.run(_ADD, **msgspec.structs.asdict(picture), account_id=account.id, created_at=tx.now)
    leftovers.set_sweep(tx)
    return picture


async def describe(
    tx: Tx, account: Account, media_id: MediaId, *, alt: str, focus: tuple[float, float] = (0.0, 0.0)
) -> Media:
    """Say what one's picture shows, while no post holds it.

    Raises:
        NotFound: the account has no such picture waiting.
        Invalid: the description is too long, or the focus lies outside.
    """
    _check(alt, focus)
    found = await tx.first(_DESCRIBE, media=media_id, account=account.id, given_alt=alt, x=focus[0], y=focus[1])
    if found is None:
        raise NotFound("There is no such picture waiting to be posted.")
    return found


async def find_unattached(tx: Tx, account: Account, media_id: MediaId) -> Media | None:
    """One's picture, while no post holds it."""
    return await tx.first(_FREE, ids=[media_id], account=account.id)


async def unattached(tx: Tx, account: Account, ids: Sequence[MediaId]) -> tuple[Media, ...]:
    """The account's waiting pictures with these ids, in this order.

    Raises:
        Invalid: one of them is not there, not its own, or in a post already.
    """
    found = {picture.id: picture for picture in await tx.all(_FREE, ids=list(ids), account=account.id)}
    if len(found) != len(ids):
        raise Invalid("A picture is not there any more; add it again.", field="media")
    return tuple(found[media_id] for media_id in ids)


async def attach(tx: Tx, account: Account, post_id: PostId, ids: Sequence[MediaId]) -> None:
    """Put waiting pictures into a post.

    Raises:
        Invalid: another post took one meanwhile.
    """
    if await tx.run(_ATTACH, ids=list(ids), account=account.id, post=post_id) != len(ids):
        raise Invalid("A picture is not there any more; add it again.", field="media")


async def forget_of(tx: Tx, post_id: PostId) -> None:
    """Remove a post's pictures; their bytes follow once nothing else uses them."""
    names = {name for row in await tx.all(_FORGET_OF, post=post_id) for name in row}
    if names:
        leftovers.set_forgetting(tx, names)


def _check(alt: str, focus: tuple[float, float]) -> None:
    if len(alt) > LONGEST_ALT:
        raise Invalid("The description is longer than {limit} characters.", field="description", limit=LONGEST_ALT)
    if not all(-1 <= value <= 1 for value in focus):
        raise Invalid("The focus lies between -1 and 1 on both axes.", field="focus")


# -- in the thread -----------------------------------------------------------------------------------------------------


def _prepare(data: bytes, most_pixels: int, as_is: bool) -> Prepared:
    _know_heif()
    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as opened:
            width, height = opened.size
            if width * height > most_pixels:  # known from the header, before anything is unfolded
                raise TooLarge("The picture has more than {limit} million pixels.", limit=most_pixels // 1_000_000)
            source = opened.format or ""
            picture = _upright(opened)
        return _encode(picture, data, source, as_is=as_is)
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


def _encode(picture: Image.Image, data: bytes, source: str, *, as_is: bool) -> Prepared:
    preview = picture.copy()
    preview.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
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
    """The pixels and nothing else: a new image carries none of the old one's metadata."""
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = io.BytesIO()
    if photograph:
        clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        return out.getvalue(), "jpg"
    clean.save(out, "WEBP", quality=quality + 4, method=4)
    return out.getvalue(), "webp"


def _blurhash(preview: Image.Image) -> str:
    small = preview.convert("RGB")
    small.thumbnail((HASHED_SIDE, HASHED_SIDE))
    across, down = (4, 3) if small.width >= small.height else (3, 4)
    code: str = blurhash.encode(np.asarray(small), across, down)
    return code
