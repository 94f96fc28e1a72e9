"""Accounts already written: each is encoded once, and again only when its row has changed.

Ids flow in, encoded accounts flow out in one slim query; a second one reads whole those that were not written before.
"""

from collections.abc import Callable, Collection

import msgspec
from msgspec import Raw
from sqlalchemy import select

from parvis.api.answer import encode
from parvis.api.door import Urls
from parvis.core.ids import AccountId
from parvis.people.accounts import Account, accounts_by_ids
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts
from parvis.store.transaction import Tx

KEY_BYTES = 200  # what keeping one costs beside its text

VERSIONS = Statement(select(accounts.c.id, accounts.c.version).where(among(accounts.c.id, "ids")))


async def faces(
    tx: Tx, urls: Urls, ids: Collection[AccountId], entity: Callable[[Account, Urls], msgspec.Struct]
) -> tuple[Raw, ...]:
    """Those of these accounts that exist, each as `entity` makes it."""
    if not ids:
        return ()
    emojis = urls.emojis.version
    find = tx.memory.find
    found: list[Raw] = []
    missing: dict[AccountId, int] = {}
    for account_id, version in await tx.all(VERSIONS, ids=list(ids)):
        known = find((urls, entity, account_id, version, emojis))
        if known is None:
            missing[account_id] = version
        else:
            found.append(known)
    if missing:
        for account in (await accounts_by_ids(tx, missing)).values():
            json = encode(entity(account, urls))
            tx.memory.keep((urls, entity, account.id, missing[account.id], emojis), Raw(json), len(json) + KEY_BYTES)
            found.append(Raw(json))
    return tuple(found)
