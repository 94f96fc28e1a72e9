"""What is said about a page of the web: public posts that link to it, newest first."""

from sqlalchemy import Text, bindparam, literal_column, select

from parvis.core.errors import NotFound
from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import NOBODY, muting, there_is, viewer, visible
from parvis.store.statement import Statement
from parvis.store.tables import post_links, posts
from parvis.store.transaction import Tx
from parvis.timelines.filling import Feed, filled

_linking = select(post_links.c.post_id).where(post_links.c.url == bindparam("url", type_=Text))
_said = (
    posts.c.id == post_links.c.post_id,
    posts.c.visibility == literal_column("'public'"),
    visible(posts),
)
_ABOUT: Paged[tuple[int]] = Paged(
    _linking.where(there_is(posts, *_said, ~muting(viewer, posts.c.author_id))), post_links.c.post_id, feed="posts"
)
_KNOWN = Statement(_linking.where(there_is(posts, *_said)).limit(1))


async def about(tx: Tx, member: Account | None, url: str, page: Page = FIRST) -> list[Post]:
    """A page of what was said about the address, as its card tells it, in two queries.

    Raises:
        NotFound: nobody said anything about it in public.
    """
    given = {"url": url, "viewer": member.id if member else NOBODY}

    async def read(part: Page) -> list[tuple[int]]:
        return await _ABOUT.read(tx, part, now=tx.now, **given)

    found = await filled(tx, member, page, Feed("public", read))
    if not found and await tx.value(_KNOWN, **given) is None:
        raise NotFound("Nobody spoke of this link.")
    return found
