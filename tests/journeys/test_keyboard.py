"""Everything by keyboard: walking the posts, liking, writing, and finding the way out."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]


async def test_posts_are_walked_and_liked_with_letters(square: House, visit: Visit) -> None:
    walker = await visit(square)
    page = walker.page
    await walker.join("walker", "Wendell Walker")
    await walker.go("/local")
    current = page.locator(".post.current")
    first, second = [await page.locator("[data-feed] .post").nth(place).get_attribute("id") for place in (0, 1)]

    await page.keyboard.press("j")
    await expect(current).to_have_id(first or "")
    await expect(current).to_be_focused()
    await page.keyboard.press("j")
    await expect(current).to_have_id(second or "")
    await page.keyboard.press("k")
    await expect(current).to_have_id(first or "")
    async with page.expect_response("**/like"):
        await page.keyboard.press("l")
    await expect(current.locator(".like")).to_have_attribute("aria-pressed", "true")
    async with page.expect_response("**/unlike"):
        await page.keyboard.press("l")
    await expect(current.locator(".like")).to_have_attribute("aria-pressed", "false")
    for begin in ("n", "r"):
        await page.keyboard.press(begin)
        await expect(page.locator("dialog textarea")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#writing-desk")).to_have_count(0)
        await expect(current).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Thread")


async def test_the_list_of_keys_opens_and_closes(square: House, visit: Visit) -> None:
    reader = await visit(square)
    await reader.go("/local")
    await reader.page.keyboard.press("Tab")
    await expect(reader.page.locator(".skip")).to_be_focused()
    await reader.page.keyboard.press("?")
    keys = reader.page.get_by_role("dialog", name="Keyboard")
    await expect(keys).to_be_visible()
    await reader.page.keyboard.press("Escape")
    await expect(keys).to_be_hidden()
    await reader.page.keyboard.press("/")
    await expect(reader.page.locator("[data-search]")).to_be_focused()
    await reader.page.keyboard.type("jjj")
    await expect(reader.page.locator("[data-search]")).to_have_value("jjj")
