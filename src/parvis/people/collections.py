"""Collections: accounts that a member recommends, under a name.

A Sketch flows in, a Collection with its items flows out. Nobody is put into one who does not want to be found, or where
a block stands between; whoever is put in is told, and may leave for good. Others see collections that are to be found,
and the items that stand; a page takes two queries.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from parvis.core import ids
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.core.text import keepable, one_line
from parvis.events import Collected, CollectionEdited, Uncollected
from parvis.people import relations, standing
from parvis.people.accounts import Account, lock_accounts
from parvis.people.details import Trait
from parvis.people.rules import checked_language
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, blocks, collection_items, collections
from parvis.store.transaction import Tx

MOST: Final = 10  # collections of one member
MOST_ITEMS: Final = 25
NAME_LENGTH: Final = 40
DESCRIPTION_LENGTH: Final = 100
TAG_LENGTH: Final = 100


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """What a member says of a collection; what is None stays as it is."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag: str | None = None  # folded, without its #; empty for none


class Item(msgspec.Struct, frozen=True):
    """An account in a collection: pending, accepted or revoked."""

    id: int
    collection_id: int
    account_id: AccountId
    state: str

    @property
    def created_at(self) -> int:
        """When it was put in, in ms."""
        return ids.moment_of(self.id)


class Collection(msgspec.Struct, frozen=True):
    """A collection as somebody sees it."""

    id: int
    account_id: AccountId
    name: str
    description: str
    language: str | None
    sensitive: bool
    discoverable: bool
    tag: str
    updated_at: int  # ms
    items: tuple[Item, ...] = ()

    @property
    def created_at(self) -> int:
        """When it was made, in ms."""
        return ids.moment_of(self.id)


_c = collections.c
_i = collection_items.c
_stands = _i.state != literal_column("'revoked'")
_owner = bindparam("owner", type_=BigInteger)
_viewer = bindparam("viewer", type_=BigInteger)
_one = bindparam("collection", type_=BigInteger)
_FIELDS = tuple(name for name in Collection.__struct_fields__ if name != "items")
_all = select(*(_c[name] for name in _FIELDS))
_changeable = ("name", "description", "language", "sensitive", "discoverable", "tag", "updated_at")


def _blocked(one: Any, other: Any) -> Any:
    return exists().where(
        or_(
            and_(blocks.c.blocker_id == one, blocks.c.blocked_id == other),
            and_(blocks.c.blocker_id == other, blocks.c.blocked_id == one),
        )
    )


COUNT = Statement(select(func.count()).select_from(collections).where(_c.account_id == _owner))
ADD = Statement(insert(collections).values({name: bindparam(name, type_=_c[name].type) for name in _FIELDS}))
CHANGE = Statement(
    update(collections)
    .where(_c.id == _one)
    .values({name: bindparam(f"new_{name}", type_=_c[name].type) for name in _changeable})
)
DELETE = Statement(delete(collections).where(_c.id == _one))
_seen = _all.join_from(collections, accounts, accounts.c.id == _c.account_id).where(
    or_(_c.account_id == _viewer, and_(accounts.c.suspended_at.is_(None), ~_blocked(_c.account_id, _viewer)))
)
GET = Statement(_seen.where(_c.id == _one), Collection)
SEVERAL = Statement(_seen.where(among(_c.id, "ids")), Collection)
_page = (
    _all.join_from(collections, accounts, accounts.c.id == _c.account_id)
    .where(
        or_(
            _c.account_id == _viewer,
            and_(_c.discoverable, accounts.c.suspended_at.is_(None), ~_blocked(_c.account_id, _viewer)),
        )
    )
    .order_by(_c.id.desc())
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("skipped", type_=Integer))
)
OF_ACCOUNT = Statement(_page.where(_c.account_id == _owner), Collection)
WITH_ACCOUNT = Statement(
    _all.join_from(collections, collection_items, _i.collection_id == _c.id)
    .join(accounts, accounts.c.id == _c.account_id)
    .where(
        _i.account_id == _viewer,
        _stands,
        accounts.c.suspended_at.is_(None),
        ~_blocked(_c.account_id, _viewer),
    )
    .order_by(_i.id.desc())
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("skipped", type_=Integer)),
    Collection,
)
ITEMS = Statement(
    select(*(_i[name] for name in Item.__struct_fields__))
    .join_from(collection_items, collections, _c.id == _i.collection_id)
    .join(accounts, accounts.c.id == _i.account_id)
    .where(
        among(_i.collection_id, "collections"),
        accounts.c.suspended_at.is_(None),
        ~_blocked(_c.account_id, _i.account_id),
        or_(_i.account_id == _viewer, ~_blocked(_viewer, _i.account_id)),
        or_(
            _i.state == "accepted", and_(_i.state == "pending", or_(_c.account_id == _viewer, _i.account_id == _viewer))
        ),
    )
    .order_by(_i.id),
    Item,
)
ITEM_COUNT = Statement(select(func.count()).select_from(collection_items).where(_i.collection_id == _one, _stands))
MAY_COLLECT = Statement(
    select(accounts.c.id, accounts.c.traits, _blocked(accounts.c.id, _owner)).where(
        among(accounts.c.id, "ids"), accounts.c.suspended_at.is_(None)
    )
)
PUT_IN = Statement(
    upsert(collection_items)
    .values({name: bindparam(name, type_=_i[name].type) for name in Item.__struct_fields__})
    .on_conflict_do_nothing()
)
TAKE_OUT = Statement(
    delete(collection_items).where(_i.collection_id == _one, _i.id == bindparam("item", type_=BigInteger), _stands)
)
REVOKE = Statement(
    update(collection_items)
    .where(
        _i.collection_id == _one,
        _i.id == bindparam("item", type_=BigInteger),
        _i.account_id == _owner,
        _stands,
    )
    .values(state=bindparam("new_state", type_=Text))
)


