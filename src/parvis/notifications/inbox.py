"""A member's notifications, newest first, and how far they have read.

Kinds are `mention` (also an answer to one's post: its `reply_to_author_id` is oneself), `like`, `repost` and `follow`.
What the member may no longer see, and whoever they block or mute, is not there. A page takes two queries.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Text, and_, bindparam, case, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid, NotFound
from parvis.people.accounts import Account, columns_of
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import entry, now, seen_by, shown, there_is, unblocked, viewer, visible
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, markers, mutes, notifications
from parvis.store.transaction import Tx

KINDS: Final = ("mention", "like", "repost", "follow")
TIMELINES: Final = ("home", "notifications")
MOST_COUNTED: Final = 100


class Notification(msgspec.Struct, frozen=True):
    """Somebody did something that concerns the member. `post` is theirs, or the member's own that they liked."""

    id: int
    kind: str
    actor: Account
    post: Post | None


class Marker(msgspec.Struct, frozen=True):
    """How far a timeline is read."""

    timeline: str
    last_read_id: int
    version: int
    updated_at: int  # ms


_actor = accounts.alias("actor")
_waiting = (
    select(notifications.c.id)
    .join_from(notifications, _actor, _actor.c.id == notifications.c.actor_id)
    .outerjoin(entry, entry.c.id == notifications.c.post_id)
    .outerjoin(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .where(
        notifications.c.account_id == viewer,
        among_words(notifications.c.kind, "kinds"),
        _actor.c.suspended_at.is_(None),
        unblocked(viewer, _actor.c.id),
        ~there_is(
            mutes,
            mutes.c.muter_id == viewer,
            mutes.c.muted_id == _actor.c.id,
            mutes.c.notifications,
            or_(mutes.c.until.is_(None), mutes.c.until > now),
        ),
        or_(
            notifications.c.post_id.is_(None),
            and_(visible(shown), or_(entry.c.repost_of_id.is_(None), visible(entry))),
        ),
    )
)
_PAGED: Paged[tuple[Any, ...]] = Paged(
    _waiting.add_columns(notifications.c.kind, notifications.c.post_id, *columns_of(_actor)), notifications.c.id
)
_read_to = (
    select(markers.c.last_read_id)
    .where(markers.c.account_id == viewer, markers.c.timeline == "notifications")
    .scalar_subquery()
)
_unread = _waiting.where(notifications.c.id > func.coalesce(_read_to, 0)).limit(MOST_COUNTED).subquery("unread")
_UNREAD = Statement(select(func.count()).select_from(_unread))
_DISMISS = Statement(
    delete(notifications).where(
        notifications.c.account_id == viewer, notifications.c.id == bindparam("notification", type_=BigInteger)
    )
)
_CLEAR = Statement(delete(notifications).where(notifications.c.account_id == viewer))
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


async def notifications_of(
    tx: Tx,
    member: Account,
    page: Page = FIRST,
    *,
    kinds: Collection[str] = KINDS,
    exclude: Collection[str] = (),
) -> list[Notification]:
    """A page of the member's notifications of these kinds, in two queries."""
    wanted = [kind for kind in KINDS if kind in kinds and kind not in exclude]
    rows = await _PAGED.read(tx, page, viewer=member.id, kinds=wanted, now=tx.now)
    seen = await seen_by(tx, member, {row[2] for row in rows if row[2] is not None})
    return [
        Notification(row[0], row[1], Account(*row[3:]), seen[row[2]].shown if row[2] is not None else None)
        for row in rows
        if row[2] is None or row[2] in seen
    ]


async def get_notification(tx: Tx, member: Account, notification_id: int) -> Notification:
    """One of the member's notifications.

    Raises:
        NotFound: they have no such one.
    """
    found = await notifications_of(tx, member, Page(max_id=notification_id + 1, since_id=notification_id - 1, limit=1))
    if not found:
        raise NotFound("There is no such notification.")
    return found[0]


async def unread_count(tx: Tx, member: Account) -> int:
    """How many notifications came after the last that was read, counted up to 100."""
    count: int = await tx.value(_UNREAD, viewer=member.id, kinds=list(KINDS), now=tx.now)
    return count


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


async def dismiss(tx: Tx, member: Account, notification_id: int) -> None:
    """Forget one notification, if it is there."""
    await tx.run(_DISMISS, viewer=member.id, notification=notification_id)


async def clear(tx: Tx, member: Account) -> None:
    """Forget all of the member's notifications."""
    await tx.run(_CLEAR, viewer=member.id)
