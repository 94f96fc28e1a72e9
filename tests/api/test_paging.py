"""Walking any timeline by its Link headers, from either end, while posts come and go, shows each that stays once."""

import secrets
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

pytestmark = BOTH

FEEDS = {
    "/api/v1/timelines/home": "",
    "/api/v1/timelines/public": "",
    "/api/v1/timelines/tag/{tag}": "",
    "/api/v1/timelines/list/{list}": "",
    "/api/v1/accounts/{author}/statuses": "",
    "/api/v1/bookmarks": "",
    "/api/v1/favourites": "",
    "/api/v1/notifications": "status",
    "/api/v1/timelines/direct": "",
    "/api/v1/conversations": "last_status",
}
"""Each timeline, and where in its items the status is."""

START = 1  # older than everything
PRIVATE = ("/api/v1/timelines/direct", "/api/v1/conversations")


class Scene(msgspec.Struct):
    """A reader and an author whose posts come up in every timeline of the reader's."""

    world: World
    reader: Caller
    author: Caller
    private: bool
    tag: str
    listing: str
    there: list[str] = []  # newest last

    async def say(self) -> None:
        """Say one more thing, and have the reader keep it."""
        words = f"#{self.tag} @{self.reader.account.handle}"
        post = (await self.author.say(words, visibility="direct" if self.private else "public"))["id"]
        for way in ("bookmark", "favourite"):
            await self.reader.post(f"/api/v1/statuses/{post}/{way}")
        self.there.append(post)
        await self.world.settle()

    async def delete(self, where: float) -> str | None:
        """Delete one of what is there: 0 the oldest, 1 the newest."""
        if not self.there:
            return None
        post = self.there.pop(round(where * (len(self.there) - 1)))
        await self.author.ask("DELETE", f"/api/v1/statuses/{post}")
        await self.world.settle()
        return post


Doings = list[float | None]  # where to delete one, or None to say one more


async def walk(scene: Scene, path: str, rel: str, inside: str, doings: Doings) -> tuple[list[str], set[str]]:
    """Every status met on the way, doing one thing after each page, and those that were deleted meanwhile."""
    met: list[str] = []
    gone: set[str] = set()
    while path:
        answer = await scene.world.client.get(path, headers={"Authorization": f"Bearer {scene.reader.token}"})
        assert answer.status_code == 200, answer.text
        page: list[Any] = [item[inside] if inside else item for item in answer.json()]
        ids = [status["id"] for status in page]
        assert ids == sorted(ids, reverse=True) or inside or "bookmark" in path or "favourite" in path
        met += ids if rel == "next" else ids[::-1]
        path = answer.links[rel]["url"] if rel in answer.links else ""
        if path and doings:
            doing = doings.pop()
            if doing is None:
                await scene.say()
            elif (deleted := await scene.delete(doing)) is not None:
                gone.add(deleted)
    return met, gone


doing = st.one_of(st.none(), st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0]))


@pytest.mark.parametrize("path", FEEDS)
@examples(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 7), limit=st.integers(1, 4), doings=st.lists(doing, max_size=5), back=st.booleans())
async def test_each_post_that_stays_is_met_once(  # noqa: PLR0917 - what hypothesis gives
    world: World, path: str, count: int, limit: int, doings: Doings, back: bool
) -> None:
    scene = await staged(world, private=path in PRIVATE)
    for _ in range(count):
        await scene.say()
    before = list(scene.there)
    whole = path.format(tag=scene.tag, list=scene.listing, author=scene.author.id)
    query = f"?limit={limit}" if back else f"?limit={limit}&min_id={START}"
    met, gone = await walk(scene, whole + query, "next" if back else "prev", FEEDS[path], list(doings))
    assert max(Counter(met).values(), default=0) <= 1
    stayed = [post for post in (before if back else scene.there) if post not in gone]
    assert [post for post in met if post in stayed] == (stayed[::-1] if back else stayed)


async def staged(world: World, *, private: bool) -> Scene:
    """Two newcomers, one of whom follows the other and has them on a list."""
    name = secrets.token_hex(6)
    reader, author = await world.member(f"r{name}"), await world.member(f"a{name}")
    await reader.post(f"/api/v1/accounts/{author.id}/follow")
    made = await reader.post("/api/v1/lists", json={"title": "x"})
    await reader.post(f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": [author.id]})
    await reader.ask("PATCH", "/api/v2/notifications/policy", json={"for_private_mentions": "accept"})
    return Scene(world, reader, author, private, f"t{name}", made["id"], [])
