"""Time as the network writes it: whole milliseconds since 1970, UTC."""

import datetime as dt
import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Tells the time in milliseconds since the epoch: `now`, unless a world lives at another moment."""


def now() -> int:
    """The current time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def iso(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds, e.g. `2026-11-22T06:19:44.120Z`."""
    moment = dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"


SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
