"""What is a member's own, to carry out of here or to bring along: the archive, lists of accounts, followers."""

from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from parvis.core.errors import Forbidden, Invalid, NotFound, Refused
from parvis.moderation import erasing
from parvis.people import moving
from parvis.people.accounts import Account, accounts_by_ids, find_account
from parvis.people.importing import LONGEST, addresses_in, ask_to_import
from parvis.posts.archive import archive_of
from parvis.store.transaction import Tx
from parvis.web import security
from parvis.web.door import Door
from parvis.web.gate import HEADERS
from parvis.web.profiles import named_in
from parvis.web.visit import COOKIE, Endpoint, Visit, whole_number

PAGE: Final = "/settings/data"
ARCHIVE_RATE: Final = "6/hour"
IMPORT_RATE: Final = "20/hour"
LEAVE_RATE: Final = "10/hour"
MOVE_RATE: Final = "20/hour"
Part = Literal["import", "move", "had", "leave"]
"""A part of the page that can be sent."""


async def read_belongings(visit: Visit, tx: Tx) -> Response:
    """What can be carried out, and brought along."""
    coming = whole_number(visit.query("coming", 5)) or 0
    return visit.asking("belongings.html", at="", given="", coming=coming, **await _others(tx, visit.member()))


async def bring_accounts(visit: Visit) -> Response:
    """Follow, mute or block all of a list."""
    await visit.hold("import", IMPORT_RATE)
    try:
        addresses = addresses_in(await _list_of(visit), visit.door.settings.domain)
        async with visit.acting() as (tx, viewer):
            ask_to_import(tx, viewer, visit.field("verb", 10), addresses)
    except Invalid as refusal:
        return await _again(visit, refusal, "import")
    return visit.go(f"{PAGE}?coming={len(addresses)}")


async def say_mine(visit: Visit) -> Response:
    """Say that another account is the member's too, so that it may move here; or no more."""
    await visit.hold("move", MOVE_RATE)
    try:
        async with visit.acting() as (tx, member):
            verb = moving.claim if visit.verb == "claim" else moving.disclaim
            await verb(tx, member, await named_in(visit, tx))
    except (Invalid, NotFound) as refusal:
        return await _again(visit, refusal, "had")
    return visit.go(f"{PAGE}#had")


async def move(visit: Visit) -> Response:
    """Go on under another account: their password says that they mean it."""
    await visit.hold("move", MOVE_RATE)
    try:
        await security.prove(visit)
        async with visit.acting() as (tx, member):
            await moving.move(tx, member, await named_in(visit, tx))
    except (Invalid, NotFound, Forbidden) as refusal:
        return await _again(visit, refusal, "move")
    return visit.go(f"{PAGE}#move")


async def stay(visit: Visit) -> Response:
    """Say no more that one has moved."""
    async with visit.acting() as (tx, member):
        await moving.stay(tx, member)
    return visit.go(f"{PAGE}#move")


async def leave(visit: Visit) -> Response:
    """Delete the member's account for good: their password and their handle say that they mean it."""
    viewer = visit.member()
    await visit.hold("leave", LEAVE_RATE, together=True)
    try:
        _require_handle(visit, viewer.handle)
        await security.prove(visit)
        async with visit.acting() as (tx, member):
            await erasing.leave_for_good(tx, member)
    except (Invalid, Forbidden) as refusal:
        return await _again(visit, refusal, "leave")
    return visit.remember(visit.go("/sign-in?left=1"), COOKIE, "", 0)


async def _again(visit: Visit, refusal: Refused, at: Part) -> Response:
    """The page, and at the part that was sent what was wrong with it, and the handle that was typed."""
    async with visit.door.store.reading() as tx:
        others = await _others(tx, visit.member())
    return visit.asking("belongings.html", refusal, at=at, given=visit.field("handle", 300), coming=0, **others)


async def _others(tx: Tx, member: Account) -> dict[str, Any]:
    """Which other accounts the member says are theirs, and under which one they go on."""
    gone = member.more.moved_to
    return {
        "had": list((await accounts_by_ids(tx, member.more.had)).values()),
        "moved_to": await find_account(tx, gone) if gone else None,
    }


def _require_handle(visit: Visit, handle: str) -> None:
    if visit.field("handle", 300).strip().removeprefix("@").lower() != handle.lower():
        raise Invalid("This is not your handle.", field="handle")


async def _list_of(visit: Visit) -> bytes:
    files = visit.files("list")
    if not files:
        raise Invalid("Choose a file first.", field="list")
    return bytes(await files[0].read(LONGEST + 1))


def carry_out(door: Door) -> Endpoint:
    """The endpoint that sends the archive: it opens transactions of its own while it is read."""

    async def send(request: Request) -> Response:
        visit = Visit(request, door, for_put_out=True)
        try:
            async with door.store.reading() as tx:
                await visit.recognise(tx)
            viewer = visit.member()
            await visit.hold("archive", ARCHIVE_RATE)
        except Refused as refusal:
            return visit.refuse(refusal)
        headers = HEADERS | {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{viewer.handle}-archive.zip"',
        }
        pieces = archive_of(door.store, door.blobs, viewer, door.settings.url)
        return StreamingResponse(pieces, media_type="application/zip", headers=headers)

    return send
