"""Walking any timeline by its Link headers, from either end, while posts come and go, shows each that stays once."""

import asyncio
import secrets
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given
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
MOVING = "/api/v1/conversations"  # they stand where their latest message does, once that is filed
PRIVATE = ("/api/v1/timelines/direct", "/api/v1/conversations")


class Scene(msgspec.Struct):
    """A reader and authors whose posts come up in every timeline of the reader's."""

    world: World
    reader: Caller
    authors: list[Caller]
    private: bool
    tag: str
    listing: str
    there: list[str] = []  # newest last

    def path(self, feed: str) -> str:
        """Where one of `FEEDS` is read."""
        return feed.format(tag=self.tag, list=self.listing, author=self.authors[0].id)

    async def say(self, author: Caller) -> str:
        """Say one more thing, and have the reader keep it."""
        words = f"#{self.tag} @{self.reader.account.handle}"
        post: str = (await author.say(words, visibility="direct" if self.private else "public"))["id"]
        for way in ("bookmark", "favourite"):
            await self.reader.post(f"/api/v1/statuses/{post}/{way}")
        return post

    async def add(self) -> None:
        """The first author says one more thing."""
        self.there.append(await self.say(self.authors[0]))
        await self.world.settle()

    async def delete(self, where: float) -> str | None:
        """Delete one of what is there: 0 the oldest, 1 the newest."""
        if not self.there:
            return None
        post = self.there.pop(round(where * (len(self.there) - 1)))
        await self.authors[0].ask("DELETE", f"/api/v1/statuses/{post}")
        await self.world.settle()
        return post

    async def page(self, path: str, inside: str) -> tuple[list[str], dict[str, str]]:
        """The statuses of a page, and where its neighbours are."""
        answer = await self.world.client.get(path, headers={"Authorization": f"Bearer {self.reader.token}"})
        assert answer.status_code == 200, answer.text
        page: list[Any] = [item[inside] if inside else item for item in answer.json()]
        return [status["id"] for status in page if status], {
            rel: answer.links[rel]["url"] for rel in ("next", "prev") if rel in answer.links
        }

    def missed(self, feed: str, met: list[str], those: dict[str, Caller]) -> set[str]:
        """Which of those that the feed shows were not met."""
        shown = self.authors[:1] if "{author}" in feed else self.authors
        return {post for post, author in those.items() if author in shown} - set(met)


Doings = list[float | None]  # where to delete one, or None to say one more


async def walk(scene: Scene, path: str, rel: str, inside: str, doings: Doings) -> tuple[list[str], set[str]]:
    """Every status met on the way, doing one thing after each page, and those that were deleted meanwhile."""
    met: list[str] = []
    gone: set[str] = set()
    while path:
        ids, links = await scene.page(path, inside)
        assert ids == sorted(ids, reverse=True) or inside or "bookmark" in path or "favourite" in path
        met += ids if rel == "next" else ids[::-1]
        path = links.get(rel, "")
        if path and doings:
            doing = doings.pop()
            if doing is None:
                await scene.add()
            elif (deleted := await scene.delete(doing)) is not None:
                gone.add(deleted)
    return met, gone


doing = st.one_of(st.none(), st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0]))


@pytest.mark.parametrize("path", FEEDS)
@examples(max_examples=3)
@given(count=st.integers(0, 7), limit=st.integers(1, 4), doings=st.lists(doing, max_size=5), back=st.booleans())
async def test_each_post_that_stays_is_met_once(  # noqa: PLR0917 - what hypothesis gives
    world: World, path: str, count: int, limit: int, doings: Doings, back: bool
) -> None:
    scene = await staged(world, private=path in PRIVATE)
    for _ in range(count):
        await scene.add()
    before = list(scene.there)
    query = f"?limit={limit}" if back else f"?limit={limit}&min_id={START}"
    met, gone = await walk(scene, scene.path(path) + query, "next" if back else "prev", FEEDS[path], list(doings))
    assert max(Counter(met).values(), default=0) <= 1
    stayed = [post for post in (before if back else scene.there) if post not in gone]
    assert [post for post in met if post in stayed] == (stayed[::-1] if back else stayed)


WRITERS = 3
EACH = 4  # posts that a writer makes


@pytest.mark.parametrize("private", [False, True])
async def test_who_walks_while_others_write_meets_each_post_once(world: World, *, private: bool) -> None:
    scene = await staged(world, private=private, authors=WRITERS)
    fleeting = {author.id: await scene.say(author) for author in scene.authors}
    before = {await scene.say(author): author for author in scene.authors for _ in range(2)}
    await world.settle()
    stayed, done = dict(before), asyncio.Event()

    async def write(author: Caller) -> None:
        for _ in range(EACH):
            stayed[await scene.say(author)] = author
        await author.ask("DELETE", f"/api/v1/statuses/{fleeting[author.id]}")

    async def written() -> None:
        await asyncio.gather(*map(write, scene.authors))
        await world.settle()
        done.set()

    feeds = [feed for feed in FEEDS if (feed in PRIVATE) is private]
    rising = asyncio.gather(*(upwards(scene, feed, done) for feed in feeds if feed != MOVING))
    writing = asyncio.create_task(written())
    while not done.is_set():
        for feed, met in await asyncio.gather(*(backwards(scene, feed) for feed in feeds)):
            assert max(Counter(met).values(), default=0) <= 1, feed
            assert not scene.missed(feed, met, before), feed
    await writing
    for feed, met in await rising:
        assert max(Counter(met).values()) == 1, feed
        assert not scene.missed(feed, met, stayed), feed


async def upwards(scene: Scene, feed: str, done: asyncio.Event) -> tuple[str, list[str]]:
    """All that comes, from the oldest on, until nothing will come any more."""
    met: list[str] = []
    path, ended = f"{scene.path(feed)}?limit=3&min_id={START}", False
    while not ended:
        last = done.is_set()
        ids, links = await scene.page(path, FEEDS[feed])
        met += reversed(ids)
        path = links.get("prev", path)
        ended = last and not ids
        await asyncio.sleep(0)  # the writers' turn
    return feed, met


async def backwards(scene: Scene, feed: str) -> tuple[str, list[str]]:
    """What there is, from the newest down to the oldest."""
    met: list[str] = []
    path = f"{scene.path(feed)}?limit=3"
    while path:
        ids, links = await scene.page(path, FEEDS[feed])
        met += ids
        path = links.get("next", "")
    return feed, met


async def staged(world: World, *, private: bool, authors: int = 1) -> Scene:
    """Newcomers: one follows the others and has them on a list."""
    name = secrets.token_hex(6)
    reader = await world.member(f"r{name}")
    told = [await world.member(f"a{number}{name}") for number in range(authors)]
    made = await reader.post("/api/v1/lists", json={"title": "x"})
    for author in told:
        await reader.post(f"/api/v1/accounts/{author.id}/follow")
    await reader.post(f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": [one.id for one in told]})
    await reader.ask("PATCH", "/api/v2/notifications/policy", json={"for_private_mentions": "accept"})
    return Scene(world, reader, told, private, f"t{name}", made["id"], [])
