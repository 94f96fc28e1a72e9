"""Walks through what members do about each other: get to know, place, keep away, and report somebody."""

from playwright.async_api import expect
from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.people import collections
from parvis.people.collections import Sketch
from parvis.people.relations import follow
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.timelines import lists


@walk(
    "GET /@{acct}",
    "GET /@{acct}/replies",
    "GET /@{acct}/media",
    "GET /@{acct}/followers",
    "GET /@{acct}/following",
    "POST /accounts/{account}/follow",
    "POST /accounts/{account}/unfollow",
)
async def get_to_know_somebody(hand: Hand) -> None:
    """Look at what somebody says and whom they know, follow them, and think better of it."""
    _ = hand.say
    ada = await hand.enter("knower", name="Ada Knower")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "known", name="Ben Baker")
        cy = await hand.neighbour(tx, "between", name="Cy Carver")
        await follow(tx, ben, ada.id)
        await follow(tx, cy, ben.id)
        await follow(tx, ada, cy.id)
        said = await publish(tx, ben, Draft("Bread at seven."))
        await publish(tx, ben, Draft("And at nine.", reply_to=said))
    await hand.go(f"/@{ben.handle}")
    top = hand.page.locator(".profile-card")
    await hand.sees(_("Follows you"), top)
    await hand.sees(_("Followed by people you follow"), top)
    async with hand.sending("/accounts/*/follow"):
        await hand.press(f"{_('Follow')} Ben Baker")
    await expect(hand.find("button", f"{_('You follow')} Ben Baker")).to_be_focused()
    await hand.follow(_("Replies"))
    await hand.sees("And at nine.")
    await hand.follow(_("Pictures"))
    await hand.sees(_("Nothing here yet"))
    await hand.follow(f"2 {_('follower', 'followers', 2)}")
    await hand.sees("Cy Carver")
    await hand.follow(_("Following"))
    await hand.sees("Ada Knower", hand.page.locator("main"))
    await hand.go(f"/@{ben.handle}")
    async with hand.sending("/accounts/*/unfollow"):
        await hand.press(f"{_('You follow')} Ben Baker")
    await hand.sees(_("Follow"), top.locator("[data-follow]"))


@walk(
    "POST /accounts/{account}/note",
    "POST /accounts/{account}/manner",
    "POST /accounts/{account}/endorse",
    "POST /accounts/{account}/unendorse",
    "POST /accounts/{account}/send-away",
    "POST /accounts/{account}/mute-for",
    "POST /accounts/{account}/unmute",
)
async def settle_what_is_between(hand: Hand) -> None:
    """Note who somebody is, choose what to hear of them, recommend them, mute them for a day, and send them away."""
    _ = hand.say
    ada = await hand.enter("settler", name="Ada Settler")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "settled", name="Ben Baker")
        await follow(tx, ben, ada.id)
        await follow(tx, ada, ben.id)
    await hand.go(f"/@{ben.handle}")
    await hand.unfold(_("Between you and @%(handle)s", handle=ben.handle))
    await hand.write(_("A note that only you see"), "Sells rye.")
    async with hand.leaving():
        await hand.press(_("Keep the note"))
    await hand.sees(_("Saved."))
    await expect(hand.page.get_by_label(_("A note that only you see"))).to_have_value("Sells rye.")
    await hand.tick(_("Tell me of each new post"), role="switch")
    async with hand.leaving():
        await hand.press(_("Save"))
    await expect(hand.find("switch", _("Tell me of each new post"))).to_be_checked()
    await hand.press(_("Recommend on my profile"))
    await hand.press(_("Recommend no longer"))
    await hand.sees(_("Recommend on my profile"))
    await hand.pick(_("Mute"), _("for a day"))
    async with hand.leaving():
        await hand.press(_("Mute"), hand.page.locator(".between"))
    await hand.press(f"{_('Unmute')} Ben Baker")
    await expect(hand.page.locator(".muted-here")).to_have_count(0)
    await hand.press(_("Remove from my followers"))
    await hand.misses(_("Follows you"), hand.page.locator("main"))


