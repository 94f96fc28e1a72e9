"""The demo world promises: whole or resumed, once, through the doors, with no way in, and true to its script."""

import pathlib

import pytest
from sqlalchemy import bindparam, func, select
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Conflict
from parvis.core.ids import PostId, moment_of
from parvis.demo.gallery import hang
from parvis.demo.script import ASSISTANT, read_script
from parvis.demo.world import DemoClock, is_raised, raise_world, unwatched
from parvis.people.accounts import Application, open_account
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by
from parvis.store import tables
from parvis.store.blobs import open_blobs
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.studio import marks

SCRIPT = read_script()
COUNTS = {
    table.name: Statement(select(func.count()).select_from(table))
    for table in (tables.accounts, tables.credentials, tables.follows, tables.posts, tables.likes)
}
WHOLE = {
    "accounts": len(SCRIPT.cast) + 1,
    "credentials": 0,
    "follows": sum(len(role.follows.split()) for role in SCRIPT.cast),
    "posts": sum(1 + len(line.reposts) for line in SCRIPT.lines),
    "likes": sum(len(line.likes) for line in SCRIPT.lines),
}


async def counts(store: Store) -> dict[str, int]:
    async with store.reading() as tx:
        return {name: await tx.value(statement) for name, statement in COUNTS.items()}


async def seen(store: Store, post: PostId) -> Post:
    async with store.reading() as tx:
        return (await seen_by(tx, None, [post]))[post]


@BOTH
async def test_everything_in_the_script_stands_in_the_world(store: Store, settings: Settings) -> None:
    world = await raise_world(store, settings)

    assert await counts(store) == WHOLE
    assert await is_raised(store)
    assert world["delroy"].bio == next(role.bio for role in SCRIPT.cast if role.handle == "delroy")
    bells = await seen(store, world.posts["slip bells"])
    assert bells.author.handle == "delroy"
    assert bells.likes_count == 17
    assert bells.reposts_count == 4
    assert bells.thread_id == world.posts["slip"]


async def test_everything_happened_at_its_moment(settings: Settings) -> None:
    now = clock.now()
    past = DemoClock(now)
    async with open_store(settings, now=past) as store:
        world = await raise_world(store, settings, at=past)

        for line in SCRIPT.lines:
            assert abs(moment_of(world.posts[line.key]) - (now - line.ago)) < clock.SECOND, line.key
        assert world["niamh"].created_at == now - 402 * clock.DAY
        assert past() == now


async def test_a_world_that_stands_is_left_alone(store: Store, settings: Settings) -> None:
    await raise_world(store, settings)
    before = await counts(store)

    again = await raise_world(store, settings)

    assert await counts(store) == before
    assert again["wanjiru"].handle == "wanjiru"


async def test_an_interrupted_raising_goes_on_where_it_stopped(store: Store, settings: Settings) -> None:
    def cut(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await raise_world(store, settings, progress=cut)
    assert not await is_raised(store)
    assert (await counts(store))["posts"] > 0

    await raise_world(store, settings)

    assert await is_raised(store)
    assert await counts(store) == WHOLE


async def test_a_real_member_with_a_name_of_the_cast_is_never_acted_for(store: Store, settings: Settings) -> None:
    async with store.transaction() as tx:
        await open_account(tx, Application(handle="Tobias", email="tobias@example.com", password_hash="x"))
    before = await counts(store)

    with pytest.raises(Conflict):
        await raise_world(store, settings)

    assert await counts(store) == before


async def test_what_a_machine_made_says_so(store: Store, settings: Settings) -> None:
    world = await raise_world(store, settings)

    for key, origin in (("slip bells", "human"), ("slip aloud", "assisted"), ("slip answered", "generated")):
        post = await seen(store, world.posts[key])
        assert post.origin == origin
        assert bool(post.maker) == (origin != "human")
    assert world[ASSISTANT].kind == "assistant"
    assert world["tidetable"].kind == "character"
    assert world["tidetable"].owner_id == world["maelle"].id


async def test_whispers_and_followers_only_posts_stay_what_they_are(store: Store, settings: Settings) -> None:
    world = await raise_world(store, settings)
    whisper, bed = world.posts["eighty"], world.posts["bed twelve"]

    async with store.reading() as tx:
        assert set(await seen_by(tx, world["niamh"], [whisper, bed])) == {whisper, bed}
        assert set(await seen_by(tx, world["walter"], [whisper, bed])) == set()
        assert await seen_by(tx, None, [whisper, bed]) == {}


async def test_faces_are_marked_inside_the_file_and_worn(
    store: Store, settings: Settings, tmp_path: pathlib.Path
) -> None:
    blobs, told = open_blobs(settings), []

    gallery = await hang(blobs, settings, SCRIPT, tmp_path / "no art", lambda done, total: told.append((done, total)))
    world = await raise_world(store, settings, gallery=gallery)

    assert not gallery.pictures
    assert told[-1] == (len(SCRIPT.cast) + 1,) * 2
    for handle in ("solene", "tidetable", ASSISTANT):
        reading = marks.read(await blobs.get(world[handle].avatar))
        assert reading is not None
        assert reading.source_type == marks.SOURCE_TYPES["illustration"]


BY_POST = Statement(
    select(tables.media.c.alt, tables.media.c.origin).where(tables.media.c.post_id == bindparam("post"))
)


@pytest.mark.models
async def test_pictures_are_drawn_told_and_generated(store: Store, settings: Settings) -> None:
    from parvis.ai import catalogue

    few = SCRIPT.pictures["radio"]
    script = type(SCRIPT)(SCRIPT.cast[:1], (), {"radio": few})
    gallery = await hang(open_blobs(settings), settings, script, catalogue.folder(), unwatched)
    world = await raise_world(store, settings, gallery=gallery)

    async with store.reading() as tx:
        assert await tx.first(BY_POST, post=world.posts["kettle log"]) == (few.alt, "generated")
    assert (await seen(store, world.posts["kettle log"])).origin == "assisted"
