"""Mastodon's streams over the live hub: which channels a stream listens to, and what an arrival looks like on the wire.

An arrival is rendered once and the text shared by every connection that it reaches.
"""

from collections import OrderedDict
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from parvis.api.answer import encode
from parvis.api.door import Door, Urls
from parvis.api.notification_entity import notification_entity
from parvis.api.status_entity import status_entity
from parvis.core import errors
from parvis.notifications import inbox
from parvis.people.accounts import Account
from parvis.posts.text import fold_tag
from parvis.timelines.seats import Arrival

OF_MEMBERS: Final = frozenset(("user", "user:notification", "direct", "list"))
CHANNELS: Final[dict[str, tuple[str, ...]]] = {
    "user": ("home", "notifications"),
    "user:notification": ("notifications",),
    "public": ("public",),
    "public:local": ("public",),
    "public:remote": (),
    "public:media": ("public",),
    "public:local:media": ("public",),
    "public:remote:media": (),
    "hashtag": (),
    "hashtag:local": (),
    "direct": (),
    "list": (),
}
REMEMBERED = 256
LONGEST_TAG = 100


class Stream(msgspec.Struct, frozen=True):
    """A stream that somebody listens to."""

    name: str
    tag: str = ""

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels of the hub that feed it."""
        return (f"tag:{self.tag}",) if self.tag else CHANNELS[self.name]

    @property
    def words(self) -> tuple[str, ...]:
        """How it is named on the wire."""
        return (self.name, self.tag) if self.tag else (self.name,)

    def wants(self, arrival: Arrival) -> bool:
        """Whether it shows this arrival."""
        if arrival.post is not None and self.name.endswith(":media") and not arrival.post.shown.media:
            return False
        return any(channel in arrival.channels for channel in self.channels)


def stream_named(name: str, tag: str | None, member: Account | None) -> Stream:
    """The stream that somebody asks for.

    Raises:
        Invalid: there is none of this name, or it needs a hashtag.
        Unauthenticated: it is for members only.
    """
    if name not in CHANNELS:
        raise errors.Invalid("Unknown stream type")
    if name in OF_MEMBERS and member is None:
        raise errors.Unauthenticated("This stream needs an access token")
    if name.startswith("hashtag"):
        folded = fold_tag((tag or "")[: LONGEST_TAG + 1].lstrip("#"))
        if not 0 < len(folded) <= LONGEST_TAG:
            raise errors.Invalid("Missing tag name parameter")
        return Stream(name, folded)
    return Stream(name)


class Frame(msgspec.Struct, frozen=True):
    """A message of a WebSocket."""

    stream: tuple[str, ...]
    event: str
    payload: str | UnsetType = UNSET


class Told:
    """What an arrival is on the wire, rendered once for all connections."""

    __slots__ = ("_frames", "event", "payload", "sse")

    def __init__(self, event: str, payload: bytes) -> None:
        self.event = event
        self.payload = payload
        self.sse = b"event: %b\ndata: %b\n\n" % (event.encode(), payload)
        self._frames: dict[tuple[str, ...], str] = {}

    def frame(self, words: tuple[str, ...]) -> str:
        """A WebSocket's text, for the stream of these words."""
        found = self._frames.get(words)
        if found is None:
            found = self._frames[words] = encode(Frame(words, self.event, self.payload.decode())).decode()
        return found


class Teller:
    """Renders arrivals for all connections of this process, each once: seats that see the same share the object."""

    def __init__(self, door: Door, urls: Urls) -> None:
        self._door = door
        self._urls = urls
        self._told: OrderedDict[int, tuple[Arrival, Told | None]] = OrderedDict()  # by the arrival's identity

    async def told(self, arrival: Arrival, member: Account | None) -> Told | None:
        """What the arrival is on the wire; None when Mastodon has no word for it."""
        if arrival.kind == "notification":
            return await self._notification(arrival, member)  # only ever for one account
        known = self._told.get(id(arrival))
        if known is not None and known[0] is arrival:
            return known[1]
        told = self._render(arrival)
        self._told[id(arrival)] = (arrival, told)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return told

    def _render(self, arrival: Arrival) -> Told | None:
        if arrival.kind == "post" and arrival.post is not None:
            return Told("update", encode(status_entity(arrival.post, self._urls)))
        if arrival.kind == "delete":
            return Told("delete", str(arrival.id).encode())
        return None

    async def _notification(self, arrival: Arrival, member: Account | None) -> Told | None:
        if member is None:
            return None
        try:
            async with self._door.store.reading() as tx:
                one = await inbox.get_notification(tx, member, arrival.id)
        except errors.NotFound:  # taken back meanwhile
            return None
        return Told("notification", encode(notification_entity(one, self._urls)))
