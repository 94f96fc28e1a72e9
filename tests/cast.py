"""A few members for tests, what they say, and what they hear."""

import asyncio
import secrets

from sqlalchemy import BigInteger, bindparam, insert, select, text, update

from parvis.core import clock
from parvis.core.ids import PostId
from parvis.people.accounts import Account, Application, open_account
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.finding import REMOVE
from parvis.store.statement import Statement
from parvis.store.transaction import Tx
from parvis.timelines.seats import Arrival, Seat

SOON = 30.0
"""Seconds in which what comes at all comes, on any machine however busy."""

FOLLOW = Statement(insert(tables.follows).values({n: bindparam(n) for n in ("follower_id", "followee_id", "id")}))
BLOCK = Statement(insert(tables.blocks).values({n: bindparam(n) for n in ("blocker_id", "blocked_id", "id")}))
MUTE = Statement(insert(tables.mutes).values({n: bindparam(n) for n in ("muter_id", "muted_id", "id")}))
SUSPEND = Statement(update(tables.accounts).where(tables.accounts.c.id == bindparam("who")).values(suspended_at=1))
COUNTS = Statement(
    select(tables.posts.c.likes_count, tables.posts.c.reposts_count, tables.posts.c.replies_count).where(
        tables.posts.c.id == bindparam("post")
    )
)

ALL, NONE = frozenset({"public", "unlisted", "followers", "mentioned"}), frozenset[str]()
OPEN = frozenset({"public", "unlisted"})
SEES = {
    "author": ALL,
    "follower": OPEN | {"followers"},
    "mentioned": ALL,
    "stranger": OPEN,
    "blocked": NONE,  # follows, is mentioned, and the author blocks them
    "blocking": NONE,  # follows, is mentioned, and blocks the author
    "muting": OPEN | {"followers"},  # follows, and mutes the author: not hidden, only out of feeds
    "nobody": OPEN,  # is not signed in
}
"""Who may see which posts of the author."""


async def onlookers(store: Store) -> tuple[Account, dict[str, Account | None]]:
    """The author, and everyone of `SEES` as they stand to them."""
    people = await members(store, *(who for who in SEES if who != "nobody"))
    author, follower, _, _, blocked, blocking, muting = people
    async with store.transaction() as tx:
        for one in (follower, blocked, blocking, muting):
            await follow(tx, one, author)
        await block(tx, author, blocked)
        await block(tx, blocking, author)
        await mute(tx, muting, author)
    return author, dict(zip(SEES, (*people, None), strict=True))


async def members(store: Store, *handles: str) -> list[Account]:
    """Accounts with these handles."""
    async with store.transaction() as tx:
        return [await open_account(tx, Application(handle=handle)) for handle in handles]


async def newcomers(store: Store, count: int) -> list[Account]:
    """Accounts that no other call made: for tests that run many times on one store."""
    return await members(store, *(f"m{secrets.token_hex(8)}" for _ in range(count)))


async def follow(tx: Tx, follower: Account, followee: Account) -> None:
    await tx.run(FOLLOW, follower_id=follower.id, followee_id=followee.id, id=tx.new_id())


async def block(tx: Tx, blocker: Account, blocked: Account) -> None:
    await tx.run(BLOCK, blocker_id=blocker.id, blocked_id=blocked.id, id=tx.new_id())


async def mute(tx: Tx, muter: Account, muted: Account) -> None:
    await tx.run(MUTE, muter_id=muter.id, muted_id=muted.id, id=tx.new_id())


async def suspend(tx: Tx, account: Account) -> None:
    await tx.run(SUSPEND, who=account.id)


async def say(
    store: Store, author: Account, text: str, *, reply_to: PostId | None = None, visibility: str = "public"
) -> PostId:
    """Publish in a transaction of its own."""
    async with store.transaction() as tx:
        return await publish(tx, author, Draft(text, reply_to=reply_to, visibility=visibility))


async def counts(store: Store, post: PostId) -> tuple[int, int, int]:
    """A post's likes, reposts and replies, as its row has them."""
    async with store.reading() as tx:
        row = await tx.one(COUNTS, post=post)
        return row[0], row[1], row[2]


UNLEARN = Statement(text(REMOVE).bindparams(bindparam("post", type_=BigInteger)))
MOVE = Statement(
    update(tables.posts)
    .where(tables.posts.c.id == bindparam("post"))
    .values(id=bindparam("new_id"), thread_id=bindparam("new_id"))
)


async def age(store: Store, post: PostId, days: int, taken: set[int]) -> PostId:
    """Make a post without replies, mentions or tags some days older; its new id."""
    new = PostId(post - (days * clock.DAY << 16))
    while new in taken:
        new = PostId(new + 1)
    taken.add(new)
    async with store.transaction() as tx:
        await tx.run(UNLEARN, post=post)
        await tx.run(MOVE, post=post, new_id=new)
    return new


_taken: dict[Seat, list[Arrival]] = {}


async def next_of(seat: Seat) -> Arrival:
    """The next arrival."""
    taken = _taken.setdefault(seat, [])
    async with asyncio.timeout(SOON):
        while not taken:
            taken += await anext(seat)
    return taken.pop(0)


async def rest_of(seat: Seat) -> list[Arrival]:
    """All that is still to be heard on a seat that is closed."""
    async with asyncio.timeout(SOON):
        return _taken.pop(seat, []) + [arrival async for arrivals in seat for arrival in arrivals]
