import pytest
from tests.cast import follow, members, mute, say
from tests.conftest import BOTH

from parvis.core.errors import Invalid, NotFound
from parvis.events import Unfollowed
from parvis.people import relations
from parvis.people.relations import block, unfollow
from parvis.posts.page import Page
from parvis.posts.reposts import repost
from parvis.store.database import Store
from parvis.timelines import lists
from parvis.timelines import members as feed

pytestmark = BOTH


async def test_a_list_holds_whom_its_owner_follows_and_nobody_else_sees_it(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        await follow(tx, ann, bob)
        made = await lists.make_list(tx, ann, " Friends ")
        await lists.add_members(tx, ann, made.id, [bob.id, ann.id])
        with pytest.raises(NotFound):
            await lists.add_members(tx, ann, made.id, [eve.id])
        with pytest.raises(Invalid):
            await lists.add_members(tx, ann, made.id, [bob.id])
        assert [one.title for one in await lists.lists_of(tx, ann)] == ["Friends"]
        assert [one.id for one in await lists.members_of(tx, ann, made.id, None)] == [bob.id, ann.id]
        assert [one.id for one in await lists.members_of(tx, ann, made.id, Page(max_id=bob.id))] == [ann.id]
        assert [one.id for one in await lists.lists_with(tx, ann, bob.id)] == [made.id]
        assert await lists.lists_with(tx, bob, bob.id) == []
        with pytest.raises(NotFound):
            await lists.get_list(tx, eve, made.id)
        with pytest.raises(NotFound):
            await lists.delete_list(tx, eve, made.id)
        for wrong in ("", "  ", "x" * 257):
            with pytest.raises(Invalid):
                await lists.edit_list(tx, ann, made.id, title=wrong)
        await lists.drop_members(tx, ann, made.id, [bob.id, eve.id])
        assert [one.id for one in await lists.members_of(tx, ann, made.id, None)] == [ann.id]


async def test_who_is_unfollowed_leaves_the_lists(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        for one in (bob, eve):
            await follow(tx, ann, one)
        made = await lists.make_list(tx, ann, "all")
        await lists.add_members(tx, ann, made.id, [bob.id, eve.id])
        await unfollow(tx, ann, bob.id)
        await lists.leave_lists_of_unfollowed(tx, Unfollowed(ann.id, bob.id))
        await lists.leave_lists_of_unfollowed(tx, Unfollowed(ann.id, eve.id))  # followed again meanwhile
        assert [one.id for one in await lists.members_of(tx, ann, made.id, None)] == [eve.id]


@pytest.mark.parametrize(
    ("replies", "shown"),
    [
        ("none", {"plain", "to ann", "on"}),
        ("list", {"plain", "to ann", "on", "to member"}),
        ("followed", {"plain", "to ann", "on", "to member", "to friend"}),
    ],
)
async def test_whose_answers_a_list_shows_is_its_owners_choice(store: Store, replies: str, shown: set[str]) -> None:
    ann, bob, eve, friend, stranger = await members(store, "ann", "bob", "eve", "friend", "stranger")
    async with store.transaction() as tx:
        for one in (bob, eve, friend):
            await follow(tx, ann, one)
        made = await lists.make_list(tx, ann, "list", replies=replies)
        await lists.add_members(tx, ann, made.id, [bob.id, eve.id])
    of = {one: await say(store, one, "a beginning") for one in (ann, friend, stranger)}
    plain = await say(store, bob, "plain")
    await say(store, bob, "on", reply_to=plain)
    await say(store, bob, "to ann", reply_to=of[ann])
    await say(store, eve, "to member", reply_to=plain)
    await say(store, bob, "to friend", reply_to=of[friend])
    await say(store, bob, "to stranger", reply_to=of[stranger])
    async with store.reading() as tx:
        found = await feed.posts_on(tx, ann, made)
        assert {post.text for post in found} == shown
        assert tx.queries == 2


async def test_a_list_shows_what_its_members_pass_on_and_nothing_muted_or_hidden(store: Store) -> None:
    ann, bob, eve, loud = await members(store, "ann", "bob", "eve", "loud")
    async with store.transaction() as tx:
        for one in (bob, eve):
            await follow(tx, ann, one)
        made = await lists.make_list(tx, ann, "list")
        await lists.add_members(tx, ann, made.id, [bob.id, eve.id])
        await mute(tx, ann, loud)
    of_loud, quiet = await say(store, loud, "loud"), await say(store, eve, "followers", visibility="followers")
    for words in ("not for ann", "@ann not for a list"):
        await say(store, bob, words, visibility="mentioned")
    async with store.transaction() as tx:
        await repost(tx, bob, of_loud)
    said = await say(store, bob, "said")
    async with store.transaction() as tx:
        passed_on = await repost(tx, eve, said)
    async with store.reading() as tx:
        assert [post.id for post in await feed.posts_on(tx, ann, made)] == [passed_on, said, quiet]
        assert [post.id for post in await feed.posts_on(tx, ann, made, Page(min_id=quiet, limit=1))] == [said]
        assert [post.id for post in await feed.posts_on(tx, ann, made, Page(max_id=said))] == [quiet]
    async with store.transaction() as tx:
        await mute(tx, ann, eve)
        assert [post.id for post in await feed.posts_on(tx, ann, made)] == [said]
        await block(tx, bob, ann.id)
        assert await feed.posts_on(tx, ann, made) == []


async def test_a_list_heeds_in_what_manner_one_follows(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        await relations.follow(tx, ann, bob.id)
        made = await lists.make_list(tx, ann, "list")
        await lists.add_members(tx, ann, made.id, [bob.id])
    of_eve = await say(store, eve, "eve's")
    said = await say(store, bob, "bob's")
    async with store.transaction() as tx:
        passed = await repost(tx, bob, of_eve)
        assert [post.id for post in await feed.posts_on(tx, ann, made)] == [passed, said]
        await relations.follow(tx, ann, bob.id, reposts=False)
        assert [post.id for post in await feed.posts_on(tx, ann, made)] == [said]
        await relations.follow(tx, ann, bob.id, languages=("fr",))  # none is known of what they say
        assert [post.id for post in await feed.posts_on(tx, ann, made)] == [said]
