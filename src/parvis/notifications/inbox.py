"""A member's notifications, newest first, one by one.

What the member may no longer see, whoever they block or mute, and what their policy keeps aside is not there, unless
the last is asked for. A page takes two queries.
"""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
)

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId
from parvis.notifications.kinds import KINDS
from parvis.people.accounts import Account, columns_of
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import entry, muting, seen_by, shown, there_is, unblocked, viewer, visible
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, markers, mutes, notifications
from parvis.store.transaction import Tx

MOST_COUNTED: Final = 100
ANYBODY: Final = AccountId(0)


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which notifications: of some kinds, from somebody, also those kept aside, or those alone."""

    kinds: Collection[str] = KINDS
    exclude: Collection[str] = ()
    actor: AccountId = ANYBODY
    aside: bool = False  # also what is kept aside
    only_aside: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        """For the statements that compose `waiting`."""
        return {
            "kinds": [kind for kind in KINDS if kind in self.kinds and kind not in self.exclude],
            "from_actor": self.actor,
            "aside": self.aside or self.only_aside,
            "together": not self.only_aside,
        }


class Notification(msgspec.Struct, frozen=True):
    """Somebody did something that concerns the member. `post` is theirs, or the member's own that they liked."""

    id: int
    kind: str
    actor: Account
    post: Post | None
    about_id: int | None = None  # a report, a strike or a collection
    details: dict[str, Any] | None = None
    group_key: str = ""  # empty: it stands alone
    filtered: bool = False


EVERYTHING: Final = Choice()
WHATEVER: Final = Choice(aside=True)

_from = bindparam("from_actor", type_=BigInteger)
actor = accounts.alias("actor")


def heard_of(someone: FromClause) -> ColumnElement[bool]:
    """The viewer hears of this row of `accounts`."""
    return and_(
        someone.c.suspended_at.is_(None),
        unblocked(viewer, someone.c.id),
        ~and_(
            muting(viewer, someone.c.id),
            there_is(mutes, mutes.c.muter_id == viewer, mutes.c.muted_id == someone.c.id, mutes.c.notifications),
        ),
        or_(_from == ANYBODY, someone.c.id == _from),
    )


def waiting(*columns: ColumnElement[Any]) -> Select[Any]:
    """These columns of what waits for the viewer; the statement takes a Choice's parameters, `viewer` and `now`."""
    return (
        select(*columns)
        .select_from(notifications)
        .join(actor, actor.c.id == notifications.c.actor_id)
        .outerjoin(entry, entry.c.id == notifications.c.post_id)
        .outerjoin(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
        .where(
            notifications.c.account_id == viewer,
            among_words(notifications.c.kind, "kinds"),
            or_(bindparam("aside", type_=Boolean), ~notifications.c.filtered),
            or_(bindparam("together", type_=Boolean), notifications.c.filtered),
            heard_of(actor),
            or_(
                notifications.c.post_id.is_(None),
                and_(visible(shown), or_(entry.c.repost_of_id.is_(None), visible(entry))),
            ),
        )
    )


_n = notifications.c
COLUMNS: Final = (_n.id, _n.kind, _n.post_id, _n.about_id, _n.details, _n.group_key, _n.filtered)
_OWN: Final = len(COLUMNS)
_PAGED: Paged[tuple[Any, ...]] = Paged(waiting(*COLUMNS, *columns_of(actor)), _n.id)
read_to: Final = (
    select(markers.c.last_read_id)
    .where(markers.c.account_id == viewer, markers.c.timeline == "notifications")
    .scalar_subquery()
)
_unread = waiting(_n.id).where(_n.id > func.coalesce(read_to, 0)).limit(bindparam("most", type_=Integer)).subquery()
_UNREAD = Statement(select(func.count()).select_from(_unread))
_DISMISS = Statement(
    delete(notifications).where(_n.account_id == viewer, _n.id == bindparam("notification", type_=BigInteger))
)
_CLEAR = Statement(delete(notifications).where(_n.account_id == viewer))


async def notifications_of(
    tx: Tx, member: Account, page: Page = FIRST, choice: Choice = EVERYTHING
) -> list[Notification]:
    """A page of the member's notifications, in two queries."""
    rows = await _PAGED.read(tx, page, viewer=member.id, now=tx.now, **choice.parameters)
    seen = await seen_by(tx, member, {row[2] for row in rows if row[2] is not None})
    return [
        notification_from(row, Account(*row[_OWN:]), seen[row[2]].shown if row[2] is not None else None)
        for row in rows
        if row[2] is None or row[2] in seen
    ]


def notification_from(row: tuple[Any, ...], who: Account, post: Post | None) -> Notification:
    """The notification in a row that begins with `COLUMNS`."""
    number, kind, _, about_id, details, group_key, filtered = row[:_OWN]
    return Notification(number, kind, who, post, about_id, details, group_key, filtered)


async def get_notification(tx: Tx, member: Account, notification_id: int) -> Notification:
    """One of the member's notifications, be it kept aside.

    Raises:
        NotFound: they have no such one.
    """
    page = Page(max_id=notification_id + 1, since_id=notification_id - 1, limit=1)
    found = await notifications_of(tx, member, page, WHATEVER)
    if not found:
        raise NotFound("There is no such notification.")
    return found[0]


async def unread_count(tx: Tx, member: Account, choice: Choice = EVERYTHING, most: int = MOST_COUNTED) -> int:
    """How many notifications came after the last that was read, counted up to a bound."""
    count: int = await tx.value(_UNREAD, viewer=member.id, now=tx.now, most=most, **choice.parameters)
    return count


async def dismiss(tx: Tx, member: Account, notification_id: int) -> None:
    """Forget one notification, if it is there."""
    await tx.run(_DISMISS, viewer=member.id, notification=notification_id)


async def clear(tx: Tx, member: Account) -> None:
    """Forget all of the member's notifications."""
    await tx.run(_CLEAR, viewer=member.id)
