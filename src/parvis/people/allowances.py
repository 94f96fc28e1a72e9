"""Allowances: the units of AI work that a member may spend in a day (UTC), seen before they are spent.

A piece of work is held first, then spent or refunded; each of the two ends it, once, however often it is asked. What
is held counts as much as what is spent, so work at the same moment cannot go over together.
"""

from typing import Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Integer, bindparam, case, func, insert, select, update

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, OverAllowance
from parvis.people.accounts import Account, lock_accounts
from parvis.store.statement import Statement
from parvis.store.tables import charges
from parvis.store.transaction import Tx

DAILY: Final[int] = Settings().ai_daily_units
MOST_UNITS: Final = 100_000  # of one charge


class Allowance(msgspec.Struct, frozen=True):
    """Today's units: how many there are, how many are spent, and how many work under way holds."""

    daily: int
    spent: int
    held: int

    @property
    def left(self) -> int:
        """How many can still be held today."""
        return max(0, self.daily - self.spent - self.held)


_c = charges.c


def _sum_of(state: str) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((_c.state == state, _c.units), else_=0)), 0)


TODAY = Statement(
    select(_sum_of("spent"), _sum_of("held")).where(
        _c.account_id == bindparam("account", type_=BigInteger), _c.day == bindparam("today", type_=Integer)
    )
)
HOLD = Statement(insert(charges).values({c.name: bindparam(c.name, type_=c.type) for c in charges.columns}))
_this = _c.id == bindparam("charge", type_=BigInteger)
SPEND = Statement(update(charges).where(_this, _c.state == "held").values(state="spent"))
REFUND = Statement(update(charges).where(_this, _c.state != "refunded").values(state="refunded"))


async def remaining(tx: Tx, account: Account, *, daily: int = DAILY) -> Allowance:
    """Today's allowance; `daily` is what the settings give a member (`ai_daily_units`)."""
    spent, held = await tx.one(TODAY, account=account.id, today=tx.now // clock.DAY)
    return Allowance(daily, int(spent), int(held))


async def hold(tx: Tx, account: Account, purpose: str, units: int, *, daily: int = DAILY) -> int:
    """Set units aside for work that begins, and return the id of the charge.

    `purpose` is one word of ours: imagine, answer, polish.

    Raises:
        OverAllowance: today's units do not suffice.
        Invalid: the units are no sensible number.
    """
    if not 0 <= units <= MOST_UNITS:
        raise Invalid("This asks for too much at once.", field="units")
    await lock_accounts(tx, [account.id])
    today = await remaining(tx, account, daily=daily)
    if units > today.left:
        raise OverAllowance(
            "This takes {units} units of AI work, and you have {left} of {daily} left today.",
            units=units,
            left=today.left,
            daily=daily,
        )
    charge = tx.new_id()
    await tx.run(
        HOLD,
        id=charge,
        account_id=account.id,
        day=tx.now // clock.DAY,
        purpose=purpose,
        units=units,
        state="held",
    )
    return charge


async def spend(tx: Tx, charge: int) -> bool:
    """The work was done: what was held is spent. False when it was spent or refunded before."""
    return await tx.run(SPEND, charge=charge) > 0


async def refund(tx: Tx, charge: int) -> bool:
    """The work failed or was called off: what was held or spent is given back. False when it was before."""
    return await tx.run(REFUND, charge=charge) > 0
