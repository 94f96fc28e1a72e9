"""Time as the network writes it: whole milliseconds since 1970, UTC."""

import datetime as dt
import functools
import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Tells the time in milliseconds since the epoch: `now`, unless a world lives at another moment."""


def now() -> int:
    """The current time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def iso(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds, e.g. `2026-11-22T06:19:44.120Z`."""
    day, within = divmod(milliseconds, DAY)
    minutes, thousandths = divmod(within, MINUTE)
    return (
        f"{_date(day)}T{minutes // 60:02d}:{minutes % 60:02d}:{thousandths // SECOND:02d}.{thousandths % SECOND:03d}Z"
    )


@functools.lru_cache(maxsize=512)
def _date(day: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()


SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
