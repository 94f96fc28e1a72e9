from typing import Any

import pytest
from tests.cast import follow, members, say
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.errors import Invalid, NotFound
from parvis.people.accounts import Account
from parvis.people.sessions import account_of_session, start_session
from parvis.posts.edit import Revision, edit
from parvis.posts.page import Page
from parvis.posts.reposts import repost
from parvis.store.database import Store
from parvis.store.transaction import Tx
from parvis.timelines import filters, steered
from parvis.timelines.filters import KeywordWish, Wish
from parvis.timelines.profiles import posts_of
from parvis.timelines.square import square
from parvis.timelines.taste import PLAIN, taste_of
from parvis.timelines.thread import thread

pytestmark = BOTH


async def signed_in(tx: Tx, member: Account) -> Account:
    """The member as the door knows them now."""
    found = await account_of_session(tx, await start_session(tx, member))
    assert found is not None
    return found


async def filter_of(tx: Tx, owner: Account, *keywords: str, whole: bool = True, **wish: Any) -> filters.Filter:
    given = {"title": "f", "contexts": filters.CONTEXTS, "action": "hide"} | wish
    return await filters.make_filter(
        tx, owner, Wish(**given), [KeywordWish(keyword=one, whole_word=whole) for one in keywords]
    )


async def test_a_filter_is_made_changed_and_read_whole_by_its_owner_alone(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, bob, "hello")
    async with store.transaction() as tx:
        made = await filter_of(tx, ann, "sea", "shore", expires_in=60)
        assert made.expires_at == tx.now + 60 * clock.SECOND
        sea, shore = made.keywords
        await filters.add_pick(tx, ann, made.id, post)
        with pytest.raises(Invalid):
            await filters.add_pick(tx, ann, made.id, post)
        wishes = [KeywordWish(id=sea.id, gone=True), KeywordWish(id=shore.id, keyword="Land"), KeywordWish(keyword="x")]
        edited = await filters.edit_filter(tx, ann, made.id, Wish(action="warn", expires_in=0), wishes)
        assert [one.keyword for one in edited.keywords] == ["Land", "x"]
        assert (edited.action, edited.expires_at, edited.contexts) == ("warn", None, filters.CONTEXTS)
        assert [one.post_id for one in edited.posts] == [post]
        assert await filters.filters_of(tx, ann.id) == [edited]
        for refused in (
            filters.get_filter(tx, bob, made.id),
            filters.edit_filter(tx, bob, made.id, Wish(title="mine")),
            filters.delete_filter(tx, bob, made.id),
            filters.edit_keyword(tx, bob, shore.id, KeywordWish(keyword="y")),
            filters.drop_keyword(tx, bob, shore.id),
            filters.drop_pick(tx, bob, edited.posts[0].id),
            filters.edit_filter(tx, ann, made.id, Wish(), [KeywordWish(id=sea.id, keyword="gone")]),
        ):
            with pytest.raises(NotFound):
                await refused
        await filters.delete_filter(tx, ann, made.id)
        assert await filters.filters_of(tx, ann.id) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 257},
        {"contexts": ()},
        {"contexts": ("home", "nowhere")},
        {"action": "burn"},
    ],
)
async def test_a_filter_breaks_no_rule(store: Store, wrong: dict[str, Any]) -> None:
    (ann,) = await members(store, "ann")
    async with store.transaction() as tx:
        with pytest.raises(Invalid):
            await filter_of(tx, ann, "x", **wrong)
    for keyword in ("", "x" * 513):
        async with store.transaction() as tx:
            with pytest.raises(Invalid):
                await filter_of(tx, ann, keyword)


@pytest.mark.parametrize(
    ("keyword", "whole", "text", "found"),
    [
        ("cat", True, "A CAT!", "CAT"),
        ("cat", True, "concatenate", None),
        ("cat", False, "conCATenate", "CAT"),
        ("#cats", True, "see #cats", "#cats"),
        ("c++", True, "I like c++ too", "c++"),
        ("stra\u00dfe", True, "Die STRASSE", "STRASSE"),
        ("\u732b", False, "\u9ed2\u732b\u304c", "\u732b"),
        (".*", True, "anything", None),
    ],
)
async def test_words_are_found_in_any_case_and_as_they_are(
    store: Store, keyword: str, whole: bool, text: str, found: str | None
) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, bob, text)
    async with store.transaction() as tx:
        await filter_of(tx, ann, keyword, whole=whole, action="warn")
        seen = (await thread(tx, await signed_in(tx, ann), post)).post
        assert [match.keywords for match in seen.filtered] == ([(found,)] if found else [])


