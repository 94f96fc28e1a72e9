"""What the house says of itself: its rules, and the texts about it, its privacy and its terms.

Markdown flows in from the operator, safe HTML flows out. Where the operator wrote nothing, the text that comes with
Parvis is told, in the reader's language; it says what is true of every instance that changed nothing.
"""

import datetime as dt
import functools
import pathlib
from typing import Any, Final, Literal

import msgspec
import nh3
from markdown_it import MarkdownIt
from sqlalchemy import BigInteger, Integer, Text, bindparam, func, insert, select, update
from sqlalchemy import delete as deletion
from sqlalchemy.dialects.postgresql import insert as upsert

from parvis.core import clock
from parvis.core.errors import Invalid, NotFound
from parvis.core.text import keepable, one_line
from parvis.core.words import LANGUAGES
from parvis.moderation import audit, roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.people.rules import checked_language
from parvis.store.statement import Statement, among
from parvis.store.tables import house_rules, house_texts
from parvis.store.transaction import Tx

Kind = Literal["about", "privacy", "terms"]

RULE_LENGTH: Final = 300
HINT_LENGTH: Final = 2000
TEXT_LENGTH: Final = 100_000
MOST_RULES: Final = 100
WRITTEN: Final = "2026-11-27"  # the day of the texts that come with Parvis
FOLDER: Final = pathlib.Path(__file__).parent


class Rule(msgspec.Struct, frozen=True):
    """A rule, and what it is in other languages: text and hint by language."""

    id: int
    text: str
    hint: str
    translations: dict[str, tuple[str, str]]


class Words(msgspec.Struct, frozen=True):
    """A text as it is shown. `day` is since when terms hold; `next_day` since when the ones after them."""

    html: str
    updated_at: int  # ms
    day: str = WRITTEN
    next_day: str | None = None


def _rule(identifier: int, text: str, hint: str, translations: dict[str, Any]) -> Rule:
    return Rule(identifier, text, hint, {language: (told[0], told[1]) for language, told in translations.items()})


_c = house_rules.c
_rules = select(_c.id, _c.text, _c.hint, _c.translations)
_ids = bindparam("rule", type_=BigInteger)
RULES = Statement(_rules.where(_c.deleted_at.is_(None)).order_by(_c.position, _c.id).limit(MOST_RULES), _rule)
_NAMED = Statement(_rules.where(among(_c.id, "ids")).order_by(_c.position, _c.id), _rule)
_THERE_ARE = Statement(
    select(func.count()).select_from(house_rules).where(among(_c.id, "ids"), _c.deleted_at.is_(None))
)
_ADD = Statement(
    insert(house_rules).values(
        id=_ids,
        position=select(func.count() + 1).select_from(house_rules.alias("others")).scalar_subquery(),
        text=bindparam("words", type_=Text),
        hint=bindparam("more", type_=Text),
    )
)
_REWRITE = Statement(
    update(house_rules)
    .where(_c.id == _ids, _c.deleted_at.is_(None))
    .values(text=bindparam("words", type_=Text), hint=bindparam("more", type_=Text))
)
_TRANSLATE = Statement(
    update(house_rules)
    .where(_c.id == _ids, _c.deleted_at.is_(None))
    .values(translations=bindparam("told", type_=_c.translations.type))
)
_PLACE = Statement(update(house_rules).where(_c.id == _ids).values(position=bindparam("place", type_=Integer)))
_REMOVE = Statement(
    update(house_rules)
    .where(_c.id == _ids, _c.deleted_at.is_(None))
    .values(deleted_at=bindparam("moment", type_=BigInteger))
)
_t = house_texts.c
_of_kind = _t.kind == bindparam("kind", type_=Text)
_WRITTEN = Statement(
    select(_t.language, _t.day, _t.text, _t.updated_at).where(_of_kind).order_by(_t.day.desc(), _t.language)
)
_new = upsert(house_texts).values({c.name: bindparam(c.name, type_=c.type) for c in house_texts.columns})
_SET = Statement(
    _new.on_conflict_do_update(
        index_elements=["kind", "language", "day"],
        set_={"text": _new.excluded.text, "updated_at": _new.excluded.updated_at},
    )
)
_CLEAR = Statement(deletion(house_texts).where(_of_kind, _t.language == bindparam("language", type_=Text)))


