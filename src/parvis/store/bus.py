"""The live bus: events reach every process that shares the store, and every subscriber within it.

Nothing is kept: who is not listening misses it. A subscriber that falls behind by more than its bound is cut off with
`Overrun`, so that a slow one never holds the others.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol, Self

from parvis.events import Event, Live, Passing

BACKLOG = 4096


class Overrun(Exception):  # noqa: N818 - it says what happened to the subscriber
    """The subscriber read too slowly and lost events; it must begin anew."""


class Subscription:
    """An endless stream of what happens, from the moment it was made. Use it as a context and iterate."""

    def __init__(self, bus: "InProcessBus") -> None:
        self._bus = bus
        self._queue: asyncio.Queue[Live | None] = asyncio.Queue(BACKLOG)
        self._overrun = False

    def __enter__(self) -> Self:
        self._bus.subscriptions.add(self)
        return self

    def __exit__(self, *exception: object) -> None:
        self._bus.subscriptions.discard(self)

    def offer(self, event: Live | None) -> None:
        """Queue an event; past the bound the subscription is marked overrun."""
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._overrun = True

    async def __aiter__(self) -> AsyncIterator[Live]:
        """Yield events until the bus closes.

        Raises:
            Overrun: the reader fell behind.
        """
        while True:
            if self._overrun:
                raise Overrun
            event = await self._queue.get()
            if event is None:
                return
            yield event


class Bus(Protocol):
    """Carries events to everyone who listens now."""

    async def publish(self, event: Event | Passing) -> None:
        """Tell everyone. Never blocks on a listener."""
        ...

    def subscribe(self) -> Subscription:
        """Listen from now on."""
        ...

    async def close(self) -> None:
        """End every subscription."""
        ...


class InProcessBus:
    """The bus of a single process."""

    def __init__(self) -> None:
        self.subscriptions: set[Subscription] = set()

    async def publish(self, event: Event | Passing) -> None:
        """Hand the event to every subscription of this process."""
        self.deliver(event)

    def deliver(self, event: Event | Passing) -> None:
        """The same, for callers outside a coroutine."""
        for subscription in self.subscriptions:
            subscription.offer(event)  # type: ignore[arg-type] # Live is the union of all Events and Passings

    def subscribe(self) -> Subscription:
        """Listen from now on."""
        return Subscription(self)

    async def close(self) -> None:
        """End every subscription."""
        for subscription in self.subscriptions:
            subscription.offer(None)
