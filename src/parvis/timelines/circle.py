"""The look over a member's circle: the newest posts of everyone whom they follow, and their own.

Their heads are asked first, in a small table: who said nothing within the page is not looked for. For the newest page
only those count whose heads are the newest, as many as posts are wanted, and of them only what is not older than the
last of those heads: all that the page can hold. Then, on SQLite, one range of the index `(author, id)` is read for each
within a window of time; without a window, the newest few of each. On PostgreSQL LATERAL always does the latter: its
planner would read whole windows.

`pulse` is a sum over the same circle that changes when somebody in it speaks, or when the circle itself changes: what a
look found holds as long as the pulse is the same. So a look tells only what cannot change otherwise; mutes and blocks
are for the last look.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from parvis.core import ids
from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.glimpse import Beside, Glimpse
from parvis.posts.page import ABOVE_ALL, Page, after, before, most
from parvis.posts.visibility import following, there_is, viewer
from parvis.store.statement import Statement
from parvis.store.tables import follows, heads, post_mentions, posts
from parvis.store.transaction import Tx

FOR_OTHERS: Final = 2  # how a row says it

_near = posts.alias("near")


class Look(NamedTuple):
    """Rows of post, author, what it passes on, whether an answer to a stranger, and whether it is said in private.

    The last is 0 for what is said aloud, 1 for what is said to the viewer or by them, 2 for what is for others alone.
    """

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


def _spoke(*, newest: bool) -> Select[Any]:
    """Who of the circle said something within the page; for the `newest` page, the last to speak."""
    one = _circle().subquery("one")
    spoke = (
        select(one.c.member, heads.c.post_id)
        .select_from(one)
        .join(heads, and_(heads.c.author_id == one.c.member, heads.c.post_id > after))
    )
    return spoke.order_by(heads.c.post_id.desc()).limit(most) if newest else spoke


def _in_window(*, forward: bool, newest: bool = False) -> Select[Any]:
    """The outer join keeps the order of reading: who spoke, then what they said."""
    one: FromClause
    if newest:
        one = _spoke(newest=True).cte("one")
        last = select(case((func.count() == most, func.min(one.c.post_id)), else_=0)).scalar_subquery()
        within = and_(_near.c.id > after, _near.c.id >= last)
    else:
        one = _spoke(newest=False).subquery("spoke")
        within = and_(_near.c.id > after, _near.c.id < before)
    return (
        select(*_told_by(_near))
        .select_from(one)
        .outerjoin(_near, and_(_near.c.author_id == one.c.member, within))
        .order_by(_ordered(_near.c.id, forward=forward).nulls_last())
        .limit(most)
    )


def _without_window(*, forward: bool) -> Select[Any]:
    """SQLite has no LATERAL; an IN that looks at the row beside it does the same."""
    one, each = _spoke(newest=False).subquery("spoke"), posts.alias("each")
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


def _lateral(*, forward: bool, newest: bool = False) -> Select[Any]:
    one = _spoke(newest=newest).subquery("spoke")
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
    told = there_is(post_mentions, post_mentions.c.account_id == viewer, post_mentions.c.post_id == post.c.id)
    private = case(
        (post.c.visibility != literal_column("'mentioned'"), literal_column("0")),
        (or_(post.c.author_id == viewer, told), literal_column("1")),
        else_=literal_column("2"),
    )
    flags = (type_coerce(flag, Integer) for flag in (aside, private))
    return select(post.c.id, post.c.author_id, post.c.repost_of_id, *flags).where(post.c.id.is_not(None))


NEWEST = Statement(_sifted(_in_window(forward=False, newest=True)))
_WINDOW = {forward: Statement(_sifted(_in_window(forward=forward))) for forward in (False, True)}
_ALL = {forward: Statement(_sifted(_without_window(forward=forward)), slow=True) for forward in (False, True)}
_LATERAL = {forward: Statement(_sifted(_lateral(forward=forward))) for forward in (False, True)}
_NEWEST_LATERAL = Statement(_sifted(_lateral(forward=False, newest=True)))
_own_head = heads.alias("own_head")
_pulse = (
    select(
        func.count().label("follows"),
        func.sum(heads.c.turns).label("turns"),
        cast(func.sum(follows.c.id.bitwise_rshift(literal_column("16"))), BigInteger).label("sum"),
        func.max(follows.c.id).label("last"),
        select(_own_head.c.turns).where(_own_head.c.author_id == viewer).scalar_subquery().label("own"),
    )
    .select_from(follows)
    .outerjoin(heads, heads.c.author_id == follows.c.followee_id)
    .where(follows.c.follower_id == viewer)
)
_PULSE = Statement(_pulse)
_WITH_PULSE = Beside(_pulse)

Pulse = tuple[Any, ...]
"""What is another whenever somebody in the circle spoke meanwhile, or it has other members.

Turns only grow; a new follow has a larger id than each before it, so as many as before with the same sum are the same
ones.
"""


async def pulse(tx: Tx, member: Account, ids: Sequence[PostId]) -> tuple[Pulse, dict[PostId, Glimpse] | None]:
    """The pulse of the member's circle; on PostgreSQL with a last look at these posts, which spares a round trip."""
    if ids and tx.engine == "postgresql":
        return await _WITH_PULSE.glimpses_at_home(tx, member, ids)
    row = await tx.one(_PULSE, viewer=member.id)
    return tuple(row), None


async def look(tx: Tx, viewer_id: AccountId, page: Page, span: int | None, wanted: int) -> Look:
    """The nearest `wanted` posts on this page, within `span` ms of its end (None: however far), in one query."""
    low, high = page.after, page.before
    if span is not None and page.forward:
        high = min(high, low + ids.at(span))
    elif span is not None:
        low = max(low, min(high, ids.at(tx.now + 1)) - ids.at(span))
    whole = low == page.after and (high == page.before or high > ids.at(tx.now + 1))
    newest = span is not None and not page.forward and high == ABOVE_ALL
    if tx.engine == "postgresql":
        statement = _NEWEST_LATERAL if newest else _LATERAL[page.forward]
    elif newest:
        statement = NEWEST
    else:
        statement = (_WINDOW if span is not None else _ALL)[page.forward]
    rows = await tx.all(statement, viewer=viewer_id, after=low, before=min(high, ABOVE_ALL), most=wanted)
    full = len(rows) == wanted
    return Look(rows, ended=whole and not full, full=full)
