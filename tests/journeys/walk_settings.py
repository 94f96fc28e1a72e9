"""Walks through the settings: how one is shown, how the pages look, who reaches one, and what one carries along."""

import functools
import io
import re
import zipfile

from PIL import Image
from playwright.async_api import FilePayload, Response, expect
from tests.journeys.hand import Hand
from tests.journeys.walks import walk
from tests.rig import PASSWORD

from parvis.people import moving

REFUSED, WRONG = 403, 422  # what the pages answer to what the walks try in vain


@walk("GET /settings", "GET /settings/profile", "POST /settings/profile")
async def say_who_one_is(hand: Hand) -> None:
    """Choose a picture, cut it to its shape, write a few words; what lacks something comes back; the profile has it."""
    _ = hand.say
    await hand.enter("muralist")
    await hand.go("/lists")
    await open_settings(hand, "Edit profile")
    await hand.write(_("Name"), "Ada Painter")
    await hand.write(_("About you"), "Walls, mostly.")
    await hand.write(_("What line %(place)s says", place=1), "https://ada.example")
    hand.visitor.expected = WRONG
    await hand.press(_("Save"))
    await hand.sees(_("A field needs a name."))
    await expect(hand.page.get_by_label(_("About you"))).to_have_value("Walls, mostly.")
    await hand.write(_("Name of line %(place)s", place=1), "Site")
    await hand.give(_("Change the picture"), a_picture())
    await hand.press(_("Take this part"))
    face = hand.page.locator("[data-shown=avatar] img")
    await expect(face).to_have_attribute("src", re.compile("^blob:"))
    await hand.write(_("What the picture shows"), "A wall, half painted")
    await hand.press(_("Save"))
    await hand.sees(_("Saved."))
    await expect(face).to_have_attribute("src", re.compile("^/media/"))
    await hand.unfold(_("Your account"))
    await hand.follow(_("Profile"), on=hand.page.locator(".menu"))
    await hand.arrives("Ada Painter")
    await hand.sees("Walls, mostly.")
    await hand.sees("ada.example")


@walk(
    "GET /settings/appearance",
    "POST /look",
    "GET /settings/privacy",
    "POST /settings/privacy",
    "GET /settings/notifications",
    "POST /settings/notifications",
)
async def have_it_as_one_likes(hand: Hand) -> None:
    """Make it night, ask to be asked first, and hear less of strangers; all of it is still so afterwards."""
    _ = hand.say
    await hand.enter("chooser")
    await hand.go("/settings/appearance")
    html = hand.page.locator("html")
    for look, name in (("theme=dark", _("Night")), ("size=huge", _("Very large"))):
        async with hand.page.expect_response(functools.partial(tells, look)):
            await hand.choose(name)
    await expect(html).to_have_attribute("data-theme", "dark")
    await expect(html).to_have_css("font-size", "20px")
    language = {"en": "English", "fr": "Français"}[hand.language]
    await hand.press(language)
    await hand.sees(_("Saved."))
    await hand.go("/settings/privacy")
    await hand.tick(_("I approve who follows me"), role="switch")
    await hand.pick(_("My posts may be quoted by"), _("Followers"))
    await hand.press(_("Save"))
    await hand.sees(_("Saved."))
    await expect(hand.find("switch", _("I approve who follows me"))).to_be_checked()
    await expect(hand.page.get_by_label(_("My posts may be quoted by"))).to_have_value("followers")
    await expect(html).to_have_attribute("data-theme", "dark")
    await expect(html).to_have_css("font-size", "20px")
    await hand.go("/settings/notifications")
    await hand.pick(_("People you do not follow"), _("Keep aside"))
    await hand.press(_("Save"))
    await hand.sees(_("Saved."))
    await expect(hand.page.get_by_label(_("People you do not follow"))).to_have_value("filter")


