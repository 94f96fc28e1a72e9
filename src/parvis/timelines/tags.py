"""What was said under hashtags: public posts, newest first.

A hashtag, others beside it, and a page flow in; posts flow out as the reader sees them. Reading one hashtag takes two
queries; each further one that will do as well (`any`) takes one more.
"""

import functools
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import Integer, Select, Text, bindparam, func, literal_column, select

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.posts.visibility import NOBODY, met, muting, showing, there_is, viewer, visible
from parvis.store.statement import among_words
from parvis.store.tables import accounts, post_tags, posts
from parvis.store.transaction import Tx
from parvis.timelines.filling import Feed, filled

MOST_BESIDE: Final = 4  # hashtags of each kind

_beside = post_tags.alias("beside")
_writer = accounts.alias("writer")


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What else is asked of posts under a hashtag: others that do as well, must be there, must not; whose, and what."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    local: bool = False
    remote: bool = False
    media: bool = False


@functools.cache
def _tagged(*, every: bool, none: bool, local: bool, remote: bool, media: bool) -> Paged[tuple[int]]:
    query: Select[tuple[int]] = (
        select(post_tags.c.post_id)
        .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
        .where(
            post_tags.c.tag == bindparam("tag", type_=Text),
            posts.c.visibility == literal_column("'public'"),
            visible(posts),
            met(posts),
            ~muting(viewer, posts.c.author_id),
        )
    )
    if every:
        there = (
            select(func.count())
            .select_from(_beside)
            .where(_beside.c.post_id == posts.c.id, among_words(_beside.c.tag, "every"))
            .correlate(posts)
            .scalar_subquery()
        )
        query = query.where(there == bindparam("how_many", type_=Integer))
    if none:
        query = query.where(~there_is(_beside, _beside.c.post_id == posts.c.id, among_words(_beside.c.tag, "none")))
    if local or remote:
        query = query.join(_writer, _writer.c.id == posts.c.author_id)
        query = query.where(_writer.c.domain == "" if local else _writer.c.domain != "")
    if media:
        query = query.where(showing(posts))
    return Paged(query, post_tags.c.post_id, feed="posts")


async def tagged(
    tx: Tx, member: Account | None, tag: str, page: Page = FIRST, beside: Beside | None = None
) -> list[Post]:
    """A page of what was said under the tag (with or without its #, in any case)."""
    return await filled(tx, member, page, tag_feed(tx, member, tag, beside))


def tag_feed(tx: Tx, member: Account | None, tag: str, beside: Beside | None = None) -> Feed:
    """What is said under the tag, and those beside it."""
    beside = beside or Beside()
    wanted = _folded((tag, *beside.any[:MOST_BESIDE]))
    every, none = _folded(beside.all[:MOST_BESIDE]), _folded(beside.none[:MOST_BESIDE])
    paged = _tagged(every=bool(every), none=bool(none), local=beside.local, remote=beside.remote, media=beside.media)
    given: dict[str, Any] = {"viewer": member.id if member else NOBODY, "now": tx.now}
    if every:
        given |= {"every": every, "how_many": len(every)}
    if none:
        given |= {"none": none}

    async def read(part: Page) -> list[tuple[int]]:
        if beside.local and beside.remote:
            return []
        ids = {row[0] for one in wanted for row in await paged.read(tx, part, tag=one, **given)}
        ordered = sorted(ids, reverse=True)
        chosen = ordered[-part.most :] if part.forward else ordered[: part.most]
        return [(one,) for one in chosen]

    return Feed("public", read)


def _folded(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(fold_tag(one.lstrip("#\uff03")) for one in given))
