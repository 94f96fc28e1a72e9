import asyncio

import pytest
from sqlalchemy import update
from tests.cast import SEES, members, onlookers, say
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import MediaId, PostId
from parvis.events import PostEdited
from parvis.people.accounts import Account
from parvis.posts.delete import delete
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.edit import Revision, edit, history_of
from parvis.posts.media import Stored, add_media
from parvis.posts.polls import vote
from parvis.posts.publish import publish
from parvis.posts.reposts import repost
from parvis.posts.retouches import Retouch
from parvis.posts.visibility import get_post
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import polls
from parvis.timelines.tags import tagged

pytestmark = BOTH

_END = Statement(update(polls).values(expires_at=1))
STORED = Stored("a.webp", "b.webp", 4, 4, 4, 4, "LEHV6nWB2yk8pyo0adR*.7kCMdnj")


async def change(store: Store, who: Account, post: PostId, revision: Revision) -> bool:
    async with store.transaction() as tx:
        return await edit(tx, who, post, revision)


async def pictures(store: Store, who: Account, count: int) -> list[MediaId]:
    async with store.transaction() as tx:
        return [(await add_media(tx, who, STORED, alt=f"number {number}")).id for number in range(count)]


async def test_what_was_said_before_is_kept_for_who_sees_the_post(store: Store) -> None:
    author, viewers = await onlookers(store)
    posts = {
        visibility: await say(store, author, f"first #one @mentioned {visibility}", visibility=visibility)
        for visibility in SEES["author"]
    }
    for post in posts.values():
        assert await change(store, author, post, Revision("second #two @mentioned", warning="mind", sensitive=True))
    async with store.reading() as tx:
        for who, viewer in viewers.items():
            for visibility, post in posts.items():
                if visibility not in SEES[who]:
                    with pytest.raises(NotFound):
                        await history_of(tx, viewer, post)
                    continue
                now, before = await history_of(tx, viewer, post)
                assert (now.text, now.warning, now.tags) == ("second #two @mentioned", "mind", ("two",))
                assert [(one.text, one.warning, one.sensitive) for one in before] == [
                    (f"first #one @mentioned {visibility}", "", False)
                ]
                assert before[0].said_at == now.created_at
                assert now.edited_at is not None
                assert now.edited_at >= now.created_at
        assert await tagged(tx, None, "one") == []
        assert [post.id for post in await tagged(tx, None, "two")] == [posts["public"]]


async def test_an_edit_that_changes_nothing_leaves_no_trace(store: Store) -> None:
    (ann,) = await members(store, "ann")
    post = await say(store, ann, "the same")
    assert not await change(store, ann, post, Revision("the same "))
    async with store.reading() as tx:
        now, before = await history_of(tx, ann, post)
        assert (now.edited_at, before) == (None, [])


