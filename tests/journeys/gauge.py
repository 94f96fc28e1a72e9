"""How a page feels, in figures: bytes of its first load, shifts of its layout, what it holds.

A page and what to do on it flow in; figures that Chromium itself reports flow out. Nothing here judges.
"""

from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page
from tests.journeys.visitor import Visitor

WATCH = """() => {
  window.felt = { shift: 0, moved: [] };
  const told = (node) => node?.outerHTML?.slice(0, 90) || node?.nodeName || '';
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      felt.shift += entry.value;
      felt.moved.push([entry.value, Math.round(scrollY), ...entry.sources.map((source) =>
        `${Math.round(source.previousRect.top)}>${Math.round(source.currentRect.top)} ${told(source.node)}`)]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}"""
ENTRIES = "() => [...document.querySelectorAll('[data-entry]')].map((one) => one.dataset.entry)"
CALM = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  do await Promise.all([frame(), new Promise((near) => requestIdleCallback(near))]);
  while (document.querySelector('[data-feed]').ariaBusy === 'true' || document.readyState !== 'complete');
  await frame();
  await frame();
}"""
MOST_TURNS = 2000
PICTURES = ("Image", "Media", "Prefetch")


async def watch(context: BrowserContext) -> None:
    """Have every page of this browser write down what shifts on it."""
    await context.add_init_script(f"({WATCH})()")


async def felt(visitor: Visitor) -> dict[str, Any]:
    """What the page wrote down since it was opened; its last frame is drawn."""
    await visitor.measure("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 60)))")
    found: dict[str, Any] = await visitor.measure("() => window.felt")
    return found


async def first_load(page: Page, url: str) -> dict[str, int]:
    """Bytes on the wire, headers and all, of each thing that a page without anything in memory loads; no pictures."""
    wire = await page.context.new_cdp_session(page)
    await wire.send("Network.enable")
    await wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await wire.send("Network.setBypassServiceWorker", {"bypass": True})
    asked: dict[str, tuple[str, str]] = {}
    sent: dict[str, int] = {}

    def answered(told: dict[str, Any]) -> None:
        asked[told["requestId"]] = (told["response"]["url"], told["type"])

    def whole(told: dict[str, Any]) -> None:
        address, kind = asked.get(told["requestId"], ("", "Image"))
        drawn = kind in PICTURES and not address.partition("#")[0].endswith("icons.svg")
        if address and not drawn:
            sent[address] = sent.get(address, 0) + int(told["encodedDataLength"])

    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", whole)
    await page.goto(url, wait_until="load")
    await page.evaluate("() => new Promise((idle) => requestIdleCallback(idle, { timeout: 3000 }))")
    await wire.detach()
    return sent


async def calm(visitor: Visitor) -> None:
    """Return once the page is loaded and no part of its feed is being read."""
    await visitor.measure(CALM)


async def scroll_through(visitor: Visitor, posts: int, *, step: int = 900) -> int:
    """Turn the wheel until so many posts have been passed, or the feed ends; how many there were."""
    page = visitor.page
    passed: set[str] = set()
    for _ in range(MOST_TURNS):
        more = await page.locator("[data-older]").count()
        passed |= set(await visitor.measure(ENTRIES))
        if len(passed) >= posts or not more:
            break
        await page.mouse.wheel(0, step)
        await page.wait_for_function("() => document.querySelector('[data-feed]').ariaBusy !== 'true'")
        await visitor.measure("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return len(passed)


async def held(page: Page) -> dict[str, float]:
    """What the page holds once its waste is collected: elements and other nodes, and bytes of its scripts' memory."""
    wire = await page.context.new_cdp_session(page)
    await wire.send("Performance.enable")
    found = await _counted(wire)
    while (now := await _counted(wire))["nodes"] < found["nodes"]:  # what one round lets go, the next one collects
        found = now
    await wire.detach()
    return now


async def _counted(wire: CDPSession) -> dict[str, float]:
    await wire.send("HeapProfiler.collectGarbage")
    told = await wire.send("Performance.getMetrics")
    found = {one["name"]: float(one["value"]) for one in told["metrics"]}
    return {"nodes": found["Nodes"], "bytes": found["JSHeapUsedSize"]}