async def rules_of(tx: Tx) -> list[Rule]:
    """The rules that hold, in their order."""
    return await tx.all(RULES)


async def rules_named(tx: Tx, ids: list[int]) -> dict[int, Rule]:
    """These rules, also those that hold no longer."""
    return {rule.id: rule for rule in await tx.all(_NAMED, ids=ids)} if ids else {}


async def require_rules(tx: Tx, ids: tuple[int, ...]) -> None:
    """Return when all these rules hold.

    Raises:
        Invalid: one does not.
    """
    if ids and await tx.value(_THERE_ARE, ids=list(ids)) != len(set(ids)):
        raise Invalid("There is no such rule.", field="rule_ids")


async def add_rule(tx: Tx, admin: Account | None, text: str, hint: str = "") -> int:
    """Add a rule after the others; its id.

    Raises:
        Forbidden: the account may not.
        Invalid: it is empty or too long, or there are 100.
    """
    roles.require(admin, May.RULES)
    words, more = _checked_rule(text, hint)
    if len(await rules_of(tx)) >= MOST_RULES:
        raise Invalid("A house has at most {limit} rules.", field="text", limit=MOST_RULES)
    rule = tx.new_id()
    await tx.run(_ADD, rule=rule, words=words, more=more)
    await audit.note(tx, admin, "rule.add", f"rule:{rule}", words)
    return rule


async def rewrite_rule(tx: Tx, admin: Account | None, rule_id: int, text: str, hint: str = "") -> None:
    """Say a rule in other words.

    Raises:
        Forbidden: the account may not.
        Invalid: it is empty or too long.
        NotFound: there is no such rule.
    """
    roles.require(admin, May.RULES)
    words, more = _checked_rule(text, hint)
    if not await tx.run(_REWRITE, rule=rule_id, words=words, more=more):
        raise NotFound("There is no such rule.")
    await audit.note(tx, admin, "rule.rewrite", f"rule:{rule_id}", words)


async def translate_rule(
    tx: Tx, admin: Account | None, rule_id: int, language: str, *, text: str, hint: str = ""
) -> None:
    """Say a rule in another language too.

    Raises:
        Forbidden: the account may not.
        Invalid: it is empty or too long, or that is no language.
        NotFound: there is no such rule.
    """
    roles.require(admin, May.RULES)
    tongue, (words, more) = checked_language(language), _checked_rule(text, hint)
    rule = next((one for one in await rules_of(tx) if one.id == rule_id), None)
    if rule is None:
        raise NotFound("There is no such rule.")
    await tx.run(_TRANSLATE, rule=rule_id, told=rule.translations | {tongue: (words, more)})
    await audit.note(tx, admin, "rule.translate", f"rule:{rule_id}", tongue)


async def move_rule(tx: Tx, admin: Account | None, rule_id: int, *, up: bool) -> None:
    """Have a rule stand one place higher or lower; the first goes no higher, the last no lower.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such rule.
    """
    roles.require(admin, May.RULES)
    order = [rule.id for rule in await rules_of(tx)]
    if rule_id not in order:
        raise NotFound("There is no such rule.")
    place = order.index(rule_id)
    order.insert(max(0, place - 1) if up else place + 1, order.pop(place))
    await tx.many(_PLACE, [{"rule": rule, "place": number} for number, rule in enumerate(order, 1)])
    await audit.note(tx, admin, "rule.move", f"rule:{rule_id}")


async def remove_rule(tx: Tx, admin: Account | None, rule_id: int) -> None:
    """Have a rule hold no longer; reports that name it go on naming it.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such rule.
    """
    roles.require(admin, May.RULES)
    if not await tx.run(_REMOVE, rule=rule_id, moment=tx.now):
        raise NotFound("There is no such rule.")
    await audit.note(tx, admin, "rule.remove", f"rule:{rule_id}")


