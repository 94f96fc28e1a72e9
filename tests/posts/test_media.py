import asyncio
import contextlib
import io
import struct
import zlib

import pytest
from PIL import Image
from sqlalchemy import select
from tests.cast import SOON, members
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound, TooLarge
from parvis.people.accounts import Account
from parvis.people.profiles import edit_profile, taken_off
from parvis.posts import leftovers, media, pictures
from parvis.posts.delete import delete
from parvis.posts.drafts import Draft
from parvis.posts.post import Media
from parvis.posts.publish import publish
from parvis.posts.visibility import get_post
from parvis.store.blobs import Blobs, open_blobs
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.store.tables import jobs

FORGETTING = Statement(select(jobs.c.run_at).where(jobs.c.kind == leftovers.FORGET))

LIMITS = Settings()


def picture(kind: str, size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
async def test_pictures_of_many_kinds_are_taken_and_become_jpeg_or_webp(kind: str) -> None:
    pictures._know_heif()  # noqa: SLF001 - to write one
    prepared = await media.prepare(picture(kind, (1000, 700)), LIMITS)
    assert opened(prepared.data).size == (1000, 700) == (prepared.width, prepared.height)
    assert opened(prepared.preview).size == (640, 448) == (prepared.preview_width, prepared.preview_height)
    assert {prepared.extension, prepared.preview_extension} <= {"jpg", "webp"}
    assert len(prepared.blurhash) > 6


async def test_a_picture_loses_what_it_told_about_the_member_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    prepared = await media.prepare(picture("JPEG", (300, 200), exif=exif, comment=b"at home, Secret Street 1"), LIMITS)
    for data in (prepared.data, prepared.preview):
        assert b"Secret" not in data
        assert not opened(data).getexif()
        assert opened(data).size == (200, 300)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_what_is_clear_stays_clear(kind: str) -> None:
    image = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, kind)
    prepared = await media.prepare(out.getvalue(), LIMITS)
    assert opened(prepared.data).getpixel((10, 10))[3] == 0  # type: ignore[index] # a pixel of RGBA


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
async def test_any_mode_of_a_picture_is_taken(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    data = picture("JPEG", mode=mode) if kind == "TIFF" else picture(kind, mode=mode)
    assert (await media.prepare(data, LIMITS)).width == 300


def a_loop(frames: int) -> bytes:
    """A GIF of so many shades."""
    out = io.BytesIO()
    first, *others = (Image.new("L", (300, 300), 40 * shade) for shade in range(frames))
    first.save(out, "GIF", save_all=True, append_images=others)
    return out.getvalue()


async def test_the_first_frame_of_what_moves_is_kept() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kept = opened((await media.prepare(out.getvalue(), LIMITS)).data).convert("RGB").getpixel((20, 20))
    assert isinstance(kept, tuple)
    assert kept[0] > 200
    assert kept[2] < 60


async def test_a_very_large_picture_is_scaled_down_and_a_line_stays_a_line() -> None:
    prepared = await media.prepare(picture("JPEG", (5000, 3000)), LIMITS)
    assert prepared.width * prepared.height <= pictures.KEPT_PIXELS * 1.01
    thin = await media.prepare(picture("PNG", (5000, 1)), LIMITS)
    assert (thin.preview_width, thin.preview_height) == (640, 1)


async def test_the_studios_picture_is_kept_as_it_is() -> None:
    data = picture("PNG")
    marked = data + b"trailing marks"
    prepared = await media.prepare(marked, LIMITS, as_is=True)
    assert (prepared.data, prepared.extension) == (marked, "png")


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that says that it unfolds to a huge one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (bomb(8000, 8000), TooLarge),
        (bomb(11_000, 11_000), TooLarge),
        (bomb(60_000, 60_000), TooLarge),
        (b"\x00" * (LIMITS.picture_bytes + 1), TooLarge),
        (b"", Invalid),
        (b"not a picture", Invalid),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Invalid),
        (picture("JPEG")[:200], Invalid),
        (picture("PNG")[:100], Invalid),
        (picture("WEBP")[:40], Invalid),
        (picture("GIF")[:20], Invalid),
        (picture("BMP"), Invalid),
        (bomb(100, 100), Invalid),
    ],
)
async def test_bombs_broken_files_and_other_kinds_are_refused(data: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await media.prepare(data, LIMITS)


async def test_an_avif_whose_pixels_are_broken_is_refused() -> None:
    whole = bytearray(picture("AVIF"))
    whole[-20:] = bytes(20)
    with pytest.raises(Invalid):
        await media.prepare(bytes(whole), LIMITS)


async def add(store: Store, blobs: Blobs, account: Account, shade: int = 0, origin: str = "human") -> Media:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), (shade, 0, 0)).save(out, "PNG")
    stored = await media.keep(blobs, await media.prepare(out.getvalue(), LIMITS))
    async with store.transaction() as tx:
        return await media.add_media(
            tx, account, stored, alt="red", origin=origin, maker="" if origin == "human" else "m"
        )


