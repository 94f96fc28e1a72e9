"""What every act upon a post begins with: finding it as the one who acts sees it, and keeping it until the end."""

from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, func, literal_column, or_, select, update

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.extras import QUOTED
from parvis.posts.visibility import entry, shown, visible
from parvis.store.statement import Statement
from parvis.store.tables import posts
from parvis.store.transaction import Tx


class Target(msgspec.Struct, frozen=True):
    """The post that is acted upon: what a repost passes on, never the repost."""

    id: PostId
    author_id: AccountId
    visibility: str
    thread_id: PostId

    @property
    def counted(self) -> bool:
        """Whether counters that everyone sees may count it."""
        return is_counted(self.visibility)


def is_counted(visibility: str) -> bool:
    """Whether a post counts in what everyone sees: a count must not betray a post that some may not see."""
    return visibility in ("public", "unlisted")


_post = bindparam("post", type_=BigInteger)
_change = bindparam("change", type_=Integer)
_TARGET = Statement(
    select(shown.c.id, shown.c.author_id, shown.c.visibility, shown.c.thread_id)
    .select_from(entry)
    .join(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .where(entry.c.id == _post, visible(shown), or_(entry.c.repost_of_id.is_(None), visible(entry)))
    .with_for_update(read=True, key_share=True, of=shown),  # PostgreSQL: it cannot be deleted meanwhile
    Target,
)
COUNT_LIKES = Statement(update(posts).where(posts.c.id == _post).values(likes_count=posts.c.likes_count + _change))
COUNT_REPOSTS = Statement(
    update(posts).where(posts.c.id == _post).values(reposts_count=posts.c.reposts_count + _change)
)
COUNT_QUOTES = Statement(
    update(posts)
    .where(posts.c.id == _post)
    .values(
        quotes_count=posts.c.quotes_count + _change,
        extras=posts.c.extras.op("|")(literal_column(str(QUOTED), Integer)),
    )
)
COUNT_REPLIES = Statement(
    update(posts).where(posts.c.id == _post).values(replies_count=posts.c.replies_count + _change)
)


async def count(tx: Tx, *changes: tuple[Statement[Any], PostId | None, int]) -> None:
    """Change counters of posts, in the order of their ids, so that two transactions never wait for each other."""
    known = [(post_id, statement, change) for statement, post_id, change in changes if post_id is not None]
    for post_id, statement, change in sorted(known, key=itemgetter(0)):
        await tx.run(statement, post=post_id, change=change)


async def target_of(tx: Tx, account: Account, post_id: PostId) -> Target:
    """The post behind this id, which stays until the transaction ends.

    Raises:
        NotFound: there is none, or the account may not see it.
    """
    found = await tx.first(_TARGET, post=post_id, viewer=account.id)
    if found is None:
        raise NotFound("This post does not exist, or you may not see it.")
    return found
