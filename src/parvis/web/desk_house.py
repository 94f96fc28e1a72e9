"""The house as its administrators keep it: rules, texts, announcements, and its emoji.

Each room shows what there is with a form beneath it; a refusal brings the same room back with its reason.
"""

import datetime as dt
from typing import Any, Final, get_args

from markupsafe import Markup
from starlette.responses import Response

from parvis.core.errors import Invalid
from parvis.core.words import LANGUAGES, N_
from parvis.moderation import announcements, emojis, house
from parvis.moderation.announcements import Notice
from parvis.moderation.house import Kind
from parvis.moderation.roles import May
from parvis.posts import emojis as drawing
from parvis.store.transaction import Tx
from parvis.web.desk import RATE, again, desk_page, unsure
from parvis.web.visit import Visit

ROOMS: Final = (
    ("rules", "list-ordered", N_("Rules"), N_("What holds here, in its order.")),
    ("texts", "quote", N_("Texts"), N_("About the house, privacy and terms.")),
    ("announcements", "bell", N_("Announcements"), N_("What everyone is told, now or later.")),
    ("gate", "ban", N_("The gate"), N_("Addresses, mail domains and servers that are kept out.")),
    ("emojis", "sparkles", N_("Emoji"), N_("The small pictures of the house.")),
)
STATES: Final = {
    "open": N_("Everyone may join."),
    "approval": N_("Everyone may ask; a moderator says yes to each."),
    "closed": N_("Nobody may join."),
}
KINDS: Final[dict[str, str]] = {"about": N_("About"), "privacy": N_("Privacy"), "terms": N_("Terms")}


