"""The operator's commands about the community: announcements, the rules of the house, its texts.

Words flow in, sentences flow out. They work beside a running instance: ids come from the last node, and what is
announced waits as a job, so that the instance publishes it to whoever listens.
"""

import datetime as dt
import pathlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_args

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from parvis.core import clock, config, errors, log
from parvis.core.ids import NODES
from parvis.moderation import announcements, house
from parvis.moderation.announcements import Announcement, Notice
from parvis.store.opening import open_store
from parvis.store.transaction import Tx

out = Console(soft_wrap=True)

announcing = typer.Typer(help="Tell every member something.", no_args_is_help=True)
ruling = typer.Typer(help="The rules of the house.", no_args_is_help=True)
writing = typer.Typer(help="The house's texts: about, privacy, terms.", no_args_is_help=True)

When = Annotated[str, typer.Option(help="A moment as ISO 8601 writes it, UTC unless it says otherwise.")]
Number = Annotated[int, typer.Argument(help="The id, as the list tells it.")]
Language = Annotated[str, typer.Option(help="en, fr or another language tag.")]


@announcing.command("publish")
def publish(
    text: Annotated[str, typer.Argument(help="What to tell; addresses, #hashtags and @members become links.")],
    *,
    at: Annotated[str, typer.Option(help="When to publish it; now when left out. ISO 8601, UTC.")] = "",
    starts: When = "",
    ends: When = "",
    all_day: Annotated[bool, typer.Option("--all-day", help="It is about days, not hours.")] = False,
) -> None:
    """Announce something now, or at a set time; it is withdrawn when what it is about ends."""
    notice = Notice(text=text, starts_at=_moment(starts), ends_at=_moment(ends), all_day=all_day)
    _run(_publish(notice, _moment(at)))


async def _publish(notice: Notice, at: int | None) -> None:
    current = _settings()

    async def act(tx: Tx) -> Announcement:
        due = max(at or 0, tx.now + 1)  # by a job, so that the running instance tells it
        return await announcements.announce(tx, None, notice, current.domain, due)

    one = await _transact(act)
    out.print(f"[green]Announcement {one.id} is to be published at {clock.iso(one.due_at or one.updated_at)}.[/green]")


@announcing.command("list")
def list_announcements() -> None:
    """List what was announced, what is to come, and what is over."""
    _run(_list())


async def _list() -> None:
    table = Table("id", "state", "text")
    for one in await _transact(lambda tx: announcements.every(tx, None)):
        due = f"due {clock.iso(one.due_at)}" if one.due_at else "over"
        table.add_row(str(one.id), "shown" if one.published_at else due, one.text[:200])
    out.print(table if table.row_count else "Nothing was announced.")


@announcing.command("end")
def end(announcement: Number) -> None:
    """Withdraw an announcement; it stays in the list."""
    _run(_tell(lambda tx: announcements.end(tx, None, announcement), "It is withdrawn."))


@announcing.command("delete")
def remove(announcement: Number) -> None:
    """Delete an announcement with its reactions."""
    _run(_tell(lambda tx: announcements.remove(tx, None, announcement), "It is gone."))


@ruling.command("list")
def list_rules() -> None:
    """List the rules."""
    _run(_list_rules())


async def _list_rules() -> None:
    table = Table("id", "rule", "hint", "also in")
    for rule in await _transact(house.rules_of):
        table.add_row(str(rule.id), rule.text, rule.hint, ", ".join(sorted(rule.translations)))
    out.print(table if table.row_count else "There are no rules.")


@ruling.command("add")
def add_rule(text: str, hint: Annotated[str, typer.Option(help="What it means.")] = "") -> None:
    """Add a rule after the others."""
    _run(_tell(lambda tx: house.add_rule(tx, None, text, hint), "The rule holds."))


@ruling.command("rewrite")
def rewrite_rule(rule: Number, text: str, hint: Annotated[str, typer.Option(help="What it means.")] = "") -> None:
    """Say a rule in other words."""
    _run(_tell(lambda tx: house.rewrite_rule(tx, None, rule, text, hint), "The rule says so now."))


@ruling.command("translate")
def translate_rule(
    rule: Number, language: str, text: str, hint: Annotated[str, typer.Option(help="What it means.")] = ""
) -> None:
    """Say a rule in another language too."""
    _run(_tell(lambda tx: house.translate_rule(tx, None, rule, language, text=text, hint=hint), "It is said."))


@ruling.command("remove")
def remove_rule(rule: Number) -> None:
    """Have a rule hold no longer; reports that name it go on naming it."""
    _run(_tell(lambda tx: house.remove_rule(tx, None, rule), "The rule holds no longer."))


@writing.command("show")
def show_text(kind: str, language: Language = "en") -> None:
    """Print a text as HTML, as everyone reads it."""
    _run(_show(_kind(kind), language))


async def _show(kind: house.Kind, language: str) -> None:
    words = await _transact(lambda tx: house.text_of(tx, kind, language))
    print(words.html)  # noqa: T201 - it may hold what rich would take for its own


@writing.command("write")
def write_text(
    kind: str,
    file: Annotated[pathlib.Path, typer.Argument(help="A Markdown file; an empty one brings back the usual text.")],
    *,
    language: Language = "en",
    since: Annotated[str, typer.Option(help="Terms: the day on which they take effect, YYYY-MM-DD.")] = "",
) -> None:
    """Write a text from a Markdown file."""
    chosen = _kind(kind)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.Invalid("The file cannot be read.", field="file") from error
    verb = house.write_text
    _run(_tell(lambda tx: verb(tx, None, chosen, text, language=language, day=since or None), "It is written."))


async def _transact(verb: Callable[[Tx], Awaitable[Any]]) -> Any:
    async with open_store(_settings()) as store, store.transaction() as tx:
        return await verb(tx)


async def _tell(verb: Callable[[Tx], Awaitable[Any]], done: str) -> None:
    await _transact(verb)
    out.print(f"[green]{done}[/green]")


def _kind(kind: str) -> house.Kind:
    if kind not in get_args(house.Kind):
        raise errors.Invalid("A text is about, privacy or terms, not {kind}.", field="kind", kind=kind)
    return kind  # type: ignore[return-value] # one of them


def _moment(words: str) -> int | None:
    if not words:
        return None
    try:
        moment = dt.datetime.fromisoformat(words)
    except ValueError as error:
        raise errors.Invalid("A moment is written as ISO 8601 has it.", field="at") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return int(moment.timestamp() * clock.SECOND)


def _settings() -> config.Settings:
    settings = config.from_environment()
    log.configure(level=settings.log_level)
    return msgspec.structs.replace(settings, node=NODES - 1)


def _run(coroutine: Any) -> None:
    import uvloop

    uvloop.run(coroutine)
