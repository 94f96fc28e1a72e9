"""What is in the rooms before they are photographed: lists, filters, messages, a report, a poll, what waits.

The folder of a raised world flows in; two members and an administrator, with something of their own on every page, are
in it afterwards. All by the verbs the doors use.
"""

import pathlib
from collections.abc import Mapping
from typing import Any

from tests.rig import open_member

from parvis.ai.fake import FakeModels
from parvis.app import open_house
from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.ids import PostId
from parvis.moderation import announcements, reports, strikes
from parvis.moderation import house as rules
from parvis.people import collections, relations
from parvis.people.accounts import Account, find_by_handle
from parvis.people.collections import Sketch
from parvis.people.sessions import start_session
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.edit import Revision, edit
from parvis.posts.likes import like
from parvis.posts.page import Page
from parvis.posts.publish import publish
from parvis.posts.reposts import repost
from parvis.posts.scheduled import schedule
from parvis.posts.shelves import bookmark
from parvis.store.transaction import Tx
from parvis.timelines import chats, filters, lists
from parvis.timelines.filters import KeywordWish, Wish
from parvis.timelines.profiles import posts_of

RESIDENTS = ("wanjiru", "marta", "niamh", "solene", "delroy", "kenji", "nightguide", "leila", "baptiste", "junho")
FRIENDS = (*RESIDENTS[:-2], "basile")
MEMBERS: dict[str, dict[str, Any]] = {
    "ada": {"name": "Ada Moreau", "bio": "Bookbinder. Reads the weather."},
    "basile": {"name": "Basile Roux", "bio": "Lamplighter, by appointment."},
    "sentry": {"name": "The Sentry", "role": "admin"},
}
NEIGHBOURS = ("marta", "solene", "kenji")


async def furnish(folder: pathlib.Path) -> dict[str, str]:
    """Open the members, and put something on every page of theirs; a session of each, by handle."""
    cast: dict[str, Account] = {}
    async with open_house(Settings(data=folder), FakeModels()) as house:
        for act in (gather, meet, talk, whisper, arrange, keep_watch):
            async with house.store.transaction() as tx:
                await act(tx, cast)
            await house.settle()
        async with house.store.transaction() as tx:
            return {handle: await start_session(tx, cast[handle]) for handle in MEMBERS}


async def gather(tx: Tx, cast: dict[str, Account]) -> None:
    """Find those who live here, and open the door to those who come."""
    for handle in RESIDENTS:
        found = await find_by_handle(tx, handle)
        assert found is not None, handle
        cast[handle] = found
    for handle, application in MEMBERS.items():
        cast[handle] = await open_member(tx, handle, **application)


async def meet(tx: Tx, cast: Mapping[str, Account]) -> None:
    """Who follows whom, and who asks."""
    ada, basile = cast["ada"], cast["basile"]
    for friend in FRIENDS:
        await relations.follow(tx, ada, cast[friend].id)
    for friend in ("ada", "wanjiru", "kenji"):
        await relations.follow(tx, basile, cast[friend].id)
    await relations.follow(tx, cast["marta"], ada.id)
    await relations.mute(tx, ada, cast["junho"].id)
    await relations.block(tx, ada, cast["baptiste"].id)


async def talk(tx: Tx, cast: Mapping[str, Account]) -> None:
    """A question, a quotation, and a change of mind."""
    ada, basile = cast["ada"], cast["basile"]
    said = await publish(tx, ada, Draft("First evening on the squre. Is this seat taken?"))
    await edit(tx, ada, said, Revision(text="First evening on the square. Is this seat taken?"))
    asked = PollDraft(("The lighthouse", "The night ferry", "Somewhere with soup"), clock.DAY)
    await publish(tx, basile, Draft("Where do we meet on Thursday?", poll=asked))
    await publish(tx, basile, Draft("@ada it is now. Welcome! The lamps come on around seven.", reply_to=said))
    await publish(tx, basile, Draft("What a way to arrive.", quotes=said))
    await like(tx, basile, said)
    await like(tx, cast["marta"], said)
    await repost(tx, basile, said)


async def whisper(tx: Tx, cast: Mapping[str, Account]) -> None:
    """Words between two, and among four."""
    ada, basile, marta, wanjiru = (cast[handle] for handle in ("ada", "basile", "marta", "wanjiru"))
    for author, company, words in (
        (marta, (ada, basile, wanjiru), "Supper on Thursday? I have eleven quinces and no plan."),
        (wanjiru, (ada, basile, marta), "Yes. I bring the telescope, so pray for a clear sky."),
        (basile, (ada,), "The key is under the third stone."),
        (basile, (ada,), "Mind the cat. She believes that she lives there."),
        (ada, (basile,), "Found it, thank you! The cat and I have an understanding."),
        (ada, (basile,), "Do the lamps by the canal come on at seven, too?"),
        (basile, (ada,), "A little before. On foggy evenings I begin at the bridge, around half past six."),
        (basile, (ada,), "Come along if you like: https://parvis.example/lamps"),
    ):
        await chats.tell(tx, author, company, Draft(words), key=None, settings=Settings())


async def arrange(tx: Tx, cast: Mapping[str, Account]) -> None:
    """Lists, collections, filters, bookmarks, and what is posted later."""
    ada = cast["ada"]
    listing = await lists.make_list(tx, ada, "Neighbours")
    await lists.add_members(tx, ada, listing.id, [cast[handle].id for handle in NEIGHBOURS])
    await lists.make_list(tx, ada, "Astronomers", exclusive=True)
    sketch = Sketch(name="Painters of the square", description="Who makes one look twice.")
    await collections.create(tx, ada, sketch, [cast[handle].id for handle in ("marta", "solene")])
    wish = Wish(title="The crossword", contexts=("home", "public"), action="warn")
    await filters.make_filter(tx, ada, wish, [KeywordWish(keyword="crossword"), KeywordWish(keyword="solution")])
    await schedule(tx, ada, Draft("Good morning, square. Who has the kettle on?"), tx.now + clock.DAY)
    for post in await latest_of(tx, cast["wanjiru"]):
        await bookmark(tx, ada, post)
        await like(tx, ada, post)


async def keep_watch(tx: Tx, cast: Mapping[str, Account]) -> None:
    """A report, a decision, a rule and a notice."""
    sentry, ada = cast["sentry"], cast["ada"]
    post = (await latest_of(tx, cast["delroy"]))[0]
    await rules.add_rule(tx, sentry, "Be kind.", "Speak of what was said, not of who said it.")
    filing = reports.Filing(
        target=cast["delroy"].id, posts=(post,), comment="Under every post of mine.", category="spam"
    )
    await reports.file(tx, ada, filing)
    await strikes.strike(tx, sentry, ada.id, "none", text="Please describe your pictures.")
    notice = announcements.Notice(text="The fountain is off on Friday for repairs.")
    await announcements.announce(tx, sentry, notice, "localhost")


async def latest_of(tx: Tx, author: Account) -> list[PostId]:
    """Their latest few posts."""
    return [post.id for post in await posts_of(tx, None, author, Page(limit=3), replies=False, reposts=False)]