async def create(tx: Tx, account: Account, sketch: Sketch, members: Sequence[AccountId] = ()) -> Collection:
    """Make a collection, and put these in.

    Raises:
        Invalid: a text is too long or missing, there are too many items, or the member has too many collections.
        NotFound: one of the accounts does not exist.
        Forbidden: one of them is not to be put into collections.
    """
    standing.require(account, "follow")
    await lock_accounts(tx, (account.id,))  # two at once are counted one after the other
    if await tx.value(COUNT, owner=account.id) >= MOST:
        raise Invalid("One keeps at most {limit} collections.", limit=MOST)
    made = Collection(tx.new_id(), account.id, "", "", None, sensitive=False, discoverable=True, tag="", updated_at=0)
    made = _sketched(made, msgspec.structs.replace(sketch, name=sketch.name or ""), tx.now)
    await tx.run(ADD, **{name: getattr(made, name) for name in _FIELDS})
    for member in dict.fromkeys(members):
        await _put_in(tx, account, made.id, member)
    return await get_collection(tx, account, made.id)


async def get_collection(tx: Tx, viewer: Account | None, collection_id: int) -> Collection:
    """One collection, with the items that the viewer may see.

    Raises:
        NotFound: there is none, or they may not see it.
    """
    whose = viewer.id if viewer else 0
    found = await tx.first(GET, collection=collection_id, viewer=whose)
    if found is None:
        raise _no_collection()
    return (await _with_items(tx, whose, (found,)))[0]


async def several(tx: Tx, viewer: Account, collection_ids: Iterable[int]) -> dict[int, Collection]:
    """Those of these collections that the viewer may see, in two queries."""
    wanted = list(collection_ids)
    found = await tx.all(SEVERAL, ids=wanted, viewer=viewer.id) if wanted else []
    return {one.id: one for one in await _with_items(tx, viewer.id, found)}


async def collections_of(
    tx: Tx, viewer: Account | None, account_id: AccountId, limit: int = 40, offset: int = 0
) -> list[Collection]:
    """The account's collections, the latest first: one's own all, others' that are to be found."""
    whose = viewer.id if viewer else 0
    found = await tx.all(OF_ACCOUNT, owner=account_id, viewer=whose, most=limit, skipped=offset)
    return await _with_items(tx, whose, found)


async def collections_with(tx: Tx, account: Account, limit: int = 40, offset: int = 0) -> list[Collection]:
    """The collections that the account is in, the latest first."""
    found = await tx.all(WITH_ACCOUNT, viewer=account.id, most=limit, skipped=offset)
    return await _with_items(tx, account.id, found)


async def change(tx: Tx, account: Account, collection_id: int, sketch: Sketch) -> Collection:
    """Change what is said of one's collection; those in it are told.

    Raises:
        NotFound: there is none that the member may see.
        Forbidden: it is somebody else's.
        Invalid: a text is too long or missing.
    """
    before = await _own(tx, account, collection_id)
    after = _sketched(before, sketch, tx.now)
    await tx.run(CHANGE, collection=collection_id, **{f"new_{name}": getattr(after, name) for name in _changeable})
    if (before.name, before.description, before.tag) != (after.name, after.description, after.tag):
        tx.emit(CollectionEdited(collection_id, account.id))
    return after


async def remove(tx: Tx, account: Account, collection_id: int) -> None:
    """Remove one's collection.

    Raises:
        NotFound: there is none that the member may see.
        Forbidden: it is somebody else's.
    """
    found = await _own(tx, account, collection_id)
    await tx.run(DELETE, collection=collection_id)
    for item in found.items:
        tx.emit(Uncollected(collection_id, item.account_id))


async def put_in(tx: Tx, account: Account, collection_id: int, member: AccountId) -> Item:
    """Put an account into one's collection.

    Raises:
        NotFound: there is no such collection or account.
        Forbidden: it is somebody else's collection, or the account is not to be put into any.
        Invalid: the account is or was in it, or it is full.
    """
    await _own(tx, account, collection_id)
    return await _put_in(tx, account, collection_id, member)


