"""Where a member puts somebody: on which of their lists and in which of their collections, ticked on one page."""

import msgspec
from starlette.responses import Response

from parvis.core.errors import Forbidden, Invalid, NotFound, Refused
from parvis.core.ids import AccountId
from parvis.people import collections
from parvis.people.accounts import Account, get_account
from parvis.people.collections import Collection, may_be_collected
from parvis.people.relations import relationship
from parvis.store.transaction import Tx
from parvis.timelines import lists
from parvis.web import page
from parvis.web.profiles import account_of
from parvis.web.visit import Visit, whole_number

RATE = "60/minute"


class Places(msgspec.Struct, frozen=True):
    """The member's lists and collections, and those that hold somebody: a collection by the item that they are."""

    lists: list[lists.Listing]
    collections: list[Collection]
    listed: set[int]
    collected: dict[int, int]

    @property
    def held(self) -> set[int]:
        """Those that hold them."""
        return self.listed | {*self.collected}


async def _places(tx: Tx, member: Account, account: Account) -> Places:
    owned = await collections.collections_of(tx, member, member.id)
    return Places(
        await lists.lists_of(tx, member),
        owned,
        {listing.id for listing in await lists.lists_with(tx, member, account.id)},
        {one.id: item.id for one in owned for item in one.items if item.account_id == account.id},
    )


async def read_places(visit: Visit, tx: Tx) -> Response:
    """The member's lists and collections, ticked where they hold somebody."""
    return await _page(visit, tx, await account_of(visit, tx))


async def _page(visit: Visit, tx: Tx, account: Account, refusal: Refused | None = None) -> Response:
    member = visit.member()
    mine = await _places(tx, member, account)
    return visit.asking(
        "places.html",
        refusal,
        account=account,
        mine=mine,
        ticked=_ticked(visit, "list") | _ticked(visit, "collection") if refusal else mine.held,
        relationship=await relationship(tx, member, account.id),
        may_be_collected=may_be_collected(account.traits),
        saved=visit.query("saved", 1) == "1",
    )


async def put_in_places(visit: Visit) -> Response:
    """Have somebody on the lists and in the collections that are ticked, and in no others."""
    await visit.hold("act", RATE)
    account_id = AccountId(visit.number("account"))
    try:
        async with visit.acting() as (tx, member):
            account = await get_account(tx, account_id)
            places = await _places(tx, member, account)
            await _put_on_lists(visit, tx, account, places)
            await _put_in_collections(visit, tx, account, places)
    except (Invalid, Forbidden, NotFound) as refusal:
        async with visit.door.store.reading() as tx:
            return await _page(visit, tx, await get_account(tx, account_id), refusal)
    return visit.go(f"{page.account_path(account)}/places?saved=1")


async def _put_on_lists(visit: Visit, tx: Tx, account: Account, places: Places) -> None:
    ticked = _ticked(visit, "list")
    for listing in places.lists:
        if listing.id in ticked - places.listed:
            await lists.add_members(tx, visit.member(), listing.id, [account.id])
        elif listing.id in places.listed - ticked:
            await lists.drop_members(tx, visit.member(), listing.id, [account.id])


async def _put_in_collections(visit: Visit, tx: Tx, account: Account, places: Places) -> None:
    ticked = _ticked(visit, "collection")
    for one in places.collections:
        item = places.collected.get(one.id)
        if one.id in ticked and item is None:
            await collections.put_in(tx, visit.member(), one.id, account.id)
        elif one.id not in ticked and item is not None:
            await collections.take_out(tx, visit.member(), one.id, item)


def _ticked(visit: Visit, name: str) -> set[int]:
    found = (whole_number(value) for value in visit.form.getlist(name) if isinstance(value, str))
    return {number for number in found if number is not None}
