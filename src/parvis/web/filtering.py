"""Filters: what a member does not want to meet in their feeds, made and changed word by word.

Every button is a form of its own, so that a filter of a thousand words never has to travel whole.
"""

from typing import Any, Final

from starlette.responses import Response

from parvis.core import clock
from parvis.core.errors import Invalid, Refused
from parvis.core.words import N_
from parvis.store.transaction import Tx
from parvis.timelines import filters
from parvis.timelines.filters import KeywordWish, Wish
from parvis.web.visit import Visit, whole_number

RATE: Final = "60/minute"
PAGE: Final = "/settings/filters"
MOST_AT_ONCE: Final = 50  # words of one form
CONTEXTS: Final = (
    ("home", N_("Home and lists")),
    ("notifications", N_("Notifications")),
    ("public", N_("The square, hashtags, search")),
    ("thread", N_("Threads")),
    ("account", N_("Profiles")),
)
ACTIONS: Final = (
    ("warn", N_("Fold it away"), N_("The post says which filter it met, and opens when you ask.")),
    ("blur", N_("Cover the pictures"), N_("The words stay.")),
    ("hide", N_("Leave it out"), N_("You will not know that it was there.")),
)
LIVES: Final = (
    (0, N_("for good")),
    (clock.HOUR // 1000, N_("for an hour")),
    (6 * clock.HOUR // 1000, N_("for 6 hours")),
    (clock.DAY // 1000, N_("for a day")),
    (7 * clock.DAY // 1000, N_("for a week")),
    (30 * clock.DAY // 1000, N_("for 30 days")),
)
"""How long a filter, or a mute, may hold: seconds, 0 for ever."""
NAMES: Final[dict[str, Any]] = {"contexts": CONTEXTS, "actions": ACTIONS, "lives": LIVES}


async def read_filters(visit: Visit, tx: Tx) -> Response:
    """The member's filters, and a form for a new one."""
    return await _page(visit, tx)


async def _page(visit: Visit, tx: Tx, refusal: Refused | None = None) -> Response:
    return visit.asking(
        "filters.html",
        refusal,
        filters=await filters.filters_of(tx, visit.member().id),
        now=tx.now,
        **NAMES,
        **(_typed(visit) if refusal else _blank("", ("home", "public"), "warn")),
    )


def _blank(title: str, chosen: tuple[str, ...], action: str) -> dict[str, Any]:
    return {"title": title, "chosen": chosen, "action": action, "words": "", "whole": True, "life": ""}


def _typed(visit: Visit) -> dict[str, Any]:
    """The form as it was sent."""
    return {
        "title": visit.field("title"),
        "chosen": _contexts(visit),
        "action": visit.field("action"),
        "words": visit.field("words"),
        "whole": visit.field("whole", 3) == "on",
        "life": visit.field("life"),
    }


async def make_filter(visit: Visit) -> Response:
    """Make a filter of what the form says."""
    await visit.hold("filters", RATE)
    try:
        async with visit.acting() as (tx, viewer):
            await filters.make_filter(tx, viewer, _wish(visit), _keywords(visit))
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            return await _page(visit, tx, refusal)
    return visit.go(PAGE)


def _contexts(visit: Visit) -> tuple[str, ...]:
    return tuple(name for name, _ in CONTEXTS if visit.field(f"in_{name}", 3) == "on")


def _wish(visit: Visit) -> Wish:
    life = visit.field("life", 10)
    if life and whole_number(life) not in {seconds for seconds, _ in LIVES}:
        raise Invalid("A filter ends in the future.", field="life")
    return Wish(
        title=visit.field("title", 1000),
        contexts=_contexts(visit),
        action=visit.field("action", 10),
        expires_in=whole_number(life) if life else None,
    )


def _keywords(visit: Visit) -> list[KeywordWish]:
    lines = dict.fromkeys(line.strip() for line in visit.field("words").splitlines())
    words = [line for line in lines if line]
    if len(words) > MOST_AT_ONCE:
        raise Invalid("At most {limit} words at once.", field="words", limit=MOST_AT_ONCE)
    return [KeywordWish(keyword=word, whole_word=visit.field("whole", 3) == "on") for word in words]


async def read_filter(visit: Visit, tx: Tx) -> Response:
    """One filter, to be changed."""
    return await _one(visit, tx)


async def _one(visit: Visit, tx: Tx, refusal: Refused | None = None) -> Response:
    found = await filters.get_filter(tx, visit.member(), visit.number("filter"))
    return visit.asking(
        "filter.html",
        refusal,
        filter=found,
        now=tx.now,
        saved=visit.query("saved", 1) == "1",
        **NAMES,
        **(_typed(visit) if refusal else _blank(found.title, found.contexts, found.action)),
    )


async def change_filter(visit: Visit) -> Response:
    """Change a filter, and add words to it."""
    await visit.hold("filters", RATE)
    number = visit.number("filter")
    try:
        async with visit.acting() as (tx, viewer):
            await filters.edit_filter(tx, viewer, number, _wish(visit), _keywords(visit))
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            return await _one(visit, tx, refusal)
    return visit.go(f"{PAGE}/{number}?saved=1")


async def drop_keyword(visit: Visit) -> Response:
    """Have the filter look for a word no more."""
    await visit.hold("filters", RATE)
    async with visit.acting() as (tx, viewer):
        await filters.drop_keyword(tx, viewer, visit.number("keyword"))
    return visit.go(f"{PAGE}/{visit.number('filter')}?saved=1")


async def delete_filter(visit: Visit) -> Response:
    """Delete a filter."""
    await visit.hold("filters", RATE)
    async with visit.acting() as (tx, viewer):
        await filters.delete_filter(tx, viewer, visit.number("filter"))
    return visit.go(PAGE)
