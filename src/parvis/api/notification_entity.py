"""Notifications as Mastodon's clients know them: one by one (v1), and in groups (v2)."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, cast

import msgspec
from msgspec import UNSET, UnsetType

from parvis.api.account_entity import Account, Address, Moment, account_entity, account_json, has
from parvis.api.collection_entity import Collection
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx
from parvis.api.faces import faces
from parvis.api.reports import Report
from parvis.api.status_entity import Status, status_entity
from parvis.api.strikes import AccountWarning
from parvis.core import clock, ids
from parvis.notifications import groups, inbox, wording
from parvis.notifications.kinds import TOGETHER
from parvis.people import accounts
from parvis.people.details import Trait
from parvis.store.transaction import Tx

Type = Literal[
    "mention",
    "quote",
    "status",
    "reblog",
    "favourite",
    "follow",
    "follow_request",
    "poll",
    "update",
    "quoted_update",
    "admin.sign_up",
    "admin.report",
    "severed_relationships",
    "moderation_warning",
    "added_to_collection",
    "collection_update",
]

TYPES: dict[str, Type] = {
    "mention": "mention",
    "quote": "quote",
    "post": "status",
    "repost": "reblog",
    "like": "favourite",
    "follow": "follow",
    "follow_request": "follow_request",
    "poll": "poll",
    "edit": "update",
    "quoted_edit": "quoted_update",
    "sign_up": "admin.sign_up",
    "report": "admin.report",
    "severance": "severed_relationships",
    "warning": "moderation_warning",
    "collected": "added_to_collection",
    "collection_edit": "collection_update",
}
KINDS: dict[str, str] = {name: kind for kind, name in TYPES.items()}
"""Mastodon's types in Parvis's kinds."""

FALLING_BACK = frozenset(("collected", "collection_edit"))
"""What older clients do not know, and are told in words."""

SEVERANCES = {"suspension": "account_suspension", "domain": "domain_block", "shunned": "user_domain_block"}


class Severance(msgspec.Struct, frozen=True, kw_only=True):
    """Follows that ended by what others did."""

    id: str
    type: Literal["domain_block", "user_domain_block", "account_suspension"]
    purged: bool = False
    target_name: str
    followers_count: int
    following_count: int
    created_at: Moment


class Fallback(msgspec.Struct, frozen=True):
    """What a client shows that does not know the type."""

    title: str
    summary: str | None = None
    details: str | None = None


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody did something that concerns the caller."""

    id: str
    type: Type
    created_at: Moment
    group_key: str
    filtered: bool | UnsetType = UNSET
    account: Account
    status: Status | UnsetType = UNSET
    report: Report | UnsetType = UNSET
    moderation_warning: AccountWarning | UnsetType = UNSET
    collection: Collection | UnsetType = UNSET
    event: Severance | UnsetType = UNSET
    fallback: Fallback | UnsetType = UNSET


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What several did about one thing, or one notification."""

    group_key: str
    notifications_count: int
    type: Type
    most_recent_notification_id: int
    page_min_id: str | UnsetType = UNSET
    page_max_id: str | UnsetType = UNSET
    latest_page_notification_at: Moment | UnsetType = UNSET
    sample_account_ids: tuple[str, ...]
    status_id: str | UnsetType = UNSET
    report: Report | UnsetType = UNSET
    moderation_warning: AccountWarning | UnsetType = UNSET
    collection: Collection | UnsetType = UNSET
    event: Severance | UnsetType = UNSET
    fallback: Fallback | UnsetType = UNSET


class PartialAccount(msgspec.Struct, frozen=True):
    """As much of an account as a face in a row wants."""

    id: str
    acct: str
    locked: bool
    bot: bool
    url: Address
    avatar: Address
    avatar_static: Address
    avatar_description: str


class Grouped(msgspec.Struct, frozen=True, kw_only=True):
    """Groups, and each account and status that they name, once."""

    accounts: tuple[Account, ...]
    partial_accounts: tuple[PartialAccount, ...] | UnsetType = UNSET
    statuses: tuple[Status, ...]
    notification_groups: tuple[Group, ...]


def notification_entity(row: inbox.Notification, urls: Urls, **more: Any) -> Notification:
    """The notification with who did it and what it is about."""
    return Notification(
        id=str(row.id),
        type=TYPES[row.kind],
        created_at=clock.iso(ids.moment_of(row.id)),
        group_key=key_shown(row.kind, row.group_key) if row.group_key else f"{groups.ALONE}{row.id}",
        filtered=row.filtered or UNSET,
        account=cast(Account, account_json(row.actor, urls)),
        status=status_entity(row.post, urls) if row.post is not None else UNSET,
        event=_severance(row),
        **more,
    )


def group_entity(group: groups.Group[Any], **more: Any) -> Group:
    """The group, with the ids of what it is about."""
    row, covered = group.shown, group.covered
    return Group(
        group_key=group.key if group.key.startswith(groups.ALONE) else key_shown(row.kind, group.key),
        notifications_count=group.many,
        type=TYPES[row.kind],
        most_recent_notification_id=group.newest,
        page_min_id=str(covered.oldest) if covered else UNSET,
        page_max_id=str(covered.newest) if covered else UNSET,
        latest_page_notification_at=clock.iso(ids.moment_of(covered.newest)) if covered else UNSET,
        sample_account_ids=tuple([str(actor) for actor in group.actors]),
        status_id=str(row.post.id) if row.post is not None else UNSET,
        event=_severance(row),
        **more,
    )


async def grouped_entity(
    ctx: Ctx,
    found: Sequence[groups.Group[Any]],
    shown: tuple[Group, ...],
    statuses: tuple[Status, ...],
    *,
    partial: bool,
) -> Grouped:
    """Groups with each account and status once; with `partial`, only the first account of each group is whole."""
    tx, urls = ctx.tx, ctx.urls
    whole = {actor for group in found for actor in (group.actors[:1] if partial else group.actors)}
    rest = {actor for group in found for actor in group.actors} - whole if partial else frozenset()
    return Grouped(
        accounts=cast(tuple[Account, ...], await faces(tx, urls, whole, account_entity)),
        partial_accounts=cast(tuple[PartialAccount, ...], await faces(tx, urls, rest, partial_entity))
        if partial
        else UNSET,
        statuses=statuses,
        notification_groups=shown,
    )


async def fallbacks(
    tx: Tx, member: accounts.Account, rows: Iterable[inbox.Told[Any]], supported: tuple[str, ...]
) -> dict[int, Fallback]:
    """What is said, by a notification's id, to a client that names the types it supports, where one is none of them."""
    unknown = (
        [row for row in rows if row.kind in FALLING_BACK and TYPES[row.kind] not in supported] if supported else ()
    )
    people = await accounts.accounts_by_ids(tx, {row.actor_id for row in unknown})
    return {
        row.id: Fallback(wording.headline(row.kind, people[row.actor_id], member.language))
        for row in unknown
        if row.actor_id in people
    }


