"""What was said under a hashtag: public posts, newest first."""

from sqlalchemy import Text, bindparam, literal_column, select

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.posts.visibility import NOBODY, in_order, muting, viewer, visible
from parvis.store.tables import post_tags, posts
from parvis.store.transaction import Tx

_TAGGED: Paged[tuple[int]] = Paged(
    select(post_tags.c.post_id)
    .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
    .where(
        post_tags.c.tag == bindparam("tag", type_=Text),
        posts.c.visibility == literal_column("'public'"),
        visible(posts),
        ~muting(viewer, posts.c.author_id),
    ),
    post_tags.c.post_id,
)


async def tagged(tx: Tx, member: Account | None, tag: str, page: Page = FIRST) -> list[Post]:
    """A page of what was said under the tag (with or without its #, in any case), in two queries."""
    folded = fold_tag(tag.lstrip("#\uff03"))
    rows = await _TAGGED.read(tx, page, tag=folded, viewer=member.id if member else NOBODY, now=tx.now)
    return await in_order(tx, member, rows)