async def test_what_is_hidden_leaves_no_hole_and_only_where_the_filter_holds(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        await follow(tx, ann, bob)
        await filter_of(tx, ann, "bad", contexts=("home", "public"))
    own = await say(store, ann, "my own bad")
    plain = [await say(store, bob, f"plain {number}") for number in range(3)]
    for number in range(30):
        await say(store, bob, f"bad {number}")
    of_eve = await say(store, eve, "so bad")
    async with store.transaction() as tx:
        passed = await repost(tx, bob, of_eve)
    expected = [*plain[::-1], own]
    async with store.transaction() as tx:
        me = await signed_in(tx, ann)
        for limit in (1, 2, 20):
            for page, wanted in (
                (Page(limit=limit), expected[:limit]),
                (Page(limit=limit, min_id=own - 1), expected[-limit:]),
            ):
                assert [item.post.id for item in await steered.timeline(tx, me, page)] == wanted
                assert [post.id for post in await square(tx, me, page)] == wanted
        wall = await posts_of(tx, me, bob, Page(limit=1))
        assert [post.id for post in wall] == [passed]
        assert [match.action for match in wall[0].filtered] == ["hide"]
        inner = wall[0].repost_of
        assert inner is not None
        assert inner.filtered == wall[0].filtered
        assert len(await posts_of(tx, None, bob, Page(limit=40))) == 34


async def test_a_filter_ends_in_time_and_a_change_holds_at_once(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, bob, "words")
    async with store.transaction() as tx:
        assert await taste_of(tx, await signed_in(tx, ann)) is PLAIN
        made = await filter_of(tx, ann, "words", action="warn", expires_in=60)
        taste = await taste_of(tx, await signed_in(tx, ann))
        (seen,) = taste.sift([(await thread(tx, None, post)).post], tx.now)
        assert [match.title for match in seen.filtered] == ["f"]
        (later,) = taste.sift([(await thread(tx, None, post)).post], tx.now + 61 * clock.SECOND)
        assert later.filtered == ()
        await filters.drop_keyword(tx, ann, made.keywords[0].id)
        assert (await thread(tx, await signed_in(tx, ann), post)).post.filtered == ()
        await filters.add_pick(tx, ann, made.id, post)
        assert (await thread(tx, await signed_in(tx, ann), post)).post.filtered[0].posts == (post,)
        await filters.delete_filter(tx, ann, made.id)
        assert (await signed_in(tx, ann)).tastes == 0


async def test_what_was_judged_once_is_judged_anew_with_every_edit_and_when_the_filter_ends(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        await follow(tx, ann, bob)
        await filter_of(tx, ann, "bad", expires_in=60)
        await filter_of(tx, ann, "good", action="warn")
    post = await say(store, bob, "good")

    async def titles(later: int = 0) -> list[list[str]]:
        async with store.reading() as tx:
            tx.now += later
            found = await steered.timeline(tx, me, Page(limit=1))
            assert [item.post.filtered for item in found] == [
                sight.filtered for sight in await steered.glimpsed(tx, me)
            ]
            return [list(match.keywords) for item in found for match in item.post.filtered]

    async with store.transaction() as tx:
        me = await signed_in(tx, ann)
    assert await titles() == await titles() == [["good"]]
    async with store.transaction() as tx:
        await edit(tx, bob, post, Revision("bad and good"))
    assert await titles() == await titles() == []
    assert await titles(61 * clock.SECOND) == [["good"]]
    async with store.transaction() as tx:
        await edit(tx, bob, post, Revision("neither"))
    async with store.reading() as tx:
        assert [item.post.filtered for item in await steered.timeline(tx, me)] == [()]
