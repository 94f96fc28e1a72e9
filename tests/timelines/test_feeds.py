import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import bindparam
from tests.cast import SEES, block, members, newcomers, onlookers, say
from tests.conftest import BOTH

from parvis.core.errors import NotFound
from parvis.core.ids import MediaId
from parvis.posts.delete import delete
from parvis.posts.page import Page
from parvis.posts.post import Media
from parvis.posts.reposts import repost
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.timelines.profiles import posts_of
from parvis.timelines.square import square
from parvis.timelines.tags import tagged
from parvis.timelines.thread import thread

pytestmark = BOTH

MOVE = Statement(tables.accounts.update().where(tables.accounts.c.id == bindparam("who")).values(domain="far.example"))
SHOW = Statement(
    tables.posts.update()
    .where(tables.posts.c.id == bindparam("post"))
    .values(media=bindparam("media", type_=tables.posts.c.media.type))
)


async def test_each_viewer_reads_what_the_table_says_in_every_feed(store: Store) -> None:
    author, viewers = await onlookers(store)
    start = await say(store, author, "the beginning")
    posts = {
        await say(
            store, author, f"{visibility} #tag @mentioned @blocked @blocking", visibility=visibility, reply_to=start
        ): visibility
        for visibility in SEES["author"]
    }
    async with store.reading() as tx:
        for who, viewer in viewers.items():
            public = SEES[who] & {"public"} if who != "muting" else set()
            profile = await posts_of(tx, viewer, author)
            assert {posts[post.id] for post in profile if post.id in posts} == SEES[who], who
            assert {posts[post.id] for post in await tagged(tx, viewer, "#TAG")} == public, who
            assert {posts[post.id] for post in await square(tx, viewer) if post.id in posts} == public, who
            if SEES[who]:
                below = (await thread(tx, viewer, start)).descendants
                assert {posts[post.id] for post in below} == SEES[who], who
            else:
                with pytest.raises(NotFound):
                    await thread(tx, viewer, start)
            for post, visibility in posts.items():
                if visibility not in SEES[who]:
                    with pytest.raises(NotFound):
                        await thread(tx, viewer, post)


async def test_a_thread_is_read_down_to_the_post_and_depth_first_below_without_what_is_hidden(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    first = await say(store, ann, "1")
    second = await say(store, bob, "1.1", reply_to=first)
    post = await say(store, ann, "1.1.1", reply_to=second)
    left = await say(store, bob, "left", reply_to=post)
    right = await say(store, ann, "right", reply_to=post)
    under_left = await say(store, ann, "under left", reply_to=left)
    hidden = await say(store, bob, "hidden", reply_to=post, visibility="mentioned")
    async with store.reading() as tx:
        seen = await thread(tx, ann, post)
        assert tx.queries == 3  # up, down, and the posts whole
        assert [one.id for one in seen.ancestors] == [first, second]
        assert [one.id for one in seen.descendants] == [left, under_left, right, hidden]
        assert [one.id for one in (await thread(tx, eve, post)).descendants] == [left, under_left, right]
    async with store.transaction() as tx:
        await block(tx, bob, eve)
        seen = await thread(tx, eve, post)
        assert [one.id for one in (*seen.ancestors, *seen.descendants)] == [first, under_left, right]
        await delete(tx, bob, second)
        assert (await thread(tx, ann, post)).ancestors == []


async def test_a_profile_can_leave_out_replies_reposts_messages_and_what_has_no_picture(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    of_bob = await say(store, bob, "bob")
    plain = await say(store, ann, "plain")
    going_on = await say(store, ann, "going on", reply_to=plain)
    reply = await say(store, ann, "reply", reply_to=of_bob)
    async with store.transaction() as tx:
        passed = await repost(tx, ann, of_bob)
    async with store.reading() as tx:

        async def ids(**options: bool) -> list[int]:
            return [post.id for post in await posts_of(tx, None, ann, **options)]

        assert await ids() == [passed, reply, going_on, plain]
        assert await ids(replies=False) == [passed, going_on, plain]
        assert await ids(reposts=False) == [reply, going_on, plain]
        assert await ids(replies=False, reposts=False) == [going_on, plain]
        assert await ids(media=True) == []
        assert tx.queries == 9  # two for each feed, but no second one where the first found nothing
    told = await say(store, ann, "@bob in private", visibility="mentioned")
    async with store.reading() as tx:
        assert [post.id for post in await posts_of(tx, bob, ann, reposts=False)] == [told, reply, going_on, plain]
        assert [post.id for post in await posts_of(tx, bob, ann, reposts=False, messages=False)] == [
            reply,
            going_on,
            plain,
        ]


async def test_the_square_holds_what_is_said_to_everyone(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    said = await say(store, ann, "hello")
    await say(store, ann, "quietly", visibility="unlisted")
    await say(store, bob, "an answer", reply_to=said)
    going_on = await say(store, ann, "and on", reply_to=said)
    async with store.transaction() as tx:
        await repost(tx, bob, said)
    async with store.reading() as tx:
        assert [post.id for post in await square(tx, None)] == [going_on, said]
        assert tx.queries == 2


async def test_the_square_can_hold_what_shows_something_or_comes_from_elsewhere_alone(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    here, there = [await say(store, one, "hello #sky") for one in (ann, bob)]

    async def ids(**kinds: bool) -> list[int]:
        async with store.reading() as tx:
            return [post.id for post in await square(tx, ann, **kinds)]

    assert await ids(remote=True) == await ids(media=True) == []
    async with store.transaction() as tx:
        await tx.run(MOVE, who=bob.id)
        await tx.run(SHOW, post=here, media=[Media(MediaId(1), "picture", "a", "b", 1, 1, 1, 1, "")])
    assert await ids(remote=True) == [there]
    assert await ids(local=True) == await ids(media=True) == [here]
    assert await ids(remote=True, media=True) == await ids(remote=True, local=True) == []


@examples(max_examples=10)
@given(count=st.integers(0, 12), limit=st.integers(1, 6))
async def test_walking_a_profile_shows_every_post_once(store: Store, count: int, limit: int) -> None:
    (ann,) = await newcomers(store, 1)
    expected = [await say(store, ann, f"post {one}") for one in range(count)][::-1]
    async with store.reading() as tx:
        walked: list[int] = []
        while page := await posts_of(tx, None, ann, Page(limit=limit, max_id=walked[-1] if walked else None)):
            walked += [post.id for post in page]
        assert walked == expected
        walked = []
        while page := await posts_of(tx, None, ann, Page(limit=limit, min_id=walked[0] if walked else 0)):
            walked = [post.id for post in page] + walked
        assert walked == expected
