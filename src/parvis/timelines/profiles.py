"""What one account posted and passed on, newest first. Muting does not matter here: one has come to read them."""

import functools
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, literal_column, or_, select

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.posts.visibility import NOBODY, entry, showing, shown, there_is, visible
from parvis.store.tables import pins, post_tags
from parvis.store.transaction import Tx
from parvis.timelines.filling import Feed, filled

_written = (
    select(entry.c.id)
    .outerjoin_from(entry, shown, shown.c.id == entry.c.repost_of_id)
    .where(
        entry.c.author_id == bindparam("author", type_=BigInteger),
        visible(entry),
        or_(entry.c.repost_of_id.is_(None), visible(shown)),
    )
)
_LEAVING_OUT = {
    "replies": or_(entry.c.reply_to_author_id.is_(None), entry.c.reply_to_author_id == entry.c.author_id),
    "reposts": entry.c.repost_of_id.is_(None),
    "unpinned": there_is(pins, pins.c.account_id == entry.c.author_id, pins.c.post_id == entry.c.id),
    "untagged": there_is(post_tags, post_tags.c.tag == bindparam("tag", type_=Text), post_tags.c.post_id == entry.c.id),
    "words": showing(entry),
    "messages": entry.c.visibility != literal_column("'mentioned'"),
}


@functools.cache
def _without(left_out: frozenset[str]) -> Paged[tuple[int]]:
    """What an account wrote without some of it: made when it is first asked for, once for each choice."""
    return Paged(_written.where(*(_LEAVING_OUT[one] for one in sorted(left_out))), entry.c.id, feed="posts")


async def posts_of(tx: Tx, member: Account | None, account: Account, page: Page = FIRST, **wishes: Any) -> list[Post]:
    """A page of what the account wrote, as the member (None: someone not signed in) sees it, in two queries."""
    return await filled(tx, member, page, wall(tx, member, account, **wishes))


def wall(
    tx: Tx,
    member: Account | None,
    account: Account,
    *,
    replies: bool = True,
    reposts: bool = True,
    messages: bool = True,
    media: bool = False,
    pinned: bool = False,
    tag: str | None = None,
) -> Feed:
    """What the account wrote, as the member (None: someone not signed in) sees it.

    `replies` to others, `reposts`, and `messages` that only those named in them read can be left out; with `media` only
    posts with pictures are there, with `pinned` only those that stand on the profile, with a `tag` only those that have
    it.
    """
    wishes = {
        "replies": not replies,
        "reposts": not reposts,
        "messages": not messages,
        "words": media,
        "unpinned": pinned,
        "untagged": tag is not None,
    }
    paged = _without(frozenset(name for name, out in wishes.items() if out))
    given = {"author": account.id, "viewer": member.id if member else NOBODY}
    named = {} if tag is None else {"tag": fold_tag(tag)}

    async def read(page: Page) -> list[tuple[int]]:
        return await paged.read(tx, page, **given, **named)

    return Feed("account", read)
