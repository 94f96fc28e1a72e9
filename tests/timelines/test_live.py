import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from tests.cast import SEES, follow, members, mute, next_of, onlookers, rest_of, say
from tests.conftest import BOTH
from tests.timelines.test_filters import signed_in

from parvis.app import keep_carrying
from parvis.core.errors import Invalid, Unauthenticated
from parvis.core.ids import AccountId, PostId
from parvis.events import AnswerEnded, AnswerGrew, DrawingProgressed, Notified, PostEdited
from parvis.people import relations
from parvis.people.accounts import Account
from parvis.posts.delete import delete
from parvis.posts.drafts import Draft
from parvis.posts.likes import like
from parvis.posts.publish import publish
from parvis.posts.reposts import repost
from parvis.store.database import Store
from parvis.timelines import filters, seats
from parvis.timelines.live import Live
from parvis.timelines.seats import Arrival, Counts, Seat

pytestmark = BOTH


@pytest.fixture
async def live(store: Store) -> AsyncIterator[Live]:
    hub = Live(store)
    running = asyncio.create_task(hub.run())
    await asyncio.sleep(0)  # it listens now
    yield hub
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def heard_until(store: Store, seat: Seat, account: int) -> list[Arrival]:
    """What the seat heard up to now: it ends with a notification that is sent after all else."""
    seat.join("notifications")
    await store.bus.publish(Notified(1, account))
    found = []
    while (arrival := await next_of(seat)).kind != "notification":
        found.append(arrival)
    return found


async def caught_up(store: Store, live: Live, account: Account) -> None:
    """Return once the hub carried everything that happened before this call."""
    with live.join(account, []) as seat:
        await heard_until(store, seat, account.id)


async def test_each_seat_hears_what_the_table_says(store: Store, live: Live) -> None:
    author, viewers = await onlookers(store)
    start = await say(store, author, "the beginning")
    await caught_up(store, live, author)
    channels = ["public", "tag:tag", f"thread:{start}"]
    taken = {who: live.join(viewer, [*channels, "home"] if viewer else channels) for who, viewer in viewers.items()}
    posts = {
        await say(store, author, f"{one} #Tag @mentioned @blocked @blocking", visibility=one, reply_to=start): one
        for one in SEES["author"]
    }
    for who, viewer in viewers.items():
        if viewer is None:
            continue
        heard = {
            posts[PostId(arrival.id)]: set(arrival.channels)
            for arrival in await heard_until(store, taken[who], viewer.id)
            if arrival.id in posts
        }
        assert set(heard) == SEES[who], who
        for visibility, on in heard.items():
            expected = {f"thread:{start}"}
            if visibility == "public" and who != "muting":
                expected |= {"public", "tag:tag"}
            if who in ("author", "follower"):
                expected.add("home")
            assert on == expected, (who, visibility)
    nobody = taken["nobody"]
    heard_by_nobody = {posts[PostId((await next_of(nobody)).id)] for _ in SEES["nobody"]}
    assert heard_by_nobody == SEES["nobody"]
    nobody.close()
    assert [arrival for arrival in await rest_of(nobody) if arrival.kind == "post"] == []


async def test_home_hears_reposts_once_with_what_the_reader_did_and_no_strangers_talk(store: Store, live: Live) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        await follow(tx, ann, bob)
    seat = live.join(ann, ["home"])
    post = await say(store, eve, "from a stranger")
    await say(store, bob, "to the stranger", reply_to=post)
    async with store.transaction() as tx:
        await like(tx, ann, post)
        passed = await repost(tx, bob, post)
    arrival = await next_of(seat)
    assert (arrival.kind, arrival.id, arrival.channels) == ("post", passed, ("home",))
    assert arrival.post
    assert arrival.post.repost_of
    assert (arrival.post.repost_of.id, arrival.post.repost_of.liked, arrival.post.liked) == (post, True, True)
    async with store.transaction() as tx:
        await mute(tx, ann, bob)
    await say(store, bob, "muted now")
    assert await heard_until(store, seat, ann.id) == []


async def test_home_hears_of_whom_one_follows_what_one_wishes_to_hear(store: Store, live: Live) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    passed = await say(store, eve, "news")
    async with store.transaction() as tx:
        await relations.follow(tx, ann, bob.id, reposts=False, languages=("en",))
    seat = live.join(ann, ["home"])
    async with store.transaction() as tx:
        english = await publish(tx, bob, Draft("hello", language="en"))
        await publish(tx, bob, Draft("bonjour", language="fr"))
        await repost(tx, bob, passed)
        unknown = await publish(tx, bob, Draft("?"))
    assert [arrival.id for arrival in await heard_until(store, seat, ann.id)] == [english, unknown]


