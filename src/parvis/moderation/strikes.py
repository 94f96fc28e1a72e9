"""Strikes: what a moderator did to an account and why, told to its owner; and the appeal that they may write once.

A strike is kept as long as the account. An approved appeal overrules it and lifts what it laid on the account.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, func, insert, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from parvis.core import clock, ids
from parvis.core.errors import Conflict, Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId, PostId
from parvis.core.text import keepable
from parvis.events import AccountWarned, StrikeAppealed
from parvis.moderation import audit, roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.store.statement import Statement, among
from parvis.store.tables import appeals, strikes
from parvis.store.transaction import Tx

TEXT_LENGTH: Final = 2000
APPEAL_LENGTH: Final = 2000
APPEALED_WITHIN: Final = 20 * clock.DAY
MOST_LISTED: Final = 100


class Appeal(msgspec.Struct, frozen=True):
    """What the owner says against a strike, and what became of it: pending, approved or rejected."""

    text: str
    state: str


class Strike(msgspec.Struct, frozen=True):
    """What was done: none, disable, sensitive, limit, suspend, delete or mark."""

    id: int
    account_id: AccountId
    moderator_id: AccountId | None
    action: str
    text: str
    report_id: int | None
    posts: list[PostId]
    overruled_at: int | None
    appeal: Appeal | None

    @property
    def created_at(self) -> int:
        """When, in ms."""
        return ids.moment_of(self.id)


def _strike(*row: Any) -> Strike:
    text, state = row[-2:]
    return Strike(*(*row[:-2], None if text is None else Appeal(text, state)))


_FIELDS = [name for name in Strike.__struct_fields__ if name != "appeal"]
_all = select(*(strikes.c[name] for name in _FIELDS), appeals.c.text, appeals.c.state).outerjoin_from(
    strikes, appeals, appeals.c.strike_id == strikes.c.id
)
_this = strikes.c.id == bindparam("strike", type_=BigInteger)
_moment = bindparam("moment", type_=BigInteger)
_ADD = Statement(
    insert(strikes).values(
        {name: bindparam(name, type_=strikes.c[name].type) for name in _FIELDS if name != "overruled_at"}
    )
)
_GET = Statement(_all.where(_this), _strike)
_SEVERAL = Statement(_all.where(among(strikes.c.id, "ids")), _strike)
_OF_ACCOUNT = Statement(
    _all.where(strikes.c.account_id == bindparam("account", type_=BigInteger))
    .order_by(strikes.c.id.desc())
    .limit(MOST_LISTED),
    _strike,
)
_PENDING = Statement(_all.where(appeals.c.state == "pending").order_by(strikes.c.id).limit(MOST_LISTED), _strike)
_PENDING_COUNT = Statement(
    select(func.count()).select_from(appeals).where(appeals.c.state == literal_column("'pending'"))
)
_OVERRULE = Statement(update(strikes).where(_this).values(overruled_at=_moment))
_APPEAL = Statement(
    upsert(appeals)
    .values(
        {
            name: bindparam(name, type_=appeals.c[name].type)
            for name in ("strike_id", "account_id", "text", "created_at")
        }
    )
    .on_conflict_do_nothing()
)
_DECIDE = Statement(
    update(appeals)
    .where(appeals.c.strike_id == bindparam("strike", type_=BigInteger), appeals.c.state == "pending")
    .values(state=bindparam("outcome", type_=Text), decided_by_id=bindparam("by", type_=BigInteger), decided_at=_moment)
)


async def strike(
    tx: Tx,
    moderator: Account | None,
    account_id: AccountId,
    action: str,
    *,
    text: str = "",
    report_id: int | None = None,
    posts: tuple[PostId, ...] = (),
) -> int:
    """Write down what is done to an account and tell its owner; the strike's id. Whether one may, the caller asked.

    Raises:
        Invalid: the text is too long.
    """
    words = keepable(text).strip()
    if len(words) > TEXT_LENGTH:
        raise Invalid("A warning has at most {limit} characters.", field="text", limit=TEXT_LENGTH)
    identifier = tx.new_id()
    await tx.run(
        _ADD,
        id=identifier,
        account_id=account_id,
        moderator_id=None if moderator is None else moderator.id,
        action=action,
        text=words,
        report_id=report_id,
        posts=[int(post) for post in posts],
    )
    tx.emit(AccountWarned(identifier, account_id, action))
    return identifier


async def strikes_of(tx: Tx, account: Account) -> list[Strike]:
    """One's own strikes, the latest first, 100 at most."""
    return await tx.all(_OF_ACCOUNT, account=account.id)


async def strikes_against(tx: Tx, moderator: Account | None, account_id: AccountId) -> list[Strike]:
    """The strikes against an account, the latest first, 100 at most.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(moderator, May.REPORTS)
    return await tx.all(_OF_ACCOUNT, account=account_id)


async def several(tx: Tx, strike_ids: list[int]) -> dict[int, Strike]:
    """These strikes, in one query: for whoever tells their owners of them."""
    return {one.id: one for one in await tx.all(_SEVERAL, ids=strike_ids)} if strike_ids else {}


async def get_strike(tx: Tx, account: Account, strike_id: int) -> Strike:
    """One of one's own strikes.

    Raises:
        NotFound: there is no such one.
    """
    found = await tx.first(_GET, strike=strike_id)
    if found is None or found.account_id != account.id:
        raise NotFound("There is no such strike.")
    return found


async def appeal(tx: Tx, account: Account, strike_id: int, text: str) -> None:
    """Ask for a strike to be looked at again, once, within 20 days.

    Raises:
        NotFound: there is no such strike.
        Invalid: the text is empty or too long.
        Conflict: it was appealed already.
        Forbidden: it is too late.
    """
    against = await get_strike(tx, account, strike_id)
    words = keepable(text).strip()
    if not 1 <= len(words) <= APPEAL_LENGTH:
        raise Invalid("An appeal has 1 to {limit} characters.", field="text", limit=APPEAL_LENGTH)
    if tx.now - against.created_at > APPEALED_WITHIN:
        raise Forbidden("It is too late to appeal.")
    if not await tx.run(_APPEAL, strike_id=strike_id, account_id=account.id, text=words, created_at=tx.now):
        raise Conflict("This was appealed already.")
    tx.emit(StrikeAppealed(strike_id, account.id))


async def pending_appeals(tx: Tx, moderator: Account | None) -> list[Strike]:
    """The strikes whose appeals wait for a decision, the oldest first, 100 at most.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(moderator, May.APPEALS)
    return await tx.all(_PENDING)


async def pending_count(tx: Tx, moderator: Account | None) -> int:
    """How many appeals wait for a decision.

    Raises:
        Forbidden: the account may not know.
    """
    roles.require(moderator, May.APPEALS)
    count: int = await tx.value(_PENDING_COUNT)
    return count


async def decide(tx: Tx, moderator: Account | None, strike_id: int, *, approved: bool) -> Strike:
    """Approve an appeal, which overrules the strike, or reject it; the strike. What it laid on, the caller lifts.

    Raises:
        Forbidden: the account may not.
        NotFound: no appeal waits for a decision.
    """
    roles.require(moderator, May.APPEALS)
    outcome, by = "approved" if approved else "rejected", moderator.id if moderator else None
    if not await tx.run(_DECIDE, strike=strike_id, outcome=outcome, by=by, moment=tx.now):
        raise NotFound("There is no such appeal.")
    if approved:
        await tx.run(_OVERRULE, strike=strike_id, moment=tx.now)
    await audit.note(tx, moderator, f"appeal.{outcome}", f"strike:{strike_id}")
    return await tx.one(_GET, strike=strike_id)