def key_shown(kind: str, key: str) -> str:
    """A group's key in Mastodon's words."""
    return TYPES[kind] + key[len(kind) :]


def key_meant(shown: str) -> str:
    """The group's key that these words stand for."""
    for kind in TOGETHER:
        if shown.startswith(f"{TYPES[kind]}-"):
            return kind + shown[len(TYPES[kind]) :]
    return shown


def _severance(row: inbox.Told[Any]) -> Severance | UnsetType:
    if row.details is None:
        return UNSET
    told = row.details
    return Severance(
        id=str(row.id),
        type=cast(Any, SEVERANCES.get(told["kind"], "account_suspension")),
        target_name=told["name"],
        followers_count=told["followers"],
        following_count=told["following"],
        created_at=clock.iso(ids.moment_of(row.id)),
    )


def partial_entity(account: accounts.Account, urls: Urls) -> PartialAccount:
    """As much of the account as a face in a row wants."""
    avatar = urls.avatar(account)
    return PartialAccount(
        id=str(account.id),
        acct=account.acct,
        locked=has(account, Trait.LOCKED),
        bot=account.kind != "person" or has(account, Trait.AUTOMATED),
        url=urls.profile + account.acct,
        avatar=avatar,
        avatar_static=urls.still_avatar(account),
        avatar_description=account.more.avatar_alt,
    )
