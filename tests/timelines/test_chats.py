import pytest
from tests.cast import SUSPEND, members, mute, say
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import PostId
from parvis.events import PostPublished
from parvis.notifications.inbox import unread_chats, unread_here_and_there
from parvis.people.accounts import Account
from parvis.people.farewell import close_account
from parvis.people.relations import block
from parvis.posts.drafts import Draft
from parvis.posts.page import Page
from parvis.store.database import Store
from parvis.timelines import chats
from parvis.timelines.conversations import file_message

pytestmark = BOTH


async def tell(store: Store, author: Account, company: list[Account], text: str) -> tuple[int, PostId]:
    """Say something in a chat, and have it arrive."""
    async with store.transaction() as tx:
        filed, post = await chats.tell(tx, author, company, Draft(text), key=None, settings=Settings())
    async with store.transaction() as tx:
        published = PostPublished(post.id, author.id, post.thread_id)
        await file_message(tx, published)
        await file_message(tx, published)  # a job may run again
    return filed, post.id


async def test_a_chat_is_all_that_the_same_people_said_whatever_the_thread(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    elsewhere = await say(store, bob, "by an app: hello @ann", visibility="mentioned")
    async with store.transaction() as tx:
        await file_message(tx, PostPublished(elsewhere, bob.id, elsewhere))
    again = await say(store, bob, "in another thread, @ann", visibility="mentioned")
    async with store.transaction() as tx:
        await file_message(tx, PostPublished(again, bob.id, again))
        assert await unread_chats(tx, ann) == 1
        assert await unread_here_and_there(tx, ann) == (0, 1)
        (chat,) = await chats.chats_of(tx, ann)
        assert (chat.unread, chat.last_post_id, chat.company) == (True, again, (bob,))
        await chats.read_chat(tx, ann, chat)
        assert not (await chats.get_chat(tx, ann, chat.id)).unread
        assert await unread_here_and_there(tx, ann) == (0, 0)
    _, first = await tell(store, ann, [bob], "at last")
    filed, group = await tell(store, ann, [bob, eve], "all of you")
    async with store.transaction() as tx:
        assert [one.last_post_id for one in await chats.chats_of(tx, ann)] == [group, first]
        assert [one.last_post_id for one in await chats.chats_of(tx, ann, Page(max_id=group))] == [first]
        assert [one.last_post_id for one in await chats.chats_of(tx, eve)] == [group]
        found = await chats.find_chat_with(tx, bob, [ann.id])
        assert found is not None
        before = tx.queries
        said = await chats.said_in(tx, bob, found)
        assert tx.queries - before == 2
        assert [post.id for post in said.posts] == [elsewhere, again, first]
        assert said.before is None
        part = await chats.said_in(tx, bob, found, Page(limit=2))
        assert ([post.id for post in part.posts], part.before) == ([again, first], again)
        rest = await chats.said_in(tx, bob, found, Page(limit=2, max_id=part.before))
        assert ([post.id for post in rest.posts], rest.before) == ([elsewhere], None)
        news = await chats.said_in(tx, bob, found, Page(min_id=elsewhere))
        assert ([post.id for post in news.posts], news.before) == ([again, first], None)
        with pytest.raises(NotFound):
            await chats.get_chat(tx, eve, chat.id)
        assert filed == (await chats.get_chat(tx, ann, filed)).id
        await chats.throw_chat_away(tx, bob, found)
        assert [one.last_post_id for one in await chats.chats_of(tx, bob)] == [group]
        assert len(await chats.chats_of(tx, ann)) == 2


async def test_a_message_goes_on_where_one_spoke_last_and_is_there_at_once_for_its_author(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    _, first = await tell(store, ann, [bob], "hello")
    async with store.transaction() as tx:
        filed, post = await chats.tell(tx, bob, [ann], Draft("and hello to you"), key="once", settings=Settings())
        assert (post.reply_to_id, post.thread_id, post.visibility) == (first, first, "mentioned")
        chat = await chats.get_chat(tx, bob, filed)
        assert [one.id for one in (await chats.said_in(tx, bob, chat)).posts] == [first, post.id]
        assert not chat.unread
        again = await chats.tell(tx, bob, [ann], Draft("and hello to you"), key="once", settings=Settings())
        assert (again[0], again[1].id) == (filed, post.id)
        alone, note = await chats.tell(tx, bob, [bob], Draft("buy bread"), key=None, settings=Settings())
        assert (await chats.get_chat(tx, bob, alone)).company == (bob,)
        assert note.reply_to_id is None


async def test_nobody_else_is_told_and_nothing_is_said_to_nobody(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        with pytest.raises(Invalid, match="not in this conversation"):
            await chats.tell(tx, ann, [bob], Draft("do not tell @eve"), key=None, settings=Settings())
        with pytest.raises(Invalid):
            await chats.tell(tx, ann, [bob], Draft(" "), key=None, settings=Settings())
        with pytest.raises(Invalid):
            await chats.tell(tx, ann, [bob] * 21, Draft("hello"), key=None, settings=Settings())
        await block(tx, bob, ann.id)
        with pytest.raises(Forbidden):
            await chats.tell(tx, ann, [bob], Draft("hello?"), key=None, settings=Settings())
        assert await chats.reaches(tx, ann, [bob, eve])
        assert not await chats.reaches(tx, bob, [ann])
        assert await chats.chats_of(tx, ann) == []


async def test_what_came_after_a_chat_was_read_is_still_to_read(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    await tell(store, bob, [ann], "seen")
    async with store.transaction() as tx:
        [seen] = await chats.chats_of(tx, ann)
    await tell(store, bob, [ann], "said meanwhile")
    async with store.transaction() as tx:
        await chats.read_chat(tx, ann, seen)
        assert await unread_chats(tx, ann) == 1
        await chats.read_chat(tx, ann, await chats.get_chat(tx, ann, seen.id))
        assert await unread_chats(tx, ann) == 0


async def test_nobody_is_counted_of_whom_one_does_not_hear(store: Store) -> None:
    ann, *others = await members(store, "ann", "bob", "cid", "dan", "eve")
    bob, cid, dan, eve = others
    for one in others:
        await tell(store, one, [ann], "hello")
    async with store.transaction() as tx:
        assert await unread_here_and_there(tx, ann) == (0, 4)
        await block(tx, ann, bob.id)
        await mute(tx, ann, cid)
        await tx.run(SUSPEND, who=dan.id)
        assert await unread_here_and_there(tx, ann) == (0, 1)
        assert await unread_chats(tx, ann) == 1
        assert await unread_chats(tx, ann, beside=str(eve.id)) == 0


async def test_what_is_said_goes_to_who_is_still_there_and_never_to_oneself_instead(store: Store) -> None:
    ann, bob, cid = await members(store, "ann", "bob", "cid")
    gone, _ = await tell(store, ann, [cid], "hello")
    group, _ = await tell(store, ann, [bob, cid], "hello both")
    async with store.transaction() as tx:
        await tx.run(SUSPEND, who=cid.id)
        company = (await chats.get_chat(tx, ann, group)).hearing
        _, post = await chats.tell(tx, ann, company, Draft("and on"), key=None, settings=Settings())
        assert post.text == "@bob and on"
        await close_account(tx, cid.id)
        left = await chats.get_chat(tx, ann, gone)
        assert (left.company, left.hearing) == ((ann,), ())
        with pytest.raises(Forbidden):
            await chats.tell(tx, ann, left.hearing, Draft("hello?"), key=None, settings=Settings())
