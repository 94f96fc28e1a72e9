"""Collections of accounts as Mastodon's clients know them."""

from typing import Literal, cast

import msgspec

from parvis.api.account_entity import Account, Address, Moment
from parvis.api.door import Urls
from parvis.core import clock
from parvis.people import collections


class ShallowTag(msgspec.Struct, frozen=True):
    """A hashtag, by its name alone."""

    name: str
    url: Address


class CollectionItem(msgspec.Struct, frozen=True, kw_only=True):
    """An account in a collection."""

    id: str
    account_id: str
    state: Literal["pending", "accepted", "rejected", "revoked"]
    created_at: Moment


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts that a member recommends."""

    id: str
    account_id: str
    uri: Address
    url: Address
    name: str
    description: str
    language: str | None
    local: bool = True
    sensitive: bool
    discoverable: bool
    tag: ShallowTag | None
    item_count: int
    items: tuple[CollectionItem, ...]
    created_at: Moment
    updated_at: Moment


class CollectionWithAccounts(msgspec.Struct, frozen=True):
    """A collection, its owner and everyone in it."""

    collection: Collection
    accounts: tuple[Account, ...]


def item_entity(item: collections.Item) -> CollectionItem:
    """An account in a collection."""
    return CollectionItem(
        id=str(item.id),
        account_id=str(item.account_id),
        state=cast(Literal["pending", "accepted", "rejected", "revoked"], item.state),
        created_at=clock.iso(item.created_at),
    )


def collection_entity(found: collections.Collection, urls: Urls) -> Collection:
    """The collection, with the items that its viewer sees."""
    address = f"{urls.base}/collections/{found.id}"
    return Collection(
        id=str(found.id),
        account_id=str(found.account_id),
        uri=address,
        url=address,
        name=found.name,
        description=found.description,
        language=found.language,
        sensitive=found.sensitive,
        discoverable=found.discoverable,
        tag=ShallowTag(found.tag, urls.tagged(found.tag)) if found.tag else None,
        item_count=len(found.items),
        items=tuple(item_entity(item) for item in found.items),
        created_at=clock.iso(found.created_at),
        updated_at=clock.iso(found.updated_at),
    )
