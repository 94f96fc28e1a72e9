import pytest
from tests.cast import members, say
from tests.conftest import BOTH

from parvis.core.errors import NotFound
from parvis.core.ids import PostId
from parvis.events import PostDeleted, PostPublished
from parvis.people.accounts import Account
from parvis.people.relations import block
from parvis.posts.delete import delete
from parvis.posts.page import Page
from parvis.store.database import Store
from parvis.timelines import conversations, direct

pytestmark = BOTH


async def tell(store: Store, author: Account, text: str, reply_to: PostId | None = None, thread: int = 0) -> PostId:
    """Say something to those whom it names alone, and have it filed."""
    post = await say(store, author, text, reply_to=reply_to, visibility="mentioned")
    async with store.transaction() as tx:
        await conversations.file_message(tx, PostPublished(post, author.id, PostId(thread or post)))
    return post


async def test_messages_are_filed_by_thread_and_company_for_each_who_was_there(store: Store) -> None:
    ann, bob, eve, stranger = await members(store, "ann", "bob", "eve", "stranger")
    first = await tell(store, ann, "hello @bob")
    second = await tell(store, bob, "hello @ann", first, first)
    with_eve = await tell(store, bob, "@ann and @eve", second, first)
    elsewhere = await tell(store, ann, "again @bob")
    alone = await tell(store, ann, "note to myself")
    async with store.transaction() as tx:
        await conversations.file_message(tx, PostPublished(second, bob.id, first))  # a job may run again

        async def seen(member: Account) -> list[tuple[int, bool, set[str]]]:
            found = await conversations.conversations_of(tx, member)
            return [(one.last_post_id, one.unread, {other.handle for other in one.company}) for one in found]

        assert await seen(ann) == [
            (alone, False, {"ann"}),
            (elsewhere, False, {"bob"}),
            (with_eve, True, {"bob", "eve"}),
            (second, True, {"bob"}),
        ]
        assert await seen(bob) == [
            (elsewhere, True, {"ann"}),
            (with_eve, False, {"ann", "eve"}),
            (second, False, {"ann"}),
        ]
        assert await seen(eve) == [(with_eve, True, {"ann", "bob"})]
        assert await seen(stranger) == []
        before = tx.queries
        assert len(await conversations.conversations_of(tx, ann, Page(limit=2, max_id=elsewhere))) == 2
        assert tx.queries - before == 3
        assert [post.id for post in await direct.messages(tx, ann)] == [alone, elsewhere, with_eve, second, first]
        assert [post.id for post in await direct.messages(tx, eve)] == [with_eve]
        assert [post.id for post in await direct.messages(tx, ann, Page(min_id=first, limit=2))] == [with_eve, second]


async def test_a_conversation_is_read_and_thrown_away_by_one_alone(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    first = await tell(store, ann, "hello @bob")
    async with store.transaction() as tx:
        (found,) = await conversations.conversations_of(tx, bob)
        with pytest.raises(NotFound):
            await conversations.read_conversation(tx, ann, found.id)
        assert (await conversations.read_conversation(tx, bob, found.id)).unread is False
        with pytest.raises(NotFound):
            await conversations.throw_away(tx, ann, found.id)
        await conversations.throw_away(tx, bob, found.id)
        assert await conversations.conversations_of(tx, bob) == []
        assert len(await conversations.conversations_of(tx, ann)) == 1
    await tell(store, ann, "still there @bob?", first, first)
    async with store.transaction() as tx:
        (again,) = await conversations.conversations_of(tx, bob)
        assert again.unread


async def test_a_message_that_is_gone_leaves_the_one_before_it(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    first = await tell(store, ann, "hello @bob")
    second = await tell(store, ann, "hello again @bob", first, first)
    for gone, left in ((second, [first]), (first, [])):
        async with store.transaction() as tx:
            await delete(tx, ann, gone)
            await conversations.unfile_message(tx, PostDeleted(gone, ann.id, first, "mentioned"))
            for one in (ann, bob):
                assert [found.last_post_id for found in await conversations.conversations_of(tx, one)] == left
    async with store.transaction() as tx:
        await conversations.file_message(tx, PostPublished(first, ann.id, first))  # late
        assert await conversations.conversations_of(tx, bob) == []


async def test_what_is_not_direct_or_may_not_be_seen_is_not_filed(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        await block(tx, bob, ann.id)
    await tell(store, ann, "hello @bob")
    public = await say(store, ann, "public @bob")
    async with store.transaction() as tx:
        await conversations.file_message(tx, PostPublished(public, ann.id, public))
        assert await conversations.conversations_of(tx, bob) == []
        assert len(await conversations.conversations_of(tx, ann)) == 1
        assert await direct.messages(tx, bob) == []
