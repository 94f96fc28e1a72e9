"""The `parvis` command: what an operator types.

Words flow in, sentences flow out. An error says what went wrong and what to do next, and ends with status 1.
"""

import pathlib
import sys
from collections.abc import Coroutine
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from parvis import __version__, admin, townhall
from parvis.ai import catalogue, choose, pull
from parvis.core import clock, config, errors, log
from parvis.store import letters
from parvis.store.opening import open_store
from parvis.store.schema import migrate as bring_up

out = Console()
err = Console(stderr=True)

commands = typer.Typer(
    help="Parvis: a social network in which AI is a native part and which its own community can run.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
models = typer.Typer(help="The embedded models and the illustrator's art.", no_args_is_help=True)
work = typer.Typer(help="Jobs that wait, and dead letters.", no_args_is_help=True)
commands.add_typer(models, name="models")
commands.add_typer(work, name="jobs")
emoji = typer.Typer(help="Custom emoji that members write as :shortcode:.", no_args_is_help=True)
commands.add_typer(emoji, name="emoji")
commands.add_typer(admin.commands, name="admin")
commands.add_typer(townhall.announcing, name="announce")
commands.add_typer(townhall.ruling, name="rules")
commands.add_typer(townhall.writing, name="texts")


def main() -> None:
    """Run the command; refusals become a sentence on standard error and status 1."""
    try:
        commands()
    except (errors.Refused, config.WrongSetting) as refused:
        err.print(f"[red]{refused}[/red]")
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("Stopped.")
        sys.exit(130)


def _settings() -> config.Settings:
    settings = config.from_environment()
    log.configure(level=settings.log_level)
    return settings


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    import uvloop

    uvloop.run(coroutine)


@commands.command()
def version() -> None:
    """Print the version."""
    out.print(f"Parvis {__version__}")


@commands.command()
def settings() -> None:
    """List every setting: its variable, its value now, what it means."""
    current = _settings()
    table = Table("variable", "now", "what it means")
    for name, value, description in config.describe(current):
        table.add_row(name, value, description)
    out.print(table)


@commands.command()
def migrate() -> None:
    """Bring the database to the present schema."""
    _run(bring_up(_settings()))
    out.print("[green]The database has the present schema.[/green]")


@commands.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; the setting's when left out.")] = "",
    port: Annotated[int, typer.Option(help="The port; the setting's when left out.", min=0, max=65535)] = 0,
) -> None:
    """Serve the network until Ctrl-C."""
    from parvis import app  # every door hangs on it, and most commands open none

    current = _settings()
    _run(app.serve(current, host or current.host, port or current.port))


@commands.command("demo")
def raise_demo() -> None:
    """Raise the demo world: a cast, their threads and pictures. A world already raised is left as it is."""
    _run(_raise_demo(_settings()))


async def _raise_demo(current: config.Settings) -> None:
    from parvis.demo import stage  # it brings every room along

    await bring_up(current)
    bar = Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=err, transient=True)
    with bar:
        task = bar.add_task("Raising the demo world", total=1.0)
        raised = await stage.raise_demo(current, progress=lambda share: bar.update(task, completed=share))
    out.print("[green]The demo world stands.[/green]" if raised else "The demo world was there already.")


@models.command("list")
def list_models() -> None:
    """List the catalogue: each entry's task, licence, size, and whether it is on this machine."""
    current = _settings()
    folder = catalogue.folder(current.models_folder)
    wanted = set(choose.wanted(current))
    table = Table("name", "what", "task", "licence", "size", "here", "used")
    for name, entry in catalogue.ENTRIES.items():
        here = "yes" if catalogue.is_pulled(name, folder) else "no"
        used = "yes" if name in wanted else ""
        table.add_row(name, entry.title, entry.task, entry.licence, f"{entry.size / 1e6:.0f} MB", here, used)
    out.print(table)
    out.print(f"They are kept in {folder}.")


@models.command("pull")
def pull_models(
    names: Annotated[list[str] | None, typer.Argument(help="Names from the catalogue; what is needed if none.")] = None,
    small: Annotated[bool, typer.Option("--small", help="Leave out the standard text model (1.1 GB).")] = False,
) -> None:
    """Fetch models and art, go on where a fetch was cut, and verify every file before it is used."""
    current = _settings()
    folder = catalogue.folder(current.models_folder)
    wanted = names or choose.wanted(msgspec.structs.replace(current, models="light") if small else current)
    missing = [name for name in wanted if name not in catalogue.ENTRIES or not catalogue.is_pulled(name, folder)]
    if not missing:
        out.print("Every model is here.")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err) as bar:
        for name in missing:
            pull.pull([name], folder, _told(bar, bar.add_task(name, total=None)))
    out.print(f"[green]{len(missing)} fetched and verified.[/green] They are kept in {folder}.")


