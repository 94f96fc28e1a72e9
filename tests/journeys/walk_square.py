"""Walks through what is open to all: the welcome, the square, what many take up, search, and the words of the house."""

import re

from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.moderation import announcements
from parvis.moderation.announcements import Notice
from parvis.people.relations import follow
from parvis.posts.drafts import Draft
from parvis.posts.likes import like
from parvis.posts.publish import publish
from parvis.timelines import trends


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


@walk(
    "POST /announcements/{announcement}/react",
    "POST /announcements/{announcement}/unreact",
    "POST /announcements/{announcement}/dismiss",
)
async def answer_an_announcement(hand: Hand) -> None:
    """React to what the house tells everyone, take it back, and put the announcement away."""
    _ = hand.say
    await hand.enter("listener")
    async with hand.house.behind() as tx:
        sentry = await hand.neighbour(tx, "herald", role="admin")
        told = await announcements.announce(tx, sentry, Notice(text="The fountain sings again."), "localhost")
    try:
        await hand.go("/notifications")
        await hand.sees("The fountain sings again.")
        await hand.unfold(_("React"))
        async with hand.sending("/announcements/*/react"):
            await hand.press("🎉")
        await hand.press("🎉 1")
        await hand.misses("🎉 1")
        await hand.unfold(_("React"))
        await hand.press("👍")
        await hand.find("button", "👍 1").wait_for()
        await hand.page.reload()
        await hand.find("button", "👍 1").wait_for()
        await hand.press(_("I have read it"))
        await hand.misses("The fountain sings again.")
    finally:
        async with hand.house.behind() as tx:
            await announcements.remove(tx, sentry, told.id)


@walk(
    "GET /explore",
    "GET /explore/tags",
    "GET /explore/links",
    "GET /explore/people",
    "GET /tags/{tag}",
    "GET /tags/{tag}.rss",
    "POST /tags/{tag}/follow",
    "POST /tags/{tag}/unfollow",
    "POST /tags/{tag}/feature",
    "POST /tags/{tag}/unfeature",
)
async def take_up_what_rises(hand: Hand) -> None:
    """Look through what many take up today, follow a hashtag and show it, and take both back."""
    _ = hand.say
    await hand.enter("riser")
    tag = hand.handle("tide")
    async with hand.house.behind() as tx:
        crowd = [await hand.neighbour(tx, f"surfer{number}") for number in range(4)]
        post = await publish(tx, crowd[0], Draft(f"High water #{tag}"))
        for one in crowd[1:]:
            await publish(tx, one, Draft(f"I saw it, too #{tag}"))
            await like(tx, one, post)
        await trends.keep(tx, await trends.measured(tx))
    await hand.go("/search")
    await search_again(hand)
    await hand.follow(_("Search"))
    await hand.follow(_("Explore"), hand.page.locator("main"))
    await hand.arrives(_("Explore"))
    await hand.sees("High water")
    tabs = hand.page.locator(".tabs")
    await hand.follow(_("Links"), tabs)
    await tabs.locator("[aria-current]", has_text=_("Links")).wait_for()
    await hand.follow(_("People"), tabs)
    await hand.sees(_("Who wants to be found"))
    await hand.follow(_("New here"))
    await hand.sees(f"@{crowd[-1].handle}")
    await hand.follow(_("Hashtags"), tabs)
    await hand.follow(f"#{tag} {_('%(num)s person in two days', '%(num)s people in two days', 4)}")
    await hand.arrives(f"#{tag}")
    async with hand.sending("/tags/*/follow"):
        await hand.press(f"{_('Follow')} #{tag}")
    await hand.press(_("Show on my profile"))
    await hand.find("button", _("Take off my profile")).wait_for()
    await hand.follow("RSS")
    await hand.sees(re.compile("High water"))
    await hand.go("/explore/tags")
    await hand.sees(_("Hashtags you follow"))
    await hand.follow(f"#{tag}")
    await hand.press(_("Take off my profile"))
    await hand.find("button", _("Show on my profile")).wait_for()
    async with hand.sending("/tags/*/unfollow"):
        await hand.press(f"{_('You follow')} #{tag}")
    await hand.page.reload()
    await hand.find("button", f"{_('Follow')} #{tag}").wait_for()


async def search_again(hand: Hand) -> None:
    """Look for somebody among people alone, and take up the same search later."""
    _ = hand.say
    field = _("People, #hashtags, words")
    await hand.write(field, "wanjiru")
    async with hand.leaving():
        await hand.page.keyboard.press("Enter")
    await hand.sees("Wanjiru Kamande")
    await hand.page.locator("[data-awake]").first.wait_for()  # by then the search is remembered
    await hand.follow(_("People"), hand.page.locator(".tabs"))
    await hand.sees("Wanjiru Kamande")
    await hand.follow(_("Search"))
    await hand.write(field, "")
    await hand.page.keyboard.press("ArrowDown")
    await hand.page.get_by_role("option", name=_("Forget these searches")).wait_for()
    await hand.page.keyboard.press("ArrowDown")
    await hand.page.keyboard.press("Enter")
    await hand.sees("Wanjiru Kamande")


@walk("GET /home", "GET /@{acct}.rss", "GET /@{acct}/{post}/embed")
async def see_why_a_post_is_at_home(hand: Hand) -> None:
    """Come home, ask why a post is there, and find it in the ways that lead elsewhere: a feed, and a frame."""
    _ = hand.say
    ada = await hand.enter("homely")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "framed", name="Ben Baker")
        await follow(tx, ada, ben.id)
        post = await publish(tx, ben, Draft("The bread is out."))
    await hand.go("/home")
    await hand.arrives(_("Home"))
    await hand.unfold(_("More"), hand.page.locator(".post", has_text="The bread is out."))
    await hand.sees(_("You follow {name}.").format(name="Ben Baker"))
    await hand.page.keyboard.press("Escape")
    await hand.go(f"/@{ben.handle}/{post}/embed")
    await hand.sees("The bread is out.")
    async with hand.page.context.expect_page() as shown:
        await hand.follow(_("See it on %(name)s", name="Parvis"))
    await (await shown.value).get_by_role("heading", name=_("Thread")).wait_for()
    await hand.go(f"/@{ben.handle}.rss")
    await hand.sees(re.compile("The bread is out"))


@walk("GET /offline", "GET /sw.js", "GET /manifest.webmanifest", "GET /styleguide", "POST /look")
async def take_the_square_along(hand: Hand) -> None:
    """Have the pages as one likes them, and read on where there is no network."""
    _ = hand.say
    page = hand.page
    await hand.go("/settings/appearance")
    async with page.expect_response(lambda answer: answer.request.post_data == "theme=dark"):
        await hand.choose(_("Night"))
    await hand.go("/styleguide")
    await page.locator("html[data-theme=dark]").wait_for()
    for path in (await page.locator("link[rel=manifest]").get_attribute("href") or "", "/sw.js", "/offline"):
        assert (await page.evaluate("async (path) => (await fetch(path)).status", path)) == 200
    await hand.go("/about")
    await page.evaluate("async () => { await navigator.serviceWorker.ready }")
    hand.visitor.forgiving = True
    await hand.visitor.context.set_offline(True)
    await hand.follow(_("Terms"))
    await hand.arrives(_("The lamps are out"))
    await hand.visitor.context.set_offline(False)
    await hand.follow(_("Try again"))
    await hand.arrives(_("Terms"))