@walk(
    "GET /@{acct}/places",
    "POST /accounts/{account}/places",
    "GET /@{acct}/collections",
)
async def put_somebody_in_their_places(hand: Hand) -> None:
    """From somebody's menu, put them on a list, once they are followed, and into a collection; and take them off."""
    _ = hand.say
    ada = await hand.enter("placer", name="Ada Placer")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "placed", name="Ben Baker")
        await lists.make_list(tx, ada, "Bakers")
        await collections.create(tx, ada, Sketch(name="Good bread"))
    await hand.go(f"/@{ben.handle}")
    await hand.unfold(_("More"))
    await hand.follow(_("Lists and collections"))
    await hand.arrives(_("Lists and collections"))
    await hand.sees(_("Your lists hold only those you follow."))
    async with hand.leaving():
        await hand.press(f"{_('Follow')} Ben Baker", hand.page.locator("main"))
    await hand.tick("Bakers")
    await hand.tick("Good bread")
    await hand.press(_("Save"))
    await hand.sees(_("Saved."))
    await expect(hand.find("checkbox", "Bakers")).to_be_checked()
    await hand.tick("Bakers")
    async with hand.leaving():
        await hand.press(_("Save"))
    await expect(hand.find("checkbox", "Bakers")).not_to_be_checked()
    await expect(hand.find("checkbox", "Good bread")).to_be_checked()
    await hand.go(f"/@{ada.handle}/collections")
    await hand.sees("Good bread")


@walk(
    "POST /accounts/{account}/mute",
    "POST /accounts/{account}/block",
    "POST /accounts/{account}/unblock",
    "GET /settings/blocks",
    "GET /settings/blocks/muted",
    "GET /settings/blocks/domains",
    "POST /settings/blocks/shun",
    "POST /settings/blocks/unshun",
)
async def keep_somebody_away(hand: Hand) -> None:
    """Mute, then block somebody, let them come again, and keep a whole domain away for a while."""
    _ = hand.say
    await hand.enter("keeper")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "kept", name="Ben Baker")
    await hand.go(f"/@{ben.handle}")
    await hand.unfold(_("More"))
    async with hand.leaving():
        await hand.press(_("Mute @%(handle)s", handle=ben.handle))
    await hand.sees(_("You muted @%(handle)s.", handle=ben.handle))
    await hand.unfold(_("More"))
    await hand.press(_("Block @%(handle)s", handle=ben.handle))
    await hand.sees(_("Block @%(handle)s?", handle=ben.handle))
    async with hand.leaving():
        await hand.press(_("Block @%(handle)s", handle=ben.handle))
    await hand.sees(_("You blocked @%(handle)s.", handle=ben.handle))
    await hand.go("/settings/blocks/muted")
    await hand.sees("Ben Baker")
    await hand.follow(_("Blocked"))
    await hand.press(f"{_('Unblock')} Ben Baker")
    await hand.sees(_("Nobody here"))
    await hand.follow(_("Domains"))
    hand.visitor.expected = 422
    await hand.write(_("A domain to keep away"), "not a domain")
    await hand.press(_("Keep away"))
    await expect(hand.page.get_by_role("alert")).to_be_visible()
    await expect(hand.page.get_by_label(_("A domain to keep away"))).to_have_value("not a domain")
    await hand.write(_("A domain to keep away"), "far.example")
    await hand.press(_("Keep away"))
    await hand.press(f"{_('Let in again')} far.example")
    await hand.sees(_("Nobody here"))


@walk("GET /report", "GET /@{acct}/report", "POST /@{acct}/report")
async def report_somebody(hand: Hand) -> None:
    """Report a post of somebody's, and need not see them any longer."""
    _ = hand.say
    await hand.enter("reporter")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "reported", name="Ben Baker")
        await publish(tx, ben, Draft("Buy my bread, and only mine."))
    await hand.go(f"/@{ben.handle}")
    await hand.unfold(_("More"), hand.page.locator(".post"))
    await hand.follow(_("Report"))
    await hand.arrives(_("Report @%(handle)s", handle=ben.handle))
    await expect(hand.page.locator("[name=post]")).to_be_checked()
    await hand.write(_("What should the moderators know?"), "Under every post of mine.")
    await hand.press(_("Send the report"))
    await expect(hand.page.locator("[name=category]").first).to_be_focused()
    await hand.choose(f"{_('It is spam')} {_('Deceitful links, false replies, the same thing again and again.')}")
    await hand.press(_("Send the report"))
    await hand.sees(_("Thank you"))
    await hand.press(_("Mute @%(handle)s", handle=ben.handle))
    await hand.sees(_("Unmute @%(handle)s", handle=ben.handle))


@walk("POST /accounts/{account}/dismiss")
async def pass_over_somebody(hand: Hand) -> None:
    """Be shown no longer who is not for one."""
    _ = hand.say
    await hand.enter("passer")
    await hand.go("/explore/people")
    unwanted = hand.page.locator("form.request button").first
    name = (await unwanted.inner_text()).strip()
    await hand.press(name)
    await expect(hand.find("button", name)).to_have_count(0)
