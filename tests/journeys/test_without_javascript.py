"""A browser without scripts: reading, coming in, posting, answering and imagining go by links and forms alone."""

import io
from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import expect
from tests.journeys.house import House
from tests.journeys.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(loop_scope="session")
async def plain(square: House, visit: Visit) -> Visitor:
    """Somebody whose browser runs no scripts."""
    return await visit(square, java_script_enabled=False)


async def test_one_reads_comes_in_and_goes_out(plain: Visitor) -> None:
    page = plain.page
    await plain.go("/")
    assert await page.locator("[data-feed] .post").count() >= 10
    await page.click("text=See all")
    await page.click("text=Older posts")
    await expect(page.locator("[data-feed] .post").first).to_be_visible()
    await plain.join("paper", "Paper Pruitt")
    await expect(page.locator("h1")).to_have_text("Home")
    await page.click(".nav-foot summary")
    await page.click("text=Sign out")
    await expect(page.locator("h1")).to_have_text("The square is open.")
    await plain.go("/settings")
    await page.fill("#login", "paper")
    await page.fill("#password", PASSWORD)
    await page.click(".sheet button")
    await expect(page.locator("h1")).to_have_text("Settings")


async def test_one_follows_posts_a_picture_likes_and_replies(plain: Visitor) -> None:
    page = plain.page
    await plain.join("candle", "Candle Byrne")
    await plain.go("/@wanjiru")
    await page.click(".profile-top [data-follow] button")
    await expect(page.locator(".profile-top [data-follow] button")).to_contain_text("You follow")
    await plain.go("/")
    await page.fill("[data-composer] textarea", "Written by candle light.")
    await page.set_input_files("input[name=pictures]", {"name": "sky.png", "mimeType": "image/png", "buffer": sky()})
    await page.click("text=Describe the pictures")
    await page.fill("input[name=alt_1]", "A plain evening sky")
    await page.select_option("[name=focus_1]", label="The top")
    await page.click("[data-send]")
    await expect(page.locator("h1")).to_have_text("Thread")
    await expect(page.locator(".focused .picture img")).to_have_attribute("alt", "A plain evening sky")
    await expect(page.locator(".focused .picture")).to_have_attribute("data-fy", "1")

    await page.click(".focused .like")
    await expect(page.locator(".focused .like")).to_have_attribute("aria-pressed", "true")
    await page.click(".focused .reply")
    await page.fill("[data-composer] textarea", "And answered by it.")
    await page.click("[data-send]")
    await expect(page.locator(".focused", has_text="And answered by it.")).to_be_visible()
    await plain.go("/@candle")
    await page.locator("[data-feed] .post", has_text="Written by candle light.").locator(".more summary").click()
    await page.locator("button.danger:visible", has_text="Delete").click()
    await plain.go("/@candle")
    await expect(page.locator("[data-feed] .post", has_text="Written by candle light.")).to_have_count(0)


async def test_one_imagines_a_picture_and_posts_it(plain: Visitor) -> None:
    page = plain.page
    await plain.join("lantern", "Lantern Oduya")
    plain.house.script("image", "hang", after=2)
    await page.click("[data-imagine-open]")
    await page.fill("#prompt", "a lantern in the snow")
    await page.click("[data-draw]")
    await expect(page.locator("[data-drawing] progress")).to_be_visible()
    plain.house.script("image", "release")
    await expect(page.locator("[data-keep]")).to_be_visible()  # the page looks again by itself
    await page.click("[data-keep]")
    await expect(page.locator("input[name^=media_alt]")).to_have_value("a lantern in the snow, watercolour")
    await page.fill("[data-composer] textarea", "Drawn without a script.")
    await page.click("[data-send]")
    await expect(page.locator(".focused .origin.on-picture")).to_have_text("AI illustration")


async def test_a_refusal_gives_the_words_back(plain: Visitor) -> None:
    page = plain.page
    await plain.join("ink", "Ink Osei")
    plain.expected = 422
    await page.fill("[data-composer] textarea", "word " * 120)
    await page.click("[data-send]")
    await expect(page.locator(".form-error")).to_contain_text("500")
    assert (await page.locator("[data-composer] textarea").input_value()).startswith("word word")


def sky() -> bytes:
    """A picture."""
    data = io.BytesIO()
    Image.new("RGB", (640, 400), "#e7a977").save(data, "PNG")
    return data.getvalue()
