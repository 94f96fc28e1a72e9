"""What a member keeps for themselves: bookmarks, likes, and lists of some whom they follow."""

from starlette.responses import Response

from parvis.core.errors import Invalid, NotFound, Refused
from parvis.core.ids import AccountId
from parvis.posts.shelves import bookmarks_of, liked_by
from parvis.store.transaction import Tx
from parvis.timelines import lists
from parvis.timelines.company import company_of
from parvis.timelines.members import posts_on
from parvis.web.profiles import named_in
from parvis.web.square import entries_of, page_of, stretch_of
from parvis.web.visit import Visit

RATE = "60/minute"


async def read_bookmarks(visit: Visit, tx: Tx) -> Response:
    """What the member keeps, the latest put there first."""
    kept = await bookmarks_of(tx, visit.member(), page_of(visit))
    stretch = stretch_of(visit, entries_of([each.post for each in kept]), keys=[each.id for each in kept])
    nothing = visit.words("What you keep for later lies here. Only you can see it.")
    return await _shelf(visit, tx, visit.words("Bookmarks"), stretch=stretch, nothing=nothing)


async def read_likes(visit: Visit, tx: Tx) -> Response:
    """What the member likes, the latest first."""
    kept = await liked_by(tx, visit.member(), page_of(visit))
    stretch = stretch_of(visit, entries_of([each.post for each in kept]), keys=[each.id for each in kept])
    nothing = visit.words("Every heart you give is remembered here.")
    return await _shelf(visit, tx, visit.words("Likes"), stretch=stretch, nothing=nothing)


async def _shelf(visit: Visit, tx: Tx, heading: str, **context: object) -> Response:
    suggested = await company_of(tx, visit.member())
    return visit.page("shelf.html", heading=heading, suggested=suggested, **context)


async def read_lists(visit: Visit, tx: Tx) -> Response:
    """The member's lists."""
    return await _mine(visit, tx)


async def _mine(visit: Visit, tx: Tx, refusal: Refused | None = None) -> Response:
    member = visit.member()
    return visit.asking(
        "lists.html",
        refusal,
        lists=await lists.lists_of(tx, member),
        sizes=await lists.sizes_of(tx, member),
        title=visit.field("title"),
        suggested=await company_of(tx, member),
    )


async def make_list(visit: Visit) -> Response:
    """Make a list and open it."""
    await visit.hold("lists", RATE)
    try:
        async with visit.acting() as (tx, viewer):
            made = await lists.make_list(tx, viewer, visit.field("title", 1000))
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            return await _mine(visit, tx, refusal)
    return visit.go(f"/lists/{made.id}/members")


async def read_list(visit: Visit, tx: Tx) -> Response:
    """What those on a list say."""
    viewer = visit.member()
    listing = await lists.get_list(tx, viewer, visit.number("list"))
    because = visit.words("Its author is on your list “{title}”.").format(title=listing.title)
    stretch = stretch_of(visit, entries_of(await posts_on(tx, viewer, listing, page_of(visit)), because))
    return visit.page("list.html", listing=listing, stretch=stretch, suggested=await company_of(tx, viewer))


async def read_members(visit: Visit, tx: Tx) -> Response:
    """Who is on a list, and its title."""
    return await _members(visit, tx)


async def _members(visit: Visit, tx: Tx, refusal: Refused | None = None) -> Response:
    viewer = visit.member()
    listing = await lists.get_list(tx, viewer, visit.number("list"))
    return visit.asking(
        "list_members.html",
        refusal,
        listing=listing,
        members=await lists.members_of(tx, viewer, listing.id, None),
        handle=visit.field("handle", 300),
        added=visit.query("added", 1) == "1",
        suggested=await company_of(tx, viewer),
    )


async def _members_again(visit: Visit, refusal: Refused) -> Response:
    async with visit.door.store.reading() as tx:
        return await _members(visit, tx, refusal)


async def change_list(visit: Visit) -> Response:
    """Give a list another title, and say whether home leaves out whom it holds."""
    await visit.hold("lists", RATE)
    number, exclusive = visit.number("list"), visit.field("exclusive", 3) == "on"
    try:
        async with visit.acting() as (tx, viewer):
            await lists.edit_list(tx, viewer, number, title=visit.field("title", 1000), exclusive=exclusive)
    except Invalid as refusal:
        return await _members_again(visit, refusal)
    return visit.go(f"/lists/{number}")


async def delete_list(visit: Visit) -> Response:
    """Delete a list."""
    await visit.hold("lists", RATE)
    async with visit.acting() as (tx, viewer):
        await lists.delete_list(tx, viewer, visit.number("list"))
    return visit.go("/lists")


async def add_member(visit: Visit) -> Response:
    """Put somebody on a list, by their handle."""
    await visit.hold("lists", RATE)
    number = visit.number("list")
    try:
        async with visit.acting() as (tx, viewer):
            await lists.add_members(tx, viewer, number, [await named_in(visit, tx)])
    except (Invalid, NotFound) as refusal:
        return await _members_again(visit, refusal)
    return visit.go(f"/lists/{number}/members?added=1")


async def drop_member(visit: Visit) -> Response:
    """Take somebody off a list."""
    await visit.hold("lists", RATE)
    number = visit.number("list")
    async with visit.acting() as (tx, viewer):
        await lists.drop_members(tx, viewer, number, [AccountId(visit.number("account"))])
    return visit.go(f"/lists/{number}/members")
