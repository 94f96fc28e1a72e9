"""What waits to be posted: written for later, read again, moved to another hour, and taken back.

Hours are picked by the reader's own clock; a script sends them as moments. Without one they are taken as the house's.
"""

from starlette.responses import Response

from parvis.core.errors import Invalid, Refused
from parvis.posts import scheduled
from parvis.store.transaction import Tx
from parvis.web.square import page_of
from parvis.web.visit import Visit

RATE = "60/minute"
PAGE = "/scheduled"


async def read_scheduled(visit: Visit, tx: Tx) -> Response:
    """What waits, the latest first."""
    return await _waiting(visit, tx, moved=visit.query("moved", 1) == "1")


async def _waiting(visit: Visit, tx: Tx, refusal: Refused | None = None, *, moved: bool = False) -> Response:
    waiting = await scheduled.scheduled_of(tx, visit.member(), page_of(visit))
    return visit.asking("scheduled.html", refusal, waiting=waiting, moved=moved)


async def move(visit: Visit) -> Response:
    """Have it posted at another hour."""
    await visit.hold("act", RATE)
    try:
        async with visit.acting() as (tx, viewer):
            await scheduled.reschedule(tx, viewer, visit.number("scheduled"), visit.moment("at"))
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            return await _waiting(visit, tx, refusal)
    return visit.go(f"{PAGE}?moved=1")


async def take_back(visit: Visit) -> Response:
    """Have it not posted."""
    await visit.hold("act", RATE)
    async with visit.acting() as (tx, viewer):
        await scheduled.unschedule(tx, viewer, visit.number("scheduled"))
    return visit.go(PAGE)
