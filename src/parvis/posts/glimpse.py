"""Glimpses: what tells whether a post looks to a viewer as it did before, in one slim query.

Ids flow in, glimpses flow out for what the viewer may see and does not mute: the last look of a feed. Each row of
`posts` and `accounts` counts its changes, so that two equal glimpses are of the same text, counts and author: whoever
kept what they made of a post may use it again. Only posts that carry what few do (`rare`) must be read whole each time.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.visibility import answered_by, entry, muting, shown, ties_of, viewer, visible
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts
from parvis.store.transaction import Tx


class Glimpse(NamedTuple):
    """A post or repost as one viewer would see it now; equal only when they would see the same."""

    id: PostId
    version: int  # of what there is to read
    writer_version: int
    passer_version: int | None  # none unless it is a repost
    ties: int  # as in `Post`
    reply_to_id: PostId | None
    rare: int  # whether it carries what a glimpse does not tell: a poll, a quote, a card, emoji


_writer = accounts.alias("writer")
_passer = accounts.alias("passer")
GLIMPSES: Statement[Glimpse] = Statement(
    select(
        entry.c.id,
        shown.c.version,
        _writer.c.version,
        _passer.c.version,
        ties_of(viewer),
        answered_by(viewer),
        shown.c.extras,
    )
    .select_from(entry)
    .join(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .join(_writer, _writer.c.id == shown.c.author_id)
    .outerjoin(_passer, and_(entry.c.repost_of_id.is_not(None), _passer.c.id == entry.c.author_id))
    .where(
        among(entry.c.id, "ids"),
        visible(shown, author=_writer),
        or_(entry.c.repost_of_id.is_(None), and_(visible(entry), ~muting(viewer, entry.c.author_id))),
        ~muting(viewer, shown.c.author_id),
    ),
    Glimpse,
)


async def glimpses(tx: Tx, member: Account, ids: Sequence[PostId]) -> dict[PostId, Glimpse]:
    """Of those of these posts that belong in the member's feeds: visible, and neither by nor through whom they mute."""
    found: list[Any] = await tx.all(GLIMPSES, ids=ids, viewer=member.id, now=tx.now) if ids else []
    return {glimpse.id: glimpse for glimpse in found}
