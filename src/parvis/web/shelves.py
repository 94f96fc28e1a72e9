"""What a member keeps for themselves: bookmarks, likes, and lists of some whom they follow."""

from starlette.responses import Response

from parvis.core.errors import Invalid, Refused
from parvis.core.ids import AccountId
from parvis.core.words import say
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
    mine = await lists.lists_of(tx, visit.member())
    return visit.page("lists.html", lists=mine, problem="", title="")


async def make_list(visit: Visit) -> Response:
    """Make a list and open it."""
    await visit.hold("lists", RATE)
    title = visit.field("title", 1000)
    try:
        async with visit.acting() as (tx, viewer):
            made = await lists.make_list(tx, viewer, title)
    except Invalid as refusal:
        return await _again(visit, refusal, title)
    return visit.go(f"/lists/{made.id}/members")


async def _again(visit: Visit, refusal: Refused, title: str) -> Response:
    async with visit.door.store.reading() as tx:
        mine = await lists.lists_of(tx, visit.member())
        problem = say(refusal, visit.language)
        return visit.page("lists.html", refusal.status, lists=mine, problem=problem, title=title)


async def read_list(visit: Visit, tx: Tx) -> Response:
    """What those on a list say."""
    viewer = visit.member()
    listing = await lists.get_list(tx, viewer, visit.number("list"))
    because = visit.words("Its author is on your list “{title}”.").format(title=listing.title)
    stretch = stretch_of(visit, entries_of(await posts_on(tx, viewer, listing, page_of(visit)), because))
    return visit.page("list.html", listing=listing, stretch=stretch, suggested=await company_of(tx, viewer))


async def read_members(visit: Visit, tx: Tx) -> Response:
    """Who is on a list, and its title."""
    viewer = visit.member()
    listing = await lists.get_list(tx, viewer, visit.number("list"))
    members = await lists.members_of(tx, viewer, listing.id, None)
    return visit.page("list_members.html", listing=listing, members=members, problem=visit.query("problem", 200))


async def change_list(visit: Visit) -> Response:
    """Give a list another title, and say whether home leaves out whom it holds."""
    await visit.hold("lists", RATE)
    async with visit.acting() as (tx, viewer):
        changed = await lists.edit_list(
            tx,
            viewer,
            visit.number("list"),
            title=visit.field("title", 1000),
            exclusive=visit.field("exclusive", 3) == "on",
        )
    return visit.go(f"/lists/{changed.id}")


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
    async with visit.acting() as (tx, viewer):
        await lists.add_members(tx, viewer, number, [await named_in(visit, tx)])
    return visit.go(f"/lists/{number}/members")


async def drop_member(visit: Visit) -> Response:
    """Take somebody off a list."""
    await visit.hold("lists", RATE)
    number = visit.number("list")
    async with visit.acting() as (tx, viewer):
        await lists.drop_members(tx, viewer, number, [AccountId(visit.number("account"))])
    return visit.go(f"/lists/{number}/members")
