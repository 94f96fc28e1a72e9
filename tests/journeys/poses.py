"""The pages that are photographed, and what is done on each before the picture is taken.

A visitor flows in; the page stands as a member would see it. Pages that only have to be opened are addresses; those on
which something is opened, drawn or written first are functions.
"""

from collections.abc import Awaitable, Callable

from playwright.async_api import expect
from tests.journeys.visitor import Visitor

Pose = Callable[[Visitor], Awaitable[None]]
FOX = "a fox reading by the sea at sunset, watercolour"


def at(path: str) -> Pose:
    """A page that only has to be opened."""

    async def pose(visitor: Visitor) -> None:
        await visitor.go(path)

    return pose


async def first(visitor: Visitor, path: str, selector: str) -> None:
    """Open what the first of some links on a page leads to."""
    await visitor.go(path)
    href = await visitor.page.locator(selector).first.get_attribute("href")
    await visitor.go(href or "/")


async def thread(visitor: Visitor) -> None:
    """The assistant's answer, in its thread."""
    await visitor.go("/@parvis/replies")
    path = await visitor.page.locator("[data-feed] .when").last.get_attribute("href")
    await visitor.go(path or "/")


async def branching(visitor: Visitor) -> None:
    """A post with many replies."""
    await first(visitor, "/@wanjiru", "[data-feed] .when")


async def likers(visitor: Visitor) -> None:
    """Who liked a post."""
    await branching(visitor)
    href = await visitor.page.locator(".facts a").first.get_attribute("href")
    await visitor.go(href or "/")


async def imagine(visitor: Visitor) -> None:
    """The composer with a drawing in it."""
    page = visitor.page
    await visitor.go("/compose")
    await page.fill("[data-composer] textarea", "Reading weather.")
    await page.click("[data-imagine-open]")
    await page.fill("#prompt", FOX)
    await page.click("[data-draw]")
    await expect(page.locator("[data-keep]")).to_be_visible()
    await page.locator("[data-drawing] img").evaluate("(img) => img.decode()")


async def writing(visitor: Visitor) -> None:
    """A reply at the writing desk, over the page."""
    await visitor.go("/local")
    await visitor.page.locator(".reply").nth(3).click()
    await visitor.page.wait_for_selector("#writing-desk textarea")


async def composing(visitor: Visitor) -> None:
    """The composer with everything unfolded."""
    page = visitor.page
    await visitor.go("/compose")
    await page.fill("[data-composer] textarea", "What shall we read on Thursday?")
    for part in ("warning", "poll", "later"):
        await page.click(f"[data-unfold='{part}']")
    await page.locator("h1").hover()


async def menu(visitor: Visitor) -> None:
    """What can be done with a post."""
    await visitor.go("/local")
    await visitor.page.locator(".post .more summary").nth(1).click()


async def keyboard(visitor: Visitor) -> None:
    """The list of keys."""
    await visitor.go("/local")
    await visitor.page.keyboard.press("?")


async def lightbox(visitor: Visitor) -> None:
    """A picture, large."""
    await visitor.go("/@marta/media")
    await visitor.page.locator(".picture").first.click()
    await visitor.page.wait_for_selector("dialog[open] img")


OUTSIDE: dict[str, Pose] = {
    "landing": at("/"),
    "sign-up": at("/sign-up"),
    "sign-in": at("/sign-in"),
    "square-outside": at("/local"),
    "thread-outside": branching,
}
INSIDE: dict[str, Pose] = {
    "home": at("/"),
    "square": at("/local"),
    "thread": thread,
    "branching": branching,
    "likers": likers,
    "profile": at("/@marta"),
    "own-profile": at("/@ada"),
    "character": at("/@nightguide"),
    "pictures": at("/@marta/media"),
    "followers": at("/@wanjiru/followers"),
    "hashtag": at("/tags/nightbus"),
    "search": at("/search"),
    "found": at("/search?q=lamp"),
    "not-found": at("/search?q=xyzzy"),
    "notifications": at("/notifications"),
    "mentions": at("/notifications/mentions"),
    "messages": at("/messages"),
    "bookmarks": at("/bookmarks"),
    "lists": at("/lists"),
    "requests": at("/requests"),
    "scheduled": at("/scheduled"),
    "drawings": at("/drawings"),
    "compose": at("/compose"),
    "composing": composing,
    "imagine": imagine,
    "writing": writing,
    "menu": menu,
    "keyboard": keyboard,
    "lightbox": lightbox,
    "settings": at("/settings"),
    "appearance": at("/settings/appearance"),
    "privacy": at("/settings/privacy"),
    "security": at("/settings/security"),
    "data": at("/settings/data"),
    "about": at("/about"),
    "terms": at("/about/terms"),
    "status": at("/about/status"),
    "nowhere": at("/@nobody-here"),
    "offline": at("/offline"),
    "styleguide": at("/styleguide"),
}
