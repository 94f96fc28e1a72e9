"""Notifications as Mastodon's clients know them, one by one (v1)."""

from typing import Literal

import msgspec

from parvis.api.account_entity import Account, Moment, account_entity
from parvis.api.door import Urls
from parvis.api.status_entity import Status, status_entity
from parvis.core import clock, ids
from parvis.notifications import inbox

Type = Literal["mention", "reblog", "follow", "favourite"]

TYPES: dict[str, Type] = {
    "mention": "mention",
    "like": "favourite",
    "repost": "reblog",
    "follow": "follow",
}
KINDS = {name: kind for kind, name in TYPES.items()}
"""Mastodon's types in Parvis's kinds."""


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody did something that concerns the caller."""

    id: str
    type: Type
    created_at: Moment
    group_key: str
    account: Account
    status: Status | None = None


def notification_entity(row: inbox.Notification, urls: Urls) -> Notification:
    """The notification with who did it and the status it is about."""
    return Notification(
        id=str(row.id),
        type=TYPES[row.kind],
        created_at=clock.iso(ids.moment_of(row.id)),
        group_key=f"ungrouped-{row.id}",
        account=account_entity(row.actor, urls),
        status=status_entity(row.post, urls) if row.post is not None else None,
    )
