import asyncio

import pytest
from tests.cast import SEES, members, onlookers, say
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import IdMaker, PostId
from parvis.events import PollEnded
from parvis.people.accounts import Account
from parvis.posts import polls
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.edit import Revision, edit
from parvis.posts.post import Poll
from parvis.posts.publish import publish
from parvis.posts.visibility import get_post, seen_by
from parvis.store.database import Store
from parvis.store.jobs import Runner

pytestmark = BOTH

ASKED = PollDraft(("tea", "coffee", "water"), clock.DAY)


async def ask(store: Store, author: Account, poll: PollDraft = ASKED, visibility: str = "public") -> PostId:
    async with store.transaction() as tx:
        return await publish(tx, author, Draft("What will it be? @mentioned", poll=poll, visibility=visibility))


async def poll_of(store: Store, viewer: Account | None, post: PostId) -> Poll:
    async with store.reading() as tx:
        more = (await get_post(tx, viewer, post)).more
        assert more is not None
        assert more.poll is not None
        return more.poll


async def vote(store: Store, who: Account, post: PostId, *choices: int) -> None:
    async with store.transaction() as tx:
        await polls.vote(tx, who, post, choices)


async def test_tallies_are_exact_after_many_at_once(store: Store) -> None:
    crowd = await members(store, *(f"m{number}" for number in range(13)))
    post = await ask(store, crowd[0])
    await asyncio.gather(*(vote(store, crowd[number], post, number % 3) for number in range(1, 13)))
    seen = await poll_of(store, crowd[1], post)
    assert (seen.tallies, seen.voters_count, seen.own_votes) == ((4, 4, 4), 12, (1,))
    assert (await poll_of(store, crowd[0], post)).own_votes == ()
    assert (await poll_of(store, None, post)).tallies == (4, 4, 4)


async def test_one_answers_once_or_each_answer_once_where_several_may_be_chosen(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    single = await ask(store, ann)
    several = await ask(store, ann, PollDraft(("a", "b", "c"), clock.DAY, multiple=True))
    for post, choices in ((single, (0, 1)), (single, (3,)), (single, (-1,)), (several, (1, 1))):
        with pytest.raises(Invalid):
            await vote(store, bob, post, *choices)
    with pytest.raises(Invalid):
        await vote(store, ann, single, 0)
    await vote(store, bob, single, 0)
    await vote(store, bob, several, 2, 0)
    await vote(store, bob, several, 1)
    for post, choice in ((single, 1), (several, 0)):
        with pytest.raises(Invalid):
            await vote(store, bob, post, choice)
    assert (await poll_of(store, bob, single)).tallies == (1, 0, 0)
    seen = await poll_of(store, bob, several)
    assert (seen.tallies, seen.voters_count, seen.own_votes) == ((1, 1, 1), 1, (0, 1, 2))


async def test_a_poll_is_there_for_whoever_may_see_its_post(store: Store) -> None:
    author, viewers = await onlookers(store)
    posts = {visibility: await ask(store, author, visibility=visibility) for visibility in SEES["author"]}
    for who, viewer in viewers.items():
        for visibility, post in posts.items():
            if visibility in SEES[who]:
                async with store.reading() as tx:
                    assert (await polls.get_polled(tx, viewer, post)).id == post
                continue
            async with store.reading() as tx:
                with pytest.raises(NotFound):
                    await polls.get_polled(tx, viewer, post)
            if viewer is not None:
                with pytest.raises(NotFound):
                    await vote(store, viewer, post, 0)


async def test_a_poll_ends_once_at_the_hour_it_was_given_last(store: Store, settings: Settings) -> None:
    ann, bob = await members(store, "ann", "bob")
    with store.bus.subscribe() as heard:
        async with store.transaction() as tx:
            gone = await publish(tx, ann, Draft("soon", poll=PollDraft(("a", "b"), 5 * clock.MINUTE)))
            moved = await publish(tx, ann, Draft("later", poll=PollDraft(("a", "b"), 5 * clock.MINUTE)))
            await edit(tx, ann, moved, Revision("later", poll=PollDraft(("a", "b"), 2 * clock.DAY)))
            kept = await publish(
                tx, ann, Draft("hidden", poll=PollDraft(("a", "b"), 5 * clock.MINUTE, hide_totals=True))
            )
        await vote(store, bob, kept, 1)
        assert not (await poll_of(store, bob, kept)).totals_shown
        store.ids = IdMaker(settings.node, lambda: clock.now() + clock.HOUR)
        runner = Runner(store, polls.kinds())
        running = asyncio.create_task(runner.run())
        await runner.settle()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        ended: list[PostId] = []
        events = aiter(heard)
        while len(ended) < 2:
            event = await anext(events)
            if isinstance(event, PollEnded):
                ended.append(event.post)
        assert sorted(ended) == [gone, kept]
    assert (await poll_of(store, bob, kept)).totals_shown
    assert not (await poll_of(store, bob, moved)).expired
    with pytest.raises(Invalid):
        await vote(store, bob, gone, 0)


@pytest.mark.parametrize(
    "poll",
    [
        PollDraft((), clock.DAY),
        PollDraft(("a",), clock.DAY),
        PollDraft(("a", " "), clock.DAY),
        PollDraft(("a", "a "), clock.DAY),
        PollDraft(("a", "b", "c", "d", "e"), clock.DAY),
        PollDraft(("a", "b" * 51), clock.DAY),
        PollDraft(("a", "b"), clock.MINUTE),
        PollDraft(("a", "b"), 32 * clock.DAY),
    ],
)
async def test_a_poll_that_breaks_a_rule_is_refused(store: Store, poll: PollDraft) -> None:
    (ann,) = await members(store, "ann")
    with pytest.raises(Invalid):
        await ask(store, ann, poll)


async def test_a_page_with_polls_takes_one_query_more(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    posts = [await ask(store, ann) for _ in range(3)]
    plain = [await say(store, ann, "plain") for _ in range(3)]
    async with store.reading() as tx:
        assert len(await seen_by(tx, bob, plain)) == 3
        assert tx.queries == 1
        assert len(await seen_by(tx, bob, [*posts, *plain])) == 6
        assert tx.queries == 3