@BOTH
async def test_a_post_shows_its_pictures_in_order_and_whose_work_they_are(store: Store, settings: Settings) -> None:
    ann, bob = await members(store, "ann", "bob")
    blobs = open_blobs(settings)
    first, second = await add(store, blobs, ann), await add(store, blobs, ann, origin="generated")
    async with store.transaction() as tx:
        second = await media.describe(tx, ann, second.id, alt="a red square", focus=(0.5, -0.5))
        with pytest.raises(NotFound):
            await media.describe(tx, bob, first.id, alt="mine")
        for alt, focus in (("x" * 1501, (0.0, 0.0)), ("", (2.0, 0.0))):
            with pytest.raises(Invalid):
                await media.describe(tx, ann, first.id, alt=alt, focus=focus)
        with pytest.raises(Invalid):
            await publish(tx, bob, Draft("", media=(first.id,)))
        post = await get_post(tx, bob, await publish(tx, ann, Draft("", media=(second.id, first.id))))
        assert post.media == (second, first)
        assert (post.media[0].alt, post.media[0].focus_x) == ("a red square", 0.5)
        assert (post.origin, post.maker) == ("assisted", "m")
        with pytest.raises(Invalid):
            await publish(tx, ann, Draft("again", media=(first.id,)))
        with pytest.raises(NotFound):
            await media.describe(tx, ann, first.id, alt="too late")
        assert await media.find_unattached(tx, ann, first.id) is None


@BOTH
async def test_two_posts_at_once_do_not_take_the_same_picture(store: Store, settings: Settings) -> None:
    (ann,) = await members(store, "ann")
    one = await add(store, open_blobs(settings), ann)

    async def post() -> bool:
        try:
            async with store.transaction() as tx:
                await publish(tx, ann, Draft("x", media=(one.id,)))
        except Invalid:
            return False
        return True

    assert sorted(await asyncio.gather(*(post() for _ in range(4)))) == [False, False, False, True]


@BOTH
async def test_bytes_go_when_the_last_row_that_uses_them_goes(settings: Settings) -> None:
    ahead = 0
    blobs = open_blobs(settings)
    async with open_store(settings, now=lambda: clock.now() + ahead) as store:
        (ann,) = await members(store, "ann")
        first, same, waiting = [await add(store, blobs, ann, shade) for shade in (0, 0, 99)]
        runner = Runner(store, leftovers.kinds(blobs, spared=0))
        running = asyncio.create_task(runner.run())
        async with store.transaction() as tx:
            posts = [await publish(tx, ann, Draft("", media=(one.id,)), key=str(one.id)) for one in (first, same)]
        async with store.transaction() as tx:
            await delete(tx, ann, posts[0])
        await asyncio.wait_for(runner.settle(), SOON)
        assert await blobs.get(first.blob)
        async with store.transaction() as tx:
            await delete(tx, ann, posts[1])
        await asyncio.wait_for(runner.settle(), SOON)
        with pytest.raises(NotFound):
            await blobs.get(first.blob)
        assert await blobs.get(waiting.blob)
        ahead = 2 * clock.DAY
        await asyncio.wait_for(runner.settle(), SOON)
        for name in (waiting.blob, waiting.preview):
            with pytest.raises(NotFound):
                await blobs.get(name)
        async with store.reading() as tx:
            assert await media.find_unattached(tx, ann, waiting.id) is None
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@BOTH
async def test_a_face_that_moves_is_kept_while_it_is_worn(settings: Settings, store: Store) -> None:
    blobs = open_blobs(settings)
    (ann, bob, eve) = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        await edit_profile(tx, eve, avatar_alt="Who has details, and a face that does not move")
    worn = await media.keep_worn(blobs, settings, "avatar", a_loop(3))
    async with store.transaction() as tx:
        wearing, _ = [await edit_profile(tx, who, **worn) for who in (ann, bob)]
    runner = Runner(store, leftovers.kinds(blobs, spared=0))
    running = asyncio.create_task(runner.run())
    for who, still_there in ((ann, True), (bob, False)):
        async with store.transaction() as tx:
            bare = await edit_profile(tx, who, avatar="")
            assert taken_off(wearing, bare) == {*worn.values()}
            leftovers.set_forgetting(tx, taken_off(wearing, bare))
        await asyncio.wait_for(runner.settle(), SOON)
        async with store.reading() as tx:
            assert await tx.all(FORGETTING) == []  # it was looked at, and not put off
        for name in worn.values():
            with contextlib.nullcontext() if still_there else pytest.raises(NotFound):
                await blobs.get(name)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_face_that_moves_is_small_and_one_that_is_too_much_stays_still(monkeypatch: pytest.MonkeyPatch) -> None:
    moving = opened(await pictures.prepare_moving(a_loop(5)))
    assert (getattr(moving, "n_frames", 1), moving.size) == (5, (256, 256))
    assert await pictures.prepare_moving(a_loop(1)) == b""
    assert await pictures.prepare_moving(b"GIF89a" + bytes(40)) == b""
    monkeypatch.setattr(pictures, "MOST_UNROLLED", 300 * 300 * 5 - 1)
    assert await pictures.prepare_moving(a_loop(5)) == b""


async def test_bytes_that_come_again_while_they_are_being_forgotten_stay(settings: Settings, store: Store) -> None:
    blobs = open_blobs(settings)
    (ann,) = await members(store, "ann")
    first = await add(store, blobs, ann, 0)
    async with store.transaction() as tx:
        await media.discard(tx, ann, first.id)
    again = await blobs.put(await blobs.get(first.blob), first.blob.rpartition(".")[2])  # no row says so yet
    runner = Runner(store, leftovers.kinds(blobs))
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(runner.settle(), SOON)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await blobs.get(again)
    async with store.reading() as tx:
        waiting = await tx.all(FORGETTING)
    assert [row[0] > clock.now() for row in waiting] == [True]  # it is looked at again, later
