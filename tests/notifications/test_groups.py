"""Grouped notifications: what a page shows of a group, how pages are walked, and what is counted."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.cast import members, mute, newcomers, say
from tests.conftest import BOTH
from tests.notifications.conftest import Square

from parvis.core.errors import NotFound
from parvis.notifications import groups, inbox, markers
from parvis.people import relations
from parvis.posts.likes import like, unlike
from parvis.posts.page import Page
from parvis.posts.reposts import repost

pytestmark = BOTH


async def test_likes_of_one_post_are_one_group_and_the_latest_come_first(square: Square) -> None:
    ann, *others = await members(square.store, "ann", *(f"m{n}" for n in range(10)))
    post = await say(square.store, ann, "like me")
    second = await say(square.store, ann, "me too")
    for one in others:
        async with square.store.transaction() as tx:
            await like(tx, one, post)
        await square.settle()
    async with square.store.transaction() as tx:
        await repost(tx, others[0], post)
        await like(tx, others[1], second)
    await say(square.store, others[2], "@ann hello")
    await square.settle()
    async with square.store.reading() as tx:
        found = await groups.groups_of(tx, ann)
        assert tx.queries == 3
    by_kind = {(group.shown.kind, group.shown.post.id if group.shown.post else 0): group for group in found}
    assert len(found) == 4
    likes = by_kind["like", post]
    assert likes.many == 10
    assert list(likes.actors) == [one.id for one in reversed(others)][: groups.SAMPLE]
    assert likes.newest == likes.shown.id
    assert likes.covered is not None
    assert likes.covered.newest == likes.newest
    mention = next(group for group in found if group.shown.kind == "mention")
    assert mention.key == f"ungrouped-{mention.shown.id}"
    assert (mention.many, mention.actors) == (1, (others[2].id,))


async def test_only_the_kinds_that_are_asked_for_come_in_groups(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    post = await say(square.store, ann, "like me")
    for one in (bob, eve):
        async with square.store.transaction() as tx:
            await like(tx, one, post)
            await relations.follow(tx, one, ann.id)
    await square.settle()
    async with square.store.reading() as tx:
        found = await groups.groups_of(tx, ann, grouped=["follow"])
        assert sorted((group.shown.kind, group.many) for group in found) == [("follow", 2), ("like", 1), ("like", 1)]
        assert all(group.key.startswith("ungrouped-") for group in found if group.shown.kind == "like")
        assert await groups.unread_groups(tx, ann, grouped=["follow"]) == 3
        assert await groups.unread_groups(tx, ann) == 2
        assert await groups.unread_groups(tx, ann, most=1) == 1
        only = await groups.groups_of(tx, ann, choice=inbox.Choice(kinds=["like"], actor=bob.id))
        assert [(group.many, group.actors) for group in only] == [(1, (bob.id,))]


async def test_those_who_are_not_heard_are_not_in_a_group(square: Square) -> None:
    ann, bob, eve, sue = await members(square.store, "ann", "bob", "eve", "sue")
    post = await say(square.store, ann, "like me")
    for one in (bob, eve, sue):
        async with square.store.transaction() as tx:
            await like(tx, one, post)
        await square.settle()
    async with square.store.transaction() as tx:
        await mute(tx, ann, sue)  # who made the newest
        await unlike(tx, bob, post)
    await square.settle()
    async with square.store.reading() as tx:
        (group,) = await groups.groups_of(tx, ann)
    assert (group.many, group.actors) == (1, (eve.id,))


async def test_a_group_is_read_and_dismissed_by_its_key(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    post = await say(square.store, ann, "like me")
    for one in (bob, eve):
        async with square.store.transaction() as tx:
            await like(tx, one, post)
        await square.settle()
    await say(square.store, bob, "@ann hello")
    await square.settle()
    async with square.store.transaction() as tx:
        alone, likes = await groups.groups_of(tx, ann)
        again = await groups.get_group(tx, ann, likes.key)
        assert (again.many, again.newest, again.covered) == (2, likes.newest, None)
        assert (await groups.get_group(tx, ann, alone.key)).newest == alone.newest
        first = await groups.actors_of(tx, ann, likes.key, Page(limit=1))
        rest = await groups.actors_of(tx, ann, likes.key, Page(limit=1, max_id=first[0][0]))
        assert [actor.handle for _, actor in first + rest] == ["eve", "bob"]
        assert [actor.handle for _, actor in await groups.actors_of(tx, ann, alone.key)] == ["bob"]
        for key in ("like-1-1", "ungrouped-1", "ungrouped-x", likes.key + "0", ""):
            with pytest.raises(NotFound):
                await groups.get_group(tx, ann, key)
            with pytest.raises(NotFound):
                await groups.actors_of(tx, ann, key)
        with pytest.raises(NotFound):
            await groups.get_group(tx, bob, likes.key)
        await groups.dismiss_group(tx, bob, likes.key)
        await groups.dismiss_group(tx, ann, alone.key)
        assert [group.key for group in await groups.groups_of(tx, ann)] == [likes.key]
        await markers.mark_read(tx, ann, likes.newest)
        assert await groups.unread_groups(tx, ann) == 0
        await groups.dismiss_group(tx, ann, likes.key)
        assert await groups.groups_of(tx, ann) == []


@examples(max_examples=8)
@given(acts=st.lists(st.integers(0, 3), max_size=12), limit=st.integers(1, 3), forward=st.booleans())
async def test_pages_from_either_end_cover_every_notification(
    square: Square, acts: list[int], limit: int, *, forward: bool
) -> None:
    ann, *others = await newcomers(square.store, len(acts) + 1)
    posts = [await say(square.store, ann, f"post {n}") for n in range(3)]
    for act, one in zip(acts, others, strict=True):
        if act < 3:
            async with square.store.transaction() as tx:
                await like(tx, one, posts[act])
        else:
            await say(square.store, one, f"@{ann.handle}")
        await square.settle()
    async with square.store.reading() as tx:
        every = {one.id for one in await inbox.notifications_of(tx, ann)}
        covered: set[int] = set()
        bound = 0 if forward else None
        while True:
            page = Page(limit=limit, min_id=bound) if forward else Page(limit=limit, max_id=bound)
            found = await groups.groups_of(tx, ann, page)
            if not found:
                break
            assert len({group.key for group in found}) == len(found) <= limit
            assert [group.shown.id for group in found] == sorted((group.shown.id for group in found), reverse=True)
            for group in found:
                assert group.covered is not None
                assert group.covered.oldest <= group.shown.id <= group.covered.newest
            covered |= {group.shown.id for group in found}
            bound = found[0].shown.id if forward else found[-1].shown.id
        assert covered <= every
        whole = await groups.groups_of(tx, ann, Page(limit=40))
        assert sum(group.many for group in whole) == len(every)
        assert {group.key for group in whole} == {(await groups.get_group(tx, ann, group.key)).key for group in whole}
