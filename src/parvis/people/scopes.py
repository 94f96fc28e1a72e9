"""Scopes: what an app may do for a member, in the words that Mastodon's apps know.

A string such as `read write:media` flows in, a set flows out. A wide scope covers its narrow ones; administration is
never part of reading and writing, and who has its scopes still needs the role.
"""

import functools
from typing import Final

from parvis.core.errors import Refused

_BOTH: Final = "accounts blocks bookmarks collections favourites filters follows lists mutes notifications statuses"
_ADMIN: Final = "accounts canonical_email_blocks domain_allows domain_blocks email_domain_blocks ip_blocks reports"
_NARROW: Final = {
    "read": f"{_BOTH} search",
    "write": f"{_BOTH} conversations media reports",
    "admin:read": _ADMIN,
    "admin:write": _ADMIN,
}
_COVERED_BY: Final = {f"{wide}:{part}": {wide} for wide, parts in _NARROW.items() for part in parts.split()}
for _wide in ("read", "write"):
    for _part in ("blocks", "follows", "mutes"):
        _COVERED_BY[f"{_wide}:{_part}"].add("follow")

KNOWN: Final = ("read", "write", "follow", "push", "profile", "admin:read", "admin:write", *sorted(_COVERED_BY))
"""Every scope that can be granted, the wide ones first."""

DEFAULT: Final = "read"
LONGEST: Final = 2000  # characters of a list of scopes


class InvalidScope(Refused):
    """A scope is unknown, or wider than what was allowed (RFC 6749, 5.2)."""

    code = "invalid_scope"


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> frozenset[str]:
    """The scopes of a list separated by spaces; an empty one is `read`.

    Raises:
        InvalidScope: one of them is unknown.
    """
    named = frozenset(text[: LONGEST + 1].split()) or frozenset({DEFAULT})
    if len(text) > LONGEST or not named.issubset(KNOWN):
        raise InvalidScope("A scope is unknown. /.well-known/oauth-authorization-server lists those there are.")
    return named


def written(scopes: frozenset[str]) -> str:
    """The scopes as one string, always in the same order."""
    return " ".join(scope for scope in KNOWN if scope in scopes)


def covers(granted: frozenset[str], *needed: str) -> bool:
    """Whether what was granted includes one of those needed, itself or by a wider scope."""
    return any(scope in granted or not granted.isdisjoint(_COVERED_BY.get(scope, ())) for scope in needed)


def narrowed(asked: str, allowed: frozenset[str]) -> frozenset[str]:
    """The scopes asked for.

    Raises:
        InvalidScope: one is unknown, or not among the allowed ones.
    """
    wanted = parse(asked)
    if not all(covers(allowed, scope) for scope in wanted):
        raise InvalidScope("The app asks for more than it was registered for.")
    return wanted
