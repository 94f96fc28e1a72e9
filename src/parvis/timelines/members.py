"""What the members of one list say and pass on, newest first: the newest few of each are looked at, whatever the rest.

A list and a page flow in, posts flow out, in two queries. Answers to others are there as far as the list wants them;
what is muted, or a message to a few, is not.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, after, before, most
from parvis.posts.post import Post
from parvis.posts.visibility import following, in_order, muting, there_is, viewer, visible
from parvis.store.statement import Statement
from parvis.store.tables import follows, list_members, posts
from parvis.store.transaction import Tx
from parvis.timelines.lists import Listing

_list = bindparam("list", type_=BigInteger)
_replies = bindparam("replies", type_=Text)
_origin = posts.alias("origin")
_other = list_members.alias("other")
_near = posts.alias("near")
_comma = literal_column("','", Text)


def _unwanted(post: FromClause) -> ColumnElement[bool]:
    """Who follows its author so wants none of it: not what they pass on, or not in this language."""
    elsewhere = and_(
        follows.c.languages != literal_column("''"), ~follows.c.languages.contains(_comma + post.c.language + _comma)
    )
    return there_is(
        follows,
        follows.c.follower_id == viewer,
        follows.c.followee_id == post.c.author_id,
        follows.c.picky,
        func.coalesce(case((post.c.repost_of_id.is_(None), elsewhere), else_=~follows.c.reposts), false()),
    )


def _fit(post: FromClause) -> ColumnElement[bool]:
    answered = post.c.reply_to_author_id
    wanted = or_(
        post.c.repost_of_id.is_not(None),
        answered.is_(None),
        answered == post.c.author_id,
        answered == viewer,
        and_(_replies == literal_column("'followed'"), following(viewer, answered)),
        and_(
            _replies == literal_column("'list'"),
            there_is(_other, _other.c.list_id == _list, _other.c.account_id == answered),
        ),
    )
    passed_on = there_is(
        _origin, _origin.c.id == post.c.repost_of_id, visible(_origin), ~muting(viewer, _origin.c.author_id)
    )
    return and_(
        wanted,
        post.c.visibility != literal_column("'mentioned'"),
        ~_unwanted(post),
        visible(post),
        or_(post.c.repost_of_id.is_(None), passed_on),
    )


def _of_each(author: ColumnElement[Any], near: FromClause, *, forward: bool) -> Select[Any]:
    """One member's few nearest posts within the page."""
    return (
        select(near.c.id)
        .where(near.c.author_id == author, near.c.id > after, near.c.id < before, _fit(near))
        .order_by(near.c.id.asc() if forward else near.c.id.desc())
        .limit(most)
    )


def _members() -> Any:
    return (
        select(list_members.c.account_id.label("member"))
        .where(list_members.c.list_id == _list, ~muting(viewer, list_members.c.account_id))
        .subquery("one")
    )


def _inside(*, forward: bool) -> Select[Any]:
    """SQLite has no LATERAL; an IN that looks at the row beside it does the same."""
    one, each = _members(), posts.alias("each")
    nearest = _of_each(one.c.member, each, forward=forward).correlate(one)
    return select(_near.c.id).select_from(one).join(_near, _near.c.id.in_(nearest))


def _lateral(*, forward: bool) -> Select[Any]:
    one = _members()
    each = _of_each(one.c.member, _near, forward=forward).lateral("each")
    return select(each.c.id).select_from(one).join(each, true())


def _page(chosen: Select[Any], *, forward: bool) -> Statement[tuple[Any, ...]]:
    (column,) = chosen.selected_columns
    return Statement(chosen.order_by(column.asc() if forward else column.desc()).limit(most), slow=True)


_READ = {
    "sqlite": {forward: _page(_inside(forward=forward), forward=forward) for forward in (False, True)},
    "postgresql": {forward: _page(_lateral(forward=forward), forward=forward) for forward in (False, True)},
}


async def posts_on(tx: Tx, owner: Account, listing: Listing, page: Page = FIRST) -> list[Post]:
    """A page of what the list's members posted and passed on, as its owner sees it."""
    rows = await tx.all(
        _READ[tx.engine][page.forward],
        viewer=owner.id,
        list=listing.id,
        replies=listing.replies,
        now=tx.now,
        **page.bounds(tx, "posts"),
    )
    if page.forward:
        rows.reverse()
    return await in_order(tx, owner, rows)
