"""Walks through what comes to members: notifications, messages, those who ask to follow, and the moderators' word."""

import re

from playwright.async_api import expect
from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.core.ids import PostId
from parvis.events import FollowRequested, PostLiked, PostPublished, Reposted
from parvis.moderation import strikes
from parvis.notifications import listeners
from parvis.people.accounts import Account
from parvis.people.details import Trait
from parvis.people.profiles import edit_profile
from parvis.people.relations import follow
from parvis.posts.drafts import Draft
from parvis.posts.likes import like
from parvis.posts.publish import publish
from parvis.posts.reposts import repost
from parvis.store.transaction import Tx
from parvis.timelines.conversations import file_message


async def write_to(tx: Tx, author: Account, reader: Account, words: str, visibility: str = "public") -> PostId:
    """Have somebody mention somebody, and the mention arrive."""
    post = await publish(tx, author, Draft(f"@{reader.handle} {words}", visibility=visibility))
    published = PostPublished(post, author.id, post, mentioned=(reader.id,), visibility=visibility)
    await listeners.notify_of_post(tx, published)
    await file_message(tx, published)
    return post


@walk(
    "GET /notifications",
    "GET /notifications/mentions",
    "GET /notifications/likes",
    "GET /notifications/reposts",
    "GET /notifications/follows",
    "GET /notifications/posts",
    "GET /notifications/polls",
)
async def read_what_happened(hand: Hand) -> None:
    """Find what happened by the bell, and what goes on happening; follow back; what was read stands out no more."""
    _ = hand.say
    ada = await hand.enter("hearer")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "heard", name="Ben Baker")
        cy = await hand.neighbour(tx, "liking", name="Cy Carver")
        said = await publish(tx, ada, Draft("The ovens are lit."))
        await like(tx, ben, said)
        await listeners.notify_liked(tx, PostLiked(said, ben.id))
        passed = await repost(tx, cy, said)
        await listeners.notify_reposted(tx, Reposted(passed, cy.id, said))
        await write_to(tx, ben, ada, "is there bread?")
    await hand.go("/bookmarks")
    await hand.follow(f"3 {_('Notifications')}")
    await hand.arrives(_("Notifications"))
    fresh = hand.page.locator("[data-feed] .fresh")
    await expect(fresh).to_have_count(3)
    follower = await hand.another()
    await follower.enter("follower", name="Dan Dyer")
    await follower.go(f"/@{ada.handle}")
    await follower.press(f"{_('Follow')} {ada.name}")
    await hand.sees(_("follows you now"))
    await expect(fresh).to_have_count(4)
    async with hand.sending("/accounts/*/follow"):
        await hand.press(f"{_('Follow back')} Dan Dyer")
    for tab, seen in (
        ("Mentions", "is there bread?"),
        ("Likes", _("liked your post")),
        ("Reposts", _("reposted your post")),
        ("Follows", _("follows you now")),
        ("Posts", _("All quiet")),
        ("Polls", _("All quiet")),
    ):
        await hand.follow(_(tab), hand.page.locator(".tabs"))
        await hand.sees(seen)
    await hand.follow(_("All"))
    await hand.sees(f"{_('You follow')} Dan Dyer")
    await expect(fresh).to_have_count(0)


@walk(
    "GET /notifications/aside",
    "POST /notifications/aside/{request}/accept",
    "POST /notifications/aside/{request}/dismiss",
)
async def let_strangers_in_or_not(hand: Hand) -> None:
    """Strangers write in private and wait aside: one is let in, the other sent away."""
    _ = hand.say
    ada = await hand.enter("shy")
    async with hand.house.behind() as tx:
        for handle, name in (("kind", "Ben Baker"), ("unkind", "Cy Carver")):
            stranger = await hand.neighbour(tx, handle, name=name)
            await write_to(tx, stranger, ada, f"a word from {name}", "mentioned")
    await hand.go("/notifications")
    await hand.follow(_("%(num)s person waits to be let in", "%(num)s people wait to be let in", 2))
    await hand.sees("a word from Ben Baker")
    async with hand.leaving():
        await hand.press(f"{_('Let in')} Ben Baker")
    async with hand.leaving():
        await hand.press(f"{_('Send away')} Cy Carver")
    await hand.sees(_("All quiet"))
    await hand.follow(_("All"))
    await hand.sees("a word from Ben Baker")
    await hand.misses("a word from Cy Carver")


