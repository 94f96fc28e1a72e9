"""`python -m benchmarks.pages`: what the pages weigh, how soon a touch is seen, and what Lighthouse gives them.

The demo world is raised in a folder of its own, or in the one that the command line names, and served; Chromium opens
it as a phone does. A table flows out, and what Lighthouse holds against a page that has less than a hundred.
"""

import asyncio
import pathlib
import shutil
import sys
import tempfile

from playwright.async_api import Browser, async_playwright
from rich.console import Console
from rich.table import Table
from tests.journeys import gauge
from tests.journeys.conftest import QUIET, find_browser
from tests.journeys.furnish import furnish
from tests.journeys.house import House
from tests.journeys.screens import PHONE, come, raised

from benchmarks import lighthouse, touch

out = Console(width=150)
MEMBER = "ada"
LEAST = 95  # of a hundred


async def seen(house: House, session: str, table: Table) -> str:
    """What one sees for oneself: weights and touches, into the table. Where a thread is flows out."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        weight = await _weight(browser, house, session)
        table.add_row("home, first load without pictures", f"{weight:,} bytes", "60,000 bytes")
        for name, wait in (await touch.touches(browser, house, session)).items():
            table.add_row(f"to the next frame, {touch.SLOWER} times slower: {name}", f"{wait:.0f} ms", "100 ms")
        visitor = await come(browser, house)
        await visitor.go("/@parvis/replies")
        path = await visitor.page.locator("[data-feed] .when").last.get_attribute("href")
        await browser.close()
    return path or "/"


async def _weight(browser: Browser, house: House, session: str) -> int:
    visitor = await come(browser, house, session, **PHONE)
    weight = sum((await gauge.first_load(visitor.page, f"{house.url}/")).values())
    await visitor.context.close()
    return weight


def judge(house: House, session: str, thread: str, table: Table, folder: pathlib.Path) -> list[str]:
    """What Lighthouse gives the landing page, and home and a thread for a member; its complaints flow out."""
    edition = lighthouse.edition()
    if edition is None:
        return ["Lighthouse comes with npm, and there is none here, or its Node is older than 18."]
    held: list[str] = []
    worn = f"parvis_session={session}"
    for name, path, cookie in (("landing", "/", ""), ("home", "/", worn), ("thread", thread, worn)):
        report = lighthouse.judged(edition, house.url + path, cookie, folder)
        got = ", ".join(f"{kind} {score}" for kind, score in lighthouse.scores(report).items())
        table.add_row(f"Lighthouse, mobile: {name}", got, f"{LEAST} each")
        held += [f"{name}, {complaint}" for complaint in lighthouse.complaints(report)]
    return held


def main(folder: pathlib.Path) -> None:
    """Raise, serve, look, judge, print."""
    world = asyncio.run(raised(folder))
    table = Table("what", "figure", "to reach", title="The pages, on a phone")
    with tempfile.TemporaryDirectory() as copied:
        copy = pathlib.Path(copied)
        shutil.copytree(world, copy / "world")
        session = asyncio.run(furnish(copy / "world"))[MEMBER]
        house = House(copy / "world", models="none", rate_limits="false")
        house.open()
        try:
            thread = asyncio.run(seen(house, session, table))
            held = judge(house, session, thread, table, copy)
        finally:
            house.close()
    out.print(table, *held, sep="\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as fresh:
        main(pathlib.Path(sys.argv[1] if sys.argv[1:] else fresh))
