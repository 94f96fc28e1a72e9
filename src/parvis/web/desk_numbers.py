"""The numbers of the house as those at the desk read them: the last thirty days beside the thirty before."""

from typing import Final

import msgspec
from starlette.responses import Response

from parvis.core import clock
from parvis.core.words import N_
from parvis.moderation import measures
from parvis.moderation.roles import May
from parvis.store.transaction import Tx
from parvis.web.desk import desk_page
from parvis.web.visit import Visit

DAYS: Final = 30
TALLIES: Final = {
    "active_users": N_("Active members a day"),
    "new_users": N_("New members"),
    "interactions": N_("Likes, reposts and replies"),
    "opened_reports": N_("Reports filed"),
    "resolved_reports": N_("Reports closed"),
}
AVERAGED: Final = {"active_users"}  # who comes on several days is not several


class Tally(msgspec.Struct, frozen=True):
    """A figure of thirty days, that of the thirty before, and what each day counted, the oldest first."""

    label: str
    now: int
    before: int
    days: list[int]


async def read_numbers(visit: Visit, tx: Tx) -> Response:
    """How much happened lately, and whether it is more than before."""
    period = measures.period_of(tx.now - (2 * DAYS - 1) * clock.DAY, tx.now)
    counted = await measures.daily(tx, visit.member(), tuple(TALLIES), period)
    return desk_page(visit, "desk/numbers.html", tallies=[_tally(key, days) for key, days in counted.items()])


def _tally(key: str, days: list[int]) -> Tally:
    parts = DAYS if key in AVERAGED else 1
    return Tally(TALLIES[key], round(sum(days[DAYS:]) / parts), round(sum(days[:DAYS]) / parts), days[DAYS:])


READERS: Final = (("/desk/numbers", May.SEE_DASHBOARD, read_numbers),)