async def test_a_deletion_is_told_to_those_only_who_could_see_the_post(store: Store, live: Live) -> None:
    author, viewers = await onlookers(store)
    start = await say(store, author, "the beginning")
    posts = {
        visibility: await say(
            store, author, f"{visibility} @mentioned @blocked @blocking", visibility=visibility, reply_to=start
        )
        for visibility in SEES["author"]
    }
    await caught_up(store, live, author)
    taken = {who: live.join(viewer, [f"thread:{start}"]) for who, viewer in viewers.items()}
    for visibility in ("public", "unlisted", "followers", "mentioned"):
        async with store.transaction() as tx:
            await delete(tx, author, posts[visibility])
    for who, viewer in viewers.items():
        if viewer:
            heard = {
                arrival.id for arrival in await heard_until(store, taken[who], viewer.id) if arrival.kind == "delete"
            }
            could = SEES[who] - ({"followers", "mentioned"} if who == "mentioned" else set())  # it was before they came
            assert heard == {posts[visibility] for visibility in could}, who


async def test_who_heard_of_a_post_hears_that_it_is_gone(store: Store, live: Live) -> None:
    ann, bob = await members(store, "ann", "bob")
    start = await say(store, ann, "the beginning")
    await caught_up(store, live, ann)
    seat = live.join(bob, [f"thread:{start}"])
    secret = await say(store, ann, "for @bob", visibility="mentioned", reply_to=start)
    assert (await next_of(seat)).id == secret
    async with store.transaction() as tx:
        await delete(tx, ann, secret)
    gone = await next_of(seat)
    assert (gone.kind, gone.id) == ("delete", secret)


async def test_counters_are_gathered_and_told_to_who_watches_and_may_see(store: Store, live: Live) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    post = await say(store, ann, "hello")
    inner = await say(store, ann, "inner", visibility="followers")
    await caught_up(store, live, ann)
    watching = live.join(None, [f"post:{post}", f"post:{inner}"])
    stranger = live.join(eve, [f"post:{post}", f"post:{inner}"])
    own = live.join(ann, [f"post:{inner}"])
    async with store.transaction() as tx:
        await like(tx, ann, inner)
        for who in (ann, bob, eve):
            await like(tx, who, post)
    answer = await say(store, bob, "an answer", reply_to=post)
    for seat in (watching, stranger):
        await counted(seat, post, Counts(3, 0, 1))
    told = await next_of(own)
    assert (told.id, told.counts) == (inner, Counts(1, 0, 0))
    async with store.transaction() as tx:
        passed_on = await repost(tx, eve, post)
    await counted(watching, post, Counts(3, 1, 1))
    async with store.transaction() as tx:
        await delete(tx, bob, answer)
        await delete(tx, eve, passed_on)
    await counted(watching, post, Counts(3, 0, 0))


async def counted(seat: Seat, post: PostId, counts: Counts) -> None:
    """Return once the seat was told these counts of the post, at once or in steps, and of no other post."""
    told = None
    while told is None or told.counts != counts:
        told = await next_of(seat)
        assert (told.kind, told.id) == ("counts", post)


async def test_an_answer_streams_to_those_who_may_see_the_question(store: Store, live: Live) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    question = await say(store, ann, "inner", visibility="followers")
    async with store.transaction() as tx:
        await follow(tx, bob, ann)
    await caught_up(store, live, ann)
    taken = [live.join(who, [f"thread:{question}"]) for who in (ann, bob, eve, None)]
    for position in range(3):
        await store.bus.publish(AnswerGrew(question, question, ann.id, position, "x"))
    await store.bus.publish(AnswerEnded(question, question, ann.id, None))
    for seat in taken[:2]:
        assert [(await next_of(seat)).kind for _ in range(4)] == ["answer"] * 3 + ["answer_ended"]
    assert await heard_until(store, taken[2], eve.id) == []


async def test_what_is_ones_own_reaches_ones_own_seats_alone(store: Store, live: Live) -> None:
    ann, bob = await members(store, "ann", "bob")
    mine, theirs = (live.join(who, ["drawings", "notifications"]) for who in (ann, bob))
    await store.bus.publish(DrawingProgressed(7, ann.id, "drawing", 0.5))
    await store.bus.publish(Notified(8, ann.id))
    await store.bus.publish(Notified(9, bob.id))
    assert [(arrival.kind, arrival.id) for arrival in (await next_of(mine), await next_of(mine))] == [
        ("drawing", 7),
        ("notification", 8),
    ]
    assert (await next_of(theirs)).id == 9


async def test_only_known_channels_can_be_joined_and_ones_own_only_signed_in(store: Store, live: Live) -> None:
    (ann,) = await members(store, "ann")
    for channel in ("", "secrets", "tag:", "thread:", "thread:x", "post:" + "9" * 20):
        with pytest.raises(Invalid):
            live.join(ann, [channel])
    for channel in ("home", "notifications", "drawings"):
        with pytest.raises(Unauthenticated):
            live.join(None, [channel])
    assert live.seats == 0
    with live.join(None, ["public"]) as seat:
        with pytest.raises(Invalid):
            for number in range(300):
                seat.join(f"post:{number}")
        assert live.seats == 1
    assert live.seats == 0


