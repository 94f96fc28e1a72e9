"""A chronicler who has said a thousand things, short and long, so that there is a feed to walk through."""

from tests.journeys.house import House
from tests.rig import open_member

from parvis.core.config import Settings
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.store.opening import open_store

HANDLE = "chronicler"
POSTS = 1000
SENTENCE = "The clock on the town hall struck, and nobody on the square looked up. "


async def write_chronicle(house: House) -> str:
    """Fill the chronicler's page with posts that no other page shows; where it is."""
    async with open_store(Settings(data=house.data, models="none")) as store, store.transaction() as tx:
        author = await open_member(tx, HANDLE, name="Clement Chronicle")
        for number in range(POSTS):
            words = f"Day {number}. {SENTENCE * (number % 7)}"
            await publish(tx, author, Draft(words, visibility="unlisted", warning="Long" if number % 31 == 0 else ""))
    return f"/@{HANDLE}"
