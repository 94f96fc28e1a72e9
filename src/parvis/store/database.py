"""The door to the store: `transaction()` writes, `reading()` only reads, on whichever engine the settings name.

A composition root opens one `Store` and hands it to whoever needs it. After a commit the store wakes the jobs, then
tells the bus.
"""

import abc
import contextlib
from collections.abc import Callable

from parvis.core.ids import IdMaker
from parvis.store.bus import Bus
from parvis.store.memory import Memory
from parvis.store.transaction import Aftermath, Routes, Tx


class Store(abc.ABC):
    """One database, its live bus, and who waits for jobs."""

    def __init__(self, ids: IdMaker, routes: Routes, bus: Bus) -> None:
        self.ids = ids
        self.bus = bus
        self.memory = Memory()
        self._routes = routes
        self._wakers: list[Callable[[frozenset[str]], None]] = []

    @abc.abstractmethod
    def transaction(self, *, durable: bool = True) -> contextlib.AbstractAsyncContextManager[Tx]:
        """A transaction that commits when the block ends and rolls back when it raises.

        With `durable`, leaving the block means that the disk has it; without, that follows in order with the next
        durable one (enough for a job, which runs again if it must).
        """

    @abc.abstractmethod
    def reading(self) -> contextlib.AbstractAsyncContextManager[Tx]:
        """A transaction that only reads."""

    @abc.abstractmethod
    async def close(self) -> None:
        """Let go of every connection."""

    def on_jobs(self, waker: Callable[[frozenset[str]], None]) -> None:
        """Have `waker` called with the kinds of jobs that a commit of this process added."""
        self._wakers.append(waker)

    async def _follow_up(self, after: Aftermath) -> None:
        if after.kinds:
            for wake in self._wakers:
                wake(after.kinds)
        for callback in after.callbacks:
            callback()
        for event in after.events:
            await self.bus.publish(event)
