"""Each kind of notification: who is told, of what, and that it goes when it no longer holds."""

import pytest
from sqlalchemy import bindparam, insert, update
from tests.cast import members, say
from tests.conftest import BOTH
from tests.notifications.conftest import Square

from parvis.core.ids import AccountId, PostId
from parvis.events import (
    AccountWarned,
    FollowRequested,
    FollowRequestEnded,
    PollEnded,
    PostEdited,
    PostQuoted,
    QuoteRevoked,
    ReportFiled,
    TiesSevered,
)
from parvis.notifications import inbox, telling
from parvis.people import relations
from parvis.people.accounts import Account, Application, open_account
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.posts.reposts import repost
from parvis.store import tables
from parvis.store.statement import Statement
from parvis.store.transaction import Tx

pytestmark = BOTH

WANT_ALL = Statement(update(tables.follows).values(notify=True))
VOTE = Statement(insert(tables.votes).values({c.name: bindparam(c.name, type_=c.type) for c in tables.votes.columns}))
QUOTE = Statement(
    insert(tables.quotes).values({c.name: bindparam(c.name, type_=c.type) for c in tables.quotes.columns})
)
REVOKE = Statement(update(tables.quotes).values(state=bindparam("state")))
MUTE_THREAD = Statement(
    insert(tables.thread_mutes).values({n: bindparam(n) for n in ("account_id", "thread_id", "id")})
)
NAME = Statement(insert(tables.post_mentions).values({n: bindparam(n) for n in ("account_id", "post_id")}))
ASK = Statement(insert(tables.follow_requests).values({n: bindparam(n) for n in ("follower_id", "followee_id", "id")}))


async def staff(tx: Tx, handle: str) -> Account:
    return await open_account(tx, Application(handle=handle, role="moderator"))


