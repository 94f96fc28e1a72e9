import asyncio

import pytest
from tests.cast import counts, follow, members, say
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import MediaId
from parvis.people.accounts import get_account
from parvis.posts.delete import delete
from parvis.posts.drafts import Draft
from parvis.posts.likes import like, unlike
from parvis.posts.publish import publish
from parvis.posts.reposts import repost, unrepost
from parvis.posts.visibility import get_post
from parvis.store.database import Store

pytestmark = BOTH


async def test_a_reply_belongs_to_the_thread_and_reaches_whom_it_answers(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    first = await say(store, ann, "hello")
    answer = await say(store, bob, "just between us", reply_to=first, visibility="mentioned")
    async with store.reading() as tx:
        seen = await get_post(tx, ann, answer)
        assert (seen.thread_id, seen.reply_to_id, seen.reply_to_author_id) == (first, first, ann.id)
        with pytest.raises(NotFound):
            await get_post(tx, eve, answer)
    assert await counts(store, first) == (0, 0, 0)  # a hidden reply is not betrayed by a count


async def test_nobody_answers_likes_or_reposts_what_they_may_not_see(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    hidden = await say(store, ann, "secret", visibility="followers")
    async with store.transaction() as tx:
        for act in (like, unlike, repost, unrepost):
            with pytest.raises(NotFound):
                await act(tx, bob, hidden)
    with pytest.raises(NotFound):
        await say(store, bob, "what?", reply_to=hidden)


async def test_only_its_author_passes_a_post_for_followers_on_and_nobody_one_for_those_mentioned(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        await follow(tx, bob, ann)
    inner = await say(store, ann, "for followers", visibility="followers")
    direct = await say(store, ann, "for @bob", visibility="mentioned")
    async with store.transaction() as tx:
        for who, post in ((bob, inner), (bob, direct), (ann, direct)):
            with pytest.raises(Forbidden):
                await repost(tx, who, post)
        passed = await repost(tx, ann, inner)
        assert (await get_post(tx, bob, passed)).visibility == "followers"


async def test_a_key_gives_the_first_post_back_even_to_many_at_once(store: Store) -> None:
    (ann,) = await members(store, "ann")

    async def send() -> int:
        async with store.transaction() as tx:
            return await publish(tx, ann, Draft("once"), key="a")

    ids = await asyncio.gather(*(send() for _ in range(8)))
    assert len(set(ids)) == 1
    async with store.reading() as tx:
        assert (await get_account(tx, ann.id)).posts_count == 1


async def test_counters_are_exact_after_many_at_once(store: Store) -> None:
    crowd = await members(store, *(f"m{number}" for number in range(12)))
    post = await say(store, crowd[0], "look")

    async def act(who: int) -> None:
        for verb in (like, like, repost, repost):
            async with store.transaction() as tx:
                await verb(tx, crowd[who], post)
        await say(store, crowd[who], "yes", reply_to=post)
        if who % 2:
            for verb in (unlike, unlike, unrepost, unrepost):
                async with store.transaction() as tx:
                    await verb(tx, crowd[who], post)

    await asyncio.gather(*(act(number) for number in range(12)))
    assert await counts(store, post) == (6, 6, 12)
    async with store.reading() as tx:
        assert (await get_account(tx, crowd[1].id)).posts_count == 1
        assert (await get_account(tx, crowd[2].id)).posts_count == 2
        seen = await get_post(tx, crowd[2], post)
        assert (seen.liked, seen.reposted) == (True, True)
        seen = await get_post(tx, crowd[1], post)
        assert (seen.liked, seen.reposted) == (False, False)


async def test_deleting_takes_all_that_hangs_on_a_post_but_the_replies(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    first = await say(store, ann, "first")
    post = await say(store, ann, "second #tag @bob", reply_to=first)
    async with store.transaction() as tx:
        passed = await repost(tx, bob, post)
        await like(tx, bob, passed)
    answer = await say(store, bob, "a reply", reply_to=post)
    assert await counts(store, first) == (0, 0, 1)
    assert await counts(store, post) == (1, 1, 1)
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await delete(tx, bob, post)
        await delete(tx, ann, post)
    assert await counts(store, first) == (0, 0, 0)
    async with store.reading() as tx:
        for gone in (post, passed):
            with pytest.raises(NotFound):
                await get_post(tx, bob, gone)
        left = await get_post(tx, ann, answer)
        assert (left.reply_to_id, left.thread_id) == (None, first)
        assert (await get_account(tx, ann.id)).posts_count == 1
        assert (await get_account(tx, bob.id)).posts_count == 1


async def test_deleting_while_others_like_and_repost_leaves_no_trace_and_no_deadlock(store: Store) -> None:
    crowd = await members(store, *(f"m{number}" for number in range(10)))
    post = await say(store, crowd[0], "soon gone")

    async def act(who: int) -> None:
        for verb in (like, repost, unrepost, repost):
            try:
                async with store.transaction() as tx:
                    await verb(tx, crowd[who], post)
            except NotFound:
                return

    async def remove() -> None:
        async with store.transaction() as tx:
            await delete(tx, crowd[0], post)

    await asyncio.gather(*(act(number) for number in range(5)), remove(), *(act(number) for number in range(5, 10)))
    async with store.reading() as tx:
        assert [(await get_account(tx, one.id)).posts_count for one in crowd] == [0] * 10


@pytest.mark.parametrize(
    "draft",
    [
        Draft(""),
        Draft(" \n\x00 "),
        Draft("x" * 501),
        Draft("e" + "\u0301" * 20_000),
        Draft("x", visibility="secret"),
        Draft("x", warning="y" * 501),
        Draft("x", language="no language"),
        Draft("", media=tuple(MediaId(number) for number in range(5))),
        Draft("", media=(MediaId(1), MediaId(1))),
        Draft("", media=(MediaId(1),)),
    ],
)
async def test_a_draft_that_breaks_a_rule_is_refused(store: Store, draft: Draft) -> None:
    (ann,) = await members(store, "ann")
    async with store.transaction() as tx:
        with pytest.raises(Invalid):
            await publish(tx, ann, draft)


async def test_the_limit_and_the_instances_own_name_come_from_the_settings(store: Store) -> None:
    ann, bob = await members(store, "ann", "Bob")
    settings = Settings(post_limit=10, url="https://here.example")
    async with store.transaction() as tx:
        with pytest.raises(Invalid):
            await publish(tx, ann, Draft("more than ten"), settings=settings)
        named = await publish(tx, ann, Draft("@bob@here.example @bob@there.example"), settings=settings)
        post = await get_post(tx, bob, named)
        assert [member.acct for member in post.mentions] == ["Bob"]
        assert post.html.count("u-url mention") == 1
