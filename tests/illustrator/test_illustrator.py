import asyncio
import hashlib
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.illustrator.folder import small_art

from parvis.ai.protocols import ImageModel, Unavailable
from parvis.illustrator.illustrator import Illustrator
from parvis.illustrator.portrait import portrait

SMALL = {"width": 160, "height": 120}


@pytest.fixture(scope="module")
def illustrator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Illustrator]:
    model = Illustrator(small_art(tmp_path_factory.mktemp("art")))
    yield model
    model.dismiss()


def pixels(data: bytes) -> np.ndarray:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded


async def test_a_picture_says_honestly_what_it_is(illustrator: Illustrator) -> None:
    model: ImageModel = illustrator
    picture = await model.draw("a fox reading by the sea at sunset, watercolour", **SMALL)
    assert (picture.method, picture.model) == ("illustration", "Parvis illustrator")
    assert picture.description.startswith("Watercolour illustration: fox")
    assert picture.undrawn == ()
    assert picture.credits
    assert pixels(picture.data).shape == (120, 160, 3)


async def test_words_without_a_drawing_are_told(illustrator: Illustrator) -> None:
    picture = await illustrator.draw("a fox and a zzyzx by the sea", **SMALL)
    assert picture.undrawn == ("zzyzx",)
    assert "zzyzx" not in picture.description


async def test_an_alt_text_speaks_the_language_of_the_prompt(illustrator: Illustrator) -> None:
    picture = await illustrator.draw("un renard qui lit au bord de la mer, aquarelle", **SMALL)
    assert picture.description.startswith("Illustration à l'aquarelle : renard")
    assert "au bord de la mer" in picture.description


async def test_the_same_seed_gives_the_same_picture_and_another_seed_another(illustrator: Illustrator) -> None:
    first = await illustrator.draw("a fox in a forest", seed=3, **SMALL)
    again = await illustrator.draw("a fox in a forest", seed=3, **SMALL)
    other = await illustrator.draw("a fox in a forest", seed=4, **SMALL)
    assert first.data == again.data
    assert first.data != other.data


def test_another_process_draws_the_same_picture() -> None:
    script = (
        "import asyncio,hashlib\nfrom parvis.illustrator.illustrator import Illustrator\n"
        "model=Illustrator(None)\n"
        "p=asyncio.run(model.draw('a girl in a garden, poster',width=96,height=72,seed=5))\n"
        "model.dismiss()\nprint(hashlib.sha256(p.data).hexdigest())"
    )
    source = str(pathlib.Path(__file__).parents[2] / "src")
    digests = {
        subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": number},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for number in ("1", "2")
    }
    assert len(digests) == 1


async def test_every_style_looks_different(illustrator: Illustrator) -> None:
    styles = ("watercolour", "ink", "poster", "low poly", "pixel art", "storybook", "flat")
    seen = {hashlib.sha256((await illustrator.draw(f"a fox by a lake, {s}", **SMALL)).data).digest() for s in styles}
    assert len(seen) == len(styles)


@pytest.mark.parametrize(
    "place",
    [
        "sea",
        "hill",
        "meadow",
        "mountain",
        "forest",
        "desert",
        "arctic",
        "lake",
        "city",
        "street",
        "garden",
        "room",
        "kitchen",
        "café",
        "library",
        "underwater",
        "space",
        "sky",
        "stage",
    ],
)
async def test_every_place_is_drawn_by_night_and_in_a_storm(illustrator: Illustrator, place: str) -> None:
    night = await illustrator.draw(f"a fox in a {place} at night, in a storm", width=96, height=72)
    assert night.undrawn == ()
    assert pixels(night.data).std() > 8


async def test_without_art_a_background_is_painted_and_animals_are_told_as_undrawn() -> None:
    model = Illustrator(None)
    picture = await model.draw("a fox with a balloon by the sea", **SMALL)
    model.dismiss()
    assert set(picture.undrawn) == {"fox", "balloon"}
    assert picture.credits == ()
    assert pixels(picture.data).std() > 10


async def test_progress_only_grows_and_shows_small_previews(illustrator: Illustrator) -> None:
    told: list[tuple[float, bytes | None]] = []
    await illustrator.draw("a fox in a street", width=400, height=300, progress=lambda s, p: told.append((s, p)))
    shares = [share for share, _ in told]
    previews = [preview for _, preview in told if preview]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(previews) >= 4
    assert all(len(preview) <= 40_000 and pixels(preview).any() for preview in previews)


async def test_cancelling_ends_the_painter_and_the_next_picture_is_drawn(illustrator: Illustrator) -> None:
    told: list[float] = []
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch(share: float, preview: bytes | None) -> None:
        told.append(share)
        if preview:
            loop.call_soon_threadsafe(begun.set)

    task = asyncio.create_task(illustrator.draw("a fox in a forest", width=1600, height=1200, progress=watch))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await illustrator.draw("a fox", **SMALL)).data
    assert 1.0 not in told


async def test_a_painter_that_died_is_unavailable_once(illustrator: Illustrator) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def kill(share: float, preview: bytes | None) -> None:
        if preview and illustrator._painter is not None:  # noqa: SLF001 - the accident is played from inside
            illustrator._painter.kill()  # noqa: SLF001 - the same
            loop.call_soon_threadsafe(begun.set)

    with pytest.raises(Unavailable):
        await illustrator.draw("a fox in a forest", width=1600, height=1200, progress=kill)
    assert (await illustrator.draw("a fox", **SMALL)).data


async def test_the_loop_runs_on_while_a_picture_is_drawn(illustrator: Illustrator) -> None:
    longest, before = 0.0, asyncio.get_running_loop().time()
    task = asyncio.create_task(illustrator.draw("a fox in a forest", width=800, height=600))
    while not task.done():
        await asyncio.sleep(0)
        now = asyncio.get_running_loop().time()
        longest, before = max(longest, now - before), now
    assert longest < 0.5


@given(prompt=st.text(max_size=200))
@settings(max_examples=15)
def test_no_prompt_makes_it_fail(illustrator: Illustrator, prompt: str) -> None:
    assert asyncio.run(illustrator.draw(prompt, width=64, height=64)).data


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " \n\t",
        "fox " * 5000,
        "x" * 10_000,
        "🦊🦊🦊",
        "ثعلب يقرأ",
        "\u200b\u200d\ufe0f",
        "\x00\x07\x1b[2J",
        "<svg/>&'\"",
        "\ud800",
    ],
)
async def test_strange_prompts_give_a_picture(illustrator: Illustrator, prompt: str) -> None:
    picture = await illustrator.draw(prompt, width=64, height=64)
    assert picture.data
    assert len(picture.description) <= 500
    assert len(picture.undrawn) <= 40


async def test_sizes_are_bounded(illustrator: Illustrator) -> None:
    tiny = await illustrator.draw("fox", width=1, height=-5)
    assert (tiny.width, tiny.height) == (64, 64)


async def test_banners_and_upright_pictures_keep_their_shape(illustrator: Illustrator) -> None:
    for width, height in ((300, 100), (90, 240)):
        picture = await illustrator.draw("two foxes in a street at night", width=width, height=height)
        assert pixels(picture.data).shape == (height, width, 3)


def test_portraits_differ_by_name_and_stay_the_same_for_one() -> None:
    amina, ben, machine = portrait("Amina"), portrait("Ben"), portrait("Amina", kind="machine")
    assert portrait("Amina") == amina
    assert len({amina, ben, machine, portrait("Amina", 1)}) == 4
    assert pixels(amina).shape == (512, 512, 3)
