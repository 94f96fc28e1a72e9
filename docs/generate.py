"""Writes the reference pages from the code (`make docs`). A test fails when a page does not say what is."""

import inspect
import pathlib
from collections.abc import Iterator
from typing import Any

import msgspec
from typer.main import get_command

from docs import contract
from parvis import cli, events
from parvis.api import map as api_map
from parvis.core import config

HERE = pathlib.Path(__file__).parent
PREAMBLE = "<!-- Written by `make docs` from the code. -->\n\n"


def settings() -> str:
    """Every setting."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {note} |"
        for name, default, note in config.describe(config.Settings())
    ]
    head = (
        "# Settings\n\nRead from the environment at start. Nothing needs to be set to begin.\n\n"
        "| variable | default | what it means |\n|---|---|---|\n"
    )
    return PREAMBLE + head + "\n".join(rows) + "\n"


def event_list() -> str:
    """Every event."""
    pages = ["# Events\n\nWhat rooms tell each other. Stored ones run listeners as jobs; passing ones are only live.\n"]
    for title, base in (("Stored", events.Event), ("Passing", events.Passing)):
        pages.append(f"\n## {title}\n\n| event | fields | what happened |\n|---|---|---|")
        for kind in base.__subclasses__():
            fields = ", ".join(f"`{field.encode_name}`" for field in msgspec.structs.fields(kind))
            pages.append(f"| `{kind.__name__}` | {fields} | {' '.join((inspect.getdoc(kind) or '').split())} |")
    return PREAMBLE + "\n".join(pages) + "\n"


def _commands() -> Any:
    return get_command(cli.commands)


def _within(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Each command of a group and of the groups in it, by all its words."""
    if not hasattr(command, "commands"):
        yield name, command
    for word, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _within(f"{name} {word}", inner)


def commands() -> str:
    """Every command."""
    pages = ["# Commands\n\n`parvis COMMAND --help` says more.\n\n| command | what it does |\n|---|---|"]
    pages += [f"| `{name}` | {command.get_short_help_str(200)} |" for name, command in _within("parvis", _commands())]
    return PREAMBLE + "\n".join(pages) + "\n"


def endpoint_list() -> str:
    """Every endpoint of the API."""
    rows = []
    for endpoint in sorted(api_map.endpoints(), key=lambda one: (one.path, one.method)):
        scopes = " or ".join(f"`{scope}`" for scope in endpoint.scopes)
        rows.append(f"| {endpoint.method} | `{endpoint.path}` | {scopes} | {endpoint.summary} |")
    head = (
        "# Endpoints\n\nMastodon's client API, and Parvis's own under `/api/parvis/v1/`. The instance serves the "
        "OpenAPI document, made from the same Structs that it answers with, at `/api/parvis/v1/openapi.json`.\n\n"
        "| method | path | scope | what it does |\n|---|---|---|---|\n"
    )
    return PREAMBLE + head + "\n".join(rows) + "\n"


PAGES = {"settings.md": settings, "events.md": event_list, "commands.md": commands, "endpoints.md": endpoint_list}
if contract.FILE.exists():  # a clone alone keeps the page that it has
    PAGES["api.md"] = lambda: PREAMBLE + contract.page()


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page())


if __name__ == "__main__":
    main()
