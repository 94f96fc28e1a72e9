"""Collections: accounts that a member recommends, and who is in whose."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, account_entity
from parvis.api.answer import Empty
from parvis.api.collection_entity import (
    Collection,
    CollectionItem,
    CollectionWithAccounts,
    collection_entity,
    item_entity,
)
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.faces import faces
from parvis.api.fields import Id, Ids
from parvis.core.errors import Forbidden
from parvis.core.ids import AccountId
from parvis.people import collections
from parvis.posts.text import fold_tag

endpoints = Endpoints("collections")

LONGEST = 80

Name = Annotated[str, Meta(max_length=500, description="40 characters at most.")]
Description = Annotated[str, Meta(max_length=1000, description="100 characters at most.")]
Language = Annotated[str, Meta(max_length=35)]
TagName = Annotated[str, Meta(max_length=200)]


class OneCollection(msgspec.Struct, frozen=True):
    """One collection."""

    id: Id


class OneItem(msgspec.Struct, frozen=True):
    """An item of a collection."""

    collection_id: Id
    id: Id


class NewCollection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection, and whom to put in."""

    name: Name
    description: Description | None = None
    language: Language | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag_name: TagName | None = None
    account_ids: Ids = ()


class ChangedCollection(msgspec.Struct, frozen=True, kw_only=True):
    """What to say of it from now on."""

    id: Id
    name: Name | None = None
    description: Description | None = None
    language: Language | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag_name: TagName | None = None


class NewItem(msgspec.Struct, frozen=True):
    """Whom to put into a collection."""

    collection_id: Id
    account_id: Id


class CollectionPage(msgspec.Struct, frozen=True):
    """Which of an account's collections."""

    account_id: Id
    limit: Annotated[int, Meta(ge=1, description="How many; 80 at most.")] = 40
    offset: Annotated[int, Meta(ge=0, le=10_000)] = 0


class Wrapped(msgspec.Struct, frozen=True):
    """One collection."""

    collection: Collection


class WrappedItem(msgspec.Struct, frozen=True):
    """One item."""

    collection_item: CollectionItem


class WrappedSeveral(msgspec.Struct, frozen=True):
    """Several collections."""

    collections: tuple[Collection, ...]


def _sketch(given: NewCollection | ChangedCollection) -> collections.Sketch:
    return collections.Sketch(
        name=given.name,
        description=given.description,
        language=given.language,
        sensitive=given.sensitive,
        discoverable=given.discoverable,
        tag=None if given.tag_name is None else fold_tag(given.tag_name.lstrip("#")),
    )


def _several(ctx: Ctx, given: CollectionPage, found: list[collections.Collection]) -> WrappedSeveral:
    most = min(given.limit, LONGEST)
    kept = [pair for pair in parse_qsl(ctx.scope["query_string"].decode("latin-1")) if pair[0] == "limit"]
    beside = []
    if len(found) == most:
        beside.append(("next", given.offset + most))
    if given.offset:
        beside.append(("prev", max(0, given.offset - most)))
    if beside:
        pages = [f'<{ctx.path}?{urlencode([*kept, ("offset", offset)])}>; rel="{rel}"' for rel, offset in beside]
        ctx.headers.append((b"link", ", ".join(pages).encode("latin-1")))
    return WrappedSeveral(tuple(collection_entity(one, ctx.urls) for one in found))


@endpoints.get("/api/v1/accounts/{account_id}/collections", scope="read:collections", who="anyone", pages=True)
async def get_account_collections(ctx: Ctx, given: CollectionPage) -> WrappedSeveral:
    """An account's collections, the latest first."""
    owner = AccountId(int(given.account_id))
    most = min(given.limit, LONGEST)
    return _several(ctx, given, await collections.collections_of(ctx.tx, ctx.viewer, owner, most, given.offset))


@endpoints.get("/api/v1/accounts/{account_id}/in_collections", scope="read:collections", pages=True)
async def get_in_collections(ctx: Ctx, given: CollectionPage) -> WrappedSeveral:
    """The collections that the caller is in; nobody else's."""
    if int(given.account_id) != ctx.member.id:
        raise Forbidden("This action is not allowed")
    most = min(given.limit, LONGEST)
    return _several(ctx, given, await collections.collections_with(ctx.tx, ctx.member, most, given.offset))


@endpoints.post("/api/v1/collections", scope="write:collections", refuses=(403, 404), manner="nested")
async def create_collection(ctx: Ctx, given: NewCollection) -> Wrapped:
    """Make a collection."""
    members = [AccountId(int(one)) for one in given.account_ids]
    made = await collections.create(ctx.tx, ctx.member, _sketch(given), members)
    return Wrapped(collection_entity(made, ctx.urls))


@endpoints.get("/api/v1/collections/{id}", scope="read:collections", who="anyone")
async def get_collection(ctx: Ctx, given: OneCollection) -> CollectionWithAccounts:
    """One collection, with its owner and everyone in it."""
    found = await collections.get_collection(ctx.tx, ctx.viewer, int(given.id))
    people = {found.account_id, *(item.account_id for item in found.items)}
    accounts: tuple[Account, ...] = await faces(ctx.tx, ctx.urls, people, account_entity)  # type: ignore[assignment] # encoded
    return CollectionWithAccounts(collection_entity(found, ctx.urls), accounts)


@endpoints.patch("/api/v1/collections/{id}", scope="write:collections", refuses=(403,), manner="nested")
async def change_collection(ctx: Ctx, given: ChangedCollection) -> Wrapped:
    """Change what is said of a collection."""
    changed = await collections.change(ctx.tx, ctx.member, int(given.id), _sketch(given))
    return Wrapped(collection_entity(changed, ctx.urls))


@endpoints.delete("/api/v1/collections/{id}", scope="write:collections", refuses=(403,))
async def delete_collection(ctx: Ctx, given: OneCollection) -> Empty:
    """Remove a collection."""
    await collections.remove(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.post("/api/v1/collections/{collection_id}/items", scope="write:collections", refuses=(403,))
async def add_item(ctx: Ctx, given: NewItem) -> WrappedItem:
    """Put an account into a collection."""
    member = AccountId(int(given.account_id))
    return WrappedItem(item_entity(await collections.put_in(ctx.tx, ctx.member, int(given.collection_id), member)))


@endpoints.delete("/api/v1/collections/{collection_id}/items/{id}", scope="write:collections", refuses=(403,))
async def delete_item(ctx: Ctx, given: OneItem) -> Empty:
    """Take an account out of a collection."""
    await collections.take_out(ctx.tx, ctx.member, int(given.collection_id), int(given.id))
    return Empty()


@endpoints.post("/api/v1/collections/{collection_id}/items/{id}/revoke", scope="write:collections", refuses=(403,))
async def revoke_item(ctx: Ctx, given: OneItem) -> Empty:
    """Leave somebody's collection for good."""
    await collections.leave(ctx.tx, ctx.member, int(given.collection_id), int(given.id))
    return Empty()