@walk(
    "GET /messages",
    "GET /messages/new",
    "POST /messages/new",
    "GET /messages/{conversation}",
    "POST /messages/{conversation}",
    "POST /messages/{conversation}/delete",
)
async def talk_in_private(hand: Hand) -> None:
    """Read a message and answer it, hear back while looking on, throw the chat away, and begin one with two."""
    _ = hand.say
    ada = await hand.enter("talker", name="Ada Archer")
    other = await hand.another()
    ben = await other.enter("whisperer", name="Ben Baker")
    async with hand.house.behind() as tx:
        cy = await hand.neighbour(tx, "overhearing", name="Cy Carver")
        await write_to(tx, ben, ada, "the key is under the stone.", "mentioned")
    await other.go("/messages")
    await hand.go("/messages")
    await expect(hand.page.locator(".fresh")).to_have_count(1)
    await hand.follow(re.compile("Ben Baker.* the key is under the stone"))
    await hand.arrives("Ben Baker")
    await hand.write(_("Your message"), "Found it.")
    async with hand.sending("/messages/*"):
        await hand.press(_("Send"))
    await hand.sees("Found it.", hand.page.locator(".mine"))
    await expect(other.page.locator(".fresh")).to_have_count(1)
    await other.follow(re.compile("Ada Archer.* Found it"))
    await other.arrives("Ada Archer")
    await other.write(_("Your message"), "Mind the cat.")
    await other.press(_("Send"))
    await hand.sees("Mind the cat.", hand.page.locator(".theirs"))
    await hand.follow(_("Back"))
    await hand.arrives(_("Messages"))
    await expect(hand.page.locator(".fresh")).to_have_count(0)
    await hand.press(_("Throw away: %(who)s", who="Ben Baker"))
    await hand.sees(_("Throw away your view of this conversation? The others keep theirs."))
    await hand.press(_("Throw away: %(who)s", who="Ben Baker"))
    await hand.sees(_("No messages yet"))
    await hand.go(f"/@{ben.handle}")
    await hand.follow(_("Write to @%(handle)s alone", handle=ben.handle))
    await hand.arrives(_("New message"))
    await hand.write(_("To whom"), cy.handle)
    await hand.press(_("Add"))
    await hand.sees("Cy Carver", hand.page.locator(".picked"))
    await hand.write(_("Your message"), "Supper on Thursday?")
    async with hand.sending("/messages/new"):
        await hand.press(_("Send"))
    await hand.arrives(re.compile("Ben Baker, Cy Carver"))
    await hand.sees("Supper on Thursday?", hand.page.locator(".mine"))


@walk("GET /requests", "POST /requests/{account}/grant", "POST /requests/{account}/refuse")
async def answer_those_who_ask(hand: Hand) -> None:
    """Behind a locked door, let one follow from the notifications, and refuse another on the page of those who ask."""
    _ = hand.say
    ada = await hand.enter("locked")
    async with hand.house.behind() as tx:
        ada = await edit_profile(tx, ada, traits={Trait.LOCKED: True})
        for handle, name in (("asking", "Ben Baker"), ("pleading", "Dan Dyer"), ("begging", "Cy Carver")):
            asker = await hand.neighbour(tx, handle, name=name)
            await follow(tx, asker, ada.id)
            await listeners.notify_asked(tx, FollowRequested(asker.id, ada.id))
    await hand.go("/notifications")
    async with hand.leaving():
        await hand.press(f"{_('Let them')} Ben Baker")
    await hand.follow(_("%(num)s person asks to follow you", "%(num)s people ask to follow you", 2))
    await hand.arrives(_("Who asks to follow you"))
    async with hand.leaving():
        await hand.press(f"{_('Refuse')} Cy Carver")
    if hand.tool == "keys":
        await expect(hand.find("button", f"{_('Refuse')} Dan Dyer")).to_be_focused()
    await hand.press(f"{_('Refuse')} Dan Dyer")
    await hand.sees(_("Nobody waits at the door"))
    await hand.go(f"/@{ada.handle}/followers")
    await hand.sees("Ben Baker")
    await hand.misses("Cy Carver")


@walk("GET /settings/strikes", "POST /settings/strikes/{strike}/appeal")
async def appeal_against_a_decision(hand: Hand) -> None:
    """Read what the moderators decided and appeal: not with nothing, then with reasons."""
    _ = hand.say
    ada = await hand.enter("warned")
    async with hand.house.behind() as tx:
        await strikes.strike(tx, None, ada.id, "none", text="Please describe your pictures.")
    await hand.go("/settings")
    await hand.follow(_("Decisions"))
    await hand.arrives(_("Decisions"))
    await hand.sees("Please describe your pictures.")
    hand.visitor.expected = 422
    await hand.unfold(_("Appeal against it"))
    await hand.write(_("Why should it be taken back?"), "  ")
    await hand.press(_("Send the appeal"))
    await expect(hand.page.get_by_role("alert")).to_be_visible()
    await hand.write(_("Why should it be taken back?"), "They are all described.")
    await hand.press(_("Send the appeal"))
    await hand.sees(_("Your appeal is with the moderators."))
    await hand.sees("They are all described.")
