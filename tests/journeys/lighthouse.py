"""`python -m tests.journeys.lighthouse`: what Lighthouse gives the pages, as a phone sees them.

The demo world is raised in a folder of its own and served; npm fetches Lighthouse, in the newest edition that runs on
the Node that is here, and it opens the landing page, and home and a thread for a member. Its scores flow out, and what
it holds against a page that has less than it should.
"""

import asyncio
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from typing import Any

from playwright.async_api import async_playwright
from tests.journeys.conftest import QUIET, find_browser
from tests.journeys.furnish import furnish
from tests.journeys.house import House
from tests.journeys.screens import come, raised

KINDS = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
NEWEST = ((22, "13"), (18, "12"))  # the first Node that each edition runs on
PATIENCE = 180  # seconds for a page


def edition() -> str:
    """The edition of Lighthouse that runs on this Node."""
    told = subprocess.run(["node", "--version"], capture_output=True, check=True, text=True)  # noqa: S607 - on the path
    node = int(told.stdout.lstrip("v").split(".")[0])
    return next(name for least, name in NEWEST if node >= least)


def judged(url: str, cookie: str, folder: pathlib.Path) -> dict[str, Any]:
    """Lighthouse's report of a page, as somebody with this cookie sees it."""
    npx, headers, report = shutil.which("npx"), folder / "headers.json", folder / "report.json"
    assert npx is not None, "Lighthouse comes with npm, and there is none here."
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    command = [npx, "--yes", f"lighthouse@{edition()}", url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(KINDS)}", f"--extra-headers={headers}"]
    command += [f"--chrome-flags={' '.join(QUIET)}"]
    given = os.environ | {"CHROME_PATH": find_browser() or ""}
    subprocess.run(command, env=given, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)  # noqa: S603 - as above
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def scores(report: dict[str, Any]) -> dict[str, int]:
    """What each kind got, of a hundred."""
    return {kind: round(100 * (report["categories"][kind]["score"] or 0)) for kind in KINDS}


def complaints(report: dict[str, Any]) -> list[str]:
    """What was held against the page, the weightiest first in its kind."""
    found = []
    for kind in KINDS:
        for told in report["categories"][kind]["auditRefs"]:
            audit = report["audits"][told["id"]]
            if told["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(f"{kind}: {audit['id']} {audit['score']} {audit.get('displayValue', '')}")
    return found


async def a_thread(house: House) -> str:
    """Where a thread is."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        visitor = await come(browser, house)
        await visitor.go("/@parvis/replies")
        path = await visitor.page.locator("[data-feed] .when").last.get_attribute("href")
        await browser.close()
    return path or "/"


def main(folder: pathlib.Path) -> None:
    """Raise, serve, judge, print."""
    world = asyncio.run(raised(folder))
    with tempfile.TemporaryDirectory() as copied:
        copy = pathlib.Path(copied)
        shutil.copytree(world, copy / "world")
        sessions = asyncio.run(furnish(copy / "world"))
        house = House(copy / "world", models="none", rate_limits="false")
        house.open()
        try:
            cookie, thread = f"parvis_session={sessions['ada']}", asyncio.run(a_thread(house))
            for name, path, worn in (("landing", "/", ""), ("home", "/", cookie), ("thread", thread, cookie)):
                report = judged(house.url + path, worn, copy)
                got = scores(report)
                print(f"{name}: " + ", ".join(f"{kind} {score}" for kind, score in got.items()))  # noqa: T201
                for complaint in complaints(report):
                    print(f"    {complaint}")  # noqa: T201 - said to whoever asked
        finally:
            house.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as fresh:
        main(pathlib.Path(sys.argv[1] if sys.argv[1:] else fresh))
