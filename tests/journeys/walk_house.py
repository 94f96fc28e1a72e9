"""Walks through the house as its administrators keep it: rules, texts, announcements, the gate, and emoji."""

import datetime as dt
import io
import re

from PIL import Image
from playwright.async_api import FilePayload, expect
from tests.journeys.hand import Hand
from tests.journeys.walk_desk import INVALID, enter_as_administrator
from tests.journeys.walks import walk

from parvis.moderation import house


def a_drop() -> FilePayload:
    """A small picture."""
    kept = io.BytesIO()
    Image.new("RGBA", (32, 32), "#2b8fb3").save(kept, "png")
    return {"name": "drop.png", "mimeType": "image/png", "buffer": kept.getvalue()}


@walk(
    "GET /desk/house",
    "GET /desk/house/rules",
    "POST /desk/house/rules",
    "POST /desk/house/rules/{rule}",
    "POST /desk/house/rules/{rule}/up",
    "POST /desk/house/rules/{rule}/down",
    "POST /desk/house/rules/{rule}/remove",
)
async def set_the_rules(hand: Hand) -> None:
    """Add a rule, say it in other words and in French, move it about, and remove it after being asked."""
    _ = hand.say
    await enter_as_administrator(hand, "lawgiver")
    said = f"Be kind, {hand.manner}"
    async with hand.house.behind() as tx:
        other = await house.add_rule(tx, None, f"Be brief, {hand.manner}")
    await hand.go("/desk/house")
    await hand.follow(re.compile(_("What holds here, in its order.")))
    await hand.arrives(_("Rules"))
    await hand.write(_("Rule"), said, hand.page.locator("form.panel"))
    await hand.write(_("More about it"), "Even on Mondays.", hand.page.locator("form.panel"))
    await hand.press(_("Add"))
    rule = hand.page.locator(".entries > li", has_text=said)
    await hand.sees("Even on Mondays.", rule)
    await hand.unfold(_("Edit"), rule)
    await hand.write(_("Rule"), f"{said}, and quiet", rule)
    await hand.press(_("Save"))
    await hand.sees(re.compile("and quiet"), rule)
    await hand.unfold(_("Edit"), rule)
    french = rule.locator("form", has_text="Français")
    await hand.write(_("Rule"), "Soyez aimables.", french)
    await hand.press(_("Save the translation"))
    await hand.sees("Français: Soyez aimables.", rule)
    rules = hand.page.locator(".entries > li")
    await hand.press(f"{_('Move up')}: {said}, and quiet")
    await expect(rules.filter(has_text=hand.manner).first).to_contain_text(said)
    await hand.press(f"{_('Move down')}: {said}, and quiet")
    await expect(rules.filter(has_text=hand.manner).first).to_contain_text("Be brief")
    await hand.unfold(_("Edit"), rule)
    await hand.press(_("Remove"), rule)
    await hand.press(_("Yes, remove"))
    await hand.arrives(_("Rules"))
    await hand.misses(re.compile(said))
    async with hand.house.behind() as tx:
        await house.remove_rule(tx, None, other)


@walk("GET /desk/house/texts", "POST /desk/house/texts")
async def write_the_terms(hand: Hand) -> None:
    """See how new terms would look, write them, and go back to those that come along."""
    _ = hand.say
    await enter_as_administrator(hand, "scribe")
    await hand.go("/desk/house/texts")
    await hand.follow(_("Terms"))
    await hand.follow("Français")
    await hand.write(_("Text, as Markdown"), "Ne *marchez* pas sur les pigeons.")
    await hand.press(_("Preview"))
    await hand.sees("marchez", hand.page.locator(".preview"))
    await expect(hand.page.get_by_label(_("Text, as Markdown"))).to_have_value("Ne *marchez* pas sur les pigeons.")
    await hand.write(_("They hold from"), dt.datetime.now(dt.UTC).date().isoformat())
    await hand.press(_("Save"))
    await hand.sees(_("Saved."))
    await hand.write(_("Text, as Markdown"), "")
    await hand.press(_("Save"))
    await hand.sees(_("Saved."))


