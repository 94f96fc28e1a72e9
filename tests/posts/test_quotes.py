import asyncio

import pytest
from tests.cast import SEES, block, follow, members, mute, onlookers, say
from tests.conftest import BOTH

from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts import quotes
from parvis.posts.delete import delete
from parvis.posts.drafts import Draft
from parvis.posts.post import Post, Quote
from parvis.posts.publish import publish
from parvis.posts.visibility import get_post, seen_by
from parvis.store.database import Store

pytestmark = BOTH


async def quote(store: Store, who: Account, post: PostId, text: str = "see", **draft: str) -> PostId:
    async with store.transaction() as tx:
        return await publish(tx, who, Draft(text, quotes=post, **draft))


def quoted_in(post: Post) -> Quote:
    assert post.more is not None
    assert post.more.quote is not None
    return post.more.quote


async def seen(store: Store, who: Account | None, post: PostId) -> Post:
    async with store.reading() as tx:
        return await get_post(tx, who, post)


async def test_one_quotes_what_one_may_see_and_its_author_allows(store: Store) -> None:
    author, viewers = await onlookers(store)
    for policy, allowed in (
        ("public", {"author", "follower", "mentioned", "stranger", "muting"}),
        ("followers", {"author", "follower", "muting"}),
        ("nobody", {"author"}),
    ):
        async with store.transaction() as tx:
            post = await publish(tx, author, Draft("words @mentioned", quote_policy=policy))
        for who, viewer in viewers.items():
            if viewer is None:
                assert not (await seen(store, None, post)).quotable
                continue
            if who in allowed:
                assert (await seen(store, viewer, post)).quotable
                assert quoted_in(await seen(store, author, await quote(store, viewer, post))).state == "accepted"
            else:
                with pytest.raises(NotFound):
                    await quote(store, viewer, post)


async def test_what_is_for_followers_only_its_author_quotes_and_for_them(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        await follow(tx, bob, ann)
    inner = await say(store, ann, "inner", visibility="followers")
    direct = await say(store, ann, "psst @bob", visibility="mentioned")
    for who, post in ((bob, inner), (bob, direct), (ann, direct)):
        with pytest.raises(NotFound):
            await quote(store, who, post)
    assert (await seen(store, bob, await quote(store, ann, inner))).visibility == "followers"
    open_one = await say(store, ann, "open")
    with pytest.raises(Invalid):
        await quote(store, bob, open_one, "to nobody", visibility="mentioned")
    assert (await seen(store, ann, await quote(store, bob, open_one, "@ann look", visibility="mentioned"))).more


async def test_a_quote_is_to_each_reader_what_they_may_see_of_it(store: Store) -> None:
    author, viewers = await onlookers(store)
    (quoter,) = await members(store, "quoter")
    post = await say(store, author, "words")
    quoting = await quote(store, quoter, post)
    states = {}
    for who, viewer in viewers.items():
        found = quoted_in(await seen(store, viewer, quoting))
        states[who] = found.state
        assert (found.post is not None) == (who in SEES and "public" in SEES[who]), who
    assert states == dict.fromkeys(SEES, "accepted") | {
        "blocked": "unauthorized",
        "blocking": "blocked_account",
        "muting": "muted_account",
    }


async def test_leave_is_taken_back_and_what_is_deleted_is_gone(store: Store) -> None:
    ann, bob, carol = await members(store, "ann", "bob", "carol")
    post = await say(store, ann, "words")
    first, second = await quote(store, bob, post), await quote(store, carol, post)
    async with store.transaction() as tx:
        assert (await get_post(tx, bob, post)).more
        with pytest.raises(Forbidden):
            await quotes.revoke(tx, carol, post, first)
        with pytest.raises(NotFound):
            await quotes.revoke(tx, ann, post, post)
        revoked = await quotes.revoke(tx, ann, post, first)
        assert (quoted_in(revoked).state, quoted_in(revoked).post) == ("revoked", None)
        await quotes.revoke(tx, ann, post, first)
        assert [one.id for one in await quotes.quotes_of(tx, None, post)] == [second]
        more = (await get_post(tx, None, post)).more
        assert more
        assert more.quotes_count == 1
    async with store.transaction() as tx:
        await delete(tx, ann, post)
    assert quoted_in(await seen(store, None, second)).state == "deleted"
    assert quoted_in(await seen(store, None, first)).state == "revoked"


async def test_quotes_are_counted_once_each_and_hidden_ones_not(store: Store) -> None:
    crowd = await members(store, *(f"m{number}" for number in range(8)))
    post = await say(store, crowd[0], "words")
    made = await asyncio.gather(*(quote(store, one, post, visibility="unlisted") for one in crowd[1:]))
    await quote(store, crowd[0], post, visibility="followers")
    async with store.transaction() as tx:
        for one, quoting in zip(crowd[1:4], made[:3], strict=True):
            await delete(tx, one, quoting)
        more = (await get_post(tx, None, post)).more
        assert more
        assert more.quotes_count == 4


async def test_those_who_quote_are_listed_as_far_as_one_may_see_them(store: Store) -> None:
    ann, bob, carol, dan = await members(store, "ann", "bob", "carol", "dan")
    post = await say(store, ann, "words")
    by_bob, by_carol = await quote(store, bob, post), await quote(store, carol, post)
    hidden = await quote(store, ann, post, visibility="followers")
    async with store.transaction() as tx:
        await block(tx, bob, dan)
        await mute(tx, ann, carol)
        assert [one.id for one in await quotes.quotes_of(tx, dan, post)] == [by_carol]
        assert [one.id for one in await quotes.quotes_of(tx, ann, post)] == [hidden, by_bob]
        assert [one.id for one in await quotes.quotes_of(tx, None, post)] == [by_carol, by_bob]


async def test_who_may_quote_is_changed_later(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, ann, "words")
    await quote(store, bob, post)
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await quotes.set_policy(tx, bob, post, "nobody")
        for policy, open_to_bob in (("nobody", False), ("followers", False), ("public", True), ("nobody", False)):
            await quotes.set_policy(tx, ann, post, policy)
            found = await get_post(tx, bob, post)
            assert (found.quote_policy, found.quotable) == (policy, open_to_bob)
            assert found.more
            assert found.more.quotes_count == 1


async def test_a_page_of_quotes_takes_a_constant_number_of_queries_and_ends_at_the_second(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    chain = [await say(store, ann, "first")]
    for _ in range(4):
        chain.append(await quote(store, ann, chain[-1]))
    async with store.reading() as tx:
        found = await seen_by(tx, bob, chain)
        assert tx.queries == 5  # the posts, what they carry, what they quote, what that carries, what that names
        last = found[chain[-1]]
        second = quoted_in(last).post
        assert second is not None
        assert second.id == chain[-2]
        third = quoted_in(second)
        assert third.quoted_id == chain[-3]
        assert third.post is not None
        assert third.post.more is None


async def test_the_words_begin_with_a_link_unless_they_hold_one(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, ann, "words")
    address = f"http://localhost:8000/@ann/{post}"
    without = await seen(store, bob, await quote(store, bob, post))
    assert without.html.startswith(f'<p class="quote-inline">RE: <a href="/@ann/{post}">{address}</a></p>')
    assert without.text == "see"
    assert "quote-inline" not in (await seen(store, bob, await quote(store, bob, post, f"see {address}"))).html
