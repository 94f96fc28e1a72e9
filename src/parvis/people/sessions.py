"""Sessions: who signed in to the pages, kept on the server under the hash of a cookie's value.

A session ends 30 days after it was last used, or when it is ended; its token is never stored. Reading a session writes
nothing: when `due` says so, the door prolongs it in a writing transaction, about once an hour for an active member.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, bindparam, delete, insert, select, update

from parvis.core import clock
from parvis.core.ids import AccountId
from parvis.core.text import one_line
from parvis.people.accounts import SIGNED_IN, Account
from parvis.people.barred import require_access
from parvis.people.keys import hash_of, new_key
from parvis.people.standing import is_put_out, may_enter
from parvis.store.statement import Statement
from parvis.store.tables import accounts, sessions
from parvis.store.transaction import Tx

LIFETIME: Final = 30 * clock.DAY
PROLONGED_EVERY: Final = clock.HOUR
MOST: Final = 20  # of one account; the one used longest ago makes room
AGENT_LENGTH: Final = 300
ADDRESS_LENGTH: Final = 64


class Session(msgspec.Struct, frozen=True):
    """A living session: whose, and whether it is time to prolong it."""

    account: Account
    seen_at: int
    due: bool


class Place(msgspec.Struct, frozen=True):
    """Somewhere a member is signed in, as the settings page lists it; `mark` names it without giving it away."""

    mark: str
    agent: str
    created_at: int
    seen_at: int


_c = sessions.c
_mine = _c.account_id == bindparam("account", type_=BigInteger)
_this = _c.token_hash == bindparam("token")


def _account_and_seen(*row: Any) -> tuple[Account, int]:
    return Account(*row[:-1]), row[-1]


START = Statement(insert(sessions).values({column.name: bindparam(column.name) for column in sessions.columns}))
FIND = Statement(
    select(*SIGNED_IN, _c.seen_at)
    .join_from(sessions, accounts, accounts.c.id == _c.account_id)
    .where(_this, _c.expires_at > bindparam("now", type_=BigInteger)),
    _account_and_seen,
)
PROLONG = Statement(
    update(sessions)
    .where(_this, _c.expires_at > bindparam("now", type_=BigInteger))
    .values(seen_at=bindparam("seen", type_=BigInteger), expires_at=bindparam("until", type_=BigInteger))
)
END = Statement(delete(sessions).where(_this))
END_ALL = Statement(delete(sessions).where(_mine, _c.token_hash != bindparam("token")))
MAKE_ROOM = Statement(
    delete(sessions).where(
        _mine,
        _c.token_hash.not_in(
            select(_c.token_hash)
            .where(_mine, _c.expires_at > bindparam("now", type_=BigInteger))
            .order_by(_c.seen_at.desc(), _c.token_hash)
            .limit(MOST - 1)
        ),
    )
)
OF_ACCOUNT = Statement(
    select(_c.token_hash, _c.agent, _c.created_at, _c.seen_at)
    .where(_mine, _c.expires_at > bindparam("now", type_=BigInteger))
    .order_by(_c.seen_at.desc(), _c.token_hash)
    .limit(MOST)
)
FORGET_EXPIRED = Statement(delete(sessions).where(_c.expires_at <= bindparam("now", type_=BigInteger)))


async def start_session(tx: Tx, account: Account, agent: str = "", address: str = "") -> str:
    """Sign the account in and return the token for its cookie: the only time that it is seen.

    `agent` is what the browser calls itself, `address` where it calls from. Past 20 sessions the one used longest
    ago ends.

    Raises:
        Forbidden: nobody may come in from this address.
    """
    await require_access(tx, address)
    token = new_key()
    await tx.run(MAKE_ROOM, account=account.id, now=tx.now)
    await tx.run(
        START,
        token_hash=hash_of(token),
        account_id=account.id,
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + LIFETIME,
        agent=one_line(agent)[:AGENT_LENGTH],
        address=address[:ADDRESS_LENGTH],
    )
    return token


async def find_session(tx: Tx, token: str, *, put_out: bool = False) -> Session | None:
    """The living session with this token, of an account that may come in now, or (`put_out`) that was put out."""
    found = await tx.first(FIND, token=hash_of(token), now=tx.now)
    if found is None:
        return None
    account, seen_at = found
    if not (may_enter(account) or (put_out and is_put_out(account))):
        return None
    return Session(account, seen_at, due=tx.now - seen_at >= PROLONGED_EVERY)


async def account_of_session(tx: Tx, token: str) -> Account | None:
    """Whose living session this token opens."""
    session = await find_session(tx, token)
    return None if session is None else session.account


async def prolong_session(tx: Tx, token: str) -> None:
    """Let the session live 30 days from now, if it lives."""
    await tx.run(PROLONG, token=hash_of(token), now=tx.now, seen=tx.now, until=tx.now + LIFETIME)


async def end_session(tx: Tx, token: str) -> None:
    """Sign out. Nothing happens when the session is gone already."""
    await tx.run(END, token=hash_of(token))


async def end_sessions(tx: Tx, account_id: AccountId, *, but: str = "") -> None:
    """Sign the account out everywhere, except where the token `but` is."""
    await tx.run(END_ALL, account=account_id, token=hash_of(but))


async def end_marked_session(tx: Tx, account: Account, mark: str) -> None:
    """Sign the account out of the place that `sessions_of` gave this mark; nothing happens when it is gone."""
    for token_hash, *_ in await tx.all(OF_ACCOUNT, account=account.id, now=tx.now):
        if _mark(token_hash) == mark:
            await tx.run(END, token=token_hash)


async def sessions_of(tx: Tx, account: Account) -> list[Place]:
    """Where the account is signed in, the latest used first."""
    rows = await tx.all(OF_ACCOUNT, account=account.id, now=tx.now)
    return [Place(_mark(token), *rest) for token, *rest in rows]


def mark_of(token: str) -> str:
    """The mark by which `sessions_of` names the session with this token."""
    return _mark(hash_of(token))


def _mark(token_hash: bytes) -> str:
    return bytes(token_hash)[:8].hex()


async def forget_expired_sessions(tx: Tx) -> int:
    """Remove the rows of sessions that are over; how many there were."""
    return await tx.run(FORGET_EXPIRED, now=tx.now)
