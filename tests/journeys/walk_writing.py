"""Walks through writing: threads and their drafts, pictures and sounds, polls, and what is posted later."""

import asyncio
import datetime as dt
import io
import re
import wave

from PIL import Image
from playwright.async_api import FilePayload, Locator, Route, expect
from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.web.editing import FORGETS


def a_picture(colour: str) -> FilePayload:
    """A plain picture."""
    data = io.BytesIO()
    Image.new("RGB", (640, 400), colour).save(data, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": data.getvalue()}


def a_sound() -> FilePayload:
    """A moment of silence."""
    data = io.BytesIO()
    with wave.open(data, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8000)
        written.writeframes(bytes(8000))
    return {"name": "sea.wav", "mimeType": "audio/wav", "buffer": data.getvalue()}


async def begin(hand: Hand) -> Locator:
    """Open the writing desk over the page; the words one writes there."""
    await hand.follow(re.compile(f"^({hand.say('Post')}|{hand.say('Write a post')})$"))
    words = hand.page.locator("dialog").get_by_label(hand.say("Your words"))
    await expect(words).to_be_focused()
    return words


@walk("GET /compose", "GET /complete", "POST /posts", "GET /@{acct}/{post}")
async def write_a_thread(hand: Hand) -> None:
    """Begin over the page one reads, find the draft again, go on in a second part, and see both under a warning."""
    _ = hand.say
    await hand.enter("writer")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "reader", name="Ben Baker")
    await hand.go("/local")
    words = await begin(hand)
    await hand.complete(_("Your words"), f"Evening, @{ben.handle[:-1]}", "Ben Baker")
    await expect(words).to_have_value(f"Evening, @{ben.handle} ")
    await hand.press(_("Go on in another post"))
    await hand.page.keyboard.type("And the bells ring.")
    await hand.press(_("Content warning"))
    await hand.write(_("Content warning"), "Bells")
    await hand.pick(_("Who can see it"), _("Quiet public"))
    await hand.press(_("Close"))
    words = await begin(hand)
    await expect(words).to_have_value(f"Evening, @{ben.handle} ")
    await hand.write(_("And then…"), "word " * 101)
    await hand.sees("-5")
    await expect(hand.find("button", _("Post"))).to_be_disabled()
    await hand.write(_("And then…"), "And the bells still ring.")
    await hand.press(_("Post"))
    await hand.sees(_("Posted."))
    await hand.follow(_("See it"))
    await hand.arrives(_("Thread"))
    for part in ("Evening", "And the bells still ring."):
        await hand.misses(re.compile(part))
        await hand.unfold("Bells", hand.page.locator(".post", has_text=part))
        await hand.sees(re.compile(part))
    await hand.sees(_("Public, but not in the square"))
    warning = hand.page.locator("dialog [name=warning]")
    for _turn in range(2):
        await hand.follow(re.compile(f"^{_('Reply')}"), hand.page.locator(".post.focused"))
        await expect(warning).to_be_visible()
        await expect(warning).to_have_value("Bells")
        await hand.write(_("Your words"), "Named by nobody.")
        await hand.press(_("Close"))


@walk("POST /posts", "POST /uploads", "GET /uploads/{media}", "GET /posts/{post}/edit", "POST /posts/{post}/edit")
async def show_a_picture_and_a_sound(hand: Hand) -> None:
    """Choose pictures, describe and aim them, look at one in full, say it better, and answer with a sound."""
    _ = hand.say
    page = hand.page
    await hand.enter("shower")
    await hand.go("/compose")
    files = _("Add pictures, a film or a sound")
    chosen = page.locator(".chosen-item")
    await hand.give(files, a_picture("teal"))
    await hand.press(_("What must stay in sight"))
    await page.keyboard.press("ArrowUp")
    await expect(chosen.get_by_role("button", name="50%, 40%")).to_be_visible()
    await hand.write(_("Description"), "An evening sky")
    await hand.give(files, a_picture("orange"))
    await expect(chosen).to_have_count(2)
    await hand.press(_("Remove"), chosen.nth(1))
    await expect(chosen).to_have_count(1)
    await expect(hand.find("button", _("Remove"))).to_be_focused()
    await hand.press(_("Post"))
    await hand.arrives(_("Thread"))

    picture = hand.find("link", re.compile("An evening sky"))
    await hand.follow(re.compile("An evening sky"))
    await hand.sees("An evening sky", page.locator("dialog"))
    await page.evaluate("dispatchEvent(new Event('offline'))")
    await hand.sees(_("The network is away. What you saw can still be read."))
    await hand.press(_("Close"))
    await expect(page.locator("dialog.lightbox")).to_have_count(0)
    await expect(page.locator("body > .toasts")).to_have_count(1)
    await expect(picture).to_be_focused()
    await hand.unfold(_("More"), page.locator(".focused"))
    await hand.follow(_("Edit"))
    await hand.arrives(_("Edit"))
    await hand.give(files, a_picture("green"))
    await expect(chosen.nth(1).locator("[name=media]")).to_be_attached()
    await hand.press(_("Show it earlier"), chosen.nth(1))
    await expect(hand.find("button", _("Show it later"), chosen.first)).to_be_focused()
    await hand.write(_("Description"), "A green hill", chosen.first)
    await hand.write(_("Description"), "A teal evening sky", chosen.nth(1))
    await hand.press(re.compile(_("What must stay in sight")), chosen.nth(1))
    await page.keyboard.press("ArrowDown")
    await hand.write(_("Your words"), "Look up.")
    await hand.press(_("Save"))
    await hand.arrives(_("Thread"))
    await expect(page.get_by_role("img", name="A teal evening sky")).to_be_visible()
    await expect(page.locator(".focused .picture img").first).to_have_attribute("alt", "A green hill")

    await answer_with_a_sound(hand)


