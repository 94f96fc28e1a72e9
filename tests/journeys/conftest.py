"""What journeys share: a house in a process of its own, on either engine, and Chromium before it.

Everything is real but the models: sockets, the database, the browser, and the kill. A page that complains (an error on
its console, a request that failed, a breach of its own policy) fails the journey, whatever else went well.
"""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from tests.conftest import database_at, order
from tests.journeys.chronicle import write_chronicle
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# a window of Chromium draws pages of its own beside ours, and keeps a process for the next one: a third of its work
OWN_PAGES = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess")
# what Playwright turns off itself; the last such switch is the one that counts
UNWANTED = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join((*OWN_PAGES, *UNWANTED))}",
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 15_000  # ms a page may take to show what it promises, on a busy machine


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[..., House]:
    """Hands out closed houses, each on its own copy of a demo world that is raised once for each engine."""
    raised: dict[str, Any] = {}

    def sqlite(settings: dict[str, Any]) -> House:
        if "sqlite" not in raised:
            raised["sqlite"] = tmp_path_factory.mktemp("raised")
            House(raised["sqlite"]).raise_world()
        folder = tmp_path_factory.mktemp("house")
        shutil.copytree(raised["sqlite"], folder, dirs_exist_ok=True)
        return House(folder, **settings)

    def postgresql(settings: dict[str, Any]) -> House:
        server = request.getfixturevalue("postgres_url")
        if "postgresql" not in raised:
            order(server, "CREATE DATABASE raised")
            raised["postgresql"] = server
            House(tmp_path_factory.mktemp("raised"), database_at(server, "raised")).raise_world()
        name = f"house_{secrets.token_hex(6)}"
        order(server, f"CREATE DATABASE {name} TEMPLATE raised STRATEGY FILE_COPY")
        return House(tmp_path_factory.mktemp("house"), database_at(server, name), **settings)

    return lambda engine, **settings: {"sqlite": sqlite, "postgresql": postgresql}[engine](settings)


@pytest.fixture
def house(engine: str, worlds: Callable[..., House]) -> Iterator[House]:
    """An open house of this test's own: the demo world stands, the models are scripted."""
    own = worlds(engine)
    own.open()
    yield own
    own.close()


@pytest.fixture(scope="session")
def square(worlds: Callable[..., House]) -> Iterator[House]:
    """One open house for all who only look around, or mind their own business there."""
    shared = worlds("sqlite", rate_limits="false")
    shared.open()
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def chronicle(square: House) -> str:
    """Where a thousand posts are to be walked through in the shared house."""
    with asyncio.Runner() as runner:
        return runner.run(write_chronicle(square))


def find_browser() -> str | None:
    """The first browser on the path, if there is any."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give all that drives a browser one event loop: the browser is started once, and lives on that."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    found = find_browser()
    if found is None:
        pytest.skip(f"There is no {', '.join(BROWSERS)} on this machine.")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser) -> AsyncIterator[Callable[..., Any]]:
    """Opens a browser window before a house; in the end none of their pages may have complained."""
    visitors: list[Visitor] = []

    async def come(house: House, **window: Any) -> Visitor:
        context = await chromium.new_context(**{"viewport": DESK, "locale": "en-GB"} | window)
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, await context.new_page(), house))
        visitors[-1].scripts = window.get("java_script_enabled", True)
        return visitors[-1]

    yield come
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        await visitor.context.close()
    assert not troubles, troubles
