"""Tastes: the version of what a member set for their feeds, so that who set nothing costs nothing.

Filters, lists and followed hashtags belong to `timelines`; here is only their version, which stands on the account's
row and so is known of whoever signs in without another query. A change gives a new version, never one used before.
"""

from sqlalchemy import BigInteger, bindparam, update

from parvis.core.ids import AccountId
from parvis.events import TastesChanged
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.store.transaction import Tx

_SET = Statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account", type_=BigInteger))
    .values(tastes=bindparam("version", type_=BigInteger))
)


async def renew(tx: Tx, account_id: AccountId, *, plain: bool = False, filters: bool = False) -> None:
    """Give the account's tastes a new version, or 0 when it has none any more (`plain`)."""
    version = 0 if plain else tx.new_id()
    await tx.run(_SET, account=account_id, version=version)
    tx.emit(TastesChanged(account_id, version, filters))
