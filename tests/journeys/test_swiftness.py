"""Light, still and swift: what the first load weighs, how far a layout moves, how long a touch waits to be seen."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from statistics import median

import pytest
from playwright.async_api import expect
from tests.journeys import gauge
from tests.journeys.chronicle import POSTS
from tests.journeys.conftest import PHONE
from tests.journeys.house import House
from tests.journeys.test_two_widths import WINDOWS
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]
LIGHT = 60_000  # bytes on the wire, headers and all
STILL = 0.001  # a shift that nobody sees
SLOWER = 4  # times, than this machine
SWIFT = 100  # ms from a touch to the next paint
TRIES = 3
MOST_HELD = {"nodes": 20_000, "bytes": 6_000_000}  # however far one walks
FOLLOWED = ("wanjiru", "marta", "niamh", "solene", "delroy", "kenji")
OPENED = ("/", "/local", "/@wanjiru", "/notifications", "/search", "/settings", "/compose", "/about")


async def settle(visitor: Visitor, handle: str) -> None:
    """Open an account and follow some who say much."""
    await visitor.join(handle, "Swift Sparrow")
    for friend in FOLLOWED:
        await visitor.go(f"/@{friend}")
        async with visitor.page.expect_response("**/follow"):
            await visitor.page.click(".profile-top [data-follow] button")


@pytest.mark.parametrize("window", WINDOWS)
async def test_home_is_light_when_it_comes_first(square: House, visit: Visit, window: str) -> None:
    visitor = await visit(square, **WINDOWS[window])
    await settle(visitor, f"light_{window}")
    sent = await gauge.first_load(visitor.page, f"{square.url}/")
    assert await visitor.page.locator("[data-feed] .post").count() >= 20
    assert any(address.endswith("app.js") for address in sent)
    print(f"first load, {window}: {sum(sent.values())} bytes")  # noqa: T201 - the figure itself
    assert sum(sent.values()) <= LIGHT, sent


@pytest.mark.parametrize("window", WINDOWS)
async def test_nothing_moves_while_a_page_opens_or_is_scrolled(square: House, visit: Visit, window: str) -> None:
    visitor = await visit(square, **WINDOWS[window])
    await gauge.watch(visitor.context)
    await settle(visitor, f"still_{window}")
    for path in OPENED:
        await visitor.go(path)
        shifts = await gauge.felt(visitor)
        assert shifts["shift"] <= STILL, (path, shifts["moved"])
    for path in ("/local", "/@wanjiru"):
        await visitor.go(path)
        await gauge.scroll_through(visitor, 120)
        shifts = await gauge.felt(visitor)
        print(f"shift by wheel, {window} {path}: {shifts['shift']:.4f}")  # noqa: T201 - the figure itself
        assert shifts["shift"] <= STILL, (path, shifts["moved"])


async def test_of_a_thousand_posts_walked_through_few_are_held(square: House, chronicle: str, visit: Visit) -> None:
    visitor = await visit(square, viewport=PHONE)
    page = visitor.page
    await gauge.watch(visitor.context)
    await visitor.go(chronicle)
    most: dict[str, float] = defaultdict(float)

    async def look() -> None:
        for name, figure in (await gauge.held(page)).items():
            most[name] = max(most[name], figure)

    while await page.locator("[data-older]").count():
        await gauge.scroll_through(visitor, POSTS // 4, step=3000)
        await look()
    for key in ("Home", "End", "Home"):
        await page.keyboard.press(key)
        await gauge.calm(visitor)
        await look()
    shifts = await gauge.felt(visitor)
    print(f"walking {POSTS} posts: at most {dict(most)}, shift {shifts['shift']:.4f}")  # noqa: T201 - the figures
    assert shifts["shift"] <= STILL, shifts["moved"]
    assert all(most[name] <= bound for name, bound in MOST_HELD.items()), most


async def test_a_touch_is_seen_at_once_on_a_slow_processor(square: House, visit: Visit) -> None:
    visitor = await visit(square, viewport=PHONE, is_mobile=True, has_touch=True)
    page = visitor.page
    await settle(visitor, "swift")
    await visitor.go("/")
    took: dict[str, list[float]] = defaultdict(list)

    async def touch(name: str, selector: str, place: int = 0) -> None:
        box = await page.locator(selector).nth(place).bounding_box()
        assert box is not None, selector
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        took[name].append(SLOWER * await gauge.effort(page, lambda: page.touchscreen.tap(x, y)))

    async def press(name: str, key: str) -> None:
        took[name].append(SLOWER * await gauge.effort(page, lambda: page.keyboard.press(key)))

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
        took["turn the wheel"].append(SLOWER * await gauge.effort(page, lambda: page.mouse.wheel(0, 150)))
    waits = {name: round(median(times)) for name, times in took.items()}
    print(f"ms to the next frame, {SLOWER} times slower: {waits}")  # noqa: T201 - the figures themselves
    assert max(waits.values()) <= SWIFT, took
