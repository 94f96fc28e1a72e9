"""Seats: who is connected now, and which channels each of them listens to.

Arrivals flow into a seat's bounded queue and out of its iterator, in order, as many at once as wait. A seat that is
read too slowly is dropped rather than that anyone waits for it: its iterator ends, and its reader begins anew.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, Self

import msgspec

from parvis.core.errors import Invalid, TooFast, Unauthenticated
from parvis.core.ids import AccountId
from parvis.events import Live as Event
from parvis.people.accounts import Account
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.posts.visibility import NOBODY

BACKLOG: Final = 256  # arrivals that wait for a reader
HANDFUL: Final = 16  # of them that are taken at once
MOST_CHANNELS: Final = 200
MOST_SEATS: Final = 6000  # of this process
MOST_OF_ONE: Final = 40  # of one account, or of one address where nobody is signed in

_OWN = ("home", "notifications", "drawings", "direct", "tastes", "desk")  # only for who is signed in
_EVERYONES = ("public", "house")
_NUMBERED = re.compile(r"(?:thread|post|list):[0-9]{1,19}")

What = Literal[
    "post",
    "edit",
    "delete",
    "counts",
    "notification",
    "merged",
    "conversation",
    "tastes",
    "announcement",
    "answer",
    "answer_ended",
    "drawing",
    "desk",
]


class Counts(msgspec.Struct, frozen=True):
    """A post's counters, as everyone sees them."""

    likes: int
    reposts: int
    replies: int
    tallies: tuple[int, ...] | None = None  # of its poll, where they may be shown


class Arrival(msgspec.Struct, frozen=True):
    """Something that came in on these channels; `id` is the post's, or of whatever else it is about.

    Seats that see the same are handed the same object, so that a door can write it out once for all of them.
    """

    channels: tuple[str, ...]
    kind: What
    id: int
    post: Post | None = None
    counts: Counts | None = None
    event: Event | None = None


class Seat:
    """One connection's place; leave by `close`, or use it as a context.

    Iterate over it (from one place): what came in since the last time, up to `HANDFUL`; or nothing, when nothing came
    for so long that the reader should show that it is still there.
    """

    __slots__ = (
        "_ended",
        "_quiet",
        "_seats",
        "_waiting",
        "_wake",
        "account",
        "channels",
        "dropped",
        "reader",
        "tastes",
        "viewer",
    )

    def __init__(self, seats: "Seats", viewer: Account | None, reader: str) -> None:
        self.viewer = viewer
        self.reader = reader
        self.account: AccountId = NOBODY if viewer is None else viewer.id
        self.tastes = 0 if viewer is None else viewer.tastes  # their version, as far as is known here
        self.channels: set[str] = set()
        self.dropped = False  # it was read too slowly, or the hub stopped
        self._seats = seats
        self._waiting: list[Arrival] = []
        self._ended = False
        self._quiet = False  # nothing came since the last beat
        self._wake: asyncio.Future[None] | None = None

    def join(self, channel: str) -> None:
        """Listen to one more channel.

        They are home, notifications, drawings, direct, tastes, public, house (what the operators announce), tag:x,
        thread:<id>, post:<id>; and list:<id> and desk, of which the door knows that the list is the viewer's own, and
        that they sit at the desk.

        Raises:
            Invalid: there is no such channel, or the seat listens to 200 already.
            Unauthenticated: it is for who is signed in.
        """
        channel = _checked(channel)
        if (channel in _OWN or channel.startswith("list:")) and self.viewer is None:
            raise Unauthenticated("Sign in to listen to this.")
        if len(self.channels) >= MOST_CHANNELS:
            raise Invalid("A connection listens to at most {limit} channels.", field="channel", limit=MOST_CHANNELS)
        self.channels.add(channel)
        self._seats.by_channel.setdefault(channel, set()).add(self)
        if channel.startswith("list:"):
            self._seats.lists.add(int(channel[5:]))

    def leave(self, channel: str) -> None:
        """Listen to a channel no more."""
        channel = _checked(channel)
        self.channels.discard(channel)
        self._seats.forget(self, channel)

    def close(self) -> None:
        """Leave every channel; the iterator ends once it has been read to here."""
        for channel in self.channels:
            self._seats.forget(self, channel)
        self.channels.clear()
        self._seats.give_back(self)
        self._ended = True
        self._stir()

    def drop(self) -> None:
        """Close at once, whatever still waits."""
        self.dropped = True
        self._waiting.clear()
        self.close()

    def offer(self, arrival: Arrival) -> None:
        """Queue an arrival; past the bound the seat is dropped."""
        if len(self._waiting) >= BACKLOG:
            self.drop()
        elif not self._ended:
            self._waiting.append(arrival)
            self._quiet = False
            self._stir()

    def beat(self) -> None:
        """Hand out nothing, if nothing came since the last beat."""
        if self._quiet:
            self._stir()
        self._quiet = True

    def _stir(self) -> None:
        """Wake who waits."""
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[Arrival]:
        waiting = self._waiting
        if not waiting and not self._ended:
            self._wake = asyncio.get_running_loop().create_future()
            try:
                await self._wake
            finally:
                self._wake = None
        if self._ended and not waiting:
            raise StopAsyncIteration
        taken = waiting[:HANDFUL]
        del waiting[:HANDFUL]
        return taken