@walk(
    "GET /desk/house/announcements",
    "POST /desk/house/announcements",
    "POST /desk/house/announcements/{announcement}",
    "POST /desk/house/announcements/{announcement}/end",
    "POST /desk/house/announcements/{announcement}/remove",
)
async def announce_things(hand: Hand) -> None:
    """Announce something for later, in other words after all, and something now; end that, and delete both."""
    _ = hand.say
    await enter_as_administrator(hand, "crier")
    later, now = f"The fair, {hand.manner}", f"The fountain, {hand.manner}"
    await hand.go("/desk/house/announcements")
    await hand.write(_("What everyone is told"), later)
    await hand.write(_("Announce it at (UTC)"), "2099-05-01T10:00")
    await hand.write(_("It ends at (UTC)"), "2098-05-01T10:00")
    hand.visitor.expected = INVALID
    await hand.press(_("Announce"))
    await hand.sees(_("An announcement cannot end before it begins."))
    await expect(hand.page.get_by_label(_("What everyone is told"))).to_have_value(later)
    await hand.write(_("It ends at (UTC)"), "")
    await hand.press(_("Announce"))
    lines = hand.page.locator(".entries > li")
    await hand.sees(_("To come"), lines.filter(has_text=later))
    await hand.unfold(_("Edit"), lines.filter(has_text=later))
    await hand.write(_("In other words"), f"{later}, returns", lines.filter(has_text=later))
    await hand.press(_("Save"))
    await hand.sees(f"{later}, returns", lines.locator(".entry"))
    await hand.write(_("What everyone is told"), now)
    await hand.press(_("Announce"))
    await hand.press(_("End it"), lines.filter(has_text=now))
    await hand.sees(_("Over"), lines.filter(has_text=now))
    for gone in (now, later):
        await hand.press(_("Delete"), lines.filter(has_text=gone))
        await hand.press(_("Yes, delete"))
        await expect(lines.filter(has_text=gone)).to_have_count(0)


@walk(
    "GET /desk/house/gate",
    *(f"POST /desk/house/gate/{kind}" for kind in ("networks", "mail-domains", "mails", "servers")),
    *(f"POST /desk/house/gate/{kind}/{{bar}}/free" for kind in ("networks", "mail-domains", "mails", "servers")),
)
async def keep_the_gate(hand: Hand) -> None:
    """Keep a network, a mail domain, an address and a server out; a network that is none is refused; free them all."""
    _ = hand.say
    await enter_as_administrator(hand, "porter")
    domain = f"{hand.manner}.example"
    await hand.go("/desk/house/gate")
    await hand.write(_("Address or network"), "the moon")
    await hand.write(_("Remark"), "A flood of pills.")
    hand.visitor.expected = INVALID
    await hand.press(f"{_('Bar')} {_('Addresses')}")
    await hand.sees(_("This is no network address."))
    await expect(hand.page.get_by_label(_("Remark"))).to_have_value("A flood of pills.")
    await hand.write(_("Address or network"), "192.0.2.0/24")
    await hand.pick(_("How"), _("Nobody signs up from there"))
    await hand.pick(_("How long"), _("For a week"))
    await hand.press(f"{_('Bar')} {_('Addresses')}")
    await hand.sees("192.0.2.0/24")
    await hand.sees(re.compile("A flood of pills"))
    await hand.write(_("Mail domain"), domain)
    await hand.tick(_("Let in whom a moderator approves"), role="switch")
    await hand.press(f"{_('Bar')} {_('Mail domains')}")
    await hand.sees(domain)
    await hand.write(_("E-mail"), f"mal@{domain}")
    await hand.press(f"{_('Bar')} {_('E-mail addresses')}")
    mails = hand.page.locator("#mails ~ .entries > li:has(button)")
    await expect(mails).to_have_count(1)
    await hand.write(_("Server"), f"bad.{domain}")
    await hand.write(_("Reason for everyone"), "Pills.")
    await hand.tick(_("Take none of its pictures"), role="switch")
    await hand.press(f"{_('Bar')} {_('Other servers')}")
    await hand.sees(f"bad.{domain}")
    await hand.press(f"{_('Free')} bad.{domain}")
    await hand.press(re.compile(rf"^{_('Free')}"), mails)
    await hand.press(f"{_('Free')} {domain}")
    await hand.press(f"{_('Free')} 192.0.2.0/24")
    await expect(hand.page.locator(".entries button")).to_have_count(0)


@walk("GET /desk/house/emojis", "POST /desk/house/emojis", "POST /desk/house/emojis/remove")
async def have_an_emoji(hand: Hand) -> None:
    """Add an emoji, and remove it after being asked."""
    _ = hand.say
    await enter_as_administrator(hand, "painter")
    code = hand.handle("drop")
    await hand.go("/desk/house/emojis")
    await hand.write(_("Shortcode"), code)
    await hand.write(_("Category"), "Weather")
    await hand.give(_("Choose a picture"), a_drop())
    await hand.press(_("Add"))
    await hand.sees(f":{code}:")
    await hand.press(f"{_('Remove')} :{code}:")
    await hand.press(_("Yes, remove"))
    await hand.arrives(_("Emoji"))
    await hand.misses(f":{code}:")
