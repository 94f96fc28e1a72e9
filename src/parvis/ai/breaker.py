"""A circuit breaker: after several failures in a row, calls are refused at once instead of waiting for the next one.

Attempts flow in; each passes or is refused with `Unavailable`. After a pause one attempt is let through as a trial, and
its outcome closes the circuit or opens it for another pause.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Literal

from parvis.ai.protocols import Unavailable


class Breaker:
    """Counts the failures in a row of whatever happens inside `attempt`."""

    def __init__(self, failures: int = 5, pause: float = 20.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._pause = pause  # seconds
        self._clock = clock
        self._failures = 0
        self._opened_at = 0.0
        self._trying = False

    def state(self) -> Literal["closed", "open", "half-open"]:
        """Open refuses, half-open lets one trial pass."""
        if self._failures < self._limit:
            return "closed"
        return "half-open" if self._clock() - self._opened_at >= self._pause else "open"

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """One attempt: an `Unavailable` that leaves it is a failure, a quiet end a success, all else neither.

        Raises:
            Unavailable: the circuit is open, or another trial is under way.
        """
        state = self.state()
        if state == "open" or (state == "half-open" and self._trying):
            raise Unavailable("The model has failed several times and is left alone for a moment.")
        self._trying = state == "half-open"
        try:
            yield
        except Unavailable as failure:
            if not isinstance(failure, Declined):
                self._failures += 1
                self._opened_at = self._clock()
            raise
        else:
            self._failures = 0
        finally:
            if state == "half-open":
                self._trying = False


class Declined(Unavailable):
    """The model is well and will not take this prompt (too long, not allowed): no failure of the model."""
