"""How long a touch waits to be seen on a processor four times slower: home, its menus and its writing desk.

An open house flows in; milliseconds from a touch to the next frame flow out, of each thing that one does in a feed.
Chromium counts the ticks of the page's own thread, and not the clock's: four times as many are what a processor four
times slower would take, whatever else the machine is doing.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, expect
from tests.journeys.house import House
from tests.journeys.screens import PHONE, come

SLOWER = 4
TRIES = 5
NEXT_FRAME = """() => {
  window.framed = new Promise((drawn) => {
    const touched = () => requestAnimationFrame(() => setTimeout(drawn));
    for (const kind of ['click', 'keydown', 'wheel']) addEventListener(kind, touched, { capture: true, once: true });
  });
}"""


async def touches(browser: Browser, house: House, session: str) -> dict[str, float]:
    """Milliseconds to the next frame of each kind of touch: the median of some tries."""
    visitor = await come(browser, house, session, **PHONE)
    page = visitor.page
    await visitor.go("/")
    took: dict[str, list[float]] = defaultdict(list)

    async def touch(name: str, selector: str) -> None:
        box = await page.locator(selector).first.bounding_box()
        assert box is not None, selector
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        took[name].append(SLOWER * await effort(page, lambda: page.touchscreen.tap(x, y)))

    async def press(name: str, key: str) -> None:
        took[name].append(SLOWER * await effort(page, lambda: page.keyboard.press(key)))

    for _ in range(TRIES):
        async with page.expect_response("**/like"):
            await touch("like", "[data-feed] .like")
        async with page.expect_response("**/unlike"):
            await touch("unlike", "[data-feed] .like")
        await touch("open a menu", "[data-feed] .more summary")
        await expect(page.locator("[data-feed] .menu").first).to_be_visible()
        await touch("close a menu", ".bar")
        await expect(page.locator("[data-feed] .menu").first).to_be_hidden()
        await touch("open the composer", ".fab")
        await expect(page.locator("dialog textarea")).to_be_focused()
        for key in ("Space", "@", "w", "a", "n"):
            await press("type", key)
        await expect(page.locator("dialog .option").first).to_be_visible()
        await press("shut what is offered", "Escape")
        await press("close the composer", "Escape")
        await expect(page.locator("dialog textarea")).to_have_count(0)
        for way in (150, -150):
            took["turn the wheel"].append(SLOWER * await effort(page, partial(page.mouse.wheel, 0, way)))
    await visitor.context.close()
    return {name: median(times) for name, times in took.items()}


async def effort(page: Page, act: Callable[[], Awaitable[Any]]) -> float:
    """Milliseconds of the page's own thread from a touch to the next frame."""
    wire = await page.context.new_cdp_session(page)
    await wire.send("Performance.enable", {"timeDomain": "threadTicks"})
    asked = await _busy(wire)
    await page.evaluate("() => Promise.resolve()")
    before = await _busy(wire)
    asking = before - asked  # what a question like ours costs by itself
    await page.evaluate(NEXT_FRAME)
    before = await _busy(wire)
    await act()
    await page.evaluate("() => window.framed")
    spent = await _busy(wire) - before - asking
    await wire.detach()
    return spent * 1000


async def _busy(wire: CDPSession) -> float:
    told = await wire.send("Performance.getMetrics")
    return next(float(one["value"]) for one in told["metrics"] if one["name"] == "TaskDuration")