async def take_out(tx: Tx, account: Account, collection_id: int, item: int) -> None:
    """Take an item out of one's collection.

    Raises:
        NotFound: there is no such collection or item.
        Forbidden: it is somebody else's collection.
    """
    found = await _own(tx, account, collection_id)
    members = {one.id: one.account_id for one in found.items}
    if not await tx.run(TAKE_OUT, collection=collection_id, item=item):
        raise NotFound("There is no such item.")
    if item in members:
        tx.emit(Uncollected(collection_id, members[item]))


async def leave(tx: Tx, account: Account, collection_id: int, item: int) -> None:
    """Leave somebody's collection for good.

    Raises:
        NotFound: there is no such collection or item.
        Forbidden: the item is somebody else.
    """
    found = await get_collection(tx, account, collection_id)
    mine = {one.id: one.account_id for one in found.items}
    if item not in mine:
        raise NotFound("There is no such item.")
    if mine[item] != account.id:
        raise Forbidden("This is not for you to do.")
    await tx.run(REVOKE, collection=collection_id, item=item, owner=account.id, new_state="revoked")
    tx.emit(Uncollected(collection_id, account.id))


async def follow_all(tx: Tx, account: Account, collection_id: int) -> int:
    """Follow everyone in a collection, or ask to; who may not be followed is passed over. How many were not before.

    Raises:
        NotFound: there is none, or they may not see it.
        Forbidden: the account is suspended.
    """
    standing.require(account, "follow")
    found = await get_collection(tx, account, collection_id)
    members = sorted({item.account_id for item in found.items} - {account.id})
    await lock_accounts(tx, (account.id, *members))  # all at once, as each follow locks two
    known = await relations.relationships(tx, account, members, suspended_too=False)
    fresh = [one.id for one in known.values() if not (one.following or one.asked or one.blocking or one.blocked_by)]
    for member in fresh:
        await relations.follow(tx, account, member)
    return len(fresh)


def may_be_collected(traits: int) -> bool:
    """Whether an account with these traits may be put into collections: whoever wants to be found."""
    return not traits & Trait.UNDISCOVERED


async def _put_in(tx: Tx, account: Account, collection_id: int, member: AccountId) -> Item:
    await lock_accounts(tx, (account.id,))  # two at once are counted one after the other
    found = await tx.first(MAY_COLLECT, ids=[member], owner=account.id)
    if found is None:
        raise NotFound("This account does not exist.")
    _, traits, blocked = found
    if blocked or not may_be_collected(traits):
        raise Forbidden("They do not want to be collected.")
    if await tx.value(ITEM_COUNT, collection=collection_id) >= MOST_ITEMS:
        raise Invalid("A collection holds at most {limit} people.", limit=MOST_ITEMS)
    item = Item(tx.new_id(), collection_id, member, "accepted")
    if not await tx.run(PUT_IN, **msgspec.structs.asdict(item)):
        raise Invalid("They are in this collection already, or have left it.", field="account_id")
    if member != account.id:
        tx.emit(Collected(collection_id, account.id, member))
    return item


async def _own(tx: Tx, account: Account, collection_id: int) -> Collection:
    found = await get_collection(tx, account, collection_id)
    if found.account_id != account.id:
        raise Forbidden("This is not for you to do.")
    return found


async def _with_items(tx: Tx, viewer: int, found: Iterable[Collection]) -> list[Collection]:
    wanted = list(found)
    if not wanted:
        return []
    items: dict[int, list[Item]] = {}
    for item in await tx.all(ITEMS, collections=[one.id for one in wanted], viewer=viewer):
        items.setdefault(item.collection_id, []).append(item)
    return [msgspec.structs.replace(one, items=tuple(items.get(one.id, ()))) for one in wanted]


def _sketched(before: Collection, sketch: Sketch, now: int) -> Collection:
    """The collection with what is said of it anew."""
    changes = {name: value for name, value in msgspec.structs.asdict(sketch).items() if value is not None}
    after = msgspec.structs.replace(before, **changes, updated_at=now)
    name, description = one_line(after.name), keepable(after.description).strip()
    if not name:
        raise Invalid("A collection needs a name.", field="name")
    _check_length(name, NAME_LENGTH, "name")
    _check_length(description, DESCRIPTION_LENGTH, "description")
    _check_length(after.tag, TAG_LENGTH, "tag_name")
    language = checked_language(after.language) if after.language else None
    return msgspec.structs.replace(after, name=name, description=description, language=language)


def _check_length(words: str, most: int, field: str) -> None:
    if len(words) > most:
        raise Invalid("This is longer than {limit} characters.", field, limit=most)


def _no_collection() -> NotFound:
    return NotFound("There is no such collection.")
