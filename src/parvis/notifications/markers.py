"""Markers: how far a member has read home and their notifications, the same wherever they read."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, case, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid
from parvis.people.accounts import Account
from parvis.posts.visibility import viewer
from parvis.store.statement import Statement, among_words
from parvis.store.tables import markers
from parvis.store.transaction import Tx

TIMELINES: Final = ("home", "notifications")


class Marker(msgspec.Struct, frozen=True):
    """How far a timeline is read."""

    timeline: str
    last_read_id: int
    version: int
    updated_at: int  # ms


_new_marker = insert(markers).values(
    account_id=bindparam("account", type_=BigInteger),
    timeline=bindparam("timeline", type_=Text),
    last_read_id=bindparam("last_read", type_=BigInteger),
    updated_at=bindparam("moment", type_=BigInteger),
)
_given = _new_marker.excluded.last_read_id
_MARK = Statement(
    _new_marker.on_conflict_do_update(
        index_elements=["account_id", "timeline"],
        set_={
            "last_read_id": case((_given > markers.c.last_read_id, _given), else_=markers.c.last_read_id),
            "version": markers.c.version + 1,
            "updated_at": _new_marker.excluded.updated_at,
        },
    )
)
_MARKERS = Statement(
    select(markers.c.timeline, markers.c.last_read_id, markers.c.version, markers.c.updated_at).where(
        markers.c.account_id == viewer, among_words(markers.c.timeline, "timelines")
    ),
    Marker,
)


async def mark_read(tx: Tx, member: Account, last_read_id: int) -> None:
    """Remember that all notifications up to this one are read."""
    await mark(tx, member, {"notifications": last_read_id})


async def mark(tx: Tx, member: Account, read: Mapping[str, int]) -> None:
    """Remember how far timelines (`home`, `notifications`) are read; never backwards.

    Raises:
        Invalid: there is no such timeline.
    """
    if not set(read) <= set(TIMELINES):
        raise Invalid("Only home and notifications can be marked as read.", field="timeline")
    for timeline, last_read in sorted(read.items()):
        await tx.run(_MARK, account=member.id, timeline=timeline, last_read=last_read, moment=tx.now)


async def markers_of(tx: Tx, member: Account, timelines: Iterable[str] = TIMELINES) -> dict[str, Marker]:
    """How far these timelines are read; one that was never marked is missing."""
    found = await tx.all(_MARKERS, viewer=member.id, timelines=list(timelines))
    return {marker.timeline: marker for marker in found}
