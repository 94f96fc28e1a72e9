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


def opened(path: str, selector: str) -> Pose:
    """What the first of some links on a page leads to."""

    async def pose(visitor: Visitor) -> None:
        await first(visitor, path, selector)

    return pose


async def thread(visitor: Visitor) -> None:
    """The assistant's answer, in its thread."""
    await visitor.go("/@parvis/replies")
    path = await visitor.page.locator("[data-feed] .when").last.get_attribute("href")
    await visitor.go(path or "/")


async def branching(visitor: Visitor) -> None:
    """A post that was liked and answered."""
    met = "".join(f':has([data-count="{count}"]:not(:empty))' for count in ("likes", "replies"))
    await first(visitor, "/@wanjiru", f"[data-feed] .post{met} .when")


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
    """What can be done with a post, on a page to which nobody adds meanwhile."""
    await visitor.go("/@marta")
    await visitor.page.locator(".post .more summary").first.click()


async def account_menu(visitor: Visitor) -> None:
    """A member's own menu."""
    await visitor.go("/lists")
    await visitor.page.click(".nav-foot summary")


async def profile_menu(visitor: Visitor) -> None:
    """What can be done about somebody."""
    await visitor.go("/@marta")
    await visitor.page.click(".profile-top .more summary")


async def asking(visitor: Visitor) -> None:
    """What cannot be taken back is asked first."""
    await visitor.go("/@marta")
    await visitor.page.click(".profile-top .more summary")
    await visitor.page.click(".profile-top [data-confirm]")
    await visitor.page.wait_for_selector("dialog[open]")


async def changes(visitor: Visitor) -> None:
    """What a post said before, over the page."""
    await visitor.go("/@ada")
    await visitor.page.locator("[data-history]").first.click()
    await visitor.page.wait_for_selector("dialog[open]")


async def wrong_password(visitor: Visitor) -> None:
    """Somebody who did not come in."""
    await visitor.go("/sign-in")
    await visitor.page.fill("#login", "ada")
    await visitor.page.fill("#password", "not this one")
    await visitor.page.click("form.sheet button.sun")
    await visitor.page.wait_for_selector("[role=alert]")


async def bad_handle(visitor: Visitor) -> None:
    """A handle that is taken."""
    await visitor.go("/sign-up")
    await visitor.page.fill("#handle", "marta")
    await visitor.page.fill("#password", "stones and pigeons")
    await visitor.page.click("form.sheet button.sun")
    await visitor.page.wait_for_selector("[role=alert], .problem")


async def too_long(visitor: Visitor) -> None:
    """More words than a post holds."""
    await visitor.go("/compose")
    await visitor.page.fill("[data-composer] textarea", "and on it goes " * 40)


async def keyboard(visitor: Visitor) -> None:
    """The list of keys."""
    await visitor.go("/local")
    await visitor.page.keyboard.press("?")


async def lightbox(visitor: Visitor) -> None:
    """A picture, large."""
    await visitor.go("/@marta/media")
    await visitor.page.locator(".picture").first.click()
    await visitor.page.wait_for_selector("dialog[open] img")


async def listed(visitor: Visitor) -> None:
    """Who is on a list."""
    await first(visitor, "/lists", ".lines a")
    await visitor.go(visitor.page.url.removeprefix(visitor.house.url) + "/members")


async def filling(visitor: Visitor) -> None:
    """A collection of one's own, to be changed."""
    await first(visitor, "/collections", ".lines a")
    await visitor.go(visitor.page.url.removeprefix(visitor.house.url) + "/edit")


async def talking(visitor: Visitor) -> None:
    """A conversation between two."""
    await visitor.go("/messages")
    await visitor.page.locator(".conversations a").first.click()
    await visitor.page.wait_for_selector(".line")


OUTSIDE: dict[str, Pose] = {
    "landing": at("/"),
    "sign-up": at("/sign-up"),
    "sign-in": at("/sign-in"),
    "forgotten": at("/sign-in/forgotten"),
    "wrong-password": wrong_password,
    "bad-handle": bad_handle,
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
    "places": at("/@marta/places"),
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
    "list": opened("/lists", ".lines a"),
    "list-members": listed,
    "collections": at("/collections"),
    "collection": opened("/collections", ".lines a"),
    "collection-edit": filling,
    "explore": at("/explore"),
    "explore-tags": at("/explore/tags"),
    "explore-links": at("/explore/links"),
    "explore-people": at("/explore/people"),
    "conversation": talking,
    "report": at("/@delroy/report"),
    "history": opened("/@ada/replies", ".edited"),
    "polled": at("/@basile"),
    "drawings": at("/drawings"),
    "compose": at("/compose"),
    "composing": composing,
    "imagine": imagine,
    "writing": writing,
    "too-long": too_long,
    "menu": menu,
    "account-menu": account_menu,
    "profile-menu": profile_menu,
    "asking": asking,
    "changes": changes,
    "keyboard": keyboard,
    "lightbox": lightbox,
    "settings": at("/settings"),
    "edit-profile": at("/settings/profile"),
    "appearance": at("/settings/appearance"),
    "privacy": at("/settings/privacy"),
    "security": at("/settings/security"),
    "data": at("/settings/data"),
    "policy": at("/settings/notifications"),
    "filters": at("/settings/filters"),
    "filter": opened("/settings/filters", ".lines a"),
    "blocks": at("/settings/blocks"),
    "muted": at("/settings/blocks/muted"),
    "strikes": at("/settings/strikes"),
    "about": at("/about"),
    "terms": at("/about/terms"),
    "status": at("/about/status"),
    "nowhere": at("/@nobody-here"),
    "offline": at("/offline"),
    "styleguide": at("/styleguide"),
}
DESK: dict[str, Pose] = {
    "desk": at("/desk"),
    "desk-report": opened("/desk", "main a[href^='/desk/reports/']"),
    "desk-people": at("/desk/people"),
    "desk-person": at("/desk/people?q=delroy"),
    "desk-appeals": at("/desk/appeals"),
    "desk-trends": at("/desk/trends"),
    "desk-numbers": at("/desk/numbers"),
    "desk-house": at("/desk/house"),
    "desk-rules": at("/desk/house/rules"),
    "desk-texts": at("/desk/house/texts"),
    "desk-announcements": at("/desk/house/announcements"),
    "desk-gate": at("/desk/house/gate"),
    "desk-emojis": at("/desk/house/emojis"),
    "desk-audit": at("/desk/audit"),
    "desk-jobs": at("/desk/jobs"),
    "desk-status": at("/desk/status"),
}