async def write_text(
    tx: Tx, admin: Account | None, kind: Kind, text: str, *, language: str = "en", day: str | None = None
) -> None:
    """Write one of the house's texts, as Markdown; an empty one brings back what comes with Parvis.

    `day` (YYYY-MM-DD; today when left out) is since when terms hold.

    Raises:
        Forbidden: the account may not.
        Invalid: it is too long, or that is no language or no day.
    """
    roles.require(admin, May.SETTINGS)
    words, tongue = keepable(text).strip(), checked_language(language)
    if len(words) > TEXT_LENGTH:
        raise Invalid("A text has at most {limit} characters.", field="text", limit=TEXT_LENGTH)
    since = _checked_day(day or today(tx)) if kind == "terms" else ""
    if words:
        await tx.run(_SET, kind=kind, language=tongue, day=since, text=words, updated_at=tx.now)
    else:
        await tx.run(_CLEAR, kind=kind, language=tongue)
    await audit.note(tx, admin, "text.write", f"text:{kind}", f"{tongue} {since}".strip())


async def text_of(tx: Tx, kind: Kind, language: str = "en") -> Words:
    """A text of the house in the reader's language, else in English, else in any; terms that hold today."""
    written = [row for row in await tx.all(_WRITTEN, kind=kind) if kind != "terms" or row[1] <= today(tx)]
    if not written:
        return Words(rendered(_bundled(kind, language)), clock_of(WRITTEN))
    latest = [row for row in written if row[1] == written[0][1]]
    return _chosen(latest, language, await _days(tx))


async def source_of(tx: Tx, admin: Account | None, kind: Kind, language: str) -> str:
    """A text as Markdown, in this very language: the latest that was written, else what comes with Parvis.

    Raises:
        Forbidden: the account may not.
    """
    roles.require(admin, May.SETTINGS)
    rows = [row for row in await tx.all(_WRITTEN, kind=kind) if row[0] == language]
    return str(rows[0][2]) if rows else _bundled(kind, language)


async def terms_on(tx: Tx, day: str, language: str = "en") -> Words:
    """The terms that hold, held or will hold since that day.

    Raises:
        NotFound: none do.
    """
    rows = [row for row in await tx.all(_WRITTEN, kind="terms") if row[1] == day]
    if rows:
        return _chosen(rows, language, await _days(tx))
    if day == WRITTEN:
        days = await _days(tx)
        return Words(rendered(_bundled("terms", language)), clock_of(WRITTEN), WRITTEN, _after(WRITTEN, days))
    raise NotFound("There are no terms of that day.")


async def _days(tx: Tx) -> list[str]:
    return sorted({row[1] for row in await tx.all(_WRITTEN, kind="terms")})


def _after(day: str, days: list[str]) -> str | None:
    return next((other for other in days if other > day), None)


def _chosen(rows: list[tuple[Any, ...]], language: str, days: list[str]) -> Words:
    by_language = {row[0]: row for row in rows}
    _, day, text, updated_at = by_language.get(language) or by_language.get("en") or rows[0]
    return Words(rendered(text), updated_at, day or WRITTEN, _after(day, days) if day else None)


def today(tx: Tx) -> str:
    """The day of this transaction, UTC."""
    return clock.iso(tx.now)[:10]


def clock_of(day: str) -> int:
    """The beginning of a day, in ms."""
    return int(dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC).timestamp()) * clock.SECOND


@functools.lru_cache(maxsize=64)
def rendered(markdown: str) -> str:
    """Markdown as HTML in which nothing runs."""
    return nh3.clean(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))


@functools.cache
def _bundled(kind: Kind, language: str) -> str:
    """The text that comes with Parvis."""
    tongue = language.split("-", maxsplit=1)[0]
    return (FOLDER / f"{kind}.{tongue if tongue in LANGUAGES else 'en'}.md").read_text()


def _checked_rule(text: str, hint: str) -> tuple[str, str]:
    words, more = one_line(text), keepable(hint).strip()
    if not 1 <= len(words) <= RULE_LENGTH:
        raise Invalid("A rule has 1 to {limit} characters.", field="text", limit=RULE_LENGTH)
    if len(more) > HINT_LENGTH:
        raise Invalid("A hint has at most {limit} characters.", field="hint", limit=HINT_LENGTH)
    return words, more


def _checked_day(day: str) -> str:
    try:
        return dt.date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise Invalid("A day is written YYYY-MM-DD.", field="date") from error
