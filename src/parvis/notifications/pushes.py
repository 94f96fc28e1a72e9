"""Subscriptions to web push: one for each token, with what it wants to hear of.

What an app asks for flows in, a Subscription flows out; of what is told, each subscription that wants it gets a job
(`couriers`). A subscription goes with its token.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import BigInteger, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.core.seal import Seal
from parvis.notifications.envelope import SECRET_BYTES, from_base64, key_of
from parvis.notifications.kinds import KINDS
from parvis.notifications.policies import Hearer
from parvis.people.accounts import Account
from parvis.people.keys import hash_of
from parvis.store.statement import Statement, among
from parvis.store.tables import push_subscriptions
from parvis.store.transaction import Tx

From = Literal["all", "followed", "follower", "none"]

PUSH = "push_notification"
TOKEN: Final = b"token"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What an app asks for: where to push, the browser's keys in base64, and of what."""

    endpoint: str
    public_key: str
    secret: str
    standard: bool = False
    alerts: tuple[str, ...] = ()
    policy: From = "all"


class Subscription(msgspec.Struct, frozen=True):
    """A subscription as its app sees it."""

    id: int
    endpoint: str
    standard: bool
    alerts: tuple[str, ...]
    policy: From


class Push(msgspec.Struct, frozen=True):
    """A notification to be pushed to a subscription."""

    subscription: int
    notification: int


def _subscription(*row: Any) -> Subscription:
    number, endpoint, standard, alerts, policy = row
    return Subscription(number, endpoint, standard, tuple(alerts), policy)


_c = push_subscriptions.c
_token = bindparam("token_hash", type_=_c.token_hash.type)
_SHOWN = (_c.id, _c.endpoint, _c.standard, _c.alerts, _c.policy)
_subscribe = insert(push_subscriptions).values(
    {column.name: bindparam(column.name, type_=column.type) for column in push_subscriptions.columns}
)
SUBSCRIBE = Statement(
    _subscribe.on_conflict_do_update(
        index_elements=["token_hash"],
        set_={column.name: _subscribe.excluded[column.name] for column in _c if column.name != "token_hash"},
    )
)
FIND = Statement(select(*_SHOWN).where(_c.token_hash == _token), _subscription)
CHANGE = Statement(
    update(push_subscriptions)
    .where(_c.token_hash == _token)
    .values(alerts=bindparam("wanted", type_=_c.alerts.type), policy=bindparam("heard", type_=_c.policy.type))
)
END = Statement(delete(push_subscriptions).where(_c.token_hash == _token))
FORGET = Statement(delete(push_subscriptions).where(_c.id == bindparam("subscription", type_=BigInteger)))
WAITING = Statement(
    select(_c.account_id, _c.id, _c.alerts, _c.policy).where(among(_c.account_id, "accounts")).order_by(_c.id.desc())
)


async def subscribe(tx: Tx, member: Account, token: str, wish: Wish, seal: Seal) -> Subscription:
    """Push to the app that holds this token, in place of what was asked for with it before.

    Raises:
        Invalid: a key is none.
    """
    public_key, secret = _checked_keys(wish)
    alerts = [kind for kind in KINDS if kind in wish.alerts]
    number = tx.new_id()
    await tx.run(
        SUBSCRIBE,
        token_hash=hash_of(token),
        id=number,
        account_id=member.id,
        endpoint=wish.endpoint,
        public_key=public_key,
        secret=secret,
        standard=wish.standard,
        alerts=alerts,
        policy=wish.policy,
        sealed_token=seal.close(token.encode(), TOKEN),
    )
    return Subscription(number, wish.endpoint, wish.standard, tuple(alerts), wish.policy)


async def subscription_of(tx: Tx, token: str) -> Subscription:
    """The token's subscription.

    Raises:
        NotFound: it has none.
    """
    found = await tx.first(FIND, token_hash=hash_of(token))
    if found is None:
        raise NotFound("There is no push subscription for this token.")
    return found


async def change(tx: Tx, token: str, alerts: Sequence[str] | None = None, policy: From | None = None) -> Subscription:
    """Have the token's subscription hear of other things.

    Raises:
        NotFound: it has none.
    """
    found = await subscription_of(tx, token)
    wanted = found.alerts if alerts is None else tuple(kind for kind in KINDS if kind in alerts)
    heard = policy or found.policy
    await tx.run(CHANGE, token_hash=hash_of(token), wanted=list(wanted), heard=heard)
    return msgspec.structs.replace(found, alerts=wanted, policy=heard)


async def unsubscribe(tx: Tx, token: str) -> None:
    """Push no more to the app that holds this token."""
    await tx.run(END, token_hash=hash_of(token))


async def forget(tx: Tx, subscription: int) -> None:
    """Forget a subscription that its push service knows no more."""
    await tx.run(FORGET, subscription=subscription)


async def send(tx: Tx, kind: str, hearers: Sequence[Hearer], heard: Mapping[AccountId, int]) -> None:
    """Have each subscription of the hearers that wants this kind be pushed the notification that they heard."""
    if not hearers:
        return
    by_account = {hearer.account: hearer for hearer in hearers}
    for account_id, subscription, alerts, policy in await tx.all(WAITING, accounts=list(by_account)):
        if kind in alerts and _hears(policy, by_account[account_id]):
            tx.enqueue(PUSH, Push(subscription, heard[account_id]))


def _hears(policy: From, hearer: Hearer) -> bool:
    if policy == "followed":
        return hearer.follows
    if policy == "follower":
        return hearer.followed_by is not None
    return policy == "all"


def _checked_keys(wish: Wish) -> tuple[bytes, bytes]:
    try:
        public_key, secret = from_base64(wish.public_key), from_base64(wish.secret)
        key_of(public_key)
    except ValueError as error:
        raise Invalid("A push subscription has a P-256 point and a secret, in base64.", field="keys") from error
    if len(secret) != SECRET_BYTES:
        raise Invalid("The secret of a push subscription has 16 bytes.", field="keys")
    return public_key, secret
