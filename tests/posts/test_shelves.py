import pytest
from tests.cast import SEES, block, follow, members, mute, onlookers, say, suspend
from tests.conftest import BOTH

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import PostId
from parvis.posts import crowds, pins, quiet, shelves
from parvis.posts.likes import like
from parvis.posts.page import Page
from parvis.posts.reposts import repost
from parvis.posts.visibility import get_post, seen_by
from parvis.store.database import Store
from parvis.timelines.profiles import posts_of

pytestmark = BOTH


async def test_what_one_keeps_is_paged_by_when_it_was_put_there(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    posts = [await say(store, ann, f"number {number}") for number in range(5)]
    order = [posts[number] for number in (3, 0, 4, 1, 2)]
    for post in order:
        async with store.transaction() as tx:
            assert await shelves.bookmark(tx, bob, post) == post
            await shelves.bookmark(tx, bob, post)  # twice is once
    async with store.reading() as tx:
        first = await shelves.bookmarks_of(tx, bob, Page(limit=2))
        rest = await shelves.bookmarks_of(tx, bob, Page(max_id=first[-1].id))
        back = await shelves.bookmarks_of(tx, bob, Page(min_id=rest[-1].id, limit=2))
        assert [kept.post.id for kept in (*first, *rest)] == order[::-1]
        assert [kept.post.id for kept in back] == order[1:3][::-1]
        assert all(kept.post.bookmarked for kept in first)
        assert not (await get_post(tx, ann, posts[0])).bookmarked
    async with store.transaction() as tx:
        await shelves.unbookmark(tx, bob, posts[3])
        assert [kept.post.id for kept in await shelves.bookmarks_of(tx, bob)] == order[:0:-1]
        assert tx.queries == 3


async def test_a_shelf_shows_what_its_owner_may_see_now(store: Store) -> None:
    author, viewers = await onlookers(store)
    posts = {
        visibility: await say(store, author, f"{visibility} @mentioned", visibility=visibility)
        for visibility in SEES["author"]
    }
    for who, viewer in viewers.items():
        if viewer is None:
            continue
        for visibility, post in posts.items():
            async with store.transaction() as tx:
                if visibility in SEES[who]:
                    await shelves.bookmark(tx, viewer, post)
                    await like(tx, viewer, post)
                else:
                    with pytest.raises(NotFound):
                        await shelves.bookmark(tx, viewer, post)
        async with store.reading() as tx:
            for shelf in (shelves.bookmarks_of, shelves.liked_by):
                assert {kept.post.visibility for kept in await shelf(tx, viewer)} == SEES[who], who
    stranger = viewers["stranger"]
    assert stranger is not None
    async with store.transaction() as tx:
        await block(tx, author, stranger)
        assert await shelves.bookmarks_of(tx, stranger) == []
        assert await shelves.liked_by(tx, stranger) == []


async def test_a_crowd_is_those_who_may_be_met(store: Store) -> None:
    ann, bob, carol, dan, eve = await members(store, "ann", "bob", "carol", "dan", "eve")
    post = await say(store, ann, "look")
    async with store.transaction() as tx:
        for one in (bob, carol, dan, eve):
            await like(tx, one, post)
            await repost(tx, one, post)
        await suspend(tx, bob)
        await block(tx, dan, ann)
        await mute(tx, ann, eve)
    async with store.reading() as tx:
        for crowd in (crowds.likers_of, crowds.reposters_of):
            assert [tie.account.handle for tie in await crowd(tx, ann, post)] == ["carol"]
            everyone = await crowd(tx, None, post)
            assert [tie.account.handle for tie in everyone] == ["eve", "dan", "carol"]
            older = await crowd(tx, None, post, Page(max_id=everyone[0].id, limit=1))
            assert [tie.account.handle for tie in older] == ["dan"]
            with pytest.raises(NotFound):
                await crowd(tx, dan, post)


async def test_a_repost_for_followers_is_in_no_crowd(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        await follow(tx, bob, ann)
    post = await say(store, ann, "inner", visibility="followers")
    async with store.transaction() as tx:
        await repost(tx, ann, post)
        assert await crowds.reposters_of(tx, bob, post) == []


async def test_five_posts_of_ones_own_stand_on_the_profile(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    posts = [await say(store, ann, f"number {number} #one", visibility="unlisted") for number in range(6)]
    direct = await say(store, ann, "psst", visibility="mentioned")
    inner = await say(store, ann, "inner", visibility="followers")
    async with store.transaction() as tx:
        passed = await repost(tx, ann, posts[0])
        for who, post in ((bob, posts[0]), (ann, direct), (ann, passed)):
            with pytest.raises(Invalid):
                await pins.pin(tx, who, post)
        for post in (*posts[:4], inner, inner):
            await pins.pin(tx, ann, post)
        with pytest.raises(Invalid):
            await pins.pin(tx, ann, posts[5])
        assert [post.id for post in await posts_of(tx, ann, ann, pinned=True)] == [inner, *posts[3::-1]]
        assert [post.id for post in await posts_of(tx, bob, ann, pinned=True)] == posts[3::-1]
        assert [post.id for post in await posts_of(tx, bob, ann, pinned=True, tag="ONE")] == posts[3::-1]
        seen = await seen_by(tx, ann, posts)
        assert [seen[post].pinned for post in posts] == [True] * 4 + [False] * 2
        await pins.unpin(tx, ann, posts[0])
        assert not (await get_post(tx, ann, posts[0])).pinned


async def test_quiet_is_for_the_whole_thread(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    first = await say(store, ann, "first")
    answer = await say(store, bob, "answer", reply_to=first)
    other = await say(store, ann, "another thread")
    async with store.transaction() as tx:
        await quiet.mute_thread(tx, ann, answer)
        seen = await seen_by(tx, ann, [first, answer, other])
        assert [seen[post].muted for post in (first, answer, other)] == [True, True, False]
        assert not (await get_post(tx, bob, first)).muted
        await quiet.unmute_thread(tx, ann, first)
        assert not (await get_post(tx, ann, answer)).muted
        with pytest.raises(NotFound):
            await quiet.mute_thread(tx, ann, PostId(1))