async def read_house(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The rooms of the house, and what its settings say."""
    settings = visit.door.settings
    return desk_page(visit, "desk/house.html", house_rooms=ROOMS, joining=STATES[settings.registration])


# -- rules -------------------------------------------------------------------------------------------------------------


async def read_rules(visit: Visit, tx: Tx) -> Response:
    """The rules that hold, each to be rewritten, translated or removed."""
    others = {code: name for code, name in LANGUAGES.items() if code != visit.door.settings.language}
    return desk_page(visit, "desk/rules.html", rules=await house.rules_of(tx), others=others)


async def add_rule(visit: Visit) -> Response:
    """Add a rule."""

    async def doing() -> Response:
        async with visit.acting() as (tx, viewer):
            await house.add_rule(tx, viewer, visit.field("text", 2000), visit.field("hint"))
        return visit.go("/desk/house/rules?done=1")

    return await again(visit, read_rules, doing)


async def rewrite_rule(visit: Visit) -> Response:
    """Say a rule in other words, or in another language too."""

    async def doing() -> Response:
        number, language = visit.number("rule"), visit.field("language", 20)
        text, hint = visit.field("text", 2000), visit.field("hint")
        async with visit.acting() as (tx, viewer):
            if language:
                await house.translate_rule(tx, viewer, number, language, text=text, hint=hint)
            else:
                await house.rewrite_rule(tx, viewer, number, text, hint)
        return visit.go("/desk/house/rules?done=1")

    return await again(visit, read_rules, doing)


async def move_rule(visit: Visit) -> Response:
    """Have a rule stand one place higher or lower."""
    await visit.hold("desk", RATE)
    number = visit.number("rule")
    async with visit.acting() as (tx, viewer):
        await house.move_rule(tx, viewer, number, up=visit.verb == "up")
    return visit.go(f"/desk/house/rules#rule-{number}")


async def remove_rule(visit: Visit) -> Response:
    """Have a rule hold no longer."""
    await visit.hold("desk", RATE)
    warning = N_("The rule holds no longer. Reports that name it go on naming it.")
    if asked := unsure(visit, N_("Remove the rule"), warning, N_("Yes, remove")):
        return asked
    async with visit.acting() as (tx, viewer):
        await house.remove_rule(tx, viewer, visit.number("rule"))
    return visit.go("/desk/house/rules?done=1")


# -- texts -------------------------------------------------------------------------------------------------------------


async def read_texts(visit: Visit, tx: Tx) -> Response:
    """One of the texts as Markdown, to be rewritten."""
    kind, language = _kind(visit.query("kind", 10)), visit.query("language", 10)
    language = language if language in LANGUAGES else visit.language
    return await _text(visit, tx, kind, language)


async def _text(visit: Visit, tx: Tx, kind: Kind, language: str, **shown: Any) -> Response:
    done = visit.query("done", 1) == "1"
    given: dict[str, Any] = {
        "done": done,
        "text": await house.source_of(tx, visit.member(), kind, language),
        "day": "",
        "preview": "",
    }
    return desk_page(visit, "desk/texts.html", kind=kind, text_language=language, kinds=KINDS, **given | shown)


def _kind(word: str) -> Kind:
    return word if word in get_args(Kind) else "about"  # type: ignore[return-value] # it is one of them


async def write_text(visit: Visit) -> Response:
    """Show how a text will look, or write it."""
    kind, language = _kind(visit.field("kind", 10)), visit.field("language", 10)
    text, day = visit.field("text", house.TEXT_LENGTH), visit.field("day", 10)

    async def shown(visit: Visit, tx: Tx) -> Response:
        preview = Markup(house.rendered(text))  # noqa: S704 - `house` cleans it
        return await _text(visit, tx, kind, language, text=text, day=day, preview=preview)

    async def doing() -> Response:
        if visit.field("preview", 1):
            async with visit.door.store.reading() as tx:
                return await shown(visit, tx)
        async with visit.acting() as (tx, viewer):
            await house.write_text(tx, viewer, kind, text, language=language, day=day or None)
        return visit.go(f"/desk/house/texts?kind={kind}&language={language}&done=1")

    return await again(visit, shown, doing)


# -- announcements -----------------------------------------------------------------------------------------------------


async def read_announcements(visit: Visit, tx: Tx) -> Response:
    """What was announced, and what will be."""
    every = await announcements.every(tx, visit.member())
    return desk_page(visit, "desk/announcements.html", announcements=every, longest=announcements.LONGEST)


async def announce(visit: Visit) -> Response:
    """Announce something now, or later."""

    async def doing() -> Response:
        notice = Notice(
            text=visit.field("text"),
            starts_at=_moment(visit, "starts_at"),
            ends_at=_moment(visit, "ends_at"),
            all_day=visit.field("all_day", 3) == "on",
        )
        due = _moment(visit, "due_at")
        async with visit.acting() as (tx, viewer):
            await announcements.announce(tx, viewer, notice, visit.door.settings.domain, due)
        return visit.go("/desk/house/announcements?done=1")

    return await again(visit, read_announcements, doing)


async def rewrite_announcement(visit: Visit) -> Response:
    """Say an announcement in other words."""

    async def doing() -> Response:
        number, home = visit.number("announcement"), visit.door.settings.domain
        async with visit.acting() as (tx, viewer):
            await announcements.rewrite(tx, viewer, number, visit.field("text"), home)
        return visit.go("/desk/house/announcements?done=1")

    return await again(visit, read_announcements, doing)


def _moment(visit: Visit, name: str) -> int | None:
    """A moment that the form gives, in ms: UTC where it names no zone.

    Raises:
        Invalid: it is none.
    """
    text = visit.field(name, 40).strip()
    if not text:
        return None
    try:
        given = dt.datetime.fromisoformat(text)
        return int((given if given.tzinfo else given.replace(tzinfo=dt.UTC)).timestamp()) * 1000
    except (ValueError, OverflowError) as error:
        raise Invalid("This is no date and time.", field=name) from error


async def end_announcement(visit: Visit) -> Response:
    """Withdraw an announcement now."""
    await visit.hold("desk", RATE)
    async with visit.acting() as (tx, viewer):
        await announcements.end(tx, viewer, visit.number("announcement"))
    return visit.go("/desk/house/announcements?done=1")


async def remove_announcement(visit: Visit) -> Response:
    """Delete an announcement."""
    await visit.hold("desk", RATE)
    warning = N_("The announcement is gone, with what members answered to it.")
    if asked := unsure(visit, N_("Delete the announcement"), warning, N_("Yes, delete")):
        return asked
    async with visit.acting() as (tx, viewer):
        await announcements.remove(tx, viewer, visit.number("announcement"))
    return visit.go("/desk/house/announcements?done=1")


# -- emoji -------------------------------------------------------------------------------------------------------------


async def read_emojis(visit: Visit, tx: Tx) -> Response:
    """The emoji of the house."""
    return desk_page(visit, "desk/emojis.html", kept=await emojis.kept(tx, visit.member()))


async def add_emoji(visit: Visit) -> Response:
    """Have a new emoji, or another picture for one."""

    async def doing() -> Response:
        files = visit.files("picture")
        if not files:
            raise Invalid("Choose a picture first.", field="picture")
        drawn = await drawing.draw(await files[0].read(drawing.MOST_BYTES + 1))
        pictures = await drawing.keep(visit.door.blobs, drawn)
        code, category = visit.field("shortcode", 100).strip().strip(":"), visit.field("category", 100).strip()
        async with visit.acting() as (tx, viewer):
            await emojis.add(tx, viewer, code, pictures, category=category)
        return visit.go("/desk/house/emojis?done=1")

    return await again(visit, read_emojis, doing)


async def remove_emoji(visit: Visit) -> Response:
    """Have no such emoji any more."""
    await visit.hold("desk", RATE)
    warning = N_("Posts that use it show its name from now on.")
    if asked := unsure(visit, N_("Remove the emoji"), warning, N_("Yes, remove")):
        return asked
    async with visit.acting() as (tx, viewer):
        await emojis.remove(tx, viewer, visit.field("shortcode", 100))
    return visit.go("/desk/house/emojis?done=1")


READERS: Final = (
    ("/desk/house", May.SETTINGS, read_house),
    ("/desk/house/rules", May.RULES, read_rules),
    ("/desk/house/texts", May.SETTINGS, read_texts),
    ("/desk/house/announcements", May.ANNOUNCEMENTS, read_announcements),
    ("/desk/house/emojis", May.EMOJIS, read_emojis),
)
ACTORS: Final = (
    ("/desk/house/rules", May.RULES, add_rule),
    ("/desk/house/rules/{rule}", May.RULES, rewrite_rule),
    *((f"/desk/house/rules/{{rule}}/{way}", May.RULES, move_rule) for way in ("up", "down")),
    ("/desk/house/rules/{rule}/remove", May.RULES, remove_rule),
    ("/desk/house/texts", May.SETTINGS, write_text),
    ("/desk/house/announcements", May.ANNOUNCEMENTS, announce),
    ("/desk/house/announcements/{announcement}", May.ANNOUNCEMENTS, rewrite_announcement),
    ("/desk/house/announcements/{announcement}/end", May.ANNOUNCEMENTS, end_announcement),
    ("/desk/house/announcements/{announcement}/remove", May.ANNOUNCEMENTS, remove_announcement),
    ("/desk/house/emojis", May.EMOJIS, add_emoji),
    ("/desk/house/emojis/remove", May.EMOJIS, remove_emoji),
)
