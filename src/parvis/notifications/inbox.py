"""A member's notifications, newest first, one by one.

What the member may no longer see, whoever they block or mute, and what their policy keeps aside is not there, unless
the last is asked for. A page takes two queries.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
)

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId, PostId
from parvis.notifications.kinds import KINDS
from parvis.people.accounts import Account, columns_of
from parvis.posts.glimpse import Glimpse
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import entry, muting, seen_by, shown, there_is, unblocked, viewer, visible
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, conversations, markers, mutes, notifications
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


Seen = TypeVar("Seen", Post, Glimpse)


class Told(msgspec.Struct, Generic[Seen], frozen=True):
    """Something that concerns the member. `post` is the actor's, or the member's own that the actor liked."""

    id: int
    kind: str
    actor_id: AccountId
    post: Seen | None
    about_id: int | None = None  # a report, a strike or a collection
    details: dict[str, Any] | None = None
    group_key: str = ""  # empty: it stands alone
    filtered: bool = False


class Notification(Told[Post], frozen=True, kw_only=True):
    """The same with whoever did it, whole."""

    actor: Account


EVERYTHING: Final = Choice()
WHATEVER: Final = Choice(aside=True)

_from = bindparam("from_actor", type_=BigInteger)
_actor = accounts.alias("actor")
_suspended = accounts.alias("suspended")


def heard_of(someone: ColumnElement[Any]) -> ColumnElement[bool]:
    """The viewer hears of the account with this id."""
    return and_(
        ~there_is(_suspended, _suspended.c.id == someone, _suspended.c.suspended_at.is_not(None)),
        unblocked(viewer, someone),
        ~and_(
            muting(viewer, someone),
            there_is(mutes, mutes.c.muter_id == viewer, mutes.c.muted_id == someone, mutes.c.notifications),
        ),
        or_(_from == ANYBODY, someone == _from),
    )


def waiting(*columns: ColumnElement[Any]) -> Select[Any]:
    """These columns of what waits for the viewer; the statement takes a Choice's parameters, `viewer` and `now`."""
    return (
        select(*columns)
        .select_from(notifications)
        .outerjoin(entry, entry.c.id == notifications.c.post_id)
        .outerjoin(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
        .where(
            notifications.c.account_id == viewer,
            among_words(notifications.c.kind, "kinds"),
            or_(bindparam("aside", type_=Boolean), ~notifications.c.filtered),
            or_(bindparam("together", type_=Boolean), notifications.c.filtered),
            heard_of(notifications.c.actor_id),
            or_(
                notifications.c.post_id.is_(None),
                and_(visible(shown), or_(entry.c.repost_of_id.is_(None), visible(entry))),
            ),
        )
    )


_n = notifications.c
COLUMNS: Final = (_n.id, _n.kind, _n.actor_id, shown.c.id, _n.about_id, _n.details, _n.group_key, _n.filtered)
_POST: Final = 3
_OWN: Final = len(COLUMNS)
_PAGED: Paged[tuple[Any, ...]] = Paged(
    waiting(*COLUMNS, *columns_of(_actor)).join(_actor, _actor.c.id == _n.actor_id),
    _n.id,
    feed="notifications",
)
read_to: Final = (
    select(markers.c.last_read_id)
    .where(markers.c.account_id == viewer, markers.c.timeline == "notifications")
    .scalar_subquery()
)
_most = bindparam("most", type_=Integer)
_unread = waiting(_n.id).where(_n.id > func.coalesce(read_to, 0)).limit(_most).subquery()
_UNREAD = Statement(select(func.count()).select_from(_unread))
_chats = (
    select(conversations.c.company)
    .join(shown, shown.c.id == conversations.c.last_post_id)
    .where(conversations.c.account_id == viewer, conversations.c.unread, heard_of(shown.c.author_id))
    .distinct()
)
_beside = bindparam("beside", type_=Text)


def _how_many(rows: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(rows.limit(_most).subquery())


_UNREAD_CHATS = Statement(_how_many(_chats.where(conversations.c.company != _beside)))
_in_private = and_(_n.kind == literal_column("'mention'"), shown.c.visibility == literal_column("'mentioned'"))
_elsewhere = waiting(_n.id).where(_n.id > func.coalesce(read_to, 0), ~_in_private).limit(_most).subquery()
_BOTH = Statement(
    select(select(func.count()).select_from(_elsewhere).scalar_subquery(), _how_many(_chats).scalar_subquery())
)
_PRIVATE = Statement(
    select(_n.id)
    .join_from(notifications, shown, shown.c.id == _n.post_id)
    .where(_n.account_id == viewer, _n.id == bindparam("notification", type_=BigInteger), _in_private)
)
_DISMISS = Statement(
    delete(notifications).where(_n.account_id == viewer, _n.id == bindparam("notification", type_=BigInteger))
)
_CLEAR = Statement(delete(notifications).where(_n.account_id == viewer))


async def notifications_of(
    tx: Tx, member: Account, page: Page = FIRST, choice: Choice = EVERYTHING
) -> list[Notification]:
    """A page of the member's notifications, in two queries."""
    rows = await _PAGED.read(tx, page, viewer=member.id, now=tx.now, **choice.parameters)
    seen = await seen_by(tx, member, posts_in(rows))
    return [
        Notification(actor=Account(*row[_OWN:]), **told_in(row, seen))
        for row in rows
        if row[_POST] is None or row[_POST] in seen
    ]


def told_in(row: Sequence[Any], seen: Mapping[PostId, Any]) -> dict[str, Any]:
    """The fields of a Told, from a row that begins with `COLUMNS` and what was seen of the posts."""
    fields = dict(zip(Told.__struct_fields__, row, strict=False))
    fields["post"] = seen.get(row[_POST])
    return fields


def posts_in(rows: Iterable[Sequence[Any]]) -> list[PostId]:
    """The posts that there are to read in these rows (which begin with `COLUMNS`)."""
    return list({row[_POST] for row in rows if row[_POST] is not None})


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


async def unread_chats(tx: Tx, member: Account, *, beside: str = "") -> int:
    """With how many others of whom they hear, or groups of them, the member has messages to read.

    `beside` leaves one of them out: the ids of who is in it, as its row says them.
    """
    given = {"viewer": member.id, "now": tx.now, "from_actor": ANYBODY, "beside": beside}
    count: int = await tx.value(_UNREAD_CHATS, most=MOST_COUNTED, **given)
    return count


async def unread_here_and_there(tx: Tx, member: Account) -> tuple[int, int]:
    """How many notifications and how many chats there are to read, in one query; private words count with chats."""
    row = await tx.one(_BOTH, viewer=member.id, now=tx.now, most=MOST_COUNTED, **EVERYTHING.parameters)
    return row[0], row[1]


async def tells_of_a_chat(tx: Tx, member: Account, notification_id: int) -> bool:
    """Whether a notification tells of what was said in private: `unread_here_and_there` counts that with its chat."""
    return await tx.value(_PRIVATE, viewer=member.id, notification=notification_id) is not None


async def dismiss(tx: Tx, member: Account, notification_id: int) -> None:
    """Forget one notification, if it is there."""
    await tx.run(_DISMISS, viewer=member.id, notification=notification_id)


async def clear(tx: Tx, member: Account) -> None:
    """Forget all of the member's notifications."""
    await tx.run(_CLEAR, viewer=member.id)
