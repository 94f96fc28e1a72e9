"""What an arrival of the live hub looks like on the wire of Mastodon's streams.

An arrival is rendered once and the text shared by every connection that it reaches. What is its reader's alone (a
notification, a conversation) is read when it arrives.
"""

import asyncio
from collections import OrderedDict
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from parvis import events
from parvis.api.announcements import announcement_entity
from parvis.api.answer import encode
from parvis.api.conversation_entity import conversation_entity
from parvis.api.door import Door, Urls
from parvis.api.notification_entity import notification_entity
from parvis.api.notification_matters import matters_of
from parvis.api.status_entity import status_entity
from parvis.core import errors
from parvis.moderation import announcements
from parvis.notifications import inbox
from parvis.store.transaction import Tx
from parvis.timelines import conversations
from parvis.timelines.seats import Arrival, Seat
from parvis.timelines.taste import taste_at

REMEMBERED: Final = 256
POSTS: Final = {"post": "update", "edit": "status.update"}


class Frame(msgspec.Struct, frozen=True):
    """A message of a WebSocket."""

    stream: tuple[str, ...]
    event: str
    payload: str | UnsetType = UNSET


class Reaction(msgspec.Struct, frozen=True):
    """How often an announcement was reacted to in one way."""

    name: str
    count: int
    announcement_id: str


class Told:
    """What an arrival is on the wire, rendered once for all connections."""

    __slots__ = ("_frames", "event", "payload", "sse")

    def __init__(self, event: str, payload: bytes | None) -> None:
        self.event = event
        self.payload = payload
        data = b"undefined" if payload is None else payload
        self.sse = b"event: %b\ndata: %b\n\n" % (event.encode(), data)
        self._frames: dict[tuple[str, ...], str] = {}

    def frame(self, words: tuple[str, ...]) -> str:
        """A WebSocket's text, for the stream of these words."""
        found = self._frames.get(words)
        if found is None:
            payload = UNSET if self.payload is None else self.payload.decode()
            found = self._frames[words] = encode(Frame(words, self.event, payload)).decode()
        return found


class Teller:
    """Renders arrivals for all connections of this process, each once: seats that see the same share the object."""

    def __init__(self, door: Door, urls: Urls) -> None:
        self._door = door
        self._urls = urls
        self._announcing = asyncio.Lock()
        self._told: OrderedDict[int, tuple[Arrival, Told | None]] = OrderedDict()  # by the arrival's identity

    async def told(self, arrival: Arrival, seat: Seat | None) -> Told | None:
        """What the arrival is on the wire of this seat; None when Mastodon has no word for it."""
        if arrival.kind in ("notification", "conversation"):
            return None if seat is None else await self._own(arrival, seat)
        known = self._told.get(id(arrival))
        if known is not None and known[0] is arrival:
            return known[1]
        if isinstance(arrival.event, events.AnnouncementPublished):
            return await self._announcement(arrival, arrival.event)
        return self._keep(arrival, self._render(arrival))

    def _keep(self, arrival: Arrival, told: Told | None) -> Told | None:
        self._told[id(arrival)] = (arrival, told)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return told

    def _render(self, arrival: Arrival) -> Told | None:
        if arrival.kind in POSTS and arrival.post is not None:
            return Told(POSTS[arrival.kind], encode(status_entity(arrival.post, self._urls)))
        if arrival.kind == "delete":
            return Told("delete", str(arrival.id).encode())
        if arrival.kind == "tastes":
            return Told("filters_changed", None)
        if arrival.kind == "merged":
            return Told("notifications_merged", b"1")
        return _announced(arrival.event)

    async def _announcement(self, arrival: Arrival, event: events.AnnouncementPublished) -> Told | None:
        async with self._announcing:
            known = self._told.get(id(arrival))
            if known is not None and known[0] is arrival:
                return known[1]
            async with self._door.store.reading() as tx:
                shown = await announcements.shown_to_all(tx, event.announcement)
            told = None if shown is None else Told("announcement", encode(announcement_entity(shown, self._urls)))
            return self._keep(arrival, told)

    async def _own(self, arrival: Arrival, seat: Seat) -> Told | None:
        """What is for one account alone; nothing when it was taken back meanwhile, or is hidden from them."""
        try:
            async with self._door.store.reading() as tx:
                if arrival.kind == "notification":
                    return await self._notification(tx, arrival.id, seat)
                return await self._conversation(tx, arrival.id, seat)
        except errors.NotFound:
            return None

    async def _notification(self, tx: Tx, notification: int, seat: Seat) -> Told | None:
        if seat.viewer is None:
            return None
        one = await inbox.get_notification(tx, seat.viewer, notification)
        if one.post is not None and seat.tastes:
            taste = await taste_at(tx, seat.account, seat.tastes)
            post = taste.judged(one.post, tx.now)
            if taste.hides(post, "notifications"):
                return None
            one = msgspec.structs.replace(one, post=post)
        matters = await matters_of(tx, self._urls, seat.viewer, (one,))
        return Told("notification", encode(notification_entity(one, self._urls, **matters.get(one.id, {}))))

    async def _conversation(self, tx: Tx, conversation: int, seat: Seat) -> Told | None:
        if seat.viewer is None:
            return None
        found = await conversations.get_conversation(tx, seat.viewer, conversation)
        return Told("conversation", encode(conversation_entity(found, self._urls)))


def _announced(event: events.Live | None) -> Told | None:
    if isinstance(event, events.AnnouncementReacted):
        reaction = Reaction(event.name, event.count, str(event.announcement))
        return Told("announcement.reaction", encode(reaction))
    if isinstance(event, events.AnnouncementDeleted):
        return Told("announcement.delete", str(event.announcement).encode())
    return None
