"""Accounts as moderators see them: with e-mail, addresses and restraints; found by any of it, let in or turned away.

Filters flow in, Members flow out, each page in two queries. What is read here is personal: every verb asks for the role
first, and nothing of it is stored anew.
"""

from collections.abc import Iterable
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from parvis.core.errors import Forbidden, NotFound
from parvis.core.ids import AccountId
from parvis.events import AccountApproved
from parvis.moderation import audit, erasing, roles
from parvis.moderation.roles import May
from parvis.people import restraining
from parvis.people.accounts import COLUMNS, Account
from parvis.people.restraints import Restraint, under, without
from parvis.posts.page import FIRST, Page, Paged
from parvis.store.statement import Statement, among, among_words
from parvis.store.tables import accounts, credentials, sessions
from parvis.store.transaction import Tx

Status = Literal["", "active", "pending", "disabled", "silenced", "suspended", "sensitized"]
Origin = Literal["", "local", "remote"]

MOST_ADDRESSES: Final = 20


class Place(msgspec.Struct, frozen=True):
    """An address that an account was used from, and when last (ms)."""

    address: str
    seen_at: int


class Member(msgspec.Struct, frozen=True):
    """An account with what only moderators see."""

    account: Account
    email: str | None
    reason: str
    address: str  # where they signed up from
    app_id: int | None
    places: tuple[Place, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether it waits to be let in."""
        return bool(self.account.restraints & Restraint.PENDING)

    @property
    def disabled(self) -> bool:
        """Whether nobody can sign in to it."""
        return bool(self.account.restraints & Restraint.DISABLED)


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Which accounts: every part that is given narrows."""

    origin: Origin = ""
    status: Status = ""
    staff: bool = False
    roles: tuple[str, ...] = ()
    handle: str = ""  # its beginning
    name: str = ""  # its beginning
    words: str = ""  # the beginning of either
    domain: str = ""
    email: str = ""  # the whole, or its end when it begins with @
    address: str = ""  # the whole


def _member(*row: Any) -> Member:
    email, reason, address, app_id, *account = row
    return Member(Account(*account), email, reason or "", address or "", app_id)


_whole = (credentials.c.email, credentials.c.reason, credentials.c.address, credentials.c.app_id, *COLUMNS)
_all = select(*_whole).outerjoin_from(accounts, credentials, credentials.c.account_id == accounts.c.id)
_c = accounts.c


def _given(name: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(bindparam(name, type_=Text) == literal_column("''"), condition)


def _begins(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return column.startswith(bindparam(name, type_=Text), escape="\\")


def _is(name: str, word: str) -> ColumnElement[bool]:
    return bindparam(name, type_=Text) == literal_column(f"'{word}'")


_statuses = {
    "": literal_column("1") == literal_column("1"),
    "active": and_(
        _c.suspended_at.is_(None), without(accounts, Restraint.LIMITED | Restraint.DISABLED | Restraint.PENDING)
    ),
    "pending": under(accounts, Restraint.PENDING),
    "disabled": under(accounts, Restraint.DISABLED),
    "silenced": under(accounts, Restraint.LIMITED),
    "suspended": _c.suspended_at.is_not(None),
    "sensitized": under(accounts, Restraint.SENSITIVE),
}
_used_from = (
    select(sessions.c.account_id).where(sessions.c.address == bindparam("address", type_=Text)).scalar_subquery()
)
_FOUND: Paged[Member] = Paged(
    _all.where(
        or_(*(and_(_is("status", word), condition) for word, condition in _statuses.items())),
        or_(
            _is("origin", ""),
            and_(_is("origin", "local"), _c.domain == ""),
            and_(_is("origin", "remote"), _c.domain != ""),
        ),
        or_(~bindparam("staff", type_=Boolean), _c.role != literal_column("'member'")),
        or_(~bindparam("by_role", type_=Boolean), among_words(_c.role, "roles")),
        _given("handle", _begins(_c.handle_key, "handle")),
        _given("name", _begins(func.lower(_c.name), "name")),
        _given("words", or_(_begins(_c.handle_key, "words"), _begins(func.lower(_c.name), "words"))),
        _given("domain", _c.domain == bindparam("domain", type_=Text)),
        _given(
            "email",
            or_(
                credentials.c.email == bindparam("email", type_=Text),
                and_(
                    bindparam("ending", type_=Text) != literal_column("''"),
                    credentials.c.email.endswith(bindparam("ending", type_=Text), escape="\\"),
                ),
            ),
        ),
        _given("address", or_(credentials.c.address == bindparam("address", type_=Text), _c.id.in_(_used_from))),
    ),
    accounts.c.id,
    _member,
)
_SEVERAL = Statement(_all.where(among(_c.id, "ids")), _member)
_PLACES = Statement(
    select(sessions.c.account_id, sessions.c.address, func.max(sessions.c.seen_at))
    .where(among(sessions.c.account_id, "ids"), sessions.c.address != literal_column("''"))
    .group_by(sessions.c.account_id, sessions.c.address)
    .order_by(func.max(sessions.c.seen_at).desc())
)
_PENDING_COUNT = Statement(
    select(func.count()).select_from(accounts).where(under(accounts, Restraint.PENDING)), slow=True
)


async def found(tx: Tx, moderator: Account | None, search: Search, page: Page = FIRST) -> list[Member]:
    """A page of the accounts that the search means, the newest first.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(moderator, May.USERS)
    email = search.email.strip().lower()
    rows = await _FOUND.read(
        tx,
        page,
        status=search.status,
        origin=search.origin,
        staff=search.staff,
        by_role=bool(search.roles),
        roles=list(search.roles),
        handle=_literally(search.handle.removeprefix("@").lower()),
        name=_literally(search.name.lower()),
        words=_literally(search.words.removeprefix("@").lower()),
        domain=search.domain.lower(),
        email=email,
        ending=_literally(email) if email.startswith("@") else "",
        address=search.address.strip(),
    )
    return await _placed(tx, rows)


def _literally(words: str) -> str:
    """Words in which LIKE sees no pattern."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def several(tx: Tx, ids: Iterable[AccountId]) -> dict[AccountId, Member]:
    """These accounts, in two queries: for whoever made sure already that a moderator asks."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    return {one.account.id: one for one in await _placed(tx, await tx.all(_SEVERAL, ids=wanted))}


async def get_member(tx: Tx, moderator: Account | None, account_id: AccountId) -> Member:
    """One account as moderators see it.

    Raises:
        Forbidden: the account may not read it.
        NotFound: there is no such account.
    """
    roles.require(moderator, May.USERS)
    one = (await several(tx, [account_id])).get(account_id)
    if one is None:
        raise NotFound("This account does not exist.")
    return one


async def approve(tx: Tx, moderator: Account | None, account_id: AccountId) -> None:
    """Let an account in that waits.

    Raises:
        Forbidden: the moderator may not, or it does not wait.
        NotFound: there is no such account.
    """
    await _waiting(tx, moderator, account_id)
    await restraining.lift(tx, account_id, Restraint.PENDING)
    await audit.note(tx, moderator, "account.approve", f"account:{account_id}")
    tx.emit(AccountApproved(account_id))


async def reject(tx: Tx, moderator: Account | None, account_id: AccountId) -> Member:
    """Turn an account away that waits: it waits no more, and is erased soon. As it was.

    Raises:
        Forbidden: the moderator may not, or it does not wait.
        NotFound: there is no such account.
    """
    member = await _waiting(tx, moderator, account_id)
    await audit.note(tx, moderator, "account.reject", f"account:{account_id}", member.account.acct)
    await restraining.suspend(tx, account_id)
    await restraining.lift(tx, account_id, Restraint.PENDING)
    erasing.ask(tx, account_id)
    return member


async def erase(tx: Tx, admin: Account | None, account_id: AccountId) -> Member:
    """Erase a suspended account and all that it posted, for good. As it was.

    Raises:
        Forbidden: the account may not, or the other is not suspended.
        NotFound: there is no such account.
    """
    roles.require(admin, May.DELETE)
    member = await get_member(tx, admin, account_id)
    roles.require_above(admin, member.account)
    if member.account.suspended_at is None:
        raise Forbidden("This is not for you to do.")
    await audit.note(tx, admin, "account.erase", f"account:{account_id}", member.account.acct)
    erasing.ask(tx, account_id, told=True)
    return member


async def pending_count(tx: Tx, moderator: Account | None) -> int:
    """How many accounts wait to be let in.

    Raises:
        Forbidden: the account may not know.
    """
    roles.require(moderator, May.USERS)
    count: int = await tx.value(_PENDING_COUNT)
    return count


async def _waiting(tx: Tx, moderator: Account | None, account_id: AccountId) -> Member:
    member = await get_member(tx, moderator, account_id)
    if not member.pending:
        raise Forbidden("This is not for you to do.")
    return member


async def _placed(tx: Tx, members: list[Member]) -> list[Member]:
    """The same with the addresses that they were used from."""
    if not members:
        return members
    places: dict[int, list[Place]] = {}
    for account_id, address, seen_at in await tx.all(_PLACES, ids=[one.account.id for one in members]):
        places.setdefault(account_id, []).append(Place(address, seen_at))
    return [
        msgspec.structs.replace(one, places=tuple(places.get(one.account.id, ())[:MOST_ADDRESSES])) for one in members
    ]
