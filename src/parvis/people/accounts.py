"""Accounts: people, characters and the assistant, found by id, handle or the beginning of one, and opened.

An Application flows in, an Account flows out. A handle is unique whatever its case, and an account that this room
hands out has every column, so that other rooms can join `COLUMNS` and shape the row with `Account`.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Text,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from parvis.core import clock
from parvis.core.errors import Conflict, NotFound
from parvis.core.ids import AccountId
from parvis.core.text import keepable
from parvis.events import AccountOpened
from parvis.people import names
from parvis.people.details import Details, Trait, unfolded
from parvis.people.restraints import AWAITED, Restraint
from parvis.people.rules import checked_bio, checked_email, checked_handle, checked_language, checked_name
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, credentials, left_handles
from parvis.store.transaction import Tx

Kind = Literal["person", "character", "assistant"]
Role = Literal["member", "moderator", "admin"]

REASON_LENGTH: Final = 1000
ADDRESS_KEPT: Final = 365 * clock.DAY

_LOCKED: Final = int(Trait.LOCKED)
_KNOWN_HANDLE = re.compile(r"[\w.-]{1,100}")  # other servers allow more
_DOMAIN = re.compile(r"[\w.:-]{0,253}")


class Account(msgspec.Struct, frozen=True):
    """Somebody here: a person, a character or the assistant; `domain` is empty for this instance's own."""

    id: AccountId
    handle: str
    domain: str
    name: str
    bio: str
    kind: Kind
    owner_id: AccountId | None  # the human behind a character
    language: str
    avatar: str  # blob names, empty for none
    header: str
    role: Role
    posts_count: int
    followers_count: int
    following_count: int
    created_at: int  # ms
    last_post_at: int | None
    suspended_at: int | None
    restraints: int = 0  # bits of `Restraint`
    traits: int = 0  # bits of `details.Trait`
    details: str = ""  # `more`, folded
    tastes: int = 0  # version of what they set for their feeds, known only of who is signed in; 0: nothing

    @property
    def more(self) -> Details:
        """What few members fill in."""
        return unfolded(self.details)

    @property
    def moving_avatar(self) -> str:
        """The name of the blob that its avatar is a moment of; empty where that does not move."""
        return self.more.moving_avatar if self.avatar and self.details else ""

    @property
    def locked(self) -> bool:
        """Whether it approves its followers one by one."""
        return bool(self.traits & _LOCKED)

    @property
    def awaited(self) -> bool:
        """Whether it is not let in yet: for others, it does not exist."""
        return bool(self.restraints & AWAITED)

    @property
    def limited(self) -> bool:
        """Whether strangers do not come across it: out of public feeds, search and suggestions."""
        return bool(self.restraints & Restraint.LIMITED)

    @property
    def marked(self) -> bool:
        """Whether all its pictures are shown as sensitive."""
        return bool(self.restraints & Restraint.SENSITIVE)

    @property
    def acct(self) -> str:
        """`handle`, or `handle@domain` for who lives elsewhere."""
        return f"{self.handle}@{self.domain}" if self.domain else self.handle


class Held(NamedTuple):
    """How an account stands whose row is held until the commit."""

    suspended_at: int | None
    traits: int

    @property
    def locked(self) -> bool:
        """Whether it approves its followers one by one."""
        return bool(self.traits & _LOCKED)


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody hands in to open an account. Without a password hash nobody can sign in to it."""

    handle: str
    name: str = ""
    email: str | None = None
    password_hash: str | None = None
    language: str = "en"
    kind: Kind = "person"
    owner_id: AccountId | None = None
    role: Role = "member"
    bio: str = ""
    avatar: str = ""
    header: str = ""
    pending: bool = False  # a moderator is to say yes first
    reason: str = ""  # why they want in
    address: str = ""  # where they sign up from
    app_id: int | None = None  # with which app
    unconfirmed: bool = False  # the e-mail address is still to be shown to be theirs


def columns_of(table: FromClause) -> tuple[ColumnElement[Any], ...]:
    """The columns of `accounts`, or of an alias of it, in the order of the Struct's fields."""
    return tuple(table.c[field] for field in Account.__struct_fields__ if field != "tastes")


COLUMNS: Final = columns_of(accounts)
SIGNED_IN: Final = (*COLUMNS, accounts.c.tastes)
"""The same of who is signed in, whose own feeds are then read."""


def _parameters(*columns: Column[Any]) -> dict[str, ColumnElement[Any]]:
    return {column.name: bindparam(column.name, type_=column.type) for column in columns}


