"""The look over a member's circle: the newest posts of everyone whom they follow, and their own.

On SQLite one range of the index `(author, id)` is read for each followee within a window of time; without a window,
the newest few of each. On PostgreSQL LATERAL always does the latter: its planner would read whole windows.
"""

from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from parvis.core import ids
from parvis.core.ids import AccountId
from parvis.posts.page import ABOVE_ALL, Page, after, before, most
from parvis.posts.visibility import following, muting, there_is, unblocked, viewer
from parvis.store.statement import Statement
from parvis.store.tables import follows, post_mentions, posts
from parvis.store.transaction import Tx

_near = posts.alias("near")
_origin = posts.alias("origin")


class Look(NamedTuple):
    """Rows of post, author, what it passes on, whether muted, whether an answer to a stranger, whether not for them."""

    rows: list[Any]
    ended: bool  # there is nothing beyond
    full: bool = False  # a wider window would find no more


def _circle() -> Any:
    followees = select(follows.c.followee_id.label("member")).where(follows.c.follower_id == viewer)
    return union_all(followees, select(viewer.label("member")))


def _ordered(column: ColumnElement[Any], *, forward: bool) -> ColumnElement[Any]:
    return column.asc() if forward else column.desc()


def _told_by(near: FromClause) -> tuple[ColumnElement[Any], ...]:
    """What the index of the author's posts holds, so that no post is read for it."""
    return near.c.id, near.c.author_id, near.c.repost_of_id, near.c.reply_to_author_id, near.c.visibility


def _of_each(author: ColumnElement[Any], near: FromClause, *, forward: bool) -> Select[Any]:
    """One author's few nearest posts within the page."""
    return (
        select(*_told_by(near))
        .where(near.c.author_id == author, near.c.id > after, near.c.id < before)
        .order_by(_ordered(near.c.id, forward=forward))
        .limit(most)
    )


def _in_window(*, forward: bool) -> Select[Any]:
    one = _circle().subquery("one")
    return (
        select(*_told_by(_near))
        .select_from(one)
        .join(_near, and_(_near.c.author_id == one.c.member, _near.c.id > after, _near.c.id < before))
        .order_by(_ordered(_near.c.id, forward=forward))
        .limit(most)
    )


def _without_window(*, forward: bool) -> Select[Any]:
    """SQLite has no LATERAL; an IN that looks at the row beside it does the same."""
    one, each = _circle().subquery("one"), posts.alias("each")
    return (
        select(*_told_by(_near))
        .select_from(one)
        .join(
            _near,
            _near.c.id.in_(_of_each(one.c.member, each, forward=forward).with_only_columns(each.c.id).correlate(one)),
        )
        .order_by(_ordered(_near.c.id, forward=forward))
        .limit(most)
    )


def _lateral(*, forward: bool) -> Select[Any]:
    one = _circle().subquery("one")
    each = _of_each(one.c.member, _near, forward=forward).lateral("each")
    return (
        select(*_told_by(each))
        .select_from(one)
        .join(each, true())
        .order_by(_ordered(each.c.id, forward=forward))
        .limit(most)
    )


def _sifted(chosen: Select[Any]) -> Select[Any]:
    """The chosen posts, and what the sieves need to know of them."""
    post = chosen.subquery("post")
    aside = and_(
        post.c.reply_to_author_id.is_not(None),
        post.c.reply_to_author_id != post.c.author_id,
        post.c.reply_to_author_id != viewer,
        post.c.author_id != viewer,
        ~following(viewer, post.c.reply_to_author_id),
    )
    muted = or_(
        muting(viewer, post.c.author_id),
        and_(_origin.c.author_id.is_not(None), muting(viewer, _origin.c.author_id)),
    )
    hidden = or_(  # whom they follow has no block with them; whom a friend passes on may
        and_(
            post.c.visibility == literal_column("'mentioned'"),
            post.c.author_id != viewer,
            ~there_is(post_mentions, post_mentions.c.account_id == viewer, post_mentions.c.post_id == post.c.id),
        ),
        and_(_origin.c.author_id.is_not(None), ~unblocked(viewer, _origin.c.author_id)),
    )
    flags = (type_coerce(flag, Integer) for flag in (muted, aside, hidden))
    return select(post.c.id, post.c.author_id, post.c.repost_of_id, *flags).outerjoin_from(
        post, _origin, _origin.c.id == post.c.repost_of_id
    )


_WINDOW = {forward: Statement(_sifted(_in_window(forward=forward))) for forward in (False, True)}
_ALL = {forward: Statement(_sifted(_without_window(forward=forward)), slow=True) for forward in (False, True)}
_LATERAL = {forward: Statement(_sifted(_lateral(forward=forward))) for forward in (False, True)}


async def look(tx: Tx, viewer_id: AccountId, page: Page, span: int | None, wanted: int) -> Look:
    """The nearest `wanted` posts on this page, within `span` ms of its end (None: however far), in one query."""
    low, high = page.after, page.before
    if span is not None and page.forward:
        high = min(high, low + ids.at(span))
    elif span is not None:
        low = max(low, min(high, ids.at(tx.now + 1)) - ids.at(span))
    whole = low == page.after and (high == page.before or high > ids.at(tx.now + 1))
    if tx.engine == "postgresql":
        statement = _LATERAL[page.forward]
    else:
        statement = (_WINDOW if span is not None else _ALL)[page.forward]
    rows = await tx.all(statement, viewer=viewer_id, after=low, before=min(high, ABOVE_ALL), most=wanted, now=tx.now)
    full = len(rows) == wanted
    return Look(rows, ended=whole and not full, full=full)
