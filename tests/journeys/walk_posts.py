"""Walks through posts: what one does with those of others and with one's own, and pictures that are drawn."""

import json
import re

from playwright.async_api import Locator, expect
from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.posts.drafts import Draft
from parvis.posts.likes import like
from parvis.posts.publish import publish
from parvis.posts.reposts import repost


async def pressed(button: Locator, *, on: bool = True) -> None:
    """Wait until a button says that it is on, or off."""
    await expect(button).to_have_attribute("aria-pressed", "true" if on else "false")


@walk(
    "GET /posts/{post}",
    "GET /@{acct}/{post}",
    "GET /@{acct}/{post}/likes",
    "GET /@{acct}/{post}/reposts",
    "POST /posts/{post}/like",
    "POST /posts/{post}/unlike",
    "POST /posts/{post}/repost",
    "POST /posts/{post}/unrepost",
    "POST /posts/{post}/bookmark",
    "POST /posts/{post}/unbookmark",
    "POST /posts/{post}/hush",
    "POST /posts/{post}/unhush",
    "POST /posts/{post}/translate",
)
async def take_part_in_a_thread(hand: Hand) -> None:
    """Read a post in another language, like it, pass it on, keep it, quiet it; take all back; see who else did."""
    _ = hand.say
    page = hand.page
    await hand.enter("partaker")
    async with hand.house.behind() as tx:
        ben, cleo = [await hand.neighbour(tx, name.lower(), name=name) for name in ("Benedikt", "Cleopatra")]
        said = await publish(tx, ben, Draft("Die Laternen sind an.", language="de"))
        await like(tx, cleo, said)
        await repost(tx, cleo, said)
    made = {"text": "Lanterns!", "warning": "", "options": [], "pictures": []}
    hand.house.script("text", "enqueue", json.dumps(made))
    await hand.go(f"/@{ben.handle}")
    await hand.go(f"/posts/{said}")
    await hand.arrives(_("Thread"))
    await hand.press(_("Translate"))
    await hand.sees("Lanterns!")
    await expect(page.locator(".translation")).to_be_focused()
    focused = page.locator(".focused")
    acts = {"like": _("Like"), "repost": _("Repost"), "bookmark": _("Bookmark")}
    for verb, name in acts.items():
        async with hand.sending(f"/posts/{said}/{verb}"):
            await hand.press(re.compile(f"^{name}"), focused)
        await pressed(focused.locator(f".{verb}"))
    await page.go_back()
    await hand.arrives(ben.name)
    for verb in acts:
        await pressed(page.locator(f"#post-{said} .{verb}"))
    await hand.sees("2", page.locator(f"#post-{said} .like"))
    await page.go_forward()
    await hand.arrives(_("Thread"))
    await hand.unfold(_("More"), focused)
    await hand.press(_("Quiet this conversation"))
    await hand.sees(_("This conversation will not ring any more."))
    await page.reload()
    await hand.follow(f"2 {_('like', 'likes', 2)}")
    await hand.arrives(_("Liked by"))
    await hand.sees("Cleopatra")
    await hand.follow(_("Back"))
    await hand.follow(f"2 {_('repost', 'reposts', 2)}")
    await hand.arrives(_("Passed on by"))
    await hand.sees("Cleopatra")
    await hand.follow(_("Back"))
    await hand.arrives(_("Thread"))
    for verb, name in acts.items():
        async with hand.sending(f"/posts/{said}/un{verb}"):
            await hand.press(re.compile(f"^{name}"), focused)
        await pressed(focused.locator(f".{verb}"), on=False)
    await hand.unfold(_("More"), focused)
    await hand.press(_("Hear of this conversation again"))
    await hand.sees(_("This conversation may ring again."))


@walk("POST /posts", "GET /compose", "GET /posts/{post}/answers")
async def answer_and_quote(hand: Hand) -> None:
    """Peek at the answers to a post, answer it over the page, answer in its thread, and quote it."""
    _ = hand.say
    page = hand.page
    await hand.enter("answering")
    async with hand.house.behind() as tx:
        ben, cleo = [await hand.neighbour(tx, name, name=name.title()) for name in ("balthasar", "clementine")]
        said = await publish(tx, ben, Draft("Who has the kettle on?"))
        await publish(tx, cleo, Draft(f"@{ben.handle} I have.", reply_to=said))
    await hand.go(f"/@{ben.handle}")
    post = page.locator(f"#post-{said}")
    await hand.unfold(_("More"), post)
    await hand.press(_("Hide it here"))
    await hand.misses(re.compile("Who has the kettle"))
    await hand.press(_("Undo"))
    await hand.unfold(_("More"), post)
    await hand.follow(_("Link to this post"))
    await hand.sees(_("The link is copied."))
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await hand.unfold(_("More"), post)
    await hand.follow(_("Link to this post"))
    await expect(page.get_by_role("textbox", name=_("Link to this post"))).to_have_value(re.compile(f"/{said}$"))
    await hand.press(_("Close"))
    await hand.unfold(_("More"), post)
    await hand.press(_("Peek at the replies"))
    await hand.sees(re.compile("I have."))
    await hand.follow(re.compile(f"^{_('Reply')}, 1"), post)
    await expect(page.get_by_label(_("Your words"))).to_have_value(f"@{ben.handle} ")
    await hand.sees("Who has the kettle on?", page.locator("dialog"))
    await expect(hand.find("button", _("Reply"), page.locator("dialog"))).to_be_disabled()
    await page.keyboard.type("On my way.")
    await hand.press(_("Reply"), page.locator("dialog"))
    await hand.sees(_("Posted."))
    await hand.follow(_("See it"))
    await hand.arrives(_("Thread"))
    await hand.sees(re.compile("On my way"), page.locator(".focused"))
    await hand.write(_("Your words"), "With cake.")
    await hand.press(_("Reply"), page.locator("[data-composer]"))
    await hand.sees("With cake.", page.locator("[data-replies]"))
    await hand.unfold(_("More"), page.locator(".ancestor"))
    await hand.follow(_("Quote"))
    await expect(page.locator("dialog").get_by_label(_("Your words"))).to_be_focused()
    await hand.write(_("Your words"), "The best question.")
    await hand.press(_("Post"), page.locator("dialog"))
    await expect(page.locator("#writing-desk")).to_have_count(0)
    await hand.follow(_("See it"))
    await expect(page.locator(".focused .prose").first).to_contain_text("The best question.")
    await hand.sees("Who has the kettle on?", page.locator(".focused .quoted"))


