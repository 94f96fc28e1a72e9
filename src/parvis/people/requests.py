"""Requests to follow a locked account: who asks, and the account's yes or no.

A request that is granted becomes a follow in the manner that was asked for. An account that opens up grants whatever
still waits, in a job.
"""

import msgspec
from sqlalchemy import BigInteger, bindparam, func, select

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId
from parvis.people import ties
from parvis.people.accounts import Account, get_account
from parvis.people.circles import FIRST, REQUESTS, Span, Tie, bounds
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import follow_requests
from parvis.store.transaction import Tx

AT_ONCE = 100
OPENING = "grant_waiting_requests"

_account = bindparam("account", type_=BigInteger)
COUNT = Statement(select(func.count()).where(follow_requests.c.followee_id == _account))
WAITING = Statement(
    select(follow_requests.c.follower_id)
    .where(follow_requests.c.followee_id == _account)
    .order_by(follow_requests.c.id)
    .limit(AT_ONCE)
)


class Opened(msgspec.Struct, frozen=True):
    """An account that is locked no more."""

    account: AccountId


async def requests_of(tx: Tx, account: Account, span: Span = FIRST) -> list[Tie]:
    """Who asks to follow the account, latest first."""
    return await tx.all(REQUESTS, whose=account.id, **bounds(span))


async def count_requests(tx: Tx, account: Account) -> int:
    """How many ask to follow the account."""
    return int(await tx.value(COUNT, account=account.id) or 0)


async def grant(tx: Tx, account: Account, follower: AccountId) -> None:
    """Let the other follow, as they asked.

    Raises:
        NotFound: nobody with this id asks.
    """
    await ties.hold_both(tx, account.id, follower)
    asked = await ties.drop_request(tx, follower, account.id)
    if asked is None:
        raise _nobody_asks()
    await ties.tie(tx, follower, account.id, asked)


async def refuse(tx: Tx, account: Account, follower: AccountId) -> None:
    """Do not let the other follow; they are not told.

    Raises:
        NotFound: nobody with this id asks.
    """
    if await ties.drop_request(tx, follower, account.id) is None:
        raise _nobody_asks()


def open_up(tx: Tx, account_id: AccountId) -> None:
    """Have whoever waits granted what they ask."""
    tx.enqueue(OPENING, Opened(account_id))


async def _grant_waiting(work: Work) -> None:
    async with work.ending() as tx:
        account = await get_account(tx, work.payload.account)
        waiting = await tx.all(WAITING, account=account.id) if not account.locked else []
        for (follower,) in waiting:
            await grant(tx, account, follower)
        if len(waiting) == AT_ONCE:
            open_up(tx, account.id)


GRANTING = Kind(name=OPENING, payload=Opened, run=_grant_waiting, concurrency=1)


def _nobody_asks() -> NotFound:
    return NotFound("Nobody with this id asks to follow you.")
