"""Mastodon's client API as its documentation describes it: the operations, read from the file that `shared/` holds.

Nothing of the file is copied here; where a clone has none, whoever needs it says so and is skipped. `page` says of each
operation whether Parvis does it.
"""

import functools
import pathlib
import re
from typing import Any

import msgspec

from parvis.api import later
from parvis.api import map as api_map

FILE = pathlib.Path(__file__).parents[2] / "shared" / "data" / "mastodon-openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
ABSENT = "the contract is not beside this clone (../shared/data/mastodon-openapi.json)"


class Operation(msgspec.Struct, frozen=True, order=True):
    """A method on a path, whatever its parameters are called."""

    path: str
    method: str

    @property
    def shape(self) -> tuple[str, str]:
        """What two documents agree upon, whatever they call the parameters."""
        return self.method, re.sub(r"\{[^}]+\}", "{}", self.path)


@functools.cache
def document() -> dict[str, Any]:
    """The whole contract."""
    read: dict[str, Any] = msgspec.json.decode(FILE.read_bytes())
    return read


def operations() -> list[Operation]:
    """Every operation, by path."""
    paths = document()["paths"].items()
    return sorted(Operation(path, method.upper()) for path, verbs in paths for method in verbs if method in METHODS)


NOT_YET: dict[tuple[str, str], str] = {}
"""Why an operation is not there, by its shape."""


def page() -> str:
    """Of each operation of the contract: done, answered as by an instance without the feature, or not yet and why."""
    without = {Operation(one.path, one.method).shape for one in later.endpoints.all}
    there = {Operation(one.path, one.method).shape: one for one in api_map.endpoints()}
    counts: dict[str, int] = {}
    rows = []
    for operation in operations():
        shape = operation.shape
        state = "as without it" if shape in without else "done" if shape in there else "not yet"
        counts[state] = counts.get(state, 0) + 1
        note = there[shape].summary if shape in there else NOT_YET.get(shape, "")
        rows.append(f"| {operation.method} | `{operation.path}` | {state} | {note} |")
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    head = (
        "# Mastodon's client API\n\nEvery operation that Mastodon documents (4.7, without administration), "
        "and whether Parvis does it. *As without it*: answered as an instance without the feature answers.\n\n"
        f"{len(rows)} operations: {told}.\n\n| method | path | state | what it does |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"
