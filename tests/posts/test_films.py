"""Films, sounds and moving pictures become playable, and say nothing of who made them."""

import asyncio
import pathlib
import subprocess
from collections.abc import Sequence

import msgspec
import pytest
from PIL import Image
from tests.cast import SOON
from tests.conftest import BOTH
from tests.rig import members

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound, TooFast, TooLarge
from parvis.people.accounts import Account
from parvis.posts import ffmpeg, films, leftovers, media, processing
from parvis.posts.drafts import Draft
from parvis.posts.post import Media
from parvis.posts.publish import publish
from parvis.posts.visibility import get_post
from parvis.store.blobs import Blobs, open_blobs
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.opening import open_store

FILM = ("-f", "lavfi", "-i", "testsrc=size=321x241:rate=25:duration=2")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration=2")
TELLING = ("-metadata", "title=At home", "-metadata", "location=+48.1+002.3/")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return tmp_path_factory.mktemp("shelf")


def recorded(shelf: pathlib.Path, name: str, *arguments: str) -> bytes:
    """A file as a camera or a recorder would have made it."""
    path = shelf / name
    if not path.exists():
        command = [ffmpeg.program(), "-v", "error", "-y", *arguments, *TELLING, str(path)]
        subprocess.run(command, check=True)  # noqa: S603 - our own words
    return path.read_bytes()


async def made(data: bytes, settings: Settings) -> films.Made:
    container = films.container_of(data)
    assert container is not None
    await films.look(data, container, settings)
    with ffmpeg.scratch(settings) as folder:
        (folder / "in").write_bytes(data)
        return await films.make(folder, container, settings)


@pytest.fixture
def bounds(tmp_path: pathlib.Path) -> Settings:
    return Settings(data=tmp_path)


MOVING: dict[str, Sequence[str]] = {
    "a.mov": ("-c:v", "libx264", "-c:a", "aac"),
    "a.webm": ("-c:v", "libvpx", "-c:a", "libvorbis", "-shortest"),
    "a.mkv": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "a.wmv": ("-vf", "scale=320:240", "-c:v", "wmv2", "-c:a", "wmav2"),
    "a.ogv": ("-c:v", "libtheora", "-c:a", "libvorbis"),
}


@pytest.mark.parametrize("name", MOVING)
async def test_a_film_of_any_kind_becomes_an_mp4_that_tells_nothing(
    name: str, shelf: pathlib.Path, bounds: Settings
) -> None:
    film = await made(recorded(shelf, name, *FILM, *SOUND, *MOVING[name]), bounds)
    assert (film.kind, film.extension, film.width, film.height) == ("film", "mp4", 320, 240)
    assert film.film.seconds == pytest.approx(2, abs=0.2)
    assert film.film.rate == "25/1"
    assert film.film.sound[0] == "aac"
    assert film.film.bitrate > 0
    assert film.data.index(b"moov") < film.data.index(b"mdat")  # it begins to play at once
    assert b"At home" not in film.data
    assert b"48.1" not in film.data
    assert film.poster is not None
    assert len(film.poster.blurhash) > 6


async def test_what_is_playable_is_packed_anew_and_not_encoded(shelf: pathlib.Path, bounds: Settings) -> None:
    plain = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-vf", "scale=322:242")
    data = recorded(shelf, "plain.mp4", *FILM, *SOUND, *plain)
    film = await made(data, bounds)
    assert (film.width, film.height) == (322, 242)
    assert b"At home" not in film.data
    assert b"x264" in film.data  # the very stream that came


async def test_a_film_is_turned_upright(shelf: pathlib.Path, bounds: Settings, tmp_path: pathlib.Path) -> None:
    lying = tmp_path / "lying.mp4"
    lying.write_bytes(recorded(shelf, "lying.mp4", *FILM, "-vf", "scale=322:242"))
    film = await made(recorded(tmp_path, "up.mp4", "-display_rotation", "90", "-i", str(lying), "-c", "copy"), bounds)
    assert (film.width, film.height) == (242, 322)


async def test_a_large_film_is_scaled_down_and_slowed(shelf: pathlib.Path, bounds: Settings) -> None:
    large = ("-f", "lavfi", "-i", "testsrc=size=2560x1440:rate=90:duration=0.2")
    film = await made(recorded(shelf, "large.mp4", *large, *SOUND, "-shortest", "-preset", "ultrafast"), bounds)
    assert (film.width, film.height) == (1920, 1080)
    assert film.film.rate == "60/1"


async def test_a_silent_short_film_and_a_moving_gif_are_loops(shelf: pathlib.Path, bounds: Settings) -> None:
    silent = await made(recorded(shelf, "silent.mp4", *FILM, "-vf", "scale=320:240"), bounds)
    moving = await made(recorded(shelf, "moving.gif", *FILM), bounds)
    assert (silent.kind, silent.film.sound) == ("loop", ())
    assert (moving.kind, moving.extension, moving.width, moving.film.sound) == ("loop", "mp4", 320, ())
    still = recorded(shelf, "still.gif", *FILM, "-frames:v", "1")
    assert films.container_of(still) is None


