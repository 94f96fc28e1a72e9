"""What everyone here says to everyone: public posts that are no reposts and answer nobody else, newest first."""

from sqlalchemy import literal_column, or_, select

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import NOBODY, in_order, muting, viewer, visible
from parvis.store.tables import posts
from parvis.store.transaction import Tx

_LOCAL: Paged[tuple[int]] = Paged(
    select(posts.c.id).where(
        posts.c.visibility == literal_column("'public'"),
        posts.c.repost_of_id.is_(None),
        or_(posts.c.reply_to_author_id.is_(None), posts.c.reply_to_author_id == posts.c.author_id),
        visible(posts),
        ~muting(viewer, posts.c.author_id),
    ),
    posts.c.id,
)


async def local(tx: Tx, member: Account | None, page: Page = FIRST) -> list[Post]:
    """A page of the square as the member (None: someone not signed in) sees it, in two queries."""
    rows = await _LOCAL.read(tx, page, viewer=member.id if member else NOBODY, now=tx.now)
    return await in_order(tx, member, rows)
