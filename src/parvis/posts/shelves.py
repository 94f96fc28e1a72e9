"""Shelves: the posts that a member keeps as bookmarks, or likes, the latest put there first.

A member and a page flow in, posts with the ids by which their shelf is paged flow out, in two queries. What the member
may not see any more is left out, and back when they may again.
"""

from typing import Any

import msgspec
from sqlalchemy import BigInteger, Table, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import PostId
from parvis.people import standing
from parvis.people.accounts import Account
from parvis.posts import acts
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by, viewer, visible
from parvis.store.statement import Statement
from parvis.store.tables import bookmarks, likes, posts
from parvis.store.transaction import Feed, Tx


class Kept(msgspec.Struct, frozen=True):
    """A post on a shelf; `id` is that of its place there."""

    id: int
    post: Post


_post = bindparam("post", type_=BigInteger)
_account = bindparam("account", type_=BigInteger)
_KEEP = Statement(
    insert(bookmarks)
    .values(account_id=_account, post_id=_post, id=bindparam("id", type_=BigInteger))
    .on_conflict_do_nothing()
)
_LEAVE = Statement(delete(bookmarks).where(bookmarks.c.account_id == _account, bookmarks.c.post_id == _post))


def _shelf(table: Table, feed: Feed) -> Paged[tuple[Any, ...]]:
    return Paged(
        select(table.c.id, table.c.post_id)
        .join_from(table, posts, posts.c.id == table.c.post_id)
        .where(table.c.account_id == viewer, visible(posts)),
        table.c.id,
        feed=feed,
    )


_BOOKMARKS = _shelf(bookmarks, "bookmarks")
_LIKES = _shelf(likes, "likes")


async def bookmark(tx: Tx, account: Account, post_id: PostId) -> PostId:
    """Keep a post (what a repost passes on) where only the account finds it; its id.

    Raises:
        NotFound: the account may not see it.
        Forbidden: the account may not act now.
    """
    standing.require(account, "bookmark")
    target = await acts.target_of(tx, account, post_id)
    await tx.run(_KEEP, account=account.id, post=target.id, id=tx.new_id("bookmarks"))
    return target.id


async def unbookmark(tx: Tx, account: Account, post_id: PostId) -> None:
    """Keep the post no longer, whether the account may see it or not."""
    await tx.run(_LEAVE, account=account.id, post=post_id)


async def bookmarks_of(tx: Tx, member: Account, page: Page = FIRST) -> list[Kept]:
    """A page of what the member keeps."""
    return await _kept(tx, member, await _BOOKMARKS.read(tx, page, viewer=member.id))


async def liked_by(tx: Tx, member: Account, page: Page = FIRST) -> list[Kept]:
    """A page of what the member likes."""
    return await _kept(tx, member, await _LIKES.read(tx, page, viewer=member.id))


async def _kept(tx: Tx, member: Account, rows: list[tuple[Any, ...]]) -> list[Kept]:
    seen = await seen_by(tx, member, [row[1] for row in rows])
    return [Kept(place, seen[post_id]) for place, post_id in rows if post_id in seen]
