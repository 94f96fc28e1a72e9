"""What a newcomer sees: the whole way from the lively square to a killed and restarted server, as one story."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, expect
from tests.conftest import BOTH
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

from parvis.ai import catalogue, choose
from parvis.core.config import Settings

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]
FOX = "a fox reading by the sea at sunset, watercolour"
ANSWER = "It is about a fox who reads by the sea at sunset, and about what the fox may be reading there so late."
SLOW = 90_000  # ms that a real model may take on a busy machine
WORDS = "Good evening, square. I drew this while the kettle boiled."


@BOTH
async def test_a_newcomer_comes_in_and_everything_is_still_there_after_a_kill(house: House, visit: Visit) -> None:
    ada, basile = await visit(house), await visit(house)

    await come_in(ada)
    await follow_two(ada)
    await say(ada, "Hello! Is this seat taken?")
    await basile.join("basile", "Basile Roux")
    await follow(basile, "ada")

    await imagine(ada, house)
    await ada.page.fill("[data-composer] textarea", WORDS)
    await ada.page.click("[data-composer] [data-send]")
    arrived = basile.page.locator("[data-feed] .post", has_text=WORDS)
    await expect(arrived).to_be_visible()  # without reloading
    await expect(arrived.locator(".origin.on-picture")).to_have_text("AI illustration")

    await ask(ada, basile, house)

    for visitor in (ada, basile):
        visitor.forgiving = True
    house.kill()
    house.open()
    await ada.page.reload()
    for visitor in (ada, basile):
        visitor.forgiving = False
    await everything_is_there(ada)
    await say(ada, "The lights went out, and came back.")
    await basile.go("/")
    await expect(posts(basile, "The lights went out")).to_be_visible()


@pytest.mark.models
async def test_the_same_with_the_models_that_come_with_the_house(worlds: Callable[..., House], visit: Visit) -> None:
    require_models()
    house = worlds("sqlite", embedded=True, models="light")
    house.open()
    try:
        ada, basile = await visit(house), await visit(house)
        for visitor in (ada, basile):
            visitor.context.set_default_timeout(SLOW)
        await come_in(ada)
        await basile.join("basile", "Basile Roux")
        await follow(basile, "ada")
        await ada.page.click("[data-imagine-open]")
        await ada.page.fill("#prompt", FOX)
        await ada.page.click("[data-draw]")
        await expect(ada.page.locator("[data-drawing] progress")).to_be_visible(timeout=SLOW)
        await ada.page.click("[data-keep]")
        await expect(ada.page.locator("input[name^=media_alt]")).to_have_value(re.compile("fox", re.IGNORECASE))
        await ada.page.fill("[data-composer] textarea", WORDS)
        await ada.page.click("[data-composer] [data-send]")
        await expect(posts(basile, WORDS).locator(".picture img")).to_be_visible()
        await posts(ada, WORDS).locator("time").click()
        await ada.page.fill("[data-composer] textarea", "@parvis what is this thread about?")
        await ada.page.click("[data-composer] [data-send]")
        answer = ada.page.locator("[data-replies] .post:not(.writing)", has_text="@parvis").filter(
            has=ada.page.locator(".origin")
        )
        await expect(answer.locator(".prose")).to_have_text(re.compile(r"\w+"), timeout=SLOW)
    finally:
        house.close()


def require_models() -> None:
    """Skip where the embedded models are not on this machine."""
    settings = Settings(models="light")
    folder = catalogue.folder("")
    missing = [name for name in choose.wanted(settings) if not catalogue.is_pulled(name, folder)]
    if missing:
        pytest.skip(f"These models are not on this machine: {', '.join(missing)}. `make models` fetches them.")


async def come_in(visitor: Visitor) -> None:
    """A lively square, and a place taken on it."""
    page = visitor.page
    await visitor.go("/")
    await expect(page.locator(".landing .arcade a")).to_have_count(7)
    assert await page.locator(".landing [data-feed] .post").count() >= 10
    await page.click("text=Come in")
    await page.fill("#handle", "ada")
    await page.fill("#name", "Ada Moreau")
    await page.fill("#password", "stones and pigeons")
    await page.click("text=Open my account")
    await expect(page.locator("h1")).to_have_text("Home")
    await expect(page.locator(".empty")).to_contain_text("Your square is quiet")


async def follow_two(visitor: Visitor) -> None:
    """The first two who are worth following; what they said stands on home then."""
    buttons = visitor.page.locator(".company [data-follow] button")
    for place in (0, 1):
        async with visitor.page.expect_response("**/follow") as told:
            await buttons.nth(place).click()
        assert (await told.value).ok
        await expect(buttons.nth(place)).to_have_attribute("aria-pressed", "true")
    await visitor.go("/")
    assert await posts(visitor).count() > 0


async def follow(visitor: Visitor, handle: str) -> None:
    """Follow someone on their profile, and go home."""
    await visitor.go(f"/@{handle}")
    async with visitor.page.expect_response("**/follow"):
        await visitor.page.click(".profile-top [data-follow] button")
    await visitor.go("/")


async def say(visitor: Visitor, words: str) -> None:
    """Post in place."""
    await visitor.go("/")
    await visitor.page.fill("[data-composer] textarea", words)
    await visitor.page.click("[data-composer] [data-send]")
    await expect(posts(visitor, words)).to_be_visible()


async def imagine(visitor: Visitor, house: House) -> None:
    """Ask for a fox, watch it, cancel it, ask again, and keep it in the composer."""
    page = visitor.page
    drawing = page.locator("[data-drawing]")
    left = page.locator("[data-units]")
    await expect(left).to_have_text("200 units left today")
    await page.click("[data-imagine-open]")
    await expect(page.locator("#prompt")).to_be_focused()
    house.script("image", "hang", after=2)
    await page.fill("#prompt", FOX)
    await page.click("[data-draw]")
    await expect(drawing.locator("progress")).to_have_js_property("value", 0.5)
    await expect(drawing.locator("img")).to_have_attribute("alt", "A first sketch")
    await drawing.get_by_role("button", name="Cancel").click()
    await expect(drawing).to_contain_text("Cancelled.")
    house.script("image", "release")
    await drawing.get_by_role("button", name="Another one").click()
    await expect(drawing.locator("img")).to_have_attribute("alt", FOX)
    await expect(drawing.locator(".origin")).to_have_text("AI illustration")
    await drawing.get_by_role("button", name="Keep it").click()
    chosen = page.locator("[data-chosen] .chosen-item")
    await expect(chosen.locator("input[name^=media_alt]")).to_have_value(FOX)
    await expect(drawing).to_have_count(0)


async def ask(asker: Visitor, reader: Visitor, house: House) -> None:
    """The assistant's answer grows in the thread, for whoever looks, and says what it is."""
    await posts(asker, WORDS).locator("time").click()
    await expect(asker.page.locator("h1")).to_have_text("Thread")
    await posts(reader, WORDS).locator("time").click()
    await expect(reader.page.locator("h1")).to_have_text("Thread")
    house.script("text", "enqueue", ANSWER)
    house.script("text", "hang", after=12)
    await asker.page.fill("[data-composer] textarea", "@parvis what is this thread about?")
    await asker.page.click("[data-composer] [data-send]")
    for visitor in (asker, reader):
        writing = visitor.page.locator(".post.writing")
        await expect(writing.locator(".prose")).to_contain_text("It is about a fox who reads")
        await expect(writing.locator(".prose")).not_to_contain_text("so late")
        await expect(writing.locator(".origin")).to_contain_text("AI")
    house.script("text", "release")
    for visitor in (asker, reader):
        answer = visitor.page.locator("[data-replies] .post:not(.writing)", has_text="so late")
        await expect(answer.locator(".name")).to_have_text("Parvis")
        await expect(answer.locator(".byline .origin")).to_contain_text("AI")
        await expect(visitor.page.locator(".post.writing")).to_have_count(0)
    async with asker.page.expect_response("**/like"):
        await asker.page.locator("[data-replies] .post", has_text="so late").locator(".like").click()
    await expect(reader.page.locator("[data-replies] .post", has_text="so late").locator(".like")).to_have_text("1")


async def everything_is_there(visitor: Visitor) -> None:
    """The thread as it was, the picture, the like, whom one follows, and what is left to spend."""
    page = visitor.page
    await expect(page.locator(".focused .prose")).to_have_text(WORDS)
    assert await page.locator(".focused .picture img").evaluate("async (img) => (await img.decode(), img.naturalWidth)")
    await expect(page.locator("[data-replies] .post", has_text="what is this thread about?")).to_be_visible()
    answer = page.locator("[data-replies] .post", has_text="so late")
    await expect(answer.locator(".like")).to_have_attribute("aria-pressed", "true")
    await visitor.go("/@ada/following")
    await expect(page.locator("[data-feed] [data-person]")).to_have_count(2)
    await visitor.go("/settings")
    await expect(page.locator("text=units left today")).to_contain_text("of 200")


def posts(visitor: Visitor, words: str = "") -> Locator:
    """Posts of a feed that hold the words."""
    return visitor.page.locator("[data-feed] .post", has_text=words)
