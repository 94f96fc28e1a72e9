"""What arrives live shows of a quote and a poll what its reader would see on reading it."""

import asyncio

import pytest
from tests.cast import SEES, SOON, block, follow, members, next_of, onlookers, say
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.people.relations import unfollow
from parvis.posts import polls, quotes
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.edit import Revision, edit
from parvis.posts.post import More, Post
from parvis.posts.publish import publish
from parvis.posts.visibility import get_post
from parvis.store.database import Store
from parvis.timelines.live import Live
from parvis.timelines.seats import Arrival, Seat

pytestmark = BOTH


def more_of(post: Post | None) -> More:
    assert post is not None
    assert post.more is not None
    return post.more


async def arriving(seat: Seat, kind: str, post: PostId | None = None) -> Arrival:
    """The next arrival of this kind (of this post): PostgreSQL may still tell of what came before."""
    async with asyncio.timeout(SOON):
        while True:
            arrival = await next_of(seat)
            if arrival.kind == kind and post in (None, arrival.id):
                return arrival


async def carrying(live: Live) -> asyncio.Task[None]:
    running = asyncio.create_task(live.run())
    await asyncio.sleep(0)  # it listens from here on
    return running


async def publish_one(store: Store, who: Account, draft: Draft) -> PostId:
    async with store.transaction() as tx:
        return await publish(tx, who, draft)


async def test_a_quote_arrives_as_each_reader_may_see_it(store: Store) -> None:
    author, viewers = await onlookers(store)
    (quoter,) = await members(store, "quoter")
    post = await say(store, author, "words")
    live = Live(store)
    running = await carrying(live)
    seats = {who: live.join(viewer, ("public",)) for who, viewer in viewers.items()}
    quoting = await publish_one(store, quoter, Draft("see", quotes=post))
    for who, viewer in viewers.items():
        arrived = more_of((await arriving(seats[who], "post", quoting)).post).quote
        async with store.reading() as tx:
            read = more_of(await get_post(tx, viewer, quoting)).quote
        assert arrived is not None
        assert read is not None
        assert (arrived.state, arrived.post is None) == (read.state, read.post is None), who
    async with store.transaction() as tx:
        await quotes.revoke(tx, author, post, quoting)
    revoked = more_of((await arriving(seats["stranger"], "edit")).post).quote
    assert revoked is not None
    assert revoked.state == "revoked"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert set(seats) == set(SEES)


async def test_what_followers_may_see_does_not_arrive_inside_a_private_mention(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        for one in (bob, eve):
            await follow(tx, one, ann)
        inner = await publish(tx, ann, Draft("for followers", visibility="followers"))
    live = Live(store)
    running = await carrying(live)
    async with store.transaction() as tx:
        direct = await publish(tx, ann, Draft("@eve see", quotes=inner, visibility="mentioned"))
        thread = (await get_post(tx, ann, direct)).thread_id
    follower = live.join(eve, (f"thread:{thread}",))
    async with store.transaction() as tx:
        await unfollow(tx, eve, ann.id)
        await edit(tx, ann, direct, Revision("@eve see here"))
    found = more_of((await arriving(follower, "edit")).post).quote
    assert found is not None
    assert (found.state, found.post) == ("unauthorized", None)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_voter_is_shown_their_own_votes_and_everyone_the_tallies(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await publish_one(store, ann, Draft("what?", poll=PollDraft(("tea", "coffee"), clock.DAY)))
    hidden = await publish_one(store, ann, Draft("what?", poll=PollDraft(("a", "b"), clock.DAY, hide_totals=True)))
    live = Live(store)
    running = await carrying(live)
    seat = live.join(bob, (f"post:{post}", f"post:{hidden}"))
    for asked in (post, hidden):
        async with store.transaction() as tx:
            await polls.vote(tx, bob, asked, (1,))
    told: dict[int, tuple[int, ...] | None] = {}
    while len(told) < 2:
        arrival = await arriving(seat, "counts")
        assert arrival.counts is not None
        told[arrival.id] = arrival.counts.tallies
    assert told == {post: (0, 1), hidden: None}
    seat.join("public")
    async with store.transaction() as tx:
        await edit(tx, ann, post, Revision("what then?", poll=PollDraft(("tea", "coffee"), clock.DAY)))
    poll = more_of((await arriving(seat, "edit")).post).poll
    assert poll is not None
    assert poll.own_votes == (1,)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_that_its_author_blocks_whom_it_quotes_is_told_to_nobody(store: Store) -> None:
    ann, bob, eve, foe = await members(store, "ann", "bob", "eve", "foe")
    said = await say(store, bob, "words")
    quoting = await publish_one(store, ann, Draft("see", quotes=said))
    async with store.transaction() as tx:
        await block(tx, ann, bob)
        await block(tx, foe, bob)
    live = Live(store)
    running = await carrying(live)
    seats = {who: live.join(who, ("public",)) for who in (eve, foe, None)}
    async with store.transaction() as tx:
        await edit(tx, ann, quoting, Revision("look"))
    states = {}
    for who, seat in seats.items():
        arrived = more_of((await arriving(seat, "edit", quoting)).post).quote
        assert arrived is not None
        assert arrived.post is None
        states[who] = arrived.state
    assert states == {eve: "unauthorized", foe: "blocked_account", None: "unauthorized"}
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