@walk(
    "GET /settings/data",
    "GET /settings/data/archive.zip",
    "POST /settings/data/import",
    "POST /settings/data/claim",
    "POST /settings/data/disclaim",
)
async def carry_things_along(hand: Hand) -> None:
    """Take the archive, bring a list of people along at the second try, and say which other account is one's own."""
    _ = hand.say
    await hand.enter("carrier")
    async with hand.house.behind() as tx:
        other = await hand.neighbour(tx, "carried", name="The Other One")
    await hand.go("/settings/data")
    with zipfile.ZipFile(await hand.fetch(_("Download the archive"))) as archive:
        assert archive.namelist()
    hand.visitor.expected = WRONG
    await hand.give(_("Choose a file"), FilePayload(name="list.csv", mimeType="text/csv", buffer=b"\xff\xfe"))
    await hand.press(_("Import"))
    await hand.sees(_("This is not a list of accounts as other servers export it."))
    followed = f"Account address,Show boosts\n{other.handle},true\n".encode()
    await hand.give(_("Choose a file"), FilePayload(name="list.csv", mimeType="text/csv", buffer=followed))
    await hand.choose(_("Mute"))
    await hand.press(_("Import"))
    await hand.sees(_("One account is on its way."))
    await hand.write(_("An account that is yours, too"), hand.handle("nobody"))
    await hand.press(_("It is mine"))
    await hand.sees(_("There is nobody of this name here."))
    await expect(hand.page.get_by_label(_("An account that is yours, too"))).to_have_value(hand.handle("nobody"))
    await hand.write(_("An account that is yours, too"), f"@{other.handle}")
    await hand.press(_("It is mine"))
    await hand.sees("The Other One")
    await hand.press(f"{_('Not mine')} @{other.handle}")
    await hand.misses("The Other One")


@walk(
    "GET /settings/data",
    "POST /settings/data/move",
    "POST /settings/data/stay",
    "POST /settings/data/leave",
)
async def move_away_and_leave(hand: Hand) -> None:
    """Go on under another account, come back, and delete the account at the second try."""
    _ = hand.say
    ada = await hand.enter("leaver")
    async with hand.house.behind() as tx:
        other = await hand.neighbour(tx, "elsewhere")
        await moving.claim(tx, other, ada.id)
    await hand.go("/settings/data")
    await hand.unfold(_("Move"))
    move = hand.page.get_by_role("region", name=_("Move to another account"))
    await hand.write(_("Where you go on"), other.handle)
    await hand.write(_("Your password"), PASSWORD, on=move)
    await hand.press(_("Move there"))
    await hand.sees(_("You go on as @%(handle)s. Whoever followed you here follows you there.", handle=other.handle))
    await hand.press(_("Stay here after all"))
    await expect(move.locator("summary")).to_be_visible()
    leave = hand.page.get_by_role("region", name=_("Delete your account"))
    await hand.unfold(_("Delete your account"))
    await hand.write(_("Your handle, to be sure"), other.handle)
    await hand.write(_("Your password"), PASSWORD, on=leave)
    hand.visitor.expected = WRONG
    await hand.press(_("Delete for good"))
    await hand.sees(_("This is not your handle."))
    await hand.write(_("Your handle, to be sure"), ada.handle)
    await hand.write(_("Your password"), PASSWORD, on=leave)
    await hand.press(_("Delete for good"))
    await hand.sees(_("Your account is gone. Farewell."))


def tells(look: str, answer: Response) -> bool:
    """Whether it answers this choice; keys pass over those before it, and choose each for a moment."""
    return answer.request.post_data == look


async def open_settings(hand: Hand, page: str) -> None:
    """From the member's own menu to a page of the settings."""
    _ = hand.say
    await hand.unfold(_("Your account"))
    await hand.follow(_("Settings"))
    await hand.arrives(_("Settings"))
    await hand.follow(_(page), on=hand.page.locator("main"))
    await hand.arrives(_(page))


def a_picture() -> FilePayload:
    """A picture, wider than a face."""
    data = io.BytesIO()
    Image.new("RGB", (640, 400), "#e7a977").save(data, "PNG")
    return FilePayload(name="wall.png", mimeType="image/png", buffer=data.getvalue())
