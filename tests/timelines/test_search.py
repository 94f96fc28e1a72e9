import datetime as dt

from sqlalchemy import bindparam, update
from tests.cast import SEES, members, mute, onlookers, say
from tests.conftest import BOTH

from parvis.people import relations, restraining
from parvis.people.accounts import Account
from parvis.people.details import Trait
from parvis.people.lookup import look_up
from parvis.people.restraints import Restraint
from parvis.posts.drafts import Draft
from parvis.posts.likes import like
from parvis.posts.publish import publish
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.timelines.search import Span, read, search_posts, search_tags

pytestmark = BOTH
UNINDEX = Statement(update(accounts).where(accounts.c.id == bindparam("who")).values(traits=int(Trait.UNINDEXED)))
TODAY = dt.datetime.now(dt.UTC).date()


async def find(store: Store, viewer: Account, typed: str, **page: int) -> list[int]:
    async with store.reading() as tx:
        return [post.id for post in await search_posts(tx, viewer, typed, Span(**page))]


async def test_words_phrases_exclusions_and_operators(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    first = await say(store, bob, "A blue boat and a red car https://example.org")
    async with store.transaction() as tx:
        second = await publish(tx, bob, Draft("Red boat, blue car", language="en", sensitive=True, reply_to=first))
    mine = await say(store, ann, "my boat")
    assert await find(store, ann, "boat") == [mine, second, first]
    assert await find(store, ann, '"blue boat"') == [first]
    assert await find(store, ann, "boat -red") == [mine]
    assert await find(store, ann, "boat from:bob") == [second, first]
    assert await find(store, ann, "from:me") == [mine]
    assert await find(store, ann, "boat -from:@bob") == [mine]
    assert await find(store, ann, "boat from:nobody") == []
    assert await find(store, ann, "boat is:reply") == [second]
    assert await find(store, ann, "boat is:sensitive") == [second]
    assert await find(store, ann, "boat language:en") == [second]
    assert await find(store, ann, "has:link") == [first]
    assert await find(store, ann, "has:media boat") == []
    assert await find(store, ann, f"boat after:{TODAY + dt.timedelta(1)}") == []
    assert await find(store, ann, f"boat before:{TODAY - dt.timedelta(1)}") == []
    assert await find(store, ann, f"boat after:{TODAY - dt.timedelta(2)} before:{TODAY + dt.timedelta(2)}") != []
    assert await find(store, ann, "boat in:library") == [mine]
    assert await find(store, ann, "boat", author=bob.id) == [second, first]
    assert await find(store, ann, "boat", max_id=mine, limit=1) == [second]
    assert await find(store, ann, "boat", offset=1, limit=1) == [second]
    assert await find(store, ann, "boat", min_id=second) == [mine]
    for nothing in ("", "-boat", "before:2020-01-01", '"', "-", "from:", "*", "before:99999"):
        await find(store, ann, nothing)


async def test_only_what_one_may_see_and_what_concerns_one_is_found(store: Store) -> None:
    author, viewers = await onlookers(store)
    posts = {kind: await say(store, author, f"treasure {kind} @mentioned", visibility=kind) for kind in SEES["author"]}
    for who, viewer in viewers.items():
        if viewer is None:
            continue
        expected = {"author": set(SEES["author"]), "mentioned": set(SEES["mentioned"])}.get(who, {"public"})
        if who in {"blocked", "blocking", "muting"}:
            expected = set()
        assert set(await find(store, viewer, "treasure")) == {posts[kind] for kind in expected}, who
    follower = viewers["follower"]
    assert follower is not None
    async with store.transaction() as tx:
        await like(tx, follower, posts["followers"])
    assert await find(store, follower, "treasure") == sorted((posts["public"], posts["followers"]), reverse=True)


async def test_who_wants_no_place_in_search_is_found_only_by_whom_it_concerns(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    post = await say(store, bob, "a secret garden @eve")
    async with store.transaction() as tx:
        await tx.run(UNINDEX, who=bob.id)
    assert await find(store, ann, "garden") == []
    assert await find(store, eve, "garden") == [post]
    assert await find(store, bob, "garden") == [post]
    async with store.transaction() as tx:
        await mute(tx, eve, bob)
    assert await find(store, eve, "garden") == []


async def test_hashtags_are_found_by_their_beginning_where_they_are_public(store: Store) -> None:
    (ann,) = await members(store, "ann")
    await say(store, ann, "#Solar #SolarPunk #moon")
    await say(store, ann, "#solarsecret", visibility="followers")
    async with store.reading() as tx:
        assert await search_tags(tx, "#sol") == ["solar", "solarpunk"]
        assert await search_tags(tx, "solar", limit=1, offset=1) == ["solarpunk"]
        assert await search_tags(tx, "") == []
    eve, lou = await members(store, "eve", "lou")
    await say(store, eve, "#solargate")
    await say(store, lou, "#solarlimits")
    async with store.transaction() as tx:
        assert await search_tags(tx, "solarg") == ["solargate"]
        await restraining.suspend(tx, eve.id)
        await restraining.lay(tx, lou.id, Restraint.LIMITED)
        assert await search_tags(tx, "sol") == ["solar", "solarpunk"]


async def test_people_are_looked_up_by_handle_and_by_the_name_of_whom_one_follows(store: Store) -> None:
    ann, bob, bobby, eve = await members(store, "ann", "bob", "bobby", "eve")
    async with store.transaction() as tx:
        await relations.follow(tx, ann, bobby.id)
    async with store.reading() as tx:
        assert [one.id for one in await look_up(tx, ann, "@BOB")] == [bobby.id, bob.id]
        assert [one.id for one in await look_up(tx, ann, "bob", following=True)] == [bobby.id]
        assert [one.id for one in await look_up(tx, ann, "obb")] == [bobby.id]
        assert [one.id for one in await look_up(tx, None, "eve")] == [eve.id]
        assert await look_up(tx, ann, "%") == []
        assert await look_up(tx, ann, "bob", offset=2) == []


async def test_what_makes_no_sense_is_looked_for_as_words(store: Store) -> None:
    (ann,) = await members(store, "ann")
    assert await find(store, ann, "has:nothing before:yesterday") == []
    assert await find(store, ann, "has:!! is:??") == []
    assert read("has:!! x").wanted == [["has"], ["x"]]
    assert read("has:nothing").wanted == [["nothing"]]
    assert read("before:yesterday").wanted == [["yesterday"]]
    assert len(read("a b " * 100).wanted) <= 16


async def test_a_hashtag_is_looked_for_as_a_whole(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    longer = await say(store, bob, "#sun_set")
    both = await say(store, bob, "#Sun and #rain, no set")
    sun = await say(store, bob, "the #sun")
    await say(store, bob, "the sun")
    assert await find(store, ann, "#sun") == [sun, both]
    assert await find(store, ann, "#sun_set") == [longer]
    assert await find(store, ann, "#sun #RAIN") == [both]
    assert await find(store, ann, "the #sun") == [sun]


async def test_whom_one_blocked_is_found_and_who_blocked_one_is_not(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        await relations.block(tx, ann, bob.id)
    async with store.reading() as tx:
        assert [account.id for account in await look_up(tx, ann, "bob")] == [bob.id]
        assert await look_up(tx, bob, "ann") == []
