"""A policy keeps aside or drops what its member does not want to hear, and lets in whom they let in."""

import pytest
from sqlalchemy import bindparam, update
from tests.cast import members, say
from tests.conftest import BOTH
from tests.notifications.conftest import Square

from parvis.core import clock
from parvis.core.errors import NotFound
from parvis.events import Blocked
from parvis.notifications import inbox, policies, requests
from parvis.people import relations
from parvis.people.accounts import Account, Application, open_account
from parvis.posts.delete import delete
from parvis.posts.likes import like
from parvis.store.statement import Statement
from parvis.store.tables import accounts, follows

pytestmark = BOTH

AGE = Statement(update(accounts).values(created_at=accounts.c.created_at - bindparam("age")))
AGE_FOLLOWS = Statement(update(follows).values(id=follows.c.id - bindparam("ids")))
LIMIT = Statement(update(accounts).where(accounts.c.id == bindparam("who")).values(restraints=1))


async def choose(square: Square, who: Account, **wishes: policies.Verdict) -> None:
    async with square.store.transaction() as tx:
        await policies.change_policy(tx, who, **wishes)


async def pending(square: Square, who: Account) -> tuple[int, int]:
    async with square.store.reading() as tx:
        found = await policies.pending(tx, who)
        return found.requests, found.notifications


async def test_private_messages_of_strangers_wait_by_default_and_answers_do_not(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    await say(square.store, bob, "@ann psst", visibility="mentioned")
    await square.settle()
    asked = await say(square.store, ann, "@eve what do you think?", visibility="mentioned")
    await say(square.store, eve, "@ann this", reply_to=asked, visibility="mentioned")
    assert await square.told(ann) == [("mention", "eve")]
    assert await square.told(ann, aside=True) == [("mention", "eve"), ("mention", "bob")]
    assert await square.told(ann, only_aside=True) == [("mention", "bob")]
    assert await pending(square, ann) == (1, 1)
    async with square.store.reading() as tx:
        assert await inbox.unread_count(tx, ann) == 1


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("not_following", {"followed"}),
        ("not_followers", {"follower"}),
        ("new_accounts", {"followed", "follower", "stranger"}),
        ("limited_accounts", {"follower", "followed", "stranger"}),
    ],
)
async def test_each_part_of_a_policy_keeps_aside_whom_it_names(square: Square, wish: str, told: set[str]) -> None:
    ann, followed, follower, stranger, limited = await members(
        square.store, "ann", "followed", "follower", "stranger", "limited"
    )
    async with square.store.transaction() as tx:
        await relations.follow(tx, ann, followed.id)
        await relations.follow(tx, follower, ann.id)
        await tx.run(LIMIT, who=limited.id)
        await tx.run(AGE, age=40 * clock.DAY)
        await tx.run(AGE_FOLLOWS, ids=4 * clock.DAY << 16)
    (fresh,) = await members(square.store, "fresh")
    if wish != "limited_accounts":
        await choose(square, ann, limited_accounts="accept")
        told = told | ({"limited"} if wish == "new_accounts" else set())
    else:
        told = told | {"fresh"}
    await choose(square, ann, **{wish: "filter"})
    for one in (followed, follower, stranger, limited, fresh):
        await say(square.store, one, "hello @ann")
    assert {handle for kind, handle in await square.told(ann) if kind == "mention"} == told
    everyone = {"followed", "follower", "stranger", "limited", "fresh"}
    assert {handle for _, handle in await square.told(ann, only_aside=True)} == everyone - told
    await choose(square, ann, **{wish: "drop"})
    for one in (followed, follower, stranger, limited, fresh):
        await say(square.store, one, "hello again @ann")
    heard = [handle for kind, handle in await square.told(ann, aside=True) if kind == "mention"]
    assert sorted(heard) == sorted([*everyone, *told])


async def test_a_new_follower_is_no_follower_yet_and_a_moderator_is_always_heard(square: Square) -> None:
    ann, bob = await members(square.store, "ann", "bob")
    async with square.store.transaction() as tx:
        mod = await open_account(tx, Application(handle="warden", role="moderator"))
        await relations.follow(tx, bob, ann.id)
    await square.settle()
    await choose(square, ann, not_followers="filter", not_following="filter")
    await say(square.store, bob, "hello @ann")
    await say(square.store, mod, "hello @ann")
    assert ("mention", "warden") in await square.told(ann)
    assert await square.told(ann, only_aside=True) == [("mention", "bob")]


async def test_who_is_let_in_is_heard_from_then_on(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    await choose(square, ann, not_following="filter")
    post = await say(square.store, ann, "hello")
    words = [await say(square.store, one, "hello @ann") for one in (bob, eve, bob)]
    async with square.store.transaction() as tx:
        await like(tx, bob, post)
    assert await square.told(ann) == []
    async with square.store.transaction() as tx:
        latest, first = await requests.requests_of(tx, ann)
        assert {latest.actor.handle, first.actor.handle} == {"bob", "eve"}
        of_bob = latest if latest.actor.handle == "bob" else first
        assert of_bob.many == 2  # a like does not ask
        assert of_bob.last_post is not None
        assert of_bob.last_post.id == words[2]
        assert (await policies.pending(tx, ann)).notifications == 3
        with pytest.raises(NotFound):
            await requests.get_request(tx, bob, of_bob.id)
        await requests.accept(tx, bob, [of_bob.id])  # not theirs: nothing happens
        assert await requests.get_request(tx, ann, of_bob.id) == of_bob
        await requests.accept(tx, ann, [of_bob.id])
    assert [handle for _, handle in await square.told(ann)] == ["bob", "bob", "bob"]
    await say(square.store, bob, "once more @ann")
    assert len(await square.told(ann)) == 4
    async with square.store.transaction() as tx:
        (of_eve,) = await requests.requests_of(tx, ann)
        await requests.dismiss(tx, ann, [of_eve.id, 1])
    assert ("mention", "eve") not in await square.told(ann, aside=True)
    assert await pending(square, ann) == (0, 0)


async def test_a_request_goes_when_what_it_is_of_goes(square: Square) -> None:
    ann, bob, eve = await members(square.store, "ann", "bob", "eve")
    await choose(square, ann, not_following="filter")
    said = await say(square.store, bob, "hello @ann")
    await say(square.store, eve, "hello @ann")
    await square.settle()
    assert await pending(square, ann) == (2, 2)
    async with square.store.transaction() as tx:
        await delete(tx, bob, said)
        tx.emit(Blocked(ann.id, eve.id))
    await square.settle()
    assert await pending(square, ann) == (0, 0)
    async with square.store.reading() as tx:
        assert await requests.requests_of(tx, ann) == []
