"""What everyone says to everyone: public posts that are no reposts and answer nobody else, newest first."""

import functools

from sqlalchemy import Select, literal_column, or_, select

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import NOBODY, met, muting, showing, there_is, viewer, visible
from parvis.store.tables import accounts, posts
from parvis.store.transaction import Tx
from parvis.timelines.filling import Feed, filled

_writer = accounts.alias("writer")
_anyone = accounts.alias("anyone")
_SQUARE: Select[tuple[int]] = select(posts.c.id).where(
    posts.c.visibility == literal_column("'public'"),
    posts.c.repost_of_id.is_(None),
    or_(posts.c.reply_to_author_id.is_(None), posts.c.reply_to_author_id == posts.c.author_id),
    visible(posts),
    met(posts),
    ~muting(viewer, posts.c.author_id),
)


@functools.cache
def _square(*, local: bool, remote: bool, media: bool) -> Paged[tuple[int]]:
    query = _SQUARE
    if local or remote:
        query = query.join_from(posts, _writer, _writer.c.id == posts.c.author_id)
        query = query.where(_writer.c.domain == "" if local else _writer.c.domain != "")
    if remote:
        query = query.where(there_is(_anyone, _anyone.c.domain != ""))  # or all would be walked for nothing
    if media:
        query = query.where(showing(posts))
    return Paged(query, posts.c.id, feed="posts", slow=remote or media)


async def square(tx: Tx, member: Account | None, page: Page = FIRST, **kinds: bool) -> list[Post]:
    """A page of the square as the member (None: someone not signed in) sees it, in two queries."""
    return await filled(tx, member, page, square_feed(tx, member, **kinds))


def square_feed(
    tx: Tx, member: Account | None, *, local: bool = False, remote: bool = False, media: bool = False
) -> Feed:
    """The same to be filled: with `local` only of who lives here, with `remote` not, with `media` what has pictures."""
    paged = _square(local=local, remote=remote, media=media)

    async def read(page: Page) -> list[tuple[int]]:
        if local and remote:
            return []
        return await paged.read(tx, page, viewer=member.id if member else NOBODY, now=tx.now)

    return Feed("public", read)
