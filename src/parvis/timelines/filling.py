"""Fills a page of any feed with what its reader wants to see: what their filters hide leaves no hole.

A feed and a page flow in; out flow posts, or glimpses for whoever has the posts from before, each with the filters that
it meets. For who has no filter this is one reading and nothing else; for others a page that came out short is read on,
a bounded number of times.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec

from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.glimpse import Glimpse, glimpses
from parvis.posts.page import Page
from parvis.posts.post import Match, Post
from parvis.posts.visibility import in_order
from parvis.store.transaction import Tx
from parvis.timelines.judging import judged
from parvis.timelines.taste import taste_of

MOST_ROUNDS: Final = 5

T = TypeVar("T")
Rows = Sequence[Sequence[Any]]


class Feed(msgspec.Struct, frozen=True):
    """What is read a page at a time: in which context filters hold, and the rows of a page, which begin with ids."""

    context: str
    read: Callable[[Page], Awaitable[Rows]]


class Sifted(msgspec.Struct, frozen=True):
    """A glimpse of a post, and the filters that it meets."""

    glimpse: Glimpse
    filtered: tuple[Match, ...]


async def filled(tx: Tx, member: Account | None, page: Page, feed: Feed) -> list[Post]:
    """The page, newest first, without what the member's filters hide in the feed's context."""
    taste = await taste_of(tx, member)

    async def sift(rows: Rows) -> list[Post]:
        return taste.sift(await in_order(tx, member, rows), tx.now, feed.context)

    return await _fill(page, feed, sift, again=bool(taste.sieves))


async def glimpsed(tx: Tx, member: Account | None, page: Page, feed: Feed) -> list[Sifted]:
    """The same, as glimpses."""
    taste = await taste_of(tx, member)

    async def sift(rows: Rows) -> list[Sifted]:
        ids: list[PostId] = [row[0] for row in rows]
        seen = await glimpses(tx, member, ids)
        left = await judged(tx, member, seen.values(), feed.context)
        return [Sifted(seen[one], left[one]) for one in ids if one in left]

    return await _fill(page, feed, sift, again=bool(taste.sieves))


async def _fill(page: Page, feed: Feed, sift: Callable[[Rows], Awaitable[list[T]]], *, again: bool) -> list[T]:
    kept: list[T] = []
    missing = page.most
    for _ in range(MOST_ROUNDS):
        rows = await feed.read(page)
        fit = await sift(rows)
        kept = fit[-missing:] + kept if page.forward else kept + fit[:missing]
        missing -= min(len(fit), missing)
        if not missing or not rows or not again:
            break
        page = msgspec.structs.replace(page.beyond((rows[0] if page.forward else rows[-1])[0]), limit=page.longest)
    return kept
