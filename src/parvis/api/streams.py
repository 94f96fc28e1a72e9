"""Mastodon's streams: how each is named, who may listen to it and for how long, and what of the live hub feeds it."""

import time
from typing import Final

import msgspec

from parvis.core import errors
from parvis.people import grants, scopes, standing
from parvis.people.accounts import Account
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.store.database import Store
from parvis.timelines import lists
from parvis.timelines.seats import Arrival

OF_MEMBERS: Final = frozenset(("user", "user:notification", "direct", "list"))
_PUBLIC = frozenset(("public",))
_NOTIFIED = frozenset(("notifications",))
CHANNELS: Final[dict[str, frozenset[str]]] = {
    "user": frozenset(("home", "notifications", "tastes", "house")),
    "user:notification": _NOTIFIED,
    "public": _PUBLIC,
    "public:local": _PUBLIC,
    "public:remote": _PUBLIC,
    "public:media": _PUBLIC,
    "public:local:media": _PUBLIC,
    "public:remote:media": _PUBLIC,
    "hashtag": frozenset(),
    "hashtag:local": frozenset(),
    "direct": frozenset(("direct",)),
    "list": frozenset(),
}
_UNNOTIFIED = {name: channels - _NOTIFIED for name, channels in CHANNELS.items()}
CHECKED_EVERY = 60.0  # seconds between two looks at a token
LONGEST_TAG = 100
LONGEST_ID = 18


class Listener(msgspec.Struct, frozen=True):
    """Who listens: a member (None: someone not signed in), and how far their token goes."""

    member: Account | None
    scopes: frozenset[str]


class Asked(msgspec.Struct, frozen=True):
    """A stream as it is asked for."""

    name: str
    tag: str | None = None
    list: str | None = None


class Stream(msgspec.Struct, frozen=True):
    """A stream that somebody listens to; `about` is its hashtag or the id of its list."""

    name: str
    channels: frozenset[str]  # of the hub, that feed it
    about: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """How it is named on the wire."""
        return (self.name, self.about) if self.about else (self.name,)

    def wants(self, arrival: Arrival) -> bool:
        """Whether it shows this arrival."""
        if self.channels.isdisjoint(arrival.channels):
            return False
        return arrival.post is None or ":" not in self.name or self._has(arrival.post)

    def _has(self, post: Post) -> bool:
        parts = self.name.split(":")
        if "media" in parts and not post.shown.media:
            return False
        return not (("local" in parts and post.author.domain) or ("remote" in parts and not post.author.domain))


class Vigil:
    """Looks now and then whether who listens still may."""

    __slots__ = ("_looked", "_store", "_token")

    def __init__(self, store: Store, token: str | None) -> None:
        self._store = store
        self._token = token
        self._looked = time.monotonic()

    async def holds(self) -> bool:
        """Whether the token was still good at the last look, which is at most a minute ago."""
        now = time.monotonic()
        if self._token is None or now - self._looked < CHECKED_EVERY:
            return True
        self._looked = now
        try:
            async with self._store.reading() as tx:
                access = await grants.access_of_token(tx, self._token)
            if access.account is not None:
                standing.require_entry(access.account)
        except (errors.Unauthenticated, errors.Forbidden):
            return False
        return True


async def stream_for(store: Store, listener: Listener, asked: Asked) -> Stream:
    """The stream that somebody asks for.

    Raises:
        Invalid: there is none of this name, or it does not say which hashtag or list.
        Unauthenticated: it is for members only, for a wider token, or the list is not theirs.
    """
    name = asked.name
    if name not in CHANNELS:
        raise errors.Invalid("Unknown stream type")
    if name in OF_MEMBERS and listener.member is None:
        raise errors.Unauthenticated("Missing access token")
    needed = "read:notifications" if name == "user:notification" else "read:statuses"
    if listener.scopes and not scopes.covers(listener.scopes, needed):
        raise errors.Unauthenticated("Access token does not have the required scopes")
    if name.startswith("hashtag"):
        folded = fold_tag((asked.tag or "")[: LONGEST_TAG + 1].lstrip("#"))
        if not 0 < len(folded) <= LONGEST_TAG:
            raise errors.Invalid("Missing tag name parameter")
        return Stream(name, frozenset((f"tag:{folded}",)), folded)
    if name == "list":
        own = await _own_list(store, listener, asked.list or "")
        return Stream(name, frozenset((f"list:{own}",)), own)
    notified = scopes.covers(listener.scopes, "read:notifications")
    return Stream(name, (CHANNELS if notified else _UNNOTIFIED)[name])


async def _own_list(store: Store, listener: Listener, given: str) -> str:
    if not given:
        raise errors.Invalid("Missing list name parameter")
    if listener.member is not None and given.isascii() and given.isdigit() and len(given) <= LONGEST_ID:
        async with store.reading() as tx:
            try:
                return str((await lists.get_list(tx, listener.member, int(given))).id)
            except errors.NotFound:
                pass
    raise errors.Unauthenticated("Not authorized to stream this list")
