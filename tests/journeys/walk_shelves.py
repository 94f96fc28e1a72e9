"""Walks through what members keep for themselves: lists."""

from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.people.relations import follow


@walk(
    "GET /lists",
    "POST /lists",
    "GET /lists/{list}",
    "POST /lists/{list}",
    "GET /lists/{list}/members",
    "POST /lists/{list}/add",
    "POST /lists/{list}/drop/{account}",
    "POST /lists/{list}/delete",
)
async def keep_a_list(hand: Hand) -> None:
    """Make a list, put somebody on it, rename it, take them off, and delete it after being asked."""
    _ = hand.say
    ada = await hand.enter("lister")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "listed", name="Ben Baker")
        await follow(tx, ada, ben.id)
    await hand.go("/lists")
    await hand.sees(_("No list yet"))
    await hand.write(_("A new list"), "Bakers")
    await hand.press(_("Make"))
    await hand.arrives("Bakers")
    await hand.write(_("Put somebody on it"), ben.handle)
    await hand.press(_("Add"))
    await hand.sees("Ben Baker")
    await hand.write(_("Title"), "Bakers of the square")
    await hand.tick(_("Leave out of home whom it holds"), role="switch")
    await hand.press(_("Save"))
    await hand.arrives("Bakers of the square")
    await hand.follow(_("Back"))
    await hand.arrives(_("Lists"))
    await hand.follow(f"Bakers of the square {_('Not at home')}")
    await hand.follow(_("Edit the list"))
    await hand.press(f"{_('Take off')} Ben Baker")
    await hand.misses("Ben Baker")
    await hand.press(_("Delete the list"))
    await hand.sees(_("Delete this list?"))
    await hand.press(_("Delete the list"))
    await hand.sees(_("No list yet"))
