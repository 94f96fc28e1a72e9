"""Pace: how often one address or account may do a thing, counted in fixed windows (`limits`).

A bucket, a key and a rate such as `10/minute` flow in; what is left flows out, or TooFast with the seconds to wait.
The counters are this process's and bounded: those that ended are swept a few at a time, and past the bound the oldest
are forgotten. What guards passwords is counted in the store, by all processes together.
"""

import functools
import ipaddress
import time
from collections.abc import Callable
from typing import Final

import msgspec
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from parvis.core.errors import TooFast
from parvis.people.tallies import Tallies
from parvis.store.database import Store

MOST_COUNTERS: Final = 200_000
SWEPT_AT_ONCE: Final = 4
KEY_LENGTH: Final = 200
SUBSCRIBER: Final = 64  # bits of an IPv6 address that a provider gives to one house

_item: Callable[[str], RateLimitItem] = functools.cache(parse)


class Left(msgspec.Struct, frozen=True):
    """How many the window allows, how many are left of it, and when it ends (seconds since 1970)."""

    limit: int
    remaining: int
    resets_at: int


class Counters(Storage):
    """A storage for `limits` whose every step costs the same; its own sweeps all keys at each hit."""

    STORAGE_SCHEME = ["parvis"]  # noqa: RUF012 - the base class declares it so

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._now = now
        self._counters: dict[str, tuple[int, float]] = {}  # count and end; the oldest first

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage may raise by itself."""
        return ValueError

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window that ends `expiry` seconds after its first count."""
        count, end = self._counters.get(key, (0, 0.0))
        if end <= self._now():
            self._counters.pop(key, None)  # so that it goes to the end of the order
            self._sweep()
            count, end = 0, self._now() + expiry
        self._counters[key] = (count + amount, end)
        return count + amount

    async def get(self, key: str) -> int:
        """The count in the window that runs now."""
        count, end = self._counters.get(key, (0, 0.0))
        return count if end > self._now() else 0

    async def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now when none runs."""
        return max(self._counters.get(key, (0, 0.0))[1], self._now())

    async def check(self) -> bool:
        """It is always well."""
        return True

    async def reset(self) -> int | None:
        """Forget everything."""
        forgotten = len(self._counters)
        self._counters.clear()
        return forgotten

    async def clear(self, key: str) -> None:
        """Forget one counter."""
        self._counters.pop(key, None)

    def _sweep(self) -> None:
        """Look at the oldest few: those that ended go, the others go to the end; make room when full."""
        for _ in range(min(SWEPT_AT_ONCE, len(self._counters))):
            key = next(iter(self._counters))
            counter = self._counters.pop(key)
            if counter[1] > self._now():
                self._counters[key] = counter
        while len(self._counters) >= MOST_COUNTERS:
            self._counters.pop(next(iter(self._counters)))


def nearest(forwarded: str) -> str:
    """The address that our own proxy wrote: the last entry of X-Forwarded-For; those before it anyone can forge."""
    return forwarded.rpartition(",")[2].strip()[:64]


def place_of(address: str) -> str:
    """Who an address stands for: itself, or for IPv6 the network of one subscriber (/64)."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address.partition("%")[0], SUBSCRIBER), strict=False))
    except ValueError:
        return address


class Pace:
    """Holds addresses and accounts to rates; without `enabled` it lets everything pass."""

    def __init__(
        self, *, enabled: bool = True, store: Store | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._enabled = enabled
        self._now = now
        self._alone = FixedWindowRateLimiter(Counters(now))
        self._together = self._alone if store is None else FixedWindowRateLimiter(Tallies(store, now))

    async def hold(self, bucket: str, key: str, rate: str, *, together: bool = False) -> Left:
        """Count one more for the key in the bucket, and tell what is left.

        `rate` is as `limits` writes it: `10/minute`, `300 per 5 minutes`. What is counted `together` is counted for all
        processes, in transactions of its own.

        Raises:
            TooFast: nothing was left; `after` seconds the window ends.
        """
        item = _item(rate)
        if not self._enabled:
            return Left(item.amount, item.amount, int(self._now()) + item.get_expiry())
        names = (bucket, key[:KEY_LENGTH])
        limiter = self._together if together else self._alone
        allowed = await limiter.hit(item, *names)
        resets_at, remaining = await limiter.get_window_stats(item, *names)
        if not allowed:
            after = max(1, round(resets_at - self._now() + 0.5))
            raise TooFast("That was too often. Try again in {seconds} seconds.", after=after, seconds=after)
        return Left(item.amount, remaining, int(resets_at) + 1)

    async def left(self, bucket: str, key: str, rate: str) -> Left:
        """What is left for the key in the bucket, without counting."""
        item = _item(rate)
        resets_at, remaining = await self._alone.get_window_stats(item, bucket, key[:KEY_LENGTH])
        return Left(item.amount, remaining, int(resets_at) + 1)
