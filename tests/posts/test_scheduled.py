import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from tests.cast import members, say, suspend
from tests.conftest import BOTH
from tests.posts.test_edit import pictures

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import IdMaker, PostId
from parvis.people.accounts import Account
from parvis.posts import scheduled
from parvis.posts.delete import delete
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.leftovers import sweep_leftovers
from parvis.posts.page import Page
from parvis.posts.post import Post
from parvis.posts.publish import publish
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.timelines.profiles import posts_of

pytestmark = BOTH


def later(store: Store, settings: Settings, span: int) -> None:
    store.ids = IdMaker(settings.node, lambda: clock.now() + span)


@contextlib.asynccontextmanager
async def working(store: Store, settings: Settings) -> AsyncIterator[Runner]:
    """Several workers at once: what is due is done once all the same."""
    runners = [Runner(store, scheduled.kinds(settings)) for _ in range(3)]
    running = [asyncio.create_task(runner.run()) for runner in runners]
    try:
        for runner in runners:
            await runner.settle()
        yield runners[0]
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def walls(store: Store, who: Account) -> list[Post]:
    async with store.reading() as tx:
        return await posts_of(tx, None, who)


async def test_a_draft_is_published_once_with_all_that_it_holds(store: Store, settings: Settings) -> None:
    (ann,) = await members(store, "ann")
    (picture,) = await pictures(store, ann, 1)
    async with store.transaction() as tx:
        soon = tx.now + scheduled.SOONEST
        first = await scheduled.schedule(tx, ann, Draft("look", media=(picture,), warning="mind"), soon, key="k")
        again = await scheduled.schedule(tx, ann, Draft("look", media=(picture,), warning="mind"), soon, key="k")
        assert first.id == again.id
        await scheduled.schedule(tx, ann, Draft("what?", poll=PollDraft(("a", "b"), clock.DAY)), soon + 2 * clock.DAY)
        with pytest.raises(Invalid):
            await publish(tx, ann, Draft("mine", media=(picture,)))
    later(store, settings, 25 * clock.HOUR)
    async with store.transaction() as tx:
        await sweep_leftovers(tx)  # the picture waits with its draft
    async with working(store, settings):
        pass
    (post,) = await walls(store, ann)
    assert (post.text, post.warning, [one.id for one in post.media]) == ("look", "mind", [picture])
    later(store, settings, 3 * clock.DAY)
    async with working(store, settings):
        pass
    assert len(await walls(store, ann)) == 2
    async with store.reading() as tx:
        assert await scheduled.scheduled_of(tx, ann) == []


async def test_it_is_moved_and_taken_back_by_its_author_alone(store: Store, settings: Settings) -> None:
    ann, bob = await members(store, "ann", "bob")
    (picture,) = await pictures(store, ann, 1)
    async with store.transaction() as tx:
        drafts = [Draft("number 0", media=(picture,)), Draft("number 1"), Draft("number 2")]
        kept = [await scheduled.schedule(tx, ann, draft, tx.now + clock.DAY) for draft in drafts]
        ids = [one.id for one in kept]
        assert [one.id for one in await scheduled.scheduled_of(tx, ann, Page(limit=2))] == ids[:0:-1]
        assert [one.id for one in (await scheduled.get_scheduled(tx, ann, ids[0])).media] == [picture]
        for act in (scheduled.get_scheduled, scheduled.unschedule):
            with pytest.raises(NotFound):
                await act(tx, bob, ids[0])
        with pytest.raises(NotFound):
            await scheduled.reschedule(tx, bob, ids[0], tx.now + clock.DAY)
        with pytest.raises(Invalid):
            await scheduled.reschedule(tx, ann, ids[0], tx.now + clock.MINUTE)
        await scheduled.unschedule(tx, ann, ids[0])
        await scheduled.reschedule(tx, ann, ids[1], tx.now + 3 * clock.DAY)
        await publish(tx, ann, Draft("now", media=(picture,)))
    later(store, settings, 2 * clock.DAY)
    async with working(store, settings):
        pass
    assert [post.text for post in await walls(store, ann)] == ["number 2", "now"]


async def test_a_draft_is_not_lost_when_what_it_answers_is_gone(store: Store, settings: Settings) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, ann, "hello")
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await scheduled.schedule(tx, bob, Draft("hi", reply_to=PostId(1)), tx.now + clock.DAY)
        await scheduled.schedule(tx, bob, Draft("hi", reply_to=post), tx.now + clock.HOUR)
        await scheduled.schedule(tx, bob, Draft("see", quotes=post), tx.now + clock.HOUR)
    async with store.transaction() as tx:
        await delete(tx, ann, post)
    later(store, settings, 2 * clock.HOUR)
    async with working(store, settings):
        pass
    assert {(one.text, one.reply_to_id) for one in await walls(store, bob)} == {("hi", None), ("see", None)}


async def test_nothing_is_published_for_the_suspended(store: Store, settings: Settings) -> None:
    (ann,) = await members(store, "ann")
    async with store.transaction() as tx:
        await scheduled.schedule(tx, ann, Draft("later"), tx.now + clock.HOUR)
    async with store.transaction() as tx:
        await suspend(tx, ann)
    later(store, settings, 2 * clock.HOUR)
    async with working(store, settings):
        pass
    async with store.reading() as tx:
        assert await scheduled.scheduled_of(tx, ann) == []
    assert await walls(store, ann) == []


async def test_there_is_room_for_so_many_a_day(store: Store) -> None:
    (ann,) = await members(store, "ann")
    async with store.transaction() as tx:
        tomorrow = tx.now - tx.now % clock.DAY + 2 * clock.DAY
        for number in range(scheduled.MOST_A_DAY):
            await scheduled.schedule(tx, ann, Draft(f"number {number}"), tomorrow + number)
        with pytest.raises(Invalid):
            await scheduled.schedule(tx, ann, Draft("one more"), tomorrow + clock.HOUR)
        await scheduled.schedule(tx, ann, Draft("the day after"), tomorrow + clock.DAY)
        for moment in (tx.now, tx.now + scheduled.SOONEST - 1, tx.now + scheduled.LATEST + 1):
            with pytest.raises(Invalid):
                await scheduled.schedule(tx, ann, Draft("when?"), moment)
