import pytest
from tests.cast import SEES, block, follow, members, onlookers, say, suspend
from tests.conftest import BOTH

from parvis.core.errors import NotFound
from parvis.people.accounts import Account
from parvis.posts.reposts import repost
from parvis.posts.visibility import audience_of, get_post, seen_by
from parvis.store.database import Store

pytestmark = BOTH


async def test_each_viewer_sees_what_the_table_says_and_nothing_else_exists(store: Store) -> None:
    author, viewers = await onlookers(store)
    posts = {
        visibility: await say(store, author, f"{visibility} @mentioned @blocked @blocking", visibility=visibility)
        for visibility in SEES["author"]
    }
    async with store.reading() as tx:
        for who, viewer in viewers.items():
            seen = await seen_by(tx, viewer, list(posts.values()))
            assert {visibility for visibility, post in posts.items() if post in seen} == SEES[who], who
            for visibility, post in posts.items():
                if visibility in SEES[who]:
                    assert (await get_post(tx, viewer, post)).visibility == visibility
                else:
                    with pytest.raises(NotFound):
                        await get_post(tx, viewer, post)
        accounts = {viewer.id: who for who, viewer in viewers.items() if viewer}
        for visibility, post in posts.items():
            audience = await audience_of(tx, post, accounts)
            assert {accounts[one] for one in audience} == {w for w in SEES if visibility in SEES[w]} - {"nobody"}


async def test_a_repost_is_seen_by_who_may_see_both_the_post_and_the_one_who_passes_it_on(store: Store) -> None:
    author, viewers = await onlookers(store)
    (passer,) = await members(store, "passer")
    post = await say(store, author, "hello")
    stranger = viewers["stranger"]
    assert isinstance(stranger, Account)
    async with store.transaction() as tx:
        passed = await repost(tx, passer, post)
        await block(tx, passer, stranger)
    async with store.reading() as tx:
        sees = {who for who, viewer in viewers.items() if passed in await seen_by(tx, viewer, [passed])}
        assert sees == {who for who in SEES if "public" in SEES[who]} - {"stranger"}
        shown = await get_post(tx, author, passed)
        assert shown.author.handle == "passer"
        assert shown.repost_of
        assert shown.repost_of.id == post
        assert shown.shown.author.handle == "author"


async def test_the_suspended_are_not_there(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, ann, "hello")
    async with store.transaction() as tx:
        passed = await repost(tx, bob, post)
        await suspend(tx, ann)
    async with store.reading() as tx:
        assert await seen_by(tx, bob, [post, passed]) == {}


async def test_a_reply_does_not_betray_what_it_answers(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        await follow(tx, bob, ann)
    secret = await say(store, ann, "for followers", visibility="followers")
    answer = await say(store, bob, "aha", reply_to=secret)
    async with store.reading() as tx:
        assert (await get_post(tx, bob, answer)).reply_to_id == secret
        shown = await get_post(tx, eve, answer)
        assert (shown.reply_to_id, shown.reply_to_author_id) == (None, None)


async def test_posts_come_whole_in_one_query(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    posts = [await say(store, ann, f"number {number} #tag{number} @bob") for number in range(5)]
    async with store.reading() as tx:
        seen = await seen_by(tx, bob, posts)
        assert tx.queries == 1
        assert [seen[post].tags for post in posts] == [(f"tag{number}",) for number in range(5)]
        assert seen[posts[0]].mentions[0].acct == "bob"
        assert await seen_by(tx, bob, []) == {}
        assert tx.queries == 1
