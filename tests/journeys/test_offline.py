"""Without a network: what was seen is read again, what was written goes out once; and back is where one was."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect
from tests.journeys import gauge
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]


async def test_what_was_seen_is_read_and_what_was_written_goes_out_once(square: House, visit: Visit) -> None:
    traveller = await visit(square)
    page = traveller.page
    await traveller.join("traveller", "Tavia Railway")
    await traveller.go("/local")
    await page.evaluate("navigator.serviceWorker.ready")
    await traveller.go("/")
    await traveller.go("/local")
    await page.focus("body")
    traveller.forgiving = True
    await traveller.context.set_offline(True)

    await traveller.go("/")
    await expect(page.locator("h1")).to_have_text("Home")
    await page.fill("[data-composer] textarea", "Written in a tunnel.")
    await page.click("[data-composer] [data-send]")
    await expect(page.locator(".toast", has_text="It will go out when the network is back.")).to_be_visible()
    await expect(page.locator("[data-composer] textarea")).to_have_value("")
    await traveller.go("/@nobody-ever-saw-this")
    await expect(page.locator("h1")).to_have_text("The lamps are out")

    await traveller.context.set_offline(False)
    await traveller.go("/")
    written = page.locator("[data-feed] .post", has_text="Written in a tunnel.")
    for _ in range(20):  # it goes out by the page or by the service worker, whichever comes first
        await traveller.go("/@traveller")
        if await written.count():
            break
    await expect(written).to_have_count(1)


STANDS = """() => { const post = [...document.querySelectorAll('[data-feed] [data-entry]')]
  .find((one) => one.getBoundingClientRect().top > 100);
  return [post.dataset.entry, post.getBoundingClientRect().top]; }"""
WHERE = '(entry) => document.querySelector(`[data-feed] [data-entry="${entry}"]`)?.getBoundingClientRect().top ?? 1e6'


@pytest.mark.parametrize("deep", [30, 140])
async def test_back_is_where_one_was(square: House, chronicle: str, visit: Visit, deep: int) -> None:
    reader = await visit(square)
    page = reader.page
    await reader.go(chronicle)
    assert await gauge.scroll_through(reader, deep) >= deep
    entry, top = await reader.measure(STANDS)
    await page.locator(f'[data-entry="{entry}"] .when').first.click()
    await expect(page.locator("h1")).to_have_text("Thread")
    await page.go_back()
    await gauge.calm(reader)
    assert abs(await reader.measure(WHERE, entry) - top) < 2, entry


async def test_a_draft_is_found_again_and_what_one_types_is_completed(square: House, visit: Visit) -> None:
    writer = await visit(square)
    page = writer.page
    await writer.join("writer", "Wilma Quill")
    text = page.locator("[data-composer] textarea").first
    await text.focus()
    await text.press_sequentially("Evening, @wanj", delay=20)
    await expect(page.locator(".option").first).to_contain_text("wanjiru")
    await page.keyboard.press("Enter")
    await expect(text).to_have_value("Evening, @wanjiru ")
    await writer.go("/local")
    await writer.go("/")
    await text.focus()
    await expect(text).to_have_value("Evening, @wanjiru ")
    await page.click("[data-more]")
    await page.keyboard.type("And a second part.")
    async with page.expect_response("**/posts"):
        await page.click("[data-composer] [data-send]")
    await expect(text).to_have_value("")
    await writer.go("/@writer/replies")
    await expect(page.locator("[data-feed] .post", has_text="And a second part.")).to_have_count(1)