HEARD: dict[str, tuple[Sequence[str], str]] = {
    "a.mp3": (("-c:a", "libmp3lame"), "mp3"),
    "a.m4a": (("-c:a", "aac"), "m4a"),
    "a.aac": (("-c:a", "aac"), "m4a"),
    "a.ogg": (("-c:a", "libvorbis"), "mp3"),
    "a.opus": (("-c:a", "libopus"), "mp3"),
    "a.flac": (("-c:a", "flac"), "mp3"),
    "a.wav": (("-c:a", "pcm_s16le"), "mp3"),
    "a.weba": (("-c:a", "libopus", "-f", "webm"), "mp3"),
}


@pytest.mark.parametrize("name", HEARD)
async def test_a_sound_of_any_kind_can_be_heard_everywhere(name: str, shelf: pathlib.Path, bounds: Settings) -> None:
    how, extension = HEARD[name]
    sound = await made(recorded(shelf, name, *SOUND, *how), bounds)
    assert (sound.kind, sound.extension, sound.width, sound.poster) == ("sound", extension, 0, None)
    assert sound.film.seconds == pytest.approx(2, abs=0.2)
    assert sound.film.sound[0] == {"mp3": "mp3", "m4a": "aac"}[extension]
    assert b"At home" not in sound.data


async def test_a_sounds_cover_is_its_picture_and_gives_it_colours(
    shelf: pathlib.Path, bounds: Settings, tmp_path: pathlib.Path
) -> None:
    cover, song = tmp_path / "cover.png", tmp_path / "song.mp3"
    Image.new("RGB", (80, 80), "#000000").save(cover)
    song.write_bytes(recorded(shelf, "a.mp3", *SOUND))
    both = ("-i", str(song), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy", "-id3v2_version", "3")
    sound = await made(recorded(tmp_path, "covered.mp3", *both), bounds)
    assert sound.kind == "sound"
    assert sound.poster is not None
    assert sound.film.colours[0] == "#000000"
    assert sound.film.colours[1] == "#ffffff"


async def test_what_is_too_large_too_long_or_broken_is_refused_at_once(shelf: pathlib.Path, bounds: Settings) -> None:
    film = recorded(shelf, "a.mov", *FILM, *SOUND)
    for name, value in (("film_bytes", 2000), ("film_seconds", 1), ("film_pixels", 5000)):
        with pytest.raises(TooLarge):
            await films.look(film, "mov", msgspec.structs.replace(bounds, **{name: value}))
    fast = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=240:duration=0.1")
    with pytest.raises(Invalid):
        await films.look(recorded(shelf, "fast.mp4", *fast), "mov", bounds)
    for broken in (film[:100], b"\x00\x00\x00\x18ftypisom" + bytes(4000), b"OggS" + bytes(400), b"ID3" + bytes(200)):
        container = films.container_of(broken)
        assert container is not None
        with pytest.raises(Invalid):
            await films.look(broken, container, bounds)


async def test_a_playlist_reads_no_other_file(bounds: Settings, tmp_path: pathlib.Path) -> None:
    secret = tmp_path / "secret.mp3"
    secret.write_bytes(b"ID3secret")
    for playlist in (f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n", f"ffconcat version 1.0\nfile {secret}\n"):
        assert films.container_of(playlist.encode()) is None
        with ffmpeg.scratch(bounds) as folder:
            (folder / "in").write_text(playlist)
            with pytest.raises(ffmpeg.Broken):
                await ffmpeg.probe(folder, "in", "mov")


async def test_what_takes_too_long_is_stopped(shelf: pathlib.Path, bounds: Settings) -> None:
    with ffmpeg.scratch(bounds) as folder, pytest.raises(TimeoutError):
        endless = ("-f", "lavfi", "-i", "testsrc", "-f", "null", "-")
        await ffmpeg.run(folder, *endless, seconds=0.5, most_bytes=1 << 20)
    assert not list((bounds.data / "scratch").iterdir())


@pytest.mark.parametrize(("rate", "told"), [(25, "25/1"), (29.97, "30000/1001"), (23.98, "24000/1001"), (12.5, "25/2")])
def test_rates_are_told_as_fractions(rate: float, told: str) -> None:
    assert ffmpeg.ratio(rate) == told


def test_what_a_file_says_of_itself_is_not_taken_for_what_ffmpeg_says() -> None:
    said = (
        "Input #0, mov, from 'in':\n  Metadata:\n"
        "    title           : x\n                    :   Stream #0:9: Video: h264 (High), yuv420p, 9999x9999, 25 fps\n"
        "  Duration: 00:00:02.00, start: 0.000000, bitrate: 130 kb/s\n"
        "  Stream #0:0[0x1]: Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)\n"
    )
    found = ffmpeg.understood(said)
    assert (found.film, found.seconds, found.bitrate) == (None, 2.0, 130_000)
    assert found.sound is not None
    assert (found.sound.codec, found.sound.profile) == ("aac", "LC")


async def upload(store: Store, blobs: Blobs, account: Account, data: bytes, settings: Settings) -> Media:
    container = films.container_of(data)
    assert container is not None
    seen = await films.look(data, container, settings)
    raw = await processing.keep_raw(blobs, data, seen)
    async with store.transaction() as tx:
        return await processing.add_raw(tx, account, raw, seen, alt="a test")


@BOTH
async def test_a_film_waits_becomes_ready_and_stands_alone_in_its_post(
    store: Store, settings: Settings, shelf: pathlib.Path
) -> None:
    (ann,) = await members(store, "ann")
    blobs = open_blobs(settings)
    first = await upload(store, blobs, ann, recorded(shelf, "a.mov", *FILM, *SOUND), settings)
    second = await upload(store, blobs, ann, recorded(shelf, "a.mp3", *SOUND), settings)
    assert (first.state, first.kind, second.kind) == ("processing", "film", "sound")
    async with store.transaction() as tx:
        with pytest.raises(Invalid, match="is being made playable"):
            await publish(tx, ann, Draft("look", media=(first.id,)))
    runner = Runner(store, (*processing.kinds(settings, blobs, tick=0.05), *leftovers.kinds(blobs, spared=0)))
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(runner.settle(), SOON)
    async with store.transaction() as tx:
        ready = await media.find_unattached(tx, ann, first.id)
        assert ready is not None
        assert (ready.state, ready.kind, ready.width, ready.alt) == ("ready", "film", 320, "a test")
        assert ready.film is not None
        with pytest.raises(Invalid, match="stands alone"):
            await publish(tx, ann, Draft("look", media=(first.id, second.id)))
        post = await get_post(tx, ann, await publish(tx, ann, Draft("look", media=(first.id,))))
    assert post.media == (ready,)
    assert (await blobs.get(ready.blob))[4:8] == b"ftyp"
    with pytest.raises(NotFound):
        await blobs.get(first.blob)  # what was uploaded is gone
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@BOTH
async def test_what_cannot_be_made_playable_fails_and_is_swept(settings: Settings, shelf: pathlib.Path) -> None:
    ahead = 0
    blobs = open_blobs(settings)
    film = recorded(shelf, "a.mov", *FILM, *SOUND)
    async with open_store(settings, now=lambda: clock.now() + ahead) as store:
        (ann,) = await members(store, "ann")
        lost = await upload(store, blobs, ann, film, settings)
        await blobs.delete(lost.blob)
        slow = msgspec.structs.replace(settings, film_work_seconds=0)
        kinds = (*processing.kinds(slow, blobs, tick=0.05), *leftovers.kinds(blobs, spared=0))
        late = await upload(store, blobs, ann, recorded(shelf, "a.webm", *FILM, *SOUND), settings)
        runner = Runner(store, kinds)
        running = asyncio.create_task(runner.run())
        await asyncio.wait_for(runner.settle(), SOON)
        async with store.reading() as tx:
            for one in (lost, late):
                found = await media.find_unattached(tx, ann, one.id)
                assert found is not None
                assert found.state == "failed"
        ahead = 2 * clock.DAY
        await asyncio.wait_for(runner.settle(), SOON)
        async with store.reading() as tx:
            assert await media.find_unattached(tx, ann, late.id) is None
        with pytest.raises(NotFound):
            await blobs.get(late.blob)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_is_taken_back_is_not_made(store: Store, settings: Settings, shelf: pathlib.Path) -> None:
    (ann, bob) = await members(store, "ann", "bob")
    blobs = open_blobs(settings)
    film = await upload(store, blobs, ann, recorded(shelf, "a.mov", *FILM, *SOUND), settings)
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await media.discard(tx, bob, film.id)
        await media.discard(tx, ann, film.id)
    runner = Runner(store, (*processing.kinds(settings, blobs, tick=0.05), *leftovers.kinds(blobs, spared=0)))
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(runner.settle(), SOON)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not [path for path in (settings.data / "blobs").rglob("*") if path.is_file()]


async def test_a_member_has_only_so_many_made_at_once(store: Store, settings: Settings, shelf: pathlib.Path) -> None:
    (ann,) = await members(store, "ann")
    sound = recorded(shelf, "a.mp3", *SOUND)
    blobs = open_blobs(settings)
    seen = films.Seen("sound", "mp3", 0, 0)
    raw = await processing.keep_raw(blobs, sound, seen)
    async with store.transaction() as tx:
        for _ in range(processing.MOST_UNDER_WAY):
            await processing.add_raw(tx, ann, raw, seen)
        with pytest.raises(TooFast):
            await processing.add_raw(tx, ann, raw, seen)