async def test_who_asked_to_be_told_hears_of_every_post_but_answers_to_others(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    async with square.store.transaction() as tx:
        await relations.follow(tx, bob, ann.id)
        await tx.run(WANT_ALL)
        await relations.follow(tx, eve, ann.id)
    first = await say(square.store, ann, "a post", visibility="followers")
    await say(square.store, ann, "an answer to myself", reply_to=first)
    other = await say(square.store, eve, "somebody else")
    await say(square.store, ann, "an answer to eve", reply_to=other)
    await say(square.store, ann, "@eve in private", visibility="mentioned")
    assert await square.told(bob) == [("post", "ann"), ("post", "ann")]
    assert await square.told(eve, kinds=["post"]) == []


async def test_a_request_to_follow_is_told_while_it_stands(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    async with square.store.transaction() as tx:
        await tx.run(ASK, follower_id=bob.id, followee_id=ann.id, id=tx.new_id())
        tx.emit(FollowRequested(bob.id, ann.id))
    assert await square.told(ann) == [("follow_request", "bob")]
    async with square.store.transaction() as tx:
        tx.emit(FollowRequestEnded(bob.id, ann.id))
    assert await square.told(ann) == []


async def test_those_who_voted_and_the_author_hear_that_a_poll_ended(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    post = await say(square.store, ann, "which?")
    async with square.store.transaction() as tx:
        await tx.run(VOTE, post_id=post, account_id=bob.id, choices=[0], id=tx.new_id())
        tx.emit(PollEnded(post, ann.id))
    assert await square.told(ann) == [("poll", "ann")]
    assert await square.told(bob) == [("poll", "ann")]
    assert await square.told(eve) == []


async def test_those_who_passed_a_post_on_hear_of_its_latest_edit(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    post = await say(square.store, ann, "first words")
    async with square.store.transaction() as tx:
        await repost(tx, bob, post)
    first: list[int] = []
    for _ in range(2):
        async with square.store.transaction() as tx:
            tx.emit(PostEdited(post, ann.id, post))
        assert await square.told(bob) == [("edit", "ann")]
        async with square.store.reading() as tx:
            first.append((await inbox.notifications_of(tx, bob))[0].id)
    assert first[0] < first[1]  # told anew


async def quoting(square: Square, quoted: PostId, by: Account, author: AccountId) -> PostId:
    async with square.store.transaction() as tx:
        quote = await publish(tx, by, Draft("look"))
        await tx.run(QUOTE, post_id=quote, quoted_id=quoted, quoted_author_id=author, state="accepted")
        tx.emit(PostQuoted(quote, by.id, quoted, author))
    return quote


async def test_whose_post_is_quoted_is_told_and_who_quoted_hears_of_edits(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    post = await say(square.store, ann, "quote me")
    await quoting(square, post, bob, ann.id)
    latest = await quoting(square, post, bob, ann.id)
    assert await square.told(ann) == [("quote", "bob"), ("quote", "bob")]
    async with square.store.transaction() as tx:
        tx.emit(PostEdited(post, ann.id, post))
    assert await square.told(bob) == [("quoted_edit", "ann")]
    async with square.store.reading() as tx:
        told = (await inbox.notifications_of(tx, bob))[0]
        assert told.post is not None
        assert told.post.id <= latest  # one's own, not the one that was edited
        assert told.post.author.id == bob.id
    async with square.store.transaction() as tx:
        await tx.run(REVOKE, state="revoked")
        tx.emit(QuoteRevoked(latest, bob.id, post, ann.id, latest))
    assert await square.told(ann) == [("quote", "bob")]
    assert await square.told(bob) == []


async def test_moderators_hear_of_newcomers_and_reports_and_nobody_else_does(square: Square) -> None:
    (ann,) = await members(square.store, "ann")
    async with square.store.transaction() as tx:
        mod = await staff(tx, "warden")
    await square.settle()
    (bob,) = await members(square.store, "bob")
    async with square.store.transaction() as tx:
        tx.emit(ReportFiled(7, bob.id, ann.id))
    told = await square.told(mod)
    assert ("report", "bob") in told
    assert ("sign_up", "bob") in told
    assert await square.told(ann) == []
    async with square.store.reading() as tx:
        report = (await inbox.notifications_of(tx, mod, choice=inbox.Choice(kinds=["report"])))[0]
        assert report.about_id == 7


async def test_one_hears_of_a_warning_and_of_lost_ties_from_oneself(square: Square) -> None:
    (ann,) = await members(square.store, "ann")
    async with square.store.transaction() as tx:
        tx.emit(AccountWarned(5, ann.id, "none"))
        tx.emit(TiesSevered(ann.id, "suspension", "bob", 2, 1))
    assert sorted(await square.told(ann)) == [("severance", "ann"), ("warning", "ann")]
    async with square.store.reading() as tx:
        told = {one.kind: one for one in await inbox.notifications_of(tx, ann)}
    assert told["warning"].about_id == 5
    assert told["severance"].details == {"kind": "suspension", "name": "bob", "followers": 2, "following": 1}


async def test_a_muted_conversation_is_silent(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    post = await say(square.store, ann, "hello")
    async with square.store.transaction() as tx:
        await tx.run(MUTE_THREAD, account_id=ann.id, thread_id=post, id=tx.new_id())
    await say(square.store, bob, "@ann hello", reply_to=post)
    async with square.store.transaction() as tx:
        await repost(tx, bob, post)
    await say(square.store, bob, "@ann elsewhere")
    assert await square.told(ann) == [("mention", "bob")]


async def test_an_edit_tells_those_whom_it_names_only_now(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    post = await say(square.store, ann, "hello @bob")
    async with square.store.transaction() as tx:
        await tx.run(NAME, account_id=eve.id, post_id=post)
        tx.emit(PostEdited(post, ann.id, post, (eve.id,)))
    assert await square.told(eve) == [("mention", "ann")]
    assert await square.told(bob) == [("mention", "ann")]


async def test_more_than_one_transaction_holds_are_all_told_once(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    ann, *others = await members(square.store, "ann", *(f"m{n}" for n in range(5)))
    names = " ".join(f"@{one.handle}" for one in others)
    await say(square.store, ann, f"hello {names}")
    for one in others:
        assert await square.told(one) == [("mention", "ann")]
