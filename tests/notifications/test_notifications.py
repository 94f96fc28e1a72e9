import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.cast import SEES, members, newcomers, onlookers, say, suspend
from tests.conftest import BOTH
from tests.notifications.conftest import Square

from parvis.core.errors import Invalid, NotFound
from parvis.notifications import inbox, markers
from parvis.people import relations
from parvis.posts.delete import delete
from parvis.posts.likes import like, unlike
from parvis.posts.page import Page
from parvis.posts.reposts import repost, unrepost

pytestmark = BOTH


async def test_members_are_told_once_of_what_others_did(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    post = await say(square.store, ann, "hello @ann")
    answer = await say(square.store, bob, "@ann hello", reply_to=post)
    await say(square.store, bob, "hello, not by name", reply_to=post)
    async with square.store.transaction() as tx:
        await like(tx, bob, post)
        await like(tx, ann, post)
        await repost(tx, bob, post)
        await relations.follow(tx, bob, ann.id)
    assert sorted(await square.told(ann)) == [
        ("follow", "bob"),
        ("like", "bob"),
        ("mention", "bob"),
        ("mention", "bob"),
        ("repost", "bob"),
    ]
    assert await square.told(bob) == []
    assert await square.told(ann, kinds=["like", "follow"], exclude=["follow"]) == [("like", "bob")]
    async with square.store.reading() as tx:
        posts = {one.post.id for one in await inbox.notifications_of(tx, ann) if one.post}
        assert tx.queries == 2  # the page with its actors, and the posts whole
        assert posts >= {post, answer}
        assert len(posts) == 3  # a repost shows what was passed on


async def test_what_no_longer_holds_is_taken_back(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    post = await say(square.store, ann, "hello")
    answer = await say(square.store, bob, "@ann hello", reply_to=post)
    async with square.store.transaction() as tx:
        await like(tx, bob, post)
        await repost(tx, bob, post)
        await relations.follow(tx, bob, ann.id)
    assert len(await square.told(ann)) == 4
    async with square.store.transaction() as tx:
        await unlike(tx, bob, post)
        await unrepost(tx, bob, post)
        await relations.unfollow(tx, bob, ann.id)
        await delete(tx, bob, answer)
    assert await square.told(ann) == []


async def test_a_like_taken_back_and_given_again_at_once_is_told_once(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    post = await say(square.store, ann, "hello")
    for verb in (like, unlike, like, unlike, like):
        async with square.store.transaction() as tx:
            await verb(tx, bob, post)
    assert await square.told(ann) == [("like", "bob")]
    for verb in (unlike, like, unlike):
        async with square.store.transaction() as tx:
            await verb(tx, bob, post)
    assert await square.told(ann) == []


async def test_nobody_hears_of_those_whom_they_block_or_mute_or_who_block_them(square: Square) -> None:
    ann, bob, eve, sue, max_ = await members(square.store, "ann", "bob", "eve", "sue", "max")
    async with square.store.transaction() as tx:
        await relations.block(tx, ann, bob.id)
        await relations.block(tx, eve, ann.id)
        await relations.mute(tx, ann, sue.id)
        await relations.mute(tx, ann, max_.id, notifications=False)
    for who in (bob, eve, sue, max_):
        await say(square.store, who, "hello @ann")
    assert await square.told(ann) == [("mention", "max")]


async def test_a_later_block_mute_or_suspension_hides_what_was_told(square: Square) -> None:
    ann, bob, eve, sue = await members(square.store, "ann", "bob", "eve", "sue")
    for who in (bob, eve, sue):
        await say(square.store, who, "hello @ann")
    assert len(await square.told(ann)) == 3
    async with square.store.transaction() as tx:
        await relations.block(tx, ann, bob.id)
        await relations.mute(tx, ann, eve.id)
        await suspend(tx, sue)
    assert await square.told(ann) == []


async def test_those_mentioned_hear_of_what_the_table_lets_them_see(square: Square) -> None:
    author, viewers = await onlookers(square.store)
    for visibility in SEES["author"]:
        await say(square.store, author, "@mentioned @blocked @blocking", visibility=visibility)
    for who, viewer in viewers.items():
        if viewer:
            assert len(await square.told(viewer, aside=True)) == (4 if who == "mentioned" else 0), who


async def test_reading_moves_forward_only(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    for number in range(3):
        await say(square.store, bob, f"{number} @ann")
    await square.settle()
    async with square.store.transaction() as tx:
        told = await inbox.notifications_of(tx, ann)
        assert await inbox.unread_count(tx, ann) == 3
        await markers.mark_read(tx, ann, told[1].id)
        assert await inbox.unread_count(tx, ann) == 1
        await markers.mark_read(tx, ann, told[2].id)
        assert await inbox.unread_count(tx, ann) == 1
        await markers.mark(tx, ann, {"home": 7})
        found = await markers.markers_of(tx, ann)
        assert {name: (one.last_read_id, one.version) for name, one in found.items()} == {
            "home": (7, 1),
            "notifications": (told[1].id, 2),
        }
        with pytest.raises(Invalid):
            await markers.mark(tx, ann, {"elsewhere": 1})
        assert (await inbox.get_notification(tx, ann, told[0].id)).id == told[0].id
        with pytest.raises(NotFound):
            await inbox.get_notification(tx, bob, told[0].id)
        await inbox.dismiss(tx, ann, told[0].id)
        assert len(await inbox.notifications_of(tx, ann)) == 2
        await inbox.clear(tx, ann)
        assert await inbox.notifications_of(tx, ann) == []


@examples(max_examples=6)
@given(count=st.integers(0, 9), limit=st.integers(1, 4))
async def test_walking_shows_every_notification_once(square: Square, count: int, limit: int) -> None:
    ann, bob = await newcomers(square.store, 2)
    for _ in range(count):
        await say(square.store, bob, f"@{ann.handle}")
    await square.settle()
    async with square.store.reading() as tx:
        whole = [one.id for one in await inbox.notifications_of(tx, ann)]
        assert len(whole) == count
        walked: list[int] = []
        while page := await inbox.notifications_of(tx, ann, Page(limit=limit, max_id=walked[-1] if walked else None)):
            walked += [one.id for one in page]
        assert walked == whole