async def test_who_leaves_a_channel_hears_it_no_more(store: Store, live: Live) -> None:
    ann, bob = await members(store, "ann", "bob")
    seat = live.join(bob, ["public"])
    seat.leave("public")
    await say(store, ann, "hello")
    assert await heard_until(store, seat, bob.id) == []
    with pytest.raises(Invalid):
        seat.leave("nowhere")


async def test_a_slow_seat_is_dropped_and_holds_nobody(store: Store, live: Live) -> None:
    ann, bob = await members(store, "ann", "bob")
    slow, quick = live.join(bob, ["notifications"]), live.join(ann, ["notifications"])
    for number in range(seats.BACKLOG + 1):
        await store.bus.publish(Notified(number, bob.id))
    await store.bus.publish(Notified(0, ann.id))
    assert (await next_of(quick)).id == 0
    assert await rest_of(slow) == []
    assert (slow.dropped, quick.dropped, live.seats) == (True, False, 1)


async def test_what_waits_is_taken_together_and_in_order(store: Store, live: Live) -> None:
    (bob,) = await members(store, "bob")
    seat = live.join(bob, ["notifications"])
    for number in range(seats.HANDFUL + 2):
        await store.bus.publish(Notified(number, bob.id))
    await caught_up(store, live, bob)
    first, second = [[arrival.id for arrival in await anext(seat)] for _ in range(2)]
    assert (first, second[:2]) == (list(range(seats.HANDFUL)), [seats.HANDFUL, seats.HANDFUL + 1])


async def test_a_seat_to_which_nothing_comes_beats(store: Store, live: Live) -> None:
    (bob,) = await members(store, "bob")
    seat = live.join(bob, ["notifications"])
    coming = asyncio.create_task(next_of(seat))
    await asyncio.sleep(0)  # it waits now
    live.beat()
    await store.bus.publish(Notified(1, bob.id))
    assert (await coming).id == 1
    waiting = asyncio.ensure_future(anext(seat))
    await asyncio.sleep(0)
    for _ in range(2):  # something came before the first
        live.beat()
    assert await waiting == []


async def test_a_hub_that_closes_ends_every_seat_and_whoever_comes(store: Store, live: Live) -> None:
    ann, bob = await members(store, "ann", "bob")
    seat = live.join(ann, ["home"])
    live.close()
    assert await rest_of(seat) == await rest_of(live.join(bob, ["home"])) == []
    assert live.seats == 0


async def test_an_accident_drops_whoever_listens_and_the_hub_goes_on(store: Store) -> None:
    (ann,) = await members(store, "ann")
    hub = Live(store)
    running = asyncio.create_task(keep_carrying(hub))
    await asyncio.sleep(0)
    seat = hub.join(ann, ["notifications"])
    await store.bus.publish(PostEdited(PostId(1), AccountId(1 << 63), PostId(1)))  # no engine takes such an id
    assert await rest_of(seat) == []
    again = hub.join(ann, ["notifications"])
    await store.bus.publish(Notified(1, ann.id))
    assert (await next_of(again)).id == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_filters_that_a_post_does_not_meet_leave_it_one_for_all(store: Store, live: Live) -> None:
    writer, *readers = await members(store, "ann", "bob", "eve", "joe")
    async with store.transaction() as tx:
        for reader, word in zip(readers, ("good", "fine", "bad"), strict=True):
            given = filters.Wish(title="f", contexts=filters.CONTEXTS, action="warn")
            await filters.make_filter(tx, reader, given, [filters.KeywordWish(keyword=word)])
    async with store.transaction() as tx:
        taken = [live.join(await signed_in(tx, one), ["public"]) for one in readers]
    await say(store, writer, "so bad")
    first, second, marked = [await next_of(seat) for seat in taken]
    assert first is second
    assert first.post is not None
    assert marked.post is not None
    assert (first.post.filtered, len(marked.post.filtered)) == ((), 1)


async def test_two_hundred_seats_hear_every_post_in_order(store: Store, live: Live) -> None:
    writers = await members(store, *(f"w{number}" for number in range(4)))
    readers = await members(store, *(f"r{number}" for number in range(200)))
    async with store.transaction() as tx:
        for reader in readers:
            for writer in writers:
                await follow(tx, reader, writer)
    taken = [live.join(reader, ["home", "public"]) for reader in readers]

    async def read(seat: Seat) -> list[int]:
        return [(await next_of(seat)).id for _ in range(40)]

    async def write() -> list[int]:
        return [await say(store, writers[number % 4], f"post {number}") for number in range(40)]

    heard, said = await asyncio.gather(asyncio.gather(*map(read, taken)), write())
    assert all(ids == said for ids in heard)
