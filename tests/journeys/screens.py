"""`make screens`: what the house looks like, photographed in Chromium on a demo world with pictures.

Pictures of every page come to stand in `screens/`, at two widths, by day and by night, and by day in French, with a
contact sheet of each manner on which they are all seen at once. The six that tell most, made small, go to
`docs/pictures/`. The raised world is kept in the folder. Words at the command line name the only pages or manners that
are wanted: `python -m tests.journeys.screens home lists phone-dark`.
"""

import asyncio
import io
import pathlib
import shutil
import sys
import tempfile
from typing import Any

from PIL import Image, ImageDraw
from playwright.async_api import Browser, async_playwright, expect
from tests.journeys.furnish import furnish
from tests.journeys.house import ROOT, House
from tests.journeys.poses import DESK, INSIDE, OUTSIDE, Pose, imagine
from tests.journeys.visitor import Visitor

from parvis.core.config import Settings
from parvis.demo.stage import raise_demo
from parvis.store.schema import migrate

FOLDER = ROOT / "screens"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK_WINDOW: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
MANNERS: dict[str, dict[str, Any]] = {
    "phone-light": PHONE | {"device_scale_factor": 2},
    "phone-dark": PHONE | {"device_scale_factor": 2, "color_scheme": "dark"},
    "phone-light-fr": PHONE | {"locale": "fr-FR"},
    "desk-light": DESK_WINDOW | {"device_scale_factor": 1.5},
    "desk-dark": DESK_WINDOW | {"device_scale_factor": 1.5, "color_scheme": "dark"},
    "desk-light-fr": DESK_WINDOW | {"locale": "fr-FR"},
}
SHOWN = (
    "home-desk-light",
    "landing-desk-light",
    "thread-desk-dark",
    "imagine-desk-light",
    "home-phone-dark",
    "profile-phone-light",
)
SMALL = 1000  # pixels across, in the docs
LARGEST = 150_000  # bytes, in the docs
PATIENCE = 90_000  # ms
THUMB = {"phone": (240, 8), "desk": (420, 5)}  # pixels across, pictures in a row
MARGIN, LABEL = 16, 22  # pixels


async def raised(folder: pathlib.Path) -> pathlib.Path:
    """The demo world with its pictures, raised the first time."""
    world = folder / "world"
    if not (world / "whole").exists():
        shutil.rmtree(world, ignore_errors=True)
        kept = Settings(data=world)
        await migrate(kept)
        await raise_demo(kept, progress=lambda _share: None)
        (world / "whole").touch()
    return world


async def come(browser: Browser, house: House, session: str = "", **window: Any) -> Visitor:
    """A visitor before the house, signed in when a session is theirs."""
    context = await browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | window)
    context.set_default_timeout(PATIENCE)
    if session:
        spoken = "fr" if window.get("locale") == "fr-FR" else "en"
        for name, value in (("parvis_session", session), ("parvis_language", spoken)):
            await context.add_cookies([{"name": name, "value": value, "url": house.url}])
    return Visitor(context, await context.new_page(), house)


async def hang_a_drawing(visitor: Visitor) -> None:
    """Draw something, and post it."""
    await imagine(visitor)
    await visitor.page.click("[data-keep]")
    await visitor.page.wait_for_selector("[data-chosen] .chosen-item")
    await visitor.page.click("[data-composer] [data-send]")
    await visitor.page.wait_for_selector(".focused")
    await visitor.context.close()


async def photograph(visitor: Visitor, poses: dict[str, Pose], folder: pathlib.Path, manner: str) -> None:
    """One picture of each pose."""
    for name, pose in poses.items():
        await pose(visitor)
        await visitor.page.evaluate(
            "Promise.all([...document.images].filter((i) => i.complete).map((i) => i.decode().catch(() => 0)))"
        )
        await visitor.page.wait_for_load_state("load")
        shot = Image.open(io.BytesIO(await visitor.page.screenshot()))
        shot.convert("RGB").save(folder / f"{name}-{manner}.webp", quality=84, method=2)
    await visitor.context.close()


async def tour(browser: Browser, house: House, sessions: dict[str, str], wanted: set[str]) -> None:
    """Everything that is wanted, in every manner that is."""
    rooms = {"": OUTSIDE, "ada": INSIDE, "sentry": DESK}
    for manner, window in MANNERS.items():
        if wanted & set(MANNERS) and manner not in wanted:
            continue
        for handle, poses in rooms.items():
            chosen = {name: pose for name, pose in poses.items() if name in wanted} if wanted - set(MANNERS) else poses
            if chosen:
                visitor = await come(browser, house, sessions.get(handle, ""), **window)
                await photograph(visitor, chosen, FOLDER, manner)


def lay_out(folder: pathlib.Path) -> None:
    """A contact sheet of each manner: every page, small, under its name."""
    for manner in MANNERS:
        across, columns = THUMB[manner.partition("-")[0]]
        names = [name for name in (*OUTSIDE, *INSIDE, *DESK) if (folder / f"{name}-{manner}.webp").exists()]
        shots: list[Image.Image] = []
        for name in names:
            shot = Image.open(folder / f"{name}-{manner}.webp").convert("RGB")
            shots.append(shot.resize((across, round(shot.height * across / shot.width)), Image.Resampling.LANCZOS))
        if not shots:
            continue
        wide, tall = across + MARGIN, max(shot.height for shot in shots) + LABEL + MARGIN
        rows = -(-len(shots) // columns)
        sheet = Image.new("RGB", (wide * columns + MARGIN, tall * rows + MARGIN), "#8a8798")
        pen = ImageDraw.Draw(sheet)
        for place, (name, shot) in enumerate(zip(names, shots, strict=True)):
            left, top = MARGIN + place % columns * wide, MARGIN + place // columns * tall
            pen.text((left, top), name, fill="white", font_size=15)
            sheet.paste(shot, (left, top + LABEL))
        sheet.save(folder / f"contact-{manner}.webp", quality=82)


def show(folder: pathlib.Path, docs: pathlib.Path) -> None:
    """The six that tell most, small."""
    docs.mkdir(parents=True, exist_ok=True)
    for name in SHOWN:
        shot: Image.Image = Image.open(folder / f"{name}.webp")
        across = SMALL if "desk" in name else SMALL // 2
        shot = shot.resize((across, round(shot.height * across / shot.width)), Image.Resampling.LANCZOS)
        shot.save(docs / f"{name}.webp", quality=80, method=6)
        assert (docs / f"{name}.webp").stat().st_size <= LARGEST, name


async def main(wanted: set[str]) -> None:
    """Raise, furnish, serve, photograph, show."""
    from tests.journeys.conftest import QUIET, find_browser

    world = await raised(FOLDER)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(world, copy, dirs_exist_ok=True)
        sessions = await furnish(pathlib.Path(copy))
        house = House(pathlib.Path(copy), embedded=True, models="auto", rate_limits="false")
        house.open()
        try:
            async with async_playwright() as playwright:
                expect.set_options(timeout=PATIENCE)
                browser = await playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
                await hang_a_drawing(await come(browser, house, sessions["ada"]))
                await tour(browser, house, sessions, wanted)
                await browser.close()
        finally:
            house.close()
    lay_out(FOLDER)
    if not wanted:
        show(FOLDER, ROOT / "docs" / "pictures")


if __name__ == "__main__":
    asyncio.run(main(set(sys.argv[1:])))