@walk(
    "GET /posts/{post}/edit",
    "POST /posts/{post}/edit",
    "GET /posts/{post}/history",
    "POST /posts/{post}/pin",
    "POST /posts/{post}/unpin",
    "POST /posts/{post}/delete",
)
async def change_ones_mind(hand: Hand) -> None:
    """Pin what one said, correct it, read what it said before, unpin it, and delete it after being asked."""
    _ = hand.say
    page = hand.page
    ada = await hand.enter("minded")
    async with hand.house.behind() as tx:
        said = await publish(tx, ada, Draft("A tpyo."))
        await publish(tx, ada, Draft("Something newer."))
    await hand.go(f"/@{ada.handle}")
    post = page.locator(f"#post-{said}")
    await hand.unfold(_("More"), post)
    await hand.press(_("Pin to my profile"))
    await hand.sees(_("Pinned to your profile."))
    await page.reload()
    await hand.sees(_("Pinned"), page.locator(".post").first)
    await hand.unfold(_("More"), post)
    await hand.follow(_("Edit"))
    await hand.arrives(_("Edit"))
    await hand.write(_("Your words"), "word " * 101)
    await expect(hand.find("button", _("Save"))).to_be_disabled()
    await hand.write(_("Your words"), "")
    hand.visitor.expected = 422
    await hand.press(_("Save"))
    await hand.sees(_("A post needs words or a picture."))
    await hand.write(_("Your words"), "A typo.")
    await hand.press(_("Save"))
    await hand.arrives(_("Thread"))
    await hand.follow(_("edited"))
    await hand.sees("A tpyo.", page.locator("dialog"))
    await hand.press(_("Close"))
    await expect(hand.find("link", _("edited"))).to_be_focused()
    await hand.unfold(_("More"), page.locator(".focused"))
    await hand.press(_("Unpin from my profile"))
    await hand.sees(_("No longer pinned."))
    await hand.unfold(_("More"), page.locator(".focused"))
    await hand.press(_("Delete"))
    await hand.sees(_("Delete this post for good?"))
    await hand.press(_("Cancel"))
    await hand.unfold(_("More"), page.locator(".focused"))
    await hand.press(_("Delete"))
    await hand.sees(_("Delete this post for good?"))
    await hand.press(_("Delete"))
    await hand.sees("Something newer.")
    await hand.misses("A typo.")


@walk(
    "GET /drawings",
    "POST /drawings",
    "GET /drawings/{drawing}",
    "POST /drawings/{drawing}/cancel",
    "POST /drawings/{drawing}/again",
    "POST /drawings/{drawing}/keep",
    "GET /compose",
    "POST /posts",
)
async def have_a_picture_drawn(hand: Hand) -> None:
    """Ask for a drawing, stop it, have another, keep it, and post it; it says that AI drew it."""
    _ = hand.say
    page = hand.page
    await hand.enter("drawn_for")
    await hand.go("/drawings")
    hand.visitor.expected = 422
    await hand.press(_("Draw it"))
    await hand.sees(_("Say what shall be drawn."))
    await hand.write(_("What shall be drawn?"), "a lantern in the snow")
    await hand.choose(_("Ink"))
    hand.house.script("image", "hang", after=2)
    await hand.press(_("Draw it"))
    await hand.sees(re.compile("a lantern in the snow"))
    await hand.press(_("Cancel"))
    await hand.sees(_("Cancelled."))
    hand.house.script("image", "release")
    await hand.press(_("Another one"))
    await hand.press(_("Keep it"))
    await hand.arrives(_("Write a post"))
    await expect(page.locator(".chosen-item").get_by_label(_("Description"))).to_have_value(
        "a lantern in the snow, ink"
    )
    await hand.press(_("Post"))
    await hand.arrives(_("Thread"))
    await hand.sees(_("AI illustration"), page.locator(".focused"))
