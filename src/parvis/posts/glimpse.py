"""Glimpses: what tells whether a post looks to a viewer as it did before, in one slim query.

Ids flow in, glimpses flow out for what the viewer may see: exactly the posts of `visibility.seen_by`, or of those the
ones that belong in their home. Each row of `posts` and `accounts` counts its changes, so that two equal glimpses are of
the same text, counts and author: whoever kept what they made of a post may use it again. Only posts that carry what few
do (`rare`) must be read whole each time.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Text, and_, case, func, literal_column, or_, select, true

from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.post import SIGNED_OUT
from parvis.posts.visibility import NOBODY, answered_by, entry, muting, now, shown, there_is, ties_of, viewer, visible
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, follows, mutes
from parvis.store.transaction import Tx


class Glimpse(NamedTuple):
    """A post or repost as one viewer would see it now."""

    id: PostId
    rare: int  # whether it carries what a mark does not tell: a poll, a quote, a card, emoji
    mark: tuple[Any, ...]  # equal only when its viewers see the same
    of: tuple[Any, ...]  # the other ids that it depends on: posts, and their authors; some are None
    until: int | None  # when it may look otherwise by the clock alone (ms)

    @property
    def author(self) -> AccountId:
        """Who said it or passed it on."""
        return cast(AccountId, self.of[0])

    @property
    def authors(self) -> tuple[AccountId, AccountId]:
        """The same, and who wrote what there is to read."""
        return self.of[0], self.of[2]


_comma = literal_column("','", Text)
_elsewhere = and_(
    follows.c.languages != literal_column("''"),
    ~follows.c.languages.contains(_comma + shown.c.language + _comma),
)
unwanted = case((entry.c.repost_of_id.is_(None), _elsewhere), else_=~follows.c.reposts)
"""A condition: whoever follows so wants no such `entry` in their home; NULL, which is no, without a language."""


def _picked_out() -> ColumnElement[bool]:
    """The viewer follows its author without what they pass on, or only in other languages."""
    mine = and_(follows.c.follower_id == viewer, literal_column("follows.picky"))  # as its index says it
    return and_(there_is(follows, mine), there_is(follows, mine, follows.c.followee_id == entry.c.author_id, unwanted))


_writer = accounts.alias("writer")
_passer = accounts.alias("passer")
mute_ends = select(func.min(mutes.c.until)).where(mutes.c.muter_id == viewer, mutes.c.until > now).scalar_subquery()
"""When the first of the viewer's mutes runs out; NULL for never."""
_seen = (
    select(
        entry.c.id,
        shown.c.extras,
        shown.c.version,
        _writer.c.version,
        _passer.c.version,
        ties_of(viewer),
        answered_by(viewer),
        entry.c.author_id,
        shown.c.id,
        shown.c.author_id,
        shown.c.reply_to_id,
        shown.c.reply_to_author_id,
        mute_ends,
    )
    .select_from(entry)
    .join(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .join(_writer, _writer.c.id == shown.c.author_id)
    .outerjoin(_passer, and_(entry.c.repost_of_id.is_not(None), _passer.c.id == entry.c.author_id))
    .where(among(entry.c.id, "ids"), visible(shown, author=_writer))
)
_passed_on = entry.c.repost_of_id.is_not(None)
GLIMPSES = Statement(_seen.where(or_(~_passed_on, visible(entry))))
_at_home = _seen.where(
    or_(~_passed_on, and_(visible(entry), ~muting(viewer, entry.c.author_id))),
    ~muting(viewer, shown.c.author_id),
    ~_picked_out(),
)
AT_HOME = Statement(_at_home)
_MARK = 7  # columns


async def glimpses(tx: Tx, member: Account | None, ids: Sequence[PostId]) -> dict[PostId, Glimpse]:
    """Of those of these posts that the member (None: someone not signed in) may see."""
    if member is not None:
        return await _glimpses(tx, GLIMPSES, member.id, ids)
    found = await _glimpses(tx, GLIMPSES, NOBODY, ids)
    return {one: glimpse._replace(mark=(*glimpse.mark, SIGNED_OUT)) for one, glimpse in found.items()}


async def glimpses_at_home(tx: Tx, member: Account, ids: Sequence[PostId]) -> dict[PostId, Glimpse]:
    """Of those of these posts that belong in the member's home: visible, and neither by nor through whom they mute.

    Nor what somebody passed on, or said in another language, of whom they want to read no such thing.
    """
    return await _glimpses(tx, AT_HOME, member.id, ids)


class Beside:
    """Glimpses at home together with one row of something else, in one query: for where each is a round trip."""

    def __init__(self, one: Select[Any]) -> None:
        row, seen = one.subquery("row"), _at_home.subquery("seen")
        self._width = len(row.c)
        self._look = Statement(select(*row.c, *seen.c).select_from(row.outerjoin(seen, true())))

    async def glimpses_at_home(
        self, tx: Tx, member: Account, ids: Sequence[PostId]
    ) -> tuple[tuple[Any, ...], dict[PostId, Glimpse]]:
        """The row, and what `glimpses_at_home` finds."""
        rows = await tx.all(self._look, ids=ids, viewer=member.id, now=tx.now)
        width = self._width
        return tuple(rows[0][:width]), _by_id([row[width:] for row in rows if row[width] is not None])


async def _glimpses(
    tx: Tx, look: Statement[tuple[Any, ...]], viewer_id: AccountId, ids: Sequence[PostId]
) -> dict[PostId, Glimpse]:
    rows = await tx.all(look, ids=ids, viewer=viewer_id, now=tx.now) if ids else ()
    return _by_id(rows)


def _by_id(rows: Sequence[tuple[Any, ...]]) -> dict[PostId, Glimpse]:
    return {row[0]: Glimpse(row[0], row[1], row[:_MARK], row[_MARK:-1], row[-1]) for row in rows}
