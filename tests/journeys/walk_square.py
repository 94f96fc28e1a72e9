"""Walks through what is open to all: the welcome, the square, what many take up, search, and the words of the house."""

from tests.journeys.hand import Hand
from tests.journeys.walks import walk


@walk(
    "GET /",
    "GET /language/{language}",
    "GET /local",
    "GET /about",
    "GET /about/status",
    "GET /about/privacy",
    "GET /about/terms",
    "GET /search",
    "GET /sign-in",
)
async def look_around_first(hand: Hand) -> None:
    """Come as a stranger, in either language; read the square and the words of the house, and look for somebody."""
    _ = hand.say
    await hand.go("/")
    await hand.arrives(_("The square is open."))
    for language in ("en", "fr") if hand.language == "fr" else ("fr", "en"):
        await hand.follow({"en": "English", "fr": "Français"}[language])
        await hand.page.locator(f"html[lang={language}]").wait_for()
    await hand.arrives(_("The square is open."))
    await hand.follow(_("Look around first"))
    await hand.arrives(_("The square"))
    await hand.follow(_("Search"))
    await hand.write(_("People, #hashtags, words"), "wan")
    await hand.page.keyboard.press("Enter")
    await hand.sees("Wanjiru Kamande")
    await hand.follow(_("Sign in to search in posts, too"))
    await hand.arrives(_("Welcome back"))
    await hand.go("/about")
    await hand.follow(_("Privacy"))
    await hand.arrives(_("Privacy"))
    await hand.page.go_back()
    await hand.follow(_("Terms"))
    await hand.arrives(_("Terms"))
    await hand.page.go_back()
    await hand.follow(_("Status"), hand.page.locator("main"))
    await hand.arrives(_("Status"))
