"""Laying restraints on an account and lifting them: the writes behind moderators' decisions, which know no moderator.

Whoever may not come in any longer is signed out everywhere at once; their apps' tokens stay, and are refused.
"""

from sqlalchemy import BigInteger, Integer, bindparam, delete, literal_column, update

from parvis.core.ids import AccountId
from parvis.people.restraints import Restraint
from parvis.people.sessions import end_sessions
from parvis.store.statement import Statement
from parvis.store.tables import accounts, grants
from parvis.store.transaction import Tx

_this = accounts.c.id == bindparam("account", type_=BigInteger)
_bit = bindparam("bit", type_=Integer)
_bears = accounts.c.restraints.bitwise_and(_bit)

_LAY = Statement(
    update(accounts).where(_this, _bears == literal_column("0")).values(restraints=accounts.c.restraints + _bit)
)
_LIFT = Statement(
    update(accounts).where(_this, _bears != literal_column("0")).values(restraints=accounts.c.restraints - _bit)
)
_SUSPEND = Statement(
    update(accounts)
    .where(_this, accounts.c.suspended_at.is_(None))
    .values(suspended_at=bindparam("moment", type_=BigInteger))
)
_UNSUSPEND = Statement(update(accounts).where(_this, accounts.c.suspended_at.is_not(None)).values(suspended_at=None))
_FORGET_CODES = Statement(delete(grants).where(grants.c.account_id == bindparam("account", type_=BigInteger)))


async def lay(tx: Tx, account_id: AccountId, restraint: Restraint) -> bool:
    """Lay one restraint on the account; whether it bore it not yet. Who is disabled is signed out everywhere."""
    changed = bool(await tx.run(_LAY, account=account_id, bit=int(restraint)))
    if restraint is Restraint.DISABLED:
        await _put_out(tx, account_id)
    return changed


async def lift(tx: Tx, account_id: AccountId, restraint: Restraint) -> bool:
    """Lift one restraint from the account; whether it bore it."""
    return bool(await tx.run(_LIFT, account=account_id, bit=int(restraint)))


async def suspend(tx: Tx, account_id: AccountId) -> bool:
    """Suspend the account and sign it out everywhere; whether it was not suspended yet."""
    changed = bool(await tx.run(_SUSPEND, account=account_id, moment=tx.now))
    await _put_out(tx, account_id)
    return changed


async def unsuspend(tx: Tx, account_id: AccountId) -> bool:
    """Suspend the account no longer; whether it was suspended."""
    return bool(await tx.run(_UNSUSPEND, account=account_id))


async def _put_out(tx: Tx, account_id: AccountId) -> None:
    await end_sessions(tx, account_id)
    await tx.run(_FORGET_CODES, account=account_id)
