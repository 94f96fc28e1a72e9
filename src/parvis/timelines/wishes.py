"""When what a member wishes of their feeds changes, their tastes get a new version, or none when they wish nothing."""

from sqlalchemy import BigInteger, Integer, bindparam, exists, or_, select, type_coerce

from parvis.core.ids import AccountId
from parvis.people import tastes
from parvis.people.accounts import lock_accounts
from parvis.store.statement import Statement
from parvis.store.tables import filters, list_members, lists, tag_follows
from parvis.store.transaction import Tx

_account = bindparam("account", type_=BigInteger)
_WISHES = Statement(
    select(
        type_coerce(
            or_(
                exists().where(filters.c.account_id == _account),
                exists().where(tag_follows.c.account_id == _account),
                exists().where(lists.c.account_id == _account, lists.c.exclusive, list_members.c.list_id == lists.c.id),
            ),
            Integer,
        )
    )
)


async def changed(tx: Tx, account: AccountId, *, filters: bool = False) -> None:
    """The account's filters, exclusive lists or followed hashtags are different now."""
    await lock_accounts(tx, (account,))  # of two changes at once, the second sees what the first wished
    await tastes.renew(tx, account, plain=not await tx.value(_WISHES, account=account), filters=filters)
