"""What a walk is: something members do from beginning to end, and the addresses it must have gone through."""

from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from starlette.routing import compile_path
from tests.journeys.hand import Hand

from parvis.web.addresses import ACTORS, DESK_ACTORS, DESK_READERS, READERS

ADDRESSES = (
    "POST /uploads",
    "GET /settings/data/archive.zip",
    *(f"GET {path}" for path, _ in READERS),
    *(f"POST {path}" for path, _ in ACTORS),
    *(f"GET {path}" for path, _, _ in DESK_READERS),
    *(f"POST {path}" for path, _, _ in DESK_ACTORS),
)
"""All that members and those at the desk may ask of the pages; the first that fits a path is the one it takes."""
SHAPES = [(address, compile_path(address.partition(" ")[2])[0]) for address in ADDRESSES]


class Walk(NamedTuple):
    """A walk, by one hand, and where it goes: `POST /lists/{list}`, as the pages' own list has it."""

    go: Callable[[Hand], Awaitable[None]]
    through: frozenset[str]

    def missed(self, walked: Iterable[tuple[str, str]]) -> set[str]:
        """What the walk promised to go through and did not, by the methods and paths that were answered."""
        return set(self.through) - {address_of(method, path) for method, path in walked}


def walk(*through: str) -> Callable[[Callable[[Hand], Awaitable[None]]], Walk]:
    """Make a walk of a function, which goes through these addresses."""
    unknown = set(through) - set(ADDRESSES)
    assert not unknown, unknown
    return lambda go: Walk(go, frozenset(through))


def address_of(method: str, path: str) -> str:
    """The address whose route a request takes; an empty text for none of the pages'."""
    return next((address for address, shape in SHAPES if address.startswith(f"{method} ") and shape.match(path)), "")
