"""A member's policy: of whom they want to hear, what is kept aside, and what is not told at all.

A policy and what stands between hearer and actor flow in, a verdict flows out. Whom the member follows, or let in once,
is never kept aside; nor is an answer to a private message of theirs, nor what a moderator says.
"""

from typing import Any, Final, Literal

import msgspec
from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core import clock, ids
from parvis.core.ids import AccountId, PostId
from parvis.notifications.kinds import ALWAYS, ASKING
from parvis.people.accounts import Account
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, notification_policies, notification_requests, notifications
from parvis.store.transaction import Tx

Verdict = Literal["accept", "filter", "drop"]

NEW: Final = 30 * clock.DAY
SETTLED: Final = 3 * clock.DAY  # a follower counts as one from then on
MOST_COUNTED: Final = 100


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of notifications from those whom the member does not follow, who do not follow them, and so on."""

    not_following: Verdict = "accept"
    not_followers: Verdict = "accept"
    new_accounts: Verdict = "accept"
    private_mentions: Verdict = "filter"
    limited_accounts: Verdict = "filter"


class Pending(msgspec.Struct, frozen=True):
    """How many ask to be let in, and with how many notifications."""

    requests: int
    notifications: int


class Hearer(msgspec.Struct, frozen=True):
    """Somebody who may be told, and what stands between them and the actor."""

    account: AccountId
    role: str
    not_following: Verdict | None  # their policy, where they have set one
    not_followers: Verdict | None
    new_accounts: Verdict | None
    private_mentions: Verdict | None
    limited_accounts: Verdict | None
    follows: bool  # the hearer follows the actor
    followed_by: int | None  # the id of the actor's follow of the hearer
    permitted: bool
    answered: bool  # the hearer wrote to the actor in this thread, privately
    private: bool  # it is said to those mentioned only
    actor_role: str
    actor_since: int  # ms
    actor_limited: bool
    last_key: str | None  # of the latest group that this may join
    post: PostId | None  # what they are told of

    @property
    def policy(self) -> Policy:
        """Their policy, or the usual one."""
        if self.not_following is None:
            return USUAL
        return Policy(**{field: getattr(self, field) for field in Policy.__struct_fields__})


USUAL: Final = Policy()
STAFF: Final = frozenset(("moderator", "admin"))
WORST: Final[dict[Verdict, int]] = {"accept": 0, "filter": 1, "drop": 2}

_account = bindparam("account", type_=BigInteger)
_FIELDS = Policy.__struct_fields__
_SET = insert(notification_policies).values(
    account_id=_account, **{field: bindparam(field, type_=notification_policies.c[field].type) for field in _FIELDS}
)
SET = Statement(
    _SET.on_conflict_do_update(index_elements=["account_id"], set_={field: _SET.excluded[field] for field in _FIELDS})
)
GET = Statement(
    select(*(notification_policies.c[field] for field in _FIELDS)).where(notification_policies.c.account_id == _account)
)
_actor = accounts.alias("actor")
_asking = (
    select(notifications.c.actor_id, func.count().label("many"))
    .select_from(notification_requests)
    .join(
        notifications,
        (notifications.c.account_id == notification_requests.c.account_id)
        & (notifications.c.actor_id == notification_requests.c.actor_id),
    )
    .join(_actor, _actor.c.id == notification_requests.c.actor_id)
    .where(
        notification_requests.c.account_id == _account,
        notifications.c.filtered,
        among_words(notifications.c.kind, "asking"),
        _actor.c.suspended_at.is_(None),
    )
    .group_by(notifications.c.actor_id)
    .limit(MOST_COUNTED)
    .subquery("asking_ones")
)
PENDING = Statement(select(func.count(), func.coalesce(func.sum(_asking.c.many), 0)))


async def policy_of(tx: Tx, member: Account) -> Policy:
    """The member's policy."""
    found = await tx.first(GET, account=member.id)
    return USUAL if found is None else Policy(**dict(zip(_FIELDS, found, strict=True)))


async def change_policy(tx: Tx, member: Account, **changes: Verdict) -> Policy:
    """Change parts of the member's policy; what was told or kept aside before stays so."""
    policy = msgspec.structs.replace(await policy_of(tx, member), **changes)
    await tx.run(SET, account=member.id, **msgspec.structs.asdict(policy))
    return policy


async def pending(tx: Tx, member: Account) -> Pending:
    """How many ask the member to be let in; both counts end at 100 requests."""
    requests, waiting = await tx.one(PENDING, account=member.id, asking=list(ASKING))
    return Pending(requests, int(waiting))


def verdict(kind: str, hearer: Hearer, now: int) -> Verdict:
    """What the hearer's policy makes of this kind of notification at this moment (ms)."""
    if kind in ALWAYS or hearer.permitted or (kind in ASKING and _speaks_for_the_house(hearer)):
        return "accept"
    policy = hearer.policy
    found: list[Verdict] = []
    if not hearer.follows:
        found.append(policy.not_following)
        if hearer.actor_limited:
            found.append(policy.limited_accounts)
        if hearer.actor_since > now - NEW:
            found.append(policy.new_accounts)
        if kind == "mention" and hearer.private and not hearer.answered:
            found.append(policy.private_mentions)
    if hearer.followed_by is None or ids.moment_of(hearer.followed_by) > now - SETTLED:
        found.append(policy.not_followers)
    return max(found, key=WORST.__getitem__, default="accept")


def _speaks_for_the_house(hearer: Hearer) -> bool:
    return hearer.actor_role in STAFF and hearer.role not in STAFF


def columns() -> tuple[Any, ...]:
    """The columns of a policy, in the order of `Hearer`."""
    return tuple(notification_policies.c[field] for field in _FIELDS)
