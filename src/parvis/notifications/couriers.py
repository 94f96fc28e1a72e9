"""The courier: carries one notification to the push service of one subscription.

A job's Push flows in; a closed and signed message flows out to the service, which is called through the house's one
door outward. What was taken back or read in the meantime is not pushed. A service that knows the subscription no more
ends it; one that is busy is asked again.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import BigInteger, bindparam, select

from parvis.core import clock, ids
from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound, TryAgain, Unavailable
from parvis.core.outbound import Fetched, Outbound
from parvis.notifications import push_keys
from parvis.notifications.envelope import base64url, enclose, enclose_as_drafted, point_of, signed
from parvis.notifications.inbox import Notification, get_notification
from parvis.notifications.pushes import PUSH, TOKEN, Push, forget
from parvis.people.accounts import SIGNED_IN, Account
from parvis.people.restraints import AWAITED, Restraint, without
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import accounts, push_subscriptions
from parvis.store.transaction import Tx

KEPT: Final = 2 * clock.DAY  # by the service, and how long it is tried
SPOKEN_FOR: Final = 12 * clock.HOUR  # a signed statement
LONGEST_WAIT: Final = 3600.0  # s
BUSY: Final = frozenset((408, 425, 429))
SERVER_ERROR: Final = 500

Compose = Callable[[Tx, Notification, Account, str], Awaitable[bytes | None]]
"""A notification, who is told, and the token of the app that will show it: the words that are pushed, if any are."""


class _Address(msgspec.Struct, frozen=True):
    endpoint: str
    public_key: bytes
    secret: bytes
    standard: bool
    sealed_token: bytes
    account: Account


def _address(*row: Any) -> _Address:
    endpoint, public_key, secret, standard, sealed_token, *account = row
    return _Address(endpoint, bytes(public_key), bytes(secret), bool(standard), bytes(sealed_token), Account(*account))


_c = push_subscriptions.c
FIND = Statement(
    select(_c.endpoint, _c.public_key, _c.secret, _c.standard, _c.sealed_token, *SIGNED_IN)
    .join_from(push_subscriptions, accounts, accounts.c.id == _c.account_id)
    .where(
        _c.id == bindparam("subscription", type_=BigInteger),
        accounts.c.suspended_at.is_(None),
        without(accounts, Restraint.DISABLED | AWAITED),
    ),
    _address,
)


def kind(settings: Settings, outbound: Outbound, compose: Compose) -> Kind:
    """The job that pushes."""

    async def run(work: Work) -> None:
        push: Push = work.payload
        async with work.store.reading() as tx:
            message = await _message(tx, push, settings, compose)
        if message is None:
            return
        url, headers, body = message
        answer = await _carry(outbound, url, headers, body)
        if answer is None or (answer.status not in BUSY and SERVER_ERROR > answer.status >= 400):  # noqa: PLR2004
            async with work.ending() as tx:
                await forget(tx, push.subscription)
        elif answer.status in BUSY:
            raise TryAgain(_pause(answer))
        elif not answer.ok:
            raise Unavailable("The push service does not answer.")

    return Kind(name=PUSH, payload=Push, run=run, concurrency=16, attempts=6, lease=clock.MINUTE)


async def _message(
    tx: Tx, push: Push, settings: Settings, compose: Compose
) -> tuple[str, dict[str, str], bytes] | None:
    """Where to send, the headers and the body; None when there is nothing to push any more."""
    address = await tx.first(FIND, subscription=push.subscription)
    if address is None or ids.moment_of(push.notification) < tx.now - KEPT:
        return None
    try:
        notification = await get_notification(tx, address.account, push.notification)
    except NotFound:
        return None
    seal = push_keys.push_seal(settings)
    key = await push_keys.private_key(tx, seal)
    words = await compose(tx, notification, address.account, seal.open(address.sealed_token, TOKEN).decode())
    if words is None:
        return None
    close = enclose if address.standard else enclose_as_drafted
    envelope = close(words, address.public_key, address.secret)
    parts = urlsplit(address.endpoint)
    statement = signed(
        key,
        audience=f"{parts.scheme}://{parts.netloc}",
        contact=f"mailto:{settings.contact}" if "@" in settings.contact else settings.url,
        until=(tx.now + SPOKEN_FOR) // clock.SECOND,
    )
    headers = envelope.headers | {
        "content-type": "application/octet-stream",
        "ttl": str(KEPT // clock.SECOND),
        "urgency": "normal",
    }
    public = base64url(point_of(key.public_key()))
    if address.standard:
        headers["authorization"] = f"vapid t={statement},k={public}"
    else:
        headers["authorization"] = f"WebPush {statement}"
        headers["crypto-key"] += f";p256ecdsa={public}"
    return address.endpoint, headers, envelope.body


async def _carry(outbound: Outbound, url: str, headers: dict[str, str], body: bytes) -> Fetched | None:
    """The service's answer; None when its address may not be called."""
    try:
        return await outbound.fetch(url, method="POST", headers=headers, content=body, most_bytes=64 * 1024, cut=True)
    except Invalid:
        return None


def _pause(answer: Fetched) -> float:
    asked = str(answer.headers.get("retry-after", ""))
    return min(float(asked), LONGEST_WAIT) if asked.isdigit() and asked != "0" else 60.0