async def answer_with_a_sound(hand: Hand) -> None:
    """Answer with a sound: nothing is sent without it, however late the module comes that brings it."""
    _ = hand.say
    page = hand.page
    come = asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await page.route("**/films.js", late)
    chosen = page.locator(".chosen-item")
    reply = hand.find("button", _("Reply"), page.locator("[data-composer]"))
    await hand.write(_("Your words"), "Listen.")
    await expect(reply).to_be_enabled()
    await hand.give(_("Add pictures, a film or a sound"), a_sound())
    await expect(reply).to_be_disabled()
    come.set()
    await expect(chosen.locator("[name=media]")).to_be_attached()
    await hand.write(_("Description"), "The sea")
    await hand.press(_("Reply"), page.locator("[data-composer]"))
    await hand.sees("The sea", page.locator("[data-replies]"))
    await expect(page.locator("[data-replies] audio")).to_be_visible()


@walk(
    "POST /posts",
    "POST /posts/{post}/vote",
    "GET /posts/{post}/edit",
    "POST /posts/{post}/edit",
)
async def ask_the_square(hand: Hand) -> None:
    """Ask the square, have a neighbour answer, and offer one more answer, at the price of theirs."""
    _ = hand.say
    page = hand.page
    await hand.enter("asker")
    await hand.go("/compose")
    await hand.write(_("Your words"), "Where do we meet?")
    await hand.press(_("Poll"))
    await hand.write(_("Answer %(place)s", place=1), "By the lamp")
    hand.visitor.expected = 422
    await hand.press(_("Post"))
    await hand.sees(_("A poll has at least two answers."))
    await hand.write(_("Answer %(place)s", place=2), "On the quay")
    await hand.pick(_("How long it is open"), _("%(num)s day", "%(num)s days", 3))
    await hand.tick(_("Several answers"), role="switch")
    await hand.press(_("Post"))
    await hand.arrives(_("Thread"))
    await hand.sees("By the lamp")

    other = await hand.another()
    await other.enter("answerer")
    await other.go(page.url.removeprefix(hand.house.url))
    for answer in ("By the lamp", "On the quay"):
        await other.tick(answer)
    await other.press(_("Vote"))
    await other.sees(_("%(num)s voter", "%(num)s voters", 1))
    await expect(other.page.locator(".poll")).to_be_focused()
    await page.reload()
    await hand.sees(_("%(num)s voter", "%(num)s voters", 1))

    await hand.unfold(_("More"), page.locator(".focused"))
    await hand.follow(_("Edit"))
    await hand.arrives(_("Edit"))
    await hand.write(_("Answer %(place)s", place=3), "At the well")
    hand.visitor.expected = 409
    await hand.press(_("Save"))
    await hand.sees(_(FORGETS).format(count=1))
    await hand.press(_("Save"))
    await hand.arrives(_("Thread"))
    await hand.sees("At the well")
    await hand.sees(_("%(num)s voter", "%(num)s voters", 0))


@walk("POST /posts", "GET /scheduled", "POST /scheduled/{scheduled}", "POST /scheduled/{scheduled}/delete")
async def speak_later(hand: Hand) -> None:
    """Write for another day, choose a later one, and take it back."""
    _ = hand.say
    page = hand.page
    await hand.enter("patient")
    await hand.go("/")
    await hand.press(_("When, and in which language"))
    await expect(page.locator("[name=spoken] option", has_text="Deutsch")).to_be_attached()  # it comes when asked for
    await hand.go("/compose")
    await hand.write(_("Your words"), "Good morning, square.")
    await hand.press(_("When, and in which language"))
    await hand.write(_("Post it later"), _at(minutes=1))
    hand.visitor.expected = 422
    await hand.press(_("Post"))
    await hand.sees(_("A post can wait from five minutes to ten years."))
    await hand.write(_("Post it later"), _at(days=2))
    await hand.press(_("Post"))
    await hand.arrives(_("Posted later"))
    await hand.sees("Good morning, square.")
    await hand.write(_("Post it at"), _at(days=40))
    await hand.press(_("Change the hour"))
    await hand.sees(_("The hour is changed."))
    await expect(page.get_by_label(_("Post it at"))).to_have_value(_at(days=40))
    await hand.press(_("Take it back"))
    await hand.sees(_("Take this post back? It will not be posted."))
    await hand.press(_("Take it back"))
    await hand.sees(_("Nothing waits"))


def _at(**later: int) -> str:
    """A moment from now as fields for one have it, at noon where it is another day."""
    moment = dt.datetime.now().astimezone() + dt.timedelta(**later)
    return f"{moment:%Y-%m-%dT%H:%M}" if "minutes" in later else f"{moment:%Y-%m-%d}T12:00"
