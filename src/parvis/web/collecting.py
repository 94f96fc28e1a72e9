"""Collections: people whom a member recommends under a name, for others to look through and follow."""

from starlette.responses import Response

from parvis.core.errors import Forbidden, Invalid, Refused
from parvis.people import collections
from parvis.people.accounts import accounts_by_ids, get_account
from parvis.people.collections import Collection, Sketch
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.web.profiles import account_of, named_in, relationships_with
from parvis.web.visit import Visit, whole_number

PAGE = "/collections"
RATE = "60/minute"
FOLLOWING_RATE = "20/hour"
LONGEST = 1000


async def read_collections(visit: Visit, tx: Tx) -> Response:
    """The member's own collections, and those that they are in."""
    return await _mine(visit, tx)


async def _mine(visit: Visit, tx: Tx, refusal: Refused | None = None) -> Response:
    member = visit.member()
    owned = await collections.collections_of(tx, member, member.id)
    return visit.asking(
        "collections.html",
        refusal,
        owned=owned,
        others=[one for one in await collections.collections_with(tx, member) if one.account_id != member.id],
        room=len(owned) < collections.MOST,
        name=visit.field("name", LONGEST),
        suggested=await company_of(tx, member),
    )


async def read_theirs(visit: Visit, tx: Tx) -> Response:
    """The collections that somebody shows."""
    account = await account_of(visit, tx)
    return visit.page(
        "collections_of.html",
        account=account,
        owned=await collections.collections_of(tx, visit.viewer, account.id),
        suggested=await company_of(tx, visit.viewer),
    )


async def read_collection(visit: Visit, tx: Tx) -> Response:
    """Who is in a collection."""
    return await _whole(visit, tx, "collection.html")


async def read_edit(visit: Visit, tx: Tx) -> Response:
    """A collection of one's own, to be changed."""
    return await _whole(visit, tx, "collection_edit.html")


async def _whole(visit: Visit, tx: Tx, template: str, refusal: Refused | None = None) -> Response:
    found = await collections.get_collection(tx, visit.viewer, visit.number("collection"))
    if template == "collection_edit.html":
        _require_own(visit, found)
    people = await accounts_by_ids(tx, {found.account_id, *(item.account_id for item in found.items)})
    inside = [(item, people[item.account_id]) for item in found.items if item.account_id in people]
    relationships = await relationships_with(visit, tx, [account for _, account in inside])
    me = visit.viewer.id if visit.viewer else None
    ties = [relationships.get(account.id) for _, account in inside if account.id != me]
    return visit.asking(
        template,
        refusal,
        collection=found,
        owner=people.get(found.account_id) or await get_account(tx, found.account_id),
        inside=inside,
        relationships=relationships,
        strangers=sum(tie is None or not (tie.following or tie.asked) for tie in ties),
        followed=whole_number(visit.query("followed", 3)),
        room=len(found.items) < collections.MOST_ITEMS,
        handle=visit.field("handle", 300),
        added=visit.query("added", 1) == "1",
        suggested=await company_of(tx, visit.viewer),
    )


def _require_own(visit: Visit, found: Collection) -> None:
    if found.account_id != visit.member().id:
        raise Forbidden("This is not for you to do.")


async def make_collection(visit: Visit) -> Response:
    """Make a collection, and go on to fill it."""
    await visit.hold("collections", RATE)
    try:
        async with visit.acting() as (tx, member):
            made = await collections.create(tx, member, _sketch(visit))
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            return await _mine(visit, tx, refusal)
    return visit.go(f"{PAGE}/{made.id}/edit")


async def change_collection(visit: Visit) -> Response:
    """Say something else of a collection."""
    await visit.hold("collections", RATE)
    number = visit.number("collection")
    discoverable = visit.field("discoverable", 3) == "on"
    try:
        async with visit.acting() as (tx, member):
            await collections.change(tx, member, number, _sketch(visit, discoverable=discoverable))
    except Invalid as refusal:
        return await _again(visit, refusal)
    return visit.go(f"{PAGE}/{number}")


def _sketch(visit: Visit, *, discoverable: bool | None = None) -> Sketch:
    name, description = visit.field("name", LONGEST), visit.field("description", LONGEST)
    return Sketch(name=name, description=description, discoverable=discoverable)


async def put_in(visit: Visit) -> Response:
    """Put somebody into a collection, by their handle."""
    await visit.hold("collections", RATE)
    number = visit.number("collection")
    try:
        async with visit.acting() as (tx, member):
            await collections.put_in(tx, member, number, await named_in(visit, tx))
    except (Invalid, Forbidden) as refusal:
        return await _again(visit, refusal)
    return visit.go(f"{PAGE}/{number}/edit?added=1")


async def _again(visit: Visit, refusal: Refused) -> Response:
    async with visit.door.store.reading() as tx:
        return await _whole(visit, tx, "collection_edit.html", refusal)


async def take_out(visit: Visit) -> Response:
    """Take somebody out of a collection."""
    await visit.hold("collections", RATE)
    number = visit.number("collection")
    async with visit.acting() as (tx, member):
        await collections.take_out(tx, member, number, visit.number("item"))
    return visit.go(f"{PAGE}/{number}/edit")


async def leave(visit: Visit) -> Response:
    """Leave somebody's collection for good."""
    await visit.hold("collections", RATE)
    async with visit.acting() as (tx, member):
        await collections.leave(tx, member, visit.number("collection"), visit.number("item"))
    return visit.go(PAGE)


async def follow_all(visit: Visit) -> Response:
    """Follow everyone in a collection."""
    await visit.hold("follow all", FOLLOWING_RATE)
    number = visit.number("collection")
    async with visit.acting() as (tx, member):
        fresh = await collections.follow_all(tx, member, number)
    return visit.go(f"{PAGE}/{number}?followed={fresh}")


async def delete_collection(visit: Visit) -> Response:
    """Delete a collection."""
    await visit.hold("collections", RATE)
    async with visit.acting() as (tx, member):
        await collections.remove(tx, member, visit.number("collection"))
    return visit.go(PAGE)