_c = accounts.c
BY_ID = Statement(select(*COLUMNS).where(_c.id == bindparam("id")), Account)
BY_IDS = Statement(select(*COLUMNS).where(among(_c.id, "ids")), Account)
BY_HANDLE = Statement(
    select(*COLUMNS).where(_c.handle_key == bindparam("handle_key"), _c.domain == bindparam("domain")), Account
)
LOCK = Statement(
    select(_c.id, _c.suspended_at, _c.traits).where(among(_c.id, "ids")).order_by(_c.id).with_for_update(key_share=True)
)
LEFT = Statement(select(left_handles.c.left_at).where(left_handles.c.handle_key == bindparam("handle_key", type_=Text)))
OPEN = Statement(
    insert(accounts)
    .values(
        _parameters(
            _c.id,
            _c.handle,
            _c.handle_key,
            _c.name,
            _c.bio,
            _c.kind,
            _c.owner_id,
            _c.language,
            _c.avatar,
            _c.header,
            _c.role,
            _c.created_at,
            _c.restraints,
        )
    )
    .on_conflict_do_nothing()
    .returning(*COLUMNS),
    Account,
)
APPOINT = Statement(update(accounts).where(_c.id == bindparam("id")).values(role=bindparam("new_role", type_=Text)))
FORGET_ADDRESSES = Statement(
    update(credentials)
    .where(
        credentials.c.address != literal_column("''"),
        credentials.c.account_id.in_(select(_c.id).where(_c.created_at < bindparam("before", type_=BigInteger))),
    )
    .values(address="")
)
GIVE_CREDENTIALS = Statement(
    insert(credentials).values(_parameters(*credentials.columns)).on_conflict_do_nothing(),
)


async def find_account(tx: Tx, account_id: AccountId) -> Account | None:
    """The account with this id."""
    return await tx.first(BY_ID, id=account_id)


async def get_account(tx: Tx, account_id: AccountId) -> Account:
    """The account with this id.

    Raises:
        NotFound: there is none.
    """
    found = await find_account(tx, account_id)
    if found is None:
        raise NotFound("This account does not exist.")
    return found


async def find_by_handle(tx: Tx, handle: str, domain: str = "") -> Account | None:
    """The account with this handle, in any case; of this instance, or of the domain."""
    if not _KNOWN_HANDLE.fullmatch(handle) or not _DOMAIN.fullmatch(domain):
        return None
    return await tx.first(BY_HANDLE, handle_key=handle.lower(), domain=domain.lower())


async def appoint(tx: Tx, account_id: AccountId, role: Role) -> None:
    """Give the account a role. Whether one may, the caller has made sure of.

    Raises:
        NotFound: there is none.
    """
    if not await tx.run(APPOINT, id=account_id, new_role=role):
        raise NotFound("This account does not exist.")


async def accounts_by_ids(tx: Tx, ids: Iterable[AccountId]) -> dict[AccountId, Account]:
    """Those of the ids that exist, in one query."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {account.id: account for account in await tx.all(BY_IDS, ids=wanted)}


async def lock_accounts(tx: Tx, ids: Iterable[AccountId]) -> dict[AccountId, Held]:
    """Hold the rows until the commit; how each account stands now. Those that do not exist are left out.

    Whoever changes the counters of several accounts locks them first, all at once: the order of ids keeps two
    transactions from waiting for each other. (SQLite has one writer, and nothing to lock.)
    """
    return {row[0]: Held(*row[1:]) for row in await tx.all(LOCK, ids=list(ids))}


async def open_account(tx: Tx, application: Application) -> Account:
    """Open the account, with its credentials when a password hash came along.

    Raises:
        Invalid: the handle, e-mail address, name, words or language break a rule; `field` says which.
        Conflict: the handle or the e-mail address is taken.
    """
    if await tx.value(LEFT, handle_key=application.handle.lower()) is not None:
        raise Conflict("The handle @{handle} is taken.", field="handle", handle=application.handle)
    opened = await tx.first(
        OPEN,
        id=tx.new_id(),
        handle=checked_handle(application.handle, official=application.kind == "assistant"),
        handle_key=application.handle.lower(),
        name=checked_name(application.name) or application.handle,
        bio=checked_bio(application.bio),
        kind=application.kind,
        owner_id=application.owner_id,
        language=checked_language(application.language),
        avatar=application.avatar,
        header=application.header,
        role=application.role,
        created_at=tx.now,
        restraints=(Restraint.PENDING if application.pending else 0)
        | (Restraint.UNCONFIRMED if application.unconfirmed else 0),
    )
    if opened is None:
        raise Conflict("The handle @{handle} is taken.", field="handle", handle=application.handle)
    await names.keep(tx, opened.id, opened.name, new=True)
    email = checked_email(application.email) if application.email else None
    if application.password_hash is not None:
        given = await tx.run(
            GIVE_CREDENTIALS,
            account_id=opened.id,
            email=email,
            password_hash=application.password_hash,
            reason=keepable(application.reason)[:REASON_LENGTH],
            address=application.address,
            app_id=application.app_id,
        )
        if not given:
            raise Conflict("An account with this e-mail address exists already.", field="email")
    tx.emit(AccountOpened(opened.id))
    return opened


async def forget_old_addresses(tx: Tx) -> int:
    """Forget where those signed up from who have been here for a year; how many there were."""
    return await tx.run(FORGET_ADDRESSES, before=tx.now - ADDRESS_KEPT)
