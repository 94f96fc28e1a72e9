"""Mastodon's streams: how each is named, who may listen to it, and which channels of the live hub feed it."""

from typing import Final

import msgspec

from parvis.core import errors
from parvis.people import scopes
from parvis.people.accounts import Account
from parvis.posts.text import fold_tag
from parvis.store.database import Store
from parvis.timelines import lists
from parvis.timelines.seats import Arrival

OF_MEMBERS: Final = frozenset(("user", "user:notification", "direct", "list"))
CHANNELS: Final[dict[str, tuple[str, ...]]] = {
    "user": ("home", "notifications", "tastes", "house"),
    "user:notification": ("notifications",),
    "public": ("public",),
    "public:local": ("public",),
    "public:remote": ("public",),
    "public:media": ("public",),
    "public:local:media": ("public",),
    "public:remote:media": ("public",),
    "hashtag": (),
    "hashtag:local": (),
    "direct": ("direct",),
    "list": (),
}
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
    about: str = ""
    notified: bool = True  # whether notifications are part of it

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels of the hub that feed it."""
        if self.name == "list":
            return (f"list:{self.about}",)
        if self.about:
            return (f"tag:{self.about}",)
        channels = CHANNELS[self.name]
        return channels if self.notified else tuple(one for one in channels if one != "notifications")

    @property
    def words(self) -> tuple[str, ...]:
        """How it is named on the wire."""
        return (self.name, self.about) if self.about else (self.name,)

    def wants(self, arrival: Arrival) -> bool:
        """Whether it shows this arrival."""
        if not any(channel in arrival.channels for channel in self.channels):
            return False
        post = arrival.post
        if post is None:
            return True
        parts = self.name.split(":")
        if "media" in parts and not post.shown.media:
            return False
        return not (("local" in parts and post.author.domain) or ("remote" in parts and not post.author.domain))


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
        return Stream(name, folded)
    if name == "list":
        return Stream(name, await _own_list(store, listener, asked.list or ""))
    return Stream(name, notified=scopes.covers(listener.scopes, "read:notifications"))


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
