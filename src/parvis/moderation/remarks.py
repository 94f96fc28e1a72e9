"""Remarks: what those at the desk write about an account for one another. Its owner never reads them.

Words flow in and are kept as long as the account; whoever wrote them, or stands above, takes them away.
"""

from typing import Final

import msgspec
from sqlalchemy import BigInteger, bindparam, delete, insert, select

from parvis.core import ids
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.core.text import keepable
from parvis.moderation import roles
from parvis.moderation.roles import May
from parvis.people import accounts
from parvis.people.accounts import Account
from parvis.store.statement import Statement
from parvis.store.tables import remarks
from parvis.store.transaction import Tx

LONGEST: Final = 2000
MOST_LISTED: Final = 100


class Remark(msgspec.Struct, frozen=True):
    """What was remarked on an account, and by whom."""

    id: int
    account_id: AccountId
    author_id: AccountId | None
    text: str

    @property
    def created_at(self) -> int:
        """When, in ms."""
        return ids.moment_of(self.id)


_this = remarks.c.id == bindparam("which", type_=BigInteger)
_ADD = Statement(insert(remarks).values({c.name: bindparam(c.name, type_=c.type) for c in remarks.columns}))
_ON = Statement(
    select(*remarks.columns)
    .where(remarks.c.account_id == bindparam("account", type_=BigInteger))
    .order_by(remarks.c.id.desc())
    .limit(MOST_LISTED),
    Remark,
)
_GET = Statement(select(*remarks.columns).where(_this), Remark)
_REMOVE = Statement(delete(remarks).where(_this))


async def remark(tx: Tx, moderator: Account, account_id: AccountId, text: str) -> int:
    """Write something about an account for whoever sits at the desk; the remark's id.

    Raises:
        Forbidden: the moderator may not.
        NotFound: there is no such account.
        Invalid: it is empty or too long.
    """
    roles.require(moderator, May.REPORTS)
    await accounts.get_account(tx, account_id)
    words = keepable(text).strip()
    if not 1 <= len(words) <= LONGEST:
        raise Invalid("A remark has 1 to {limit} characters.", field="text", limit=LONGEST)
    identifier = tx.new_id()
    await tx.run(_ADD, id=identifier, account_id=account_id, author_id=moderator.id, text=words)
    return identifier


async def remarks_on(tx: Tx, moderator: Account | None, account_id: AccountId) -> list[Remark]:
    """What was remarked on an account, the latest first, 100 at most.

    Raises:
        Forbidden: the account may not read it.
    """
    roles.require(moderator, May.REPORTS)
    return await tx.all(_ON, account=account_id)


async def take_away(tx: Tx, moderator: Account, which: int) -> AccountId:
    """Take a remark away; about whom it was.

    Raises:
        Forbidden: the moderator may not: it is another's, and they are no administrator.
        NotFound: there is no such remark.
    """
    roles.require(moderator, May.REPORTS)
    found = await tx.first(_GET, which=which)
    if found is None:
        raise NotFound("There is no such remark.")
    if found.author_id != moderator.id and not roles.may(moderator, May.EVERYTHING):
        raise Forbidden("This is not for you to do.")
    await tx.run(_REMOVE, which=which)
    return found.account_id
