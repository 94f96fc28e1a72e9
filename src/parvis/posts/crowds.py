"""Crowds: who likes a post, and who passed it on, the latest first.

A post and a page flow in, accounts with the ids by which their crowd is paged flow out, in two queries: the first makes
sure that the viewer may see the post. Whoever is suspended, or has a block with the viewer or is muted, is left out.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Table, bindparam, select

from parvis.core.ids import PostId
from parvis.people.accounts import COLUMNS, Account
from parvis.people.circles import Tie
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.visibility import NOBODY, for_everyone, get_post, muting, unblocked, viewer
from parvis.store.tables import accounts, likes, posts
from parvis.store.transaction import Tx

_post = bindparam("post", type_=BigInteger)


def _tie(*row: Any) -> Tie:
    return Tie(row[0], Account(*row[1:]))


def _crowd(table: Table, who: Column[Any], *conditions: Any) -> Paged[Tie]:
    return Paged(
        select(table.c.id, *COLUMNS)
        .join_from(table, accounts, accounts.c.id == who)
        .where(
            *conditions,
            accounts.c.suspended_at.is_(None),
            unblocked(viewer, accounts.c.id),
            ~muting(viewer, accounts.c.id),
        ),
        table.c.id,
        _tie,
    )


_LIKERS = _crowd(likes, likes.c.account_id, likes.c.post_id == _post)
_open = for_everyone(posts).is_(True)  # as it is, SQLite would walk all that is for everyone
_REPOSTERS = _crowd(posts, posts.c.author_id, posts.c.repost_of_id == _post, _open)


async def likers_of(tx: Tx, member: Account | None, post_id: PostId, page: Page = FIRST) -> list[Tie]:
    """A page of those who like the post (what a repost passes on).

    Raises:
        NotFound: the member may not see it.
    """
    return await _read(tx, member, post_id, page, _LIKERS)


async def reposters_of(tx: Tx, member: Account | None, post_id: PostId, page: Page = FIRST) -> list[Tie]:
    """A page of those who passed the post on for everyone to see.

    Raises:
        NotFound: the member may not see it.
    """
    return await _read(tx, member, post_id, page, _REPOSTERS)


async def _read(tx: Tx, member: Account | None, post_id: PostId, page: Page, crowd: Paged[Tie]) -> list[Tie]:
    post = (await get_post(tx, member, post_id)).shown
    return await crowd.read(tx, page, post=post.id, viewer=member.id if member else NOBODY, now=tx.now)
