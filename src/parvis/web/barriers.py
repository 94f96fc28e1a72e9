"""Whom a member keeps away: people blocked or muted (until when), and domains that they shun."""

from typing import Final

from starlette.responses import Response

from parvis.core.errors import Invalid, Refused
from parvis.people import regard
from parvis.people.circles import Span, Tie, blocks_of, mutes_of
from parvis.store.transaction import Tx
from parvis.web.square import SIZE
from parvis.web.visit import Visit, whole_number

RATE: Final = "60/minute"
PAGE: Final = "/settings/blocks"
MOST: Final = 2 * SIZE


def _span(visit: Visit) -> Span:
    return Span(before=whole_number(visit.query("max_id", 20)), limit=MOST)


async def read_blocks(visit: Visit, tx: Tx) -> Response:
    """Whom the member blocks, the latest first."""
    return _people(visit, await blocks_of(tx, visit.member(), _span(visit)), "unblock")


async def read_mutes(visit: Visit, tx: Tx) -> Response:
    """Whom the member mutes, the latest first."""
    return _people(visit, await mutes_of(tx, visit.member(), _span(visit)), "unmute")


def _people(visit: Visit, ties: list[Tie], verb: str) -> Response:
    older = f"{visit.request.url.path}?max_id={ties[-1].id}" if len(ties) >= MOST else ""
    return visit.asking("blocks.html", ties=ties, verb=verb, domains=(), older=older, domain="")


async def read_domains(visit: Visit, tx: Tx) -> Response:
    """The domains with which the member wants nothing to do."""
    return await _domains(visit, tx)


async def _domains(visit: Visit, tx: Tx, refusal: Refused | None = None) -> Response:
    domains = await regard.shunned_by(tx, visit.member(), _span(visit))
    older = f"{PAGE}/domains?max_id={domains[-1].id}" if len(domains) >= MOST else ""
    return visit.asking(
        "blocks.html",
        refusal,
        ties=(),
        verb="unshun",
        domains=domains,
        older=older,
        domain=visit.field("domain", 300) if refusal else "",
    )


async def shun(visit: Visit) -> Response:
    """Want nothing to do with a domain."""
    await visit.hold("act", RATE)
    domain = visit.field("domain", 300)
    try:
        async with visit.acting() as (tx, viewer):
            await regard.shun(tx, viewer, domain, own=visit.door.settings.domain)
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            return await _domains(visit, tx, refusal)
    return visit.go(f"{PAGE}/domains")


async def unshun(visit: Visit) -> Response:
    """Shun a domain no longer."""
    await visit.hold("act", RATE)
    async with visit.acting() as (tx, viewer):
        await regard.unshun(tx, viewer, visit.field("domain", 300))
    return visit.go(f"{PAGE}/domains")