class Seats:
    """Every seat, and which listen to a channel."""

    def __init__(self) -> None:
        self.all: set[Seat] = set()
        self.by_channel: dict[str, set[Seat]] = {}
        self.readers: Counter[str] = Counter()
        self.lists: set[int] = set()  # to which somebody listens
        self._closed = False

    def require_room(self, viewer: Account | None, address: str = "") -> None:
        """Return when one more seat may be taken.

        Raises:
            TooFast: the account, or who is not signed in at this address, has too many; or all together have.
        """
        reader = str(viewer.id) if viewer else address
        if len(self.all) >= MOST_SEATS or (reader and self.readers[reader] >= MOST_OF_ONE):
            raise TooFast("Too many pages are open. Close one and come back.", after=30)

    def take(self, viewer: Account | None, channels: Iterable[str], address: str = "") -> Seat:
        """A new seat that listens to these channels; once all are closed, one that ends at once.

        Raises:
            Invalid: there is no such channel.
            TooFast: too many seats are taken.
            Unauthenticated: one is for who is signed in.
        """
        self.require_room(viewer, address)
        seat = Seat(self, viewer, str(viewer.id) if viewer else address)
        self.all.add(seat)
        self.readers[seat.reader] += 1
        try:
            for channel in channels:
                seat.join(channel)
        except (Invalid, Unauthenticated):
            seat.close()
            raise
        if self._closed:
            seat.drop()
        return seat

    def give_back(self, seat: Seat) -> None:
        """The seat is free again."""
        if seat in self.all:
            self.all.discard(seat)
            self.readers[seat.reader] -= 1
            if not self.readers[seat.reader]:
                del self.readers[seat.reader]

    def forget(self, seat: Seat, channel: str) -> None:
        """The seat does not listen to the channel any more."""
        listening = self.by_channel.get(channel)
        if listening is not None:
            listening.discard(seat)
            if not listening:
                del self.by_channel[channel]
                if channel.startswith("list:"):
                    self.lists.discard(int(channel[5:]))

    def on(self, channel: str) -> set[Seat]:
        """Who listens to the channel."""
        return self.by_channel.get(channel, _NOBODY_LISTENS)

    def of(self, account: AccountId, channel: str) -> list[Seat]:
        """The account's own seats that listen to the channel."""
        return [seat for seat in self.on(channel) if seat.account == account]

    def drop_all(self) -> None:
        """Have everyone begin anew."""
        for seat in list(self.all):
            seat.drop()

    def close(self) -> None:
        """Drop everyone, and whoever comes from now on."""
        self._closed = True
        self.drop_all()


_NOBODY_LISTENS: set[Seat] = set()


def _checked(channel: str) -> str:
    if channel in _OWN or channel in _EVERYONES or _NUMBERED.fullmatch(channel):
        return channel
    if channel.startswith("tag:") and (tag := fold_tag(channel[4:].lstrip("#"))):
        return f"tag:{tag}"
    raise Invalid("There is no such channel.", field="channel")
