"""Walks through what members keep for themselves: lists, collections, filters, bookmarks and likes."""

import re

from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.people import collections
from parvis.people.collections import Sketch
from parvis.people.relations import follow
from parvis.posts.drafts import Draft
from parvis.posts.likes import like
from parvis.posts.publish import publish

REFUSED = 422


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
        stranger = await hand.neighbour(tx, "unlisted")
        await follow(tx, ada, ben.id)
    await hand.go("/lists")
    await hand.sees(_("No list yet"))
    await hand.write(_("A new list"), "Bakers")
    await hand.press(_("Make"))
    await hand.arrives("Bakers")
    hand.visitor.expected = 404
    await hand.write(_("Put somebody on it"), stranger.handle)
    await hand.press(_("Add"))
    await hand.sees(_("A list holds only people whom you follow."))
    await hand.complete(_("Put somebody on it"), ben.handle, "Ben Baker")
    await hand.press(_("Add"))
    await hand.sees("Ben Baker")
    await hand.write(_("Title"), "Bakers of the square")
    await hand.tick(_("Leave out of home whom it holds"), role="switch")
    await hand.press(_("Save"))
    await hand.arrives("Bakers of the square")
    await hand.follow(_("Back"))
    await hand.arrives(_("Lists"))
    one = hand.say("%(num)s person", "%(num)s people", 1)
    await hand.follow(f"Bakers of the square {one} {_('Not at home')}")
    await hand.follow(_("Edit the list"))
    await hand.press(f"{_('Take off')} Ben Baker")
    await hand.misses("Ben Baker")
    await hand.press(_("Delete the list"))
    await hand.sees(_("Delete this list?"))
    await hand.press(_("Delete the list"))
    await hand.sees(_("No list yet"))


@walk(
    "GET /collections",
    "POST /collections",
    "GET /collections/{collection}",
    "GET /collections/{collection}/edit",
    "POST /collections/{collection}",
    "POST /collections/{collection}/add",
    "POST /collections/{collection}/drop/{item}",
    "POST /collections/{collection}/leave/{item}",
    "POST /collections/{collection}/follow",
    "POST /collections/{collection}/delete",
)
async def keep_a_collection(hand: Hand) -> None:
    """Follow all in a collection, and leave it; make one, fill it, say what it is about, and delete it."""
    _ = hand.say
    ada = await hand.enter("collector")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "collected", name="Ben Baker")
        others = [await hand.neighbour(tx, f"lark{number}") for number in range(2)]
        await collections.create(tx, ben, Sketch(name="Early birds"), [ada.id, *(lark.id for lark in others)])
    await hand.go("/lists")
    await hand.follow(_("Collections"))
    await hand.sees(_("You are in these"))
    await hand.follow(f"Early birds {hand.say('%(num)s person', '%(num)s people', 3)}")
    await hand.arrives("Early birds")
    await hand.press(_("Follow all"))
    await hand.sees(_("You follow one more, or have asked to.", "You follow %(num)s more, or have asked to.", 2))
    await hand.find("button", f"{_('You follow')} {others[1].handle}").wait_for()
    await hand.press(_("Leave it"))
    await hand.sees(_("Leave this collection for good?"))
    await hand.press(_("Leave it"))
    await hand.arrives(_("Collections"))
    await hand.sees(_("No collection yet"))
    await hand.write(_("A new collection"), "Night bakers")
    await hand.press(_("Make"))
    await hand.arrives("Night bakers")
    hand.visitor.expected = REFUSED
    await hand.write(_("Put somebody in"), "nobody_of_this_name")
    await hand.press(_("Add"))
    await hand.sees(_("There is nobody of this name here."))
    await hand.complete(_("Put somebody in"), ben.handle, "Ben Baker")
    await hand.press(_("Add"))
    await hand.sees("Ben Baker")
    await hand.write(_("What it is about"), "Who sleep at noon")
    await hand.press(_("Save"))
    await hand.sees("Who sleep at noon")
    await hand.follow(_("Edit the collection"))
    await hand.press(f"{_('Take out')} Ben Baker")
    await hand.misses("Ben Baker")
    await hand.press(_("Delete the collection"))
    await hand.sees(_("Delete this collection?"))
    await hand.press(_("Delete the collection"))
    await hand.sees(_("No collection yet"))


