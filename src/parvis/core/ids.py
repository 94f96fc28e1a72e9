"""Identifiers: 64-bit, made by the application, sorted by time.

Forty-eight bits of milliseconds, then sixteen of which the top six name the node and the lower ten count within the
millisecond. A maker never repeats itself nor goes backwards, even when the clock does.
"""

from typing import NewType

from parvis.core import clock

AccountId = NewType("AccountId", int)
PostId = NewType("PostId", int)
MediaId = NewType("MediaId", int)
JobId = NewType("JobId", int)

NODES = 64
SEQUENCE = 1024
ABOVE_ALL = (1 << 63) - 1  # no id is as large


class IdMaker:
    """Makes ids for one node (0 to 63). Two processes that share a store need two nodes."""

    def __init__(self, node: int = 0, now: clock.Clock = clock.now) -> None:
        if not 0 <= node < NODES:
            raise ValueError(f"A node is a number from 0 to {NODES - 1}, not {node}.")
        self._node = node
        self._now = now
        self._latest = 0
        self._last = 0
        self._sequence = 0

    def now(self) -> int:
        """The time by the clock that the ids are made from, in milliseconds."""
        return self._now()

    def upcoming(self) -> int:
        """What this maker makes from now on is never smaller."""
        return max(self._moment() << 16 | self._node << 10, (self._last << 16 | self._node << 10 | self._sequence) + 1)

    def make(self) -> int:
        """A new id, larger than every id this maker made before."""
        moment = max(self._moment(), self._last)
        if moment == self._last:
            self._sequence += 1
            if self._sequence == SEQUENCE:
                moment, self._sequence = moment + 1, 0
        else:
            self._sequence = 0
        self._last = moment
        return moment << 16 | self._node << 10 | self._sequence

    def _moment(self) -> int:
        """The time, or the latest that it was: a clock may step back."""
        self._latest = max(self._latest, self._now())
        return self._latest


def at(milliseconds: int) -> int:
    """The smallest id that a post made at this moment could have: a bound for range queries."""
    return milliseconds << 16


def moment_of(identifier: int) -> int:
    """When the id was made, in milliseconds since the epoch."""
    return identifier >> 16
