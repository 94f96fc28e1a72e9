"""Who asks to follow a member who locked their door."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from parvis.core.ids import AccountId
from parvis.people import requests
from parvis.people.accounts import Account
from parvis.people.circles import Span
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.web.gate import way_back
from parvis.web.square import SIZE
from parvis.web.visit import Visit, whole_number

RATE = "60/minute"
ANSWERS: dict[str, Callable[[Tx, Account, AccountId], Awaitable[None]]] = {
    "grant": requests.grant,
    "refuse": requests.refuse,
}


async def read_requests(visit: Visit, tx: Tx) -> Response:
    """Who asks to follow the member."""
    span = Span(before=whole_number(visit.query("max_id", 20)), limit=2 * SIZE)
    viewer = visit.member()
    asking = await requests.requests_of(tx, viewer, span)
    older = f"/requests?max_id={asking[-1].id}" if len(asking) >= 2 * SIZE else ""
    return visit.page("requests.html", asking=asking, older=older, suggested=await company_of(tx, viewer))


async def answer_request(visit: Visit) -> Response:
    """Let somebody follow, or not."""
    await visit.hold("act", RATE)
    async with visit.acting() as (tx, viewer):
        await ANSWERS[visit.verb](tx, viewer, AccountId(visit.number("account")))
    return visit.go(way_back(visit.request, "/requests"))