async def test_only_ones_own_posts_are_edited_and_no_repost(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    post = await say(store, ann, "mine")
    async with store.transaction() as tx:
        passed = await repost(tx, bob, post)
    for who, target in ((bob, post), (bob, passed), (ann, passed), (ann, PostId(1))):
        with pytest.raises(NotFound):
            await change(store, who, target, Revision("yours"))
    for revision in (Revision(""), Revision("x" * 501), Revision("x", warning="y" * 501)):
        with pytest.raises(Invalid):
            await change(store, ann, post, revision)


async def test_who_is_named_anew_is_told_and_who_is_not_any_more_reads_on_no_longer(store: Store) -> None:
    ann, bob, carol = await members(store, "ann", "bob", "carol")
    post = await say(store, ann, "for @bob", visibility="mentioned")
    with store.bus.subscribe() as heard:
        await change(store, ann, post, Revision("for @carol"))
        events = aiter(heard)
        while not isinstance(event := await anext(events), PostEdited):
            pass
        assert (event.post, event.mentioned) == (post, (carol.id,))
    async with store.reading() as tx:
        assert (await get_post(tx, carol, post)).text == "for @carol"
        with pytest.raises(NotFound):
            await get_post(tx, bob, post)


async def test_a_reply_reaches_whom_it_answers_after_an_edit_too(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    first = await say(store, ann, "hello")
    answer = await say(store, bob, "@ann psst", reply_to=first, visibility="mentioned")
    await change(store, bob, answer, Revision("psst"))
    async with store.reading() as tx:
        assert (await get_post(tx, ann, answer)).text == "psst"


async def test_pictures_come_go_and_are_described_anew(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    one, two, three = await pictures(store, ann, 3)
    (foreign,) = await pictures(store, bob, 1)
    async with store.transaction() as tx:
        post = await publish(tx, ann, Draft("look", media=(one, two)))
        other = await publish(tx, ann, Draft("", media=(three,)))
    for wrong in (foreign, three):
        with pytest.raises(Invalid):
            await change(store, ann, post, Revision("look", media=(wrong,)))
    retouch = Retouch(two, "number two", (0.5, -0.5))
    assert await change(store, ann, post, Revision("look", media=(two,), retouches=(retouch,)))
    async with store.reading() as tx:
        now, before = await history_of(tx, bob, post)
        assert [(one.id, one.alt, one.focus_x) for one in now.media] == [(two, "number two", 0.5)]
        assert [[picture.alt for picture in version.media] for version in before] == [["number 0", "number 1"]]
    assert await change(store, ann, post, Revision("look", media=(one, two)))  # it can come back
    async with store.transaction() as tx:
        await delete(tx, ann, other, with_media=False)
        again = await publish(tx, ann, Draft("anew", media=(three,)))
        assert [picture.id for picture in (await get_post(tx, bob, again)).media] == [three]


async def test_another_question_forgets_the_votes_and_the_same_one_keeps_them(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    poll = PollDraft(("tea", "coffee"), clock.DAY)
    async with store.transaction() as tx:
        post = await publish(tx, ann, Draft("what?", poll=poll))
    async with store.transaction() as tx:
        await vote(tx, bob, post, (0,))
    longer = PollDraft(("tea", "coffee"), 2 * clock.DAY)
    assert not await change(store, ann, post, Revision("what?", poll=longer))
    assert await change(store, ann, post, Revision("what then?", poll=longer))
    async with store.reading() as tx:
        more = (await get_post(tx, bob, post)).more
        assert more
        assert more.poll
        assert (more.poll.tallies, more.poll.own_votes) == ((1, 0), (0,))
    assert await change(store, ann, post, Revision("what then?", poll=PollDraft(("tea", "water"), clock.DAY)))
    async with store.reading() as tx:
        more = (await get_post(tx, bob, post)).more
        assert more
        assert more.poll
        assert (more.poll.tallies, more.poll.voters_count, more.poll.own_votes) == ((0, 0), 0, ())
    assert await change(store, ann, post, Revision("never mind"))
    async with store.reading() as tx:
        now, before = await history_of(tx, bob, post)
        assert now.more is None or now.more.poll is None
        assert [version.options for version in before] == [("tea", "coffee"), ("tea", "coffee"), ("tea", "water")]
    assert await change(store, ann, post, Revision("now?", poll=poll))


async def test_words_change_and_the_poll_beside_them_asks_on_though_it_is_over(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        post = await publish(tx, ann, Draft("waht?", poll=PollDraft(("tea :cup:", "coffee"), clock.DAY)))
        await vote(tx, bob, post, (0,))
        await tx.run(_END)
    (picture,) = await pictures(store, ann, 1)
    with pytest.raises(Invalid):
        await change(store, ann, post, Revision("what?", media=(picture,), same_poll=True))
    assert await change(store, ann, post, Revision("what?", same_poll=True))
    assert not await change(store, ann, post, Revision("what?", same_poll=True))
    async with store.reading() as tx:
        more = (await get_post(tx, bob, post)).more
        assert more
        assert more.poll
        assert (more.poll.tallies, more.poll.expired) == ((1, 0), True)
    (plain,) = await members(store, "carol")
    said = await say(store, plain, "no poll")
    assert await change(store, plain, said, Revision("still none", same_poll=True))
    async with store.reading() as tx:
        assert (await get_post(tx, bob, said)).more is None


async def test_two_edits_at_once_come_one_after_the_other(store: Store) -> None:
    (ann,) = await members(store, "ann")
    post = await say(store, ann, "zero")
    await asyncio.gather(*(change(store, ann, post, Revision(f"number {number}")) for number in range(5)))
    async with store.reading() as tx:
        now, before = await history_of(tx, ann, post)
        assert len(before) == 5
        assert len({now.text, *(version.text for version in before)}) == 6


async def test_two_edits_at_once_do_not_take_the_same_picture(store: Store) -> None:
    (ann,) = await members(store, "ann")
    posts = [await say(store, ann, "bare") for _ in range(4)]
    [picture] = await pictures(store, ann, 1)

    async def put_into(post: PostId) -> bool:
        try:
            return await change(store, ann, post, Revision("bare", (picture,)))
        except Invalid:
            return False

    assert sorted(await asyncio.gather(*map(put_into, posts))) == [False, False, False, True]
