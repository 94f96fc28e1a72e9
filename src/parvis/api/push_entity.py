"""What is pushed to an app, and a push subscription, as Mastodon's clients know them."""

from collections.abc import Awaitable, Callable

import msgspec

from parvis.api.account_entity import Address
from parvis.api.answer import encode
from parvis.api.door import Urls
from parvis.api.notification_entity import KINDS, TYPES
from parvis.api.notification_matters import heeded
from parvis.core.config import Settings
from parvis.notifications import pushes, wording
from parvis.notifications.inbox import Notification
from parvis.people.accounts import Account
from parvis.store.transaction import Tx


class PushMessage(msgspec.Struct, frozen=True):
    """What an app reads when a push arrives."""

    access_token: str
    preferred_locale: str
    notification_id: int
    notification_type: str
    icon: Address
    title: str
    body: str


class WebPushSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """Where pushes go, and of what."""

    id: str
    endpoint: Address
    standard: bool
    alerts: dict[str, bool]
    policy: pushes.From
    server_key: str


def push_letter(settings: Settings) -> Callable[[Tx, Notification, Account, str], Awaitable[bytes | None]]:
    """What is pushed of a notification, to whom, through the app that holds the token; nothing that filters hide."""
    urls = Urls(settings)

    async def compose(tx: Tx, notification: Notification, member: Account, token: str) -> bytes | None:
        if not await heeded(tx, member, (notification,)):
            return None
        return encode(
            PushMessage(
                access_token=token,
                preferred_locale=member.language or settings.language,
                notification_id=notification.id,
                notification_type=TYPES[notification.kind],
                icon=urls.still_avatar(notification.actor),
                title=wording.headline(notification.kind, notification.actor, member.language),
                body=wording.gist(notification),
            )
        )

    return compose


def subscription_entity(subscription: pushes.Subscription, server_key: str) -> WebPushSubscription:
    """The subscription, with the key by which push services know this instance."""
    return WebPushSubscription(
        id=str(subscription.id),
        endpoint=subscription.endpoint,
        standard=subscription.standard,
        alerts={name: kind in subscription.alerts for name, kind in KINDS.items()},
        policy=subscription.policy,
        server_key=server_key,
    )