def _told(bar: Progress, task: TaskID) -> pull.Progress:
    """What tells a bar's task how far a fetch is."""
    return lambda done, total: bar.update(task, completed=done, total=total)


@models.command("verify")
def verify_models() -> None:
    """Read every file on this machine through and compare it with the catalogue's sum."""
    folder = catalogue.folder(_settings().models_folder)
    here = [name for name in catalogue.ENTRIES if catalogue.is_pulled(name, folder)]
    if broken := pull.verify(here, folder):
        err.print(f"[red]Not what they were: {', '.join(broken)}.[/red] Remove them from {folder} and pull again.")
        raise typer.Exit(1)
    out.print(f"[green]{len(here)} are what the catalogue says.[/green]")


@work.command("list")
def list_jobs() -> None:
    """Count the jobs of each kind, and show the dead letters."""
    _run(_list_jobs())


async def _list_jobs() -> None:
    async with open_store(_settings()) as store, store.reading() as tx:
        counts = await tx.all(letters.COUNTS)
        dead = await tx.all(letters.DEAD, most=100)
    table = Table("kind", "waiting", "dead", title="Jobs")
    for kind, every, died, _ in counts:
        table.add_row(kind, str(every - died), str(died))
    out.print(table if counts else "No job waits.")
    if dead:
        table = Table("id", "kind", "attempts", "died", "why", title="Dead letters")
        for letter in dead:
            when = clock.iso(letter.dead_at)
            table.add_row(str(letter.id), letter.kind, str(letter.attempts), when, letter.error)
        out.print(table)
        out.print(
            "Run one again with [bold]parvis jobs retry ID[/bold], or drop it with [bold]parvis jobs drop ID[/bold]."
        )


@work.command("retry")
def retry_job(job: Annotated[int, typer.Argument(help="The dead letter's id.")]) -> None:
    """Have a dead letter run again now."""
    _run(_change_job(letters.REVIVE, job, "It waits again."))


@work.command("drop")
def drop_job(job: Annotated[int, typer.Argument(help="The dead letter's id.")]) -> None:
    """Forget a dead letter."""
    _run(_change_job(letters.DROP, job, "It is gone."))


async def _change_job(statement: Any, job: int, done: str) -> None:
    async with open_store(_settings()) as store, store.transaction() as tx:
        changed = await tx.run(statement, job=job, now=tx.now)
    if not changed:
        raise errors.NotFound("There is no dead letter {job}. List them with “parvis jobs list”.", job=job)
    out.print(f"[green]{done}[/green]")


@emoji.command("add")
def add_emoji(
    shortcode: Annotated[str, typer.Argument(help="What stands between the colons: letters, digits, underscores.")],
    picture: Annotated[pathlib.Path, typer.Argument(help="A PNG, GIF, WebP or JPEG; one that moves goes on moving.")],
    category: Annotated[str, typer.Option(help="The group it is shown in.")] = "",
    unlisted: Annotated[bool, typer.Option("--unlisted", help="Offer it nowhere; it can still be written.")] = False,
) -> None:
    """Add an emoji, or give one another picture. A running server knows it half a minute later."""
    if not picture.is_file():
        raise errors.NotFound("There is no file {path}.", path=str(picture))
    _run(_add_emoji(shortcode, picture.read_bytes(), category, listed=not unlisted))


async def _add_emoji(shortcode: str, data: bytes, category: str, *, listed: bool) -> None:
    from parvis.posts import emojis
    from parvis.store.blobs import open_blobs

    settings = _settings()
    blob, still = await emojis.keep(open_blobs(settings), await emojis.draw(data))
    async with open_store(settings) as store, store.transaction() as tx:
        await emojis.add(tx, shortcode, blob, still, category=category, listed=listed)
    out.print(f"[green]:{shortcode}:[/green] can be written now.", emoji=False)


@emoji.command("list")
def list_emoji() -> None:
    """List every emoji."""
    _run(_list_emoji())


async def _list_emoji() -> None:
    from parvis.posts import emojis

    async with open_store(_settings()) as store, store.reading() as tx:
        found = await emojis.all_emojis(tx)
    table = Table("shortcode", "category", "listed", "moves", title="Custom emoji")
    for each, listed in found:
        moves = "yes" if each.blob != each.still else ""
        table.add_row(each.shortcode, each.category, "yes" if listed else "no", moves)
    out.print(table if found else "There is no custom emoji.")


@emoji.command("remove")
def remove_emoji(shortcode: Annotated[str, typer.Argument(help="What stands between the colons.")]) -> None:
    """Remove an emoji: posts that use it show its name."""
    _run(_remove_emoji(shortcode))


async def _remove_emoji(shortcode: str) -> None:
    from parvis.posts import emojis

    async with open_store(_settings()) as store, store.transaction() as tx:
        await emojis.remove(tx, shortcode)
    out.print("[green]It is gone.[/green]")
