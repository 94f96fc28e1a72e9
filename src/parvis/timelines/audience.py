"""Who of those connected may have what just happened: one query for all of them, whatever it is about."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    null,
    or_,
    select,
    type_coerce,
)

from parvis.core.ids import AccountId, PostId
from parvis.posts.glimpse import unwanted
from parvis.posts.post import More
from parvis.posts.visibility import (
    entry,
    following,
    for_everyone,
    muting,
    now,
    sees_parent,
    shown,
    there_is,
    ties_of,
    unblocked,
    visible,
)
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, follows, polls, posts
from parvis.store.transaction import Tx

_member = accounts.c.id
_author = bindparam("author", type_=BigInteger)


def _flag(condition: Any) -> Any:
    return type_coerce(condition, Integer)


_wants = there_is(
    follows,
    follows.c.follower_id == _member,
    follows.c.followee_id == entry.c.author_id,
    or_(~follows.c.picky, ~func.coalesce(unwanted, false())),
)


class Reader(msgspec.Struct, frozen=True):
    """An account that may see the post, and what its seats need to know."""

    account: AccountId
    near: bool  # follows who wrote or passed it on and wants such posts, or did so itself
    muted: bool
    aside: bool  # it answers somebody whom the account does not follow
    sees_parent: bool
    ties: int  # as in `Post.ties`
    carried: More | None = None  # what the post carries, where that differs by reader

    @property
    def like(self) -> tuple[bool | int, ...]:
        """All of this but who it is: the same for readers who are shown the same."""
        return self.near, self.muted, self.aside, self.sees_parent, self.ties


_READERS = Statement(
    select(
        _member,
        _flag(or_(entry.c.author_id == _member, _wants)),
        _flag(or_(muting(_member, entry.c.author_id), muting(_member, shown.c.author_id))),
        _flag(
            and_(
                entry.c.repost_of_id.is_(None),
                entry.c.author_id != _member,
                shown.c.reply_to_author_id.is_not(None),
                shown.c.reply_to_author_id != shown.c.author_id,
                shown.c.reply_to_author_id != _member,
                ~following(_member, shown.c.reply_to_author_id),
            )
        ),
        _flag(or_(shown.c.reply_to_id.is_(None), sees_parent(_member))),
        ties_of(_member),
    )
    .select_from(entry)
    .join(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .join(accounts, among(_member, "candidates"))
    .where(
        entry.c.id == bindparam("post", type_=BigInteger),
        accounts.c.suspended_at.is_(None),
        visible(shown, _member),
        or_(entry.c.repost_of_id.is_(None), visible(entry, _member)),
    )
)
_ONCE_READERS = Statement(  # of a post that is gone: what its author and its visibility still tell
    select(_member, _flag(or_(_member == _author, following(_member, _author)))).where(
        among(_member, "candidates"),
        accounts.c.suspended_at.is_(None),
        or_(
            _member == _author,
            and_(
                unblocked(_member, _author),
                or_(
                    bindparam("everyone", type_=Boolean),
                    and_(bindparam("followers", type_=Boolean), following(_member, _author)),
                ),
            ),
        ),
    )
)
_COUNTS = Statement(
    select(
        posts.c.id,
        posts.c.thread_id,
        posts.c.likes_count,
        posts.c.reposts_count,
        posts.c.replies_count,
        _flag(for_everyone(posts)),
        case((or_(~polls.c.hide_totals, polls.c.expires_at <= now), type_coerce(polls.c.tallies, Text)), else_=null()),
    )
    .outerjoin_from(posts, polls, polls.c.post_id == posts.c.id)
    .where(among(posts.c.id, "ids"))
)
_tallies = msgspec.json.Decoder(tuple[int, ...])
_PAIRS = Statement(
    select(posts.c.id, _member)
    .join_from(posts, accounts, among(_member, "candidates"))
    .where(among(posts.c.id, "ids"), visible(posts, _member))
)


async def readers_of(tx: Tx, post_id: PostId, candidates: Collection[AccountId]) -> dict[AccountId, Reader]:
    """Those of the candidates who may see the post."""
    rows = await tx.all(_READERS, post=post_id, candidates=list(candidates), now=tx.now)
    return {
        account: Reader(account, bool(near), bool(muted), bool(aside), bool(parent), ties)
        for account, near, muted, aside, parent, ties in rows
    }


async def once_readers_of(
    tx: Tx, author: AccountId, visibility: str, candidates: Collection[AccountId]
) -> dict[AccountId, bool]:
    """Those who could see a post of this visibility that is gone, but for those it mentioned; whether they are near."""
    rows = await tx.all(
        _ONCE_READERS,
        author=author,
        everyone=visibility in ("public", "unlisted"),
        followers=visibility == "followers",
        candidates=list(candidates),
    )
    return {row[0]: bool(row[1]) for row in rows}


async def counts_of(tx: Tx, ids: Collection[PostId]) -> list[tuple[Any, ...]]:
    """Rows of post, thread, likes, reposts, replies, whether for everyone, and the tallies of its poll, if shown."""
    rows = await tx.all(_COUNTS, ids=list(ids), now=tx.now)
    return [(*row[:-1], _tallies.decode(row[-1]) if row[-1] is not None else None) for row in rows]


async def pairs_of(tx: Tx, ids: Collection[PostId], candidates: Collection[AccountId]) -> set[tuple[PostId, AccountId]]:
    """Which of the candidates may see which of the posts."""
    return {(row[0], row[1]) for row in await tx.all(_PAIRS, ids=list(ids), candidates=list(candidates))}