@walk(
    "GET /settings/filters",
    "POST /settings/filters",
    "GET /settings/filters/{filter}",
    "POST /settings/filters/{filter}",
    "POST /settings/filters/{filter}/words/{keyword}/drop",
    "POST /settings/filters/{filter}/delete",
)
async def keep_words_away(hand: Hand) -> None:
    """Make a filter, meet what it folds away, have it look for other words, and delete it."""
    _ = hand.say
    ada = await hand.enter("filterer")
    word = hand.handle("dragon")
    async with hand.house.behind() as tx:
        await publish(tx, ada, Draft("An early post of mine."))
        ben = await hand.neighbour(tx, "spoiler")
        await follow(tx, ada, ben.id)
        await publish(tx, ben, Draft(f"The {word} wins."))
    await hand.go("/settings/filters")
    await hand.sees(_("Nothing is filtered"))
    await hand.write(_("Its name"), "Endings")
    await hand.write(_("Words"), word)
    for where in (_("Home and lists"), _("The square, hashtags, search")):
        await hand.tick(where, role="switch")
    hand.visitor.expected = REFUSED
    await hand.press(_("Make"))
    await hand.sees(_("Say where the filter shall hold."))
    await hand.tick(_("Home and lists"), role="switch")
    await hand.pick(_("How long"), _("for a day"))
    await hand.press(_("Make"))
    await hand.misses(_("Nothing is filtered"))
    await hand.go("/")
    await hand.unfold(_("Filtered: %(what)s", what="Endings"))
    await hand.sees(f"The {word} wins.")
    await hand.go("/settings/filters")
    await hand.follow(re.compile(f"^Endings {word}"))
    await hand.arrives("Endings")
    await hand.sees(re.compile(_("It holds until %(when)s.", when=".+")))
    await hand.write(_("Its name"), "Endings and beginnings")
    await hand.write(_("More words"), "once upon a time\nthe last page")
    await hand.choose(re.compile(_("Leave it out")))
    await hand.press(_("Save"))
    await hand.sees(_("Saved."))
    await hand.sees("the last page")
    await hand.press(f"{_('Remove')} {word}")
    await hand.sees(_("Saved."))
    await hand.misses(word)
    await hand.press(_("Delete the filter"))
    await hand.sees(_("Delete this filter?"))
    await hand.press(_("Delete the filter"))
    await hand.sees(_("Nothing is filtered"))


@walk("GET /bookmarks", "GET /likes", "POST /posts/{post}/bookmark", "POST /posts/{post}/unbookmark")
async def find_again_what_one_kept(hand: Hand) -> None:
    """Keep a post for later, find it among the bookmarks, and put it back; what one likes is remembered beside them."""
    _ = hand.say
    ada = await hand.enter("magpie")
    async with hand.house.behind() as tx:
        ben = await hand.neighbour(tx, "hoarded")
        await like(tx, ada, await publish(tx, ben, Draft("Worth keeping.")))
    await hand.go(f"/@{ben.handle}")
    post = hand.page.locator(".post", has_text="Worth keeping.")
    async with hand.sending("/posts/*/bookmark"):
        await hand.press(_("Bookmark"), post)
    await hand.go("/likes")
    await hand.sees("Worth keeping.")
    await hand.follow(_("Bookmarks"), hand.page.locator(".tabs"))
    await hand.arrives(_("Bookmarks"))
    async with hand.sending("/posts/*/unbookmark"):
        await hand.press(_("Bookmark"), post)
    await hand.page.reload()
    await hand.sees(_("Nothing here yet"))
