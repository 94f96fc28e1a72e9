"""`make screens`: what the house looks like, photographed in Chromium on a demo world with pictures.

A folder flows in (`screens/` when none is said); pictures of every page flow out, at two widths, by day and by night,
and by day in French, with a contact sheet of each manner on which they are all seen at once. The six that tell most,
made small, go to `docs/pictures/`. The raised world is kept in the folder, so that a second run takes a few minutes.
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
from tests.journeys.house import ROOT, House
from tests.journeys.poses import INSIDE, OUTSIDE, Pose, imagine
from tests.journeys.visitor import Visitor

from parvis.core.config import Settings
from parvis.demo.stage import raise_demo
from parvis.store.schema import migrate

WINDOWS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1280, "height": 900}},
}
SHOWN = (
    "home-desk-light",
    "landing-desk-light",
    "thread-desk-dark",
    "imagine-desk-light",
    "home-phone-dark",
    "imagine-phone-light",
)
SMALL = 1000  # pixels across, in the docs
LARGEST = 150_000  # bytes, in the docs
PATIENCE = 90_000  # ms
THUMB = {"phone": (240, 8), "desk": (420, 5)}  # pixels across, pictures in a row
MARGIN, LABEL = 16, 22  # pixels
FRIENDS = ("wanjiru", "marta", "niamh", "solene", "delroy", "kenji", "nightguide", "leila")


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


async def come(browser: Browser, house: House, **window: Any) -> Visitor:
    """A visitor before the house."""
    context = await browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | window)
    context.set_default_timeout(PATIENCE)
    return Visitor(context, await context.new_page(), house)


async def settle_in(visitor: Visitor, handle: str, name: str, friends: tuple[str, ...]) -> None:
    """Open an account and follow some people."""
    await visitor.join(handle, name)
    for friend in friends:
        await visitor.go(f"/@{friend}")
        async with visitor.page.expect_response("**/follow"):
            await visitor.page.click(".profile-top [data-follow] button")


async def say(visitor: Visitor, words: str) -> None:
    """Post."""
    await visitor.go("/compose")
    await visitor.page.fill("[data-composer] textarea", words)
    await visitor.page.click("[data-composer] [data-send]")
    await visitor.page.wait_for_selector(".focused")


async def make_company(browser: Browser, house: House) -> str:
    """Two members who have met; the first one's session."""
    ada, basile = await come(browser, house), await come(browser, house)
    await settle_in(ada, "ada", "Ada Moreau", FRIENDS)
    await say(ada, "First evening on the square. Is this seat taken?")
    await imagine(ada)
    await ada.page.click("[data-keep]")
    await ada.page.wait_for_selector("[data-chosen] .chosen-item")
    await ada.page.click("[data-composer] [data-send]")
    await ada.page.wait_for_selector(".focused")
    await settle_in(basile, "basile", "Basile Roux", ("ada", "wanjiru", "kenji"))
    await basile.go("/@ada")
    async with basile.page.expect_response("**/like"):
        await basile.page.locator(".like").first.click()
    async with basile.page.expect_response("**/repost"):
        await basile.page.locator(".repost").first.click()
    await say(basile, "@ada it is now. Welcome! The lamps come on around seven, and so does Wanjiru.")
    return next(cookie["value"] for cookie in await ada.context.cookies() if cookie["name"] == "parvis_session")


async def photograph(visitor: Visitor, poses: dict[str, Pose], folder: pathlib.Path, manner: str) -> None:
    """One picture of each pose."""
    for name, pose in poses.items():
        await pose(visitor)
        await visitor.page.evaluate(
            "Promise.all([...document.images].filter((i) => i.complete).map((i) => i.decode().catch(() => 0)))"
        )
        await visitor.page.wait_for_load_state("load")
        shot = Image.open(io.BytesIO(await visitor.page.screenshot()))
        shot.convert("RGB").save(folder / f"{name}-{manner}.webp", quality=84, method=6)
    await visitor.context.close()


async def tour(browser: Browser, house: House, folder: pathlib.Path) -> None:
    """Everything, in every manner."""
    session = await make_company(browser, house)
    cookie = {"name": "parvis_session", "value": session, "url": house.url}
    for shape, window in WINDOWS.items():
        for scheme in ("light", "dark"):
            look = window | {"color_scheme": scheme, "device_scale_factor": 2 if shape == "phone" else 1.5}
            await photograph(await come(browser, house, **look), OUTSIDE, folder, f"{shape}-{scheme}")
            member = await come(browser, house, **look)
            await member.context.add_cookies([cookie])  # type: ignore[list-item] # a cookie as Playwright takes it
            await photograph(member, INSIDE, folder, f"{shape}-{scheme}")
        french = window | {"locale": "fr-FR"}
        await photograph(await come(browser, house, **french), OUTSIDE, folder, f"{shape}-light-fr")
        member = await come(browser, house, **french)
        spoken = {"name": "parvis_language", "value": "fr", "url": house.url}
        await member.context.add_cookies([cookie, spoken])  # type: ignore[list-item] # the same
        await photograph(member, INSIDE, folder, f"{shape}-light-fr")


def lay_out(folder: pathlib.Path) -> None:
    """A contact sheet of each manner: every page, small, under its name."""
    for shape, (across, columns) in THUMB.items():
        for manner in (f"{shape}-light", f"{shape}-dark", f"{shape}-light-fr"):
            names = [name for name in (*OUTSIDE, *INSIDE) if (folder / f"{name}-{manner}.webp").exists()]
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
            sheet.save(folder / f"contact-{manner}.webp", quality=82, method=6)


def show(folder: pathlib.Path, docs: pathlib.Path) -> None:
    """The six that tell most, small."""
    docs.mkdir(parents=True, exist_ok=True)
    for name in SHOWN:
        shot: Image.Image = Image.open(folder / f"{name}.webp")
        across = SMALL if "desk" in name else SMALL // 2
        shot = shot.resize((across, round(shot.height * across / shot.width)), Image.Resampling.LANCZOS)
        shot.save(docs / f"{name}.webp", quality=80, method=6)
        assert (docs / f"{name}.webp").stat().st_size <= LARGEST, name


async def main(folder: pathlib.Path) -> None:
    """Raise, serve, photograph, show."""
    from tests.journeys.conftest import QUIET, find_browser

    world = await raised(folder)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(world, copy, dirs_exist_ok=True)
        house = House(pathlib.Path(copy), embedded=True, models="auto", rate_limits="false")
        house.open()
        try:
            async with async_playwright() as playwright:
                expect.set_options(timeout=PATIENCE)
                browser = await playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
                await tour(browser, house, folder)
                await browser.close()
        finally:
            house.close()
    lay_out(folder)
    show(folder, ROOT / "docs" / "pictures")


if __name__ == "__main__":
    asyncio.run(main(pathlib.Path(sys.argv[1] if sys.argv[1:] else ROOT / "screens")))
