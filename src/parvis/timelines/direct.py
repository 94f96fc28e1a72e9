"""What was said to a few alone, post by post, newest first: one's own messages, and those that reached one."""

from typing import Any

from sqlalchemy import Select, literal_column, select, union

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, after, before, most
from parvis.posts.post import Post
from parvis.posts.visibility import viewer, visible
from parvis.store.statement import Statement
from parvis.store.tables import post_mentions, posts
from parvis.store.transaction import Tx
from parvis.timelines.filling import Feed, filled


def _direct(*, forward: bool) -> Statement[tuple[Any, ...]]:
    def nearest(query: Select[Any]) -> Select[Any]:
        whole = query.where(
            posts.c.id > after, posts.c.id < before, posts.c.visibility == literal_column("'mentioned'"), visible(posts)
        )
        part = whole.order_by(posts.c.id.asc() if forward else posts.c.id.desc()).limit(most).subquery()
        return select(part.c.id)

    said = nearest(select(posts.c.id).where(posts.c.author_id == viewer))
    heard = nearest(
        select(posts.c.id)
        .join_from(post_mentions, posts, posts.c.id == post_mentions.c.post_id)
        .where(post_mentions.c.account_id == viewer)
    )
    both = union(said, heard).subquery("both")
    return Statement(select(both.c.id).order_by(both.c.id.asc() if forward else both.c.id.desc()).limit(most))


_DIRECT = {forward: _direct(forward=forward) for forward in (False, True)}


async def messages(tx: Tx, member: Account, page: Page = FIRST) -> list[Post]:
    """A page of the member's direct messages, in two queries."""

    async def read(part: Page) -> list[tuple[Any, ...]]:
        rows = await tx.all(_DIRECT[part.forward], viewer=member.id, **part.bounds(tx, "posts"))
        return rows[::-1] if part.forward else rows

    return await filled(tx, member, page, Feed("home", read))
