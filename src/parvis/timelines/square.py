"""What everyone says to everyone: public posts that are no reposts and answer nobody else, newest first."""

import functools

from sqlalchemy import Select, Text, cast, func, literal_column, or_, select

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import NOBODY, in_order, met, muting, viewer, visible
from parvis.store.tables import accounts, posts
from parvis.store.transaction import Tx
from parvis.timelines.filling import filled

_writer = accounts.alias("writer")
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
    if media:
        query = query.where(func.length(cast(posts.c.media, Text)) > len("[]"))
    return Paged(query, posts.c.id)


async def square(
    tx: Tx,
    member: Account | None,
    page: Page = FIRST,
    *,
    local: bool = False,
    remote: bool = False,
    media: bool = False,
) -> list[Post]:
    """A page of the square as the member (None: someone not signed in) sees it, in two queries.

    With `local` only of who lives here, with `remote` only of who does not, with `media` only what has pictures.
    """
    if local and remote:
        return []
    paged = _square(local=local, remote=remote, media=media)

    async def read(part: Page) -> list[Post]:
        rows = await paged.read(tx, part, viewer=member.id if member else NOBODY, now=tx.now)
        return await in_order(tx, member, rows)

    return await filled(tx, member, page, "public", read)
