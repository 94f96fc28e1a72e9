"""Requests: who was kept aside by the member's policy, and whether to let them in.

Letting somebody in brings what was kept aside to the rest, and nothing of theirs is kept aside again; sending them away
forgets it. A page takes three queries.
"""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, bindparam, delete, func, select, true, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core import ids
from parvis.core.errors import NotFound
from parvis.core.ids import AccountId
from parvis.events import NotificationsMerged
from parvis.notifications.kinds import ASKING
from parvis.people.accounts import Account, columns_of
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by
from parvis.store.statement import Statement, among, among_words
from parvis.store.tables import accounts, notification_permissions, notification_requests, notifications
from parvis.store.transaction import Tx

MOST_COUNTED: Final = 100


class Request(msgspec.Struct, frozen=True):
    """Somebody who was kept aside, how often, and the latest of their posts that the member may see."""

    id: int
    actor: Account
    many: int  # 100 at most
    updated_at: int  # ms
    last_post: Post | None

    @property
    def created_at(self) -> int:
        """When the first was kept aside, in ms."""
        return ids.moment_of(self.id)


_r = notification_requests.c
_n = notifications.c
_account = bindparam("account", type_=BigInteger)
_actor = accounts.alias("actor")
_aside = (
    _n.account_id == _r.account_id,
    _n.actor_id == _r.actor_id,
    _n.filtered,
    among_words(_n.kind, "asking"),
)
_asking = (
    select(
        _r.id,
        _r.updated_at,
        select(func.count())
        .select_from(notifications)
        .where(*_aside)
        .correlate(notification_requests)
        .scalar_subquery(),
        select(func.max(_n.post_id)).where(*_aside).correlate(notification_requests).scalar_subquery(),
        *columns_of(_actor),
    )
    .join_from(notification_requests, _actor, _actor.c.id == _r.actor_id)
    .where(
        _r.account_id == _account,
        _actor.c.suspended_at.is_(None),
        select(_n.id).where(*_aside).correlate(notification_requests).exists(),
    )
)
_PAGED: Paged[tuple[Any, ...]] = Paged(_asking, _r.id)
_WHOSE = Statement(select(_r.actor_id).where(_r.account_id == _account, among(_r.id, "requests")))
_allow = insert(notification_permissions).values(account_id=_account, actor_id=bindparam("actor", type_=BigInteger))
_ALLOW = Statement(_allow.on_conflict_do_nothing())
_LET_IN = Statement(
    update(notifications)
    .where(_n.account_id == _account, among(_n.actor_id, "actors"), _n.filtered)
    .values(filtered=~true())
)
_FORGET = Statement(delete(notifications).where(_n.account_id == _account, among(_n.actor_id, "actors"), _n.filtered))
_END = Statement(delete(notification_requests).where(_r.account_id == _account, among(_r.actor_id, "actors")))


async def requests_of(tx: Tx, member: Account, page: Page = FIRST) -> list[Request]:
    """Who asks to be let in, the latest to begin first."""
    rows = await _PAGED.read(tx, page, account=member.id, asking=list(ASKING))
    posts = await seen_by(tx, member, {row[3] for row in rows if row[3] is not None})
    return [Request(row[0], Account(*row[4:]), min(row[2], MOST_COUNTED), row[1], posts.get(row[3])) for row in rows]


async def get_request(tx: Tx, member: Account, request_id: int) -> Request:
    """One of them.

    Raises:
        NotFound: the member has no such one.
    """
    page = Page(max_id=request_id + 1, since_id=request_id - 1, limit=1)
    found = await requests_of(tx, member, page)
    if not found:
        raise _no_request()
    return found[0]


async def accept(tx: Tx, member: Account, requests: Collection[int]) -> None:
    """Let these in, for good: what was kept aside comes to the rest. What is no request of theirs is passed over."""
    actors = await _whose(tx, member, requests)
    await tx.many(_ALLOW, [{"account": member.id, "actor": actor} for actor in actors])
    await tx.run(_LET_IN, account=member.id, actors=actors)
    await tx.run(_END, account=member.id, actors=actors)
    tx.emit(NotificationsMerged(member.id))


async def dismiss(tx: Tx, member: Account, requests: Collection[int]) -> None:
    """Send these away: what was kept aside is forgotten. What is no request of theirs is passed over."""
    actors = await _whose(tx, member, requests)
    await tx.run(_FORGET, account=member.id, actors=actors)
    await tx.run(_END, account=member.id, actors=actors)


async def _whose(tx: Tx, member: Account, requests: Collection[int]) -> list[AccountId]:
    return [row[0] for row in await tx.all(_WHOSE, account=member.id, requests=list(requests))]


def _no_request() -> NotFound:
    return NotFound("There is no such request.")
