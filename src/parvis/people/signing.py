"""Signing in: from what a member typed to the credentials that the door verifies.

A door finds credentials in a reading transaction, verifies the password outside of any (`passwords.verify`, also when
nothing was found, so that both take as long), and then starts a session.
"""

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, select, update

from parvis.core.errors import Unauthenticated
from parvis.core.ids import AccountId
from parvis.people import passwords
from parvis.people.accounts import COLUMNS, Account
from parvis.people.confirming import forget_other_address
from parvis.people.rules import EMAIL_LENGTH
from parvis.people.sessions import end_sessions
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts, credentials
from parvis.store.transaction import Tx


class Credentials(msgspec.Struct, frozen=True):
    """An account of this instance, its e-mail address, and what its password must hash to."""

    account: Account
    email: str | None
    password_hash: str


def _credentials(*row: object) -> Credentials:
    *account, email, password_hash = row
    return Credentials(Account(*account), email, password_hash)  # type: ignore[arg-type] # a row in COLUMNS' order


def _where(condition: ColumnElement[bool]) -> Statement[Credentials]:
    joined = select(*COLUMNS, credentials.c.email, credentials.c.password_hash).join_from(
        credentials, accounts, accounts.c.id == credentials.c.account_id
    )
    return Statement(joined.where(condition), _credentials)


BY_EMAIL = _where(credentials.c.email == bindparam("login", type_=Text))
BY_HANDLE = _where((accounts.c.handle_key == bindparam("login", type_=Text)) & (accounts.c.domain == ""))
BY_ACCOUNT = _where(accounts.c.id == bindparam("account", type_=BigInteger))
CHANGE = Statement(
    update(credentials)
    .where(credentials.c.account_id == bindparam("account", type_=BigInteger))
    .values(password_hash=bindparam("new_hash", type_=Text))
)


async def credentials_of(tx: Tx, login: str) -> Credentials | None:
    """The credentials behind a handle (with or without @) or an e-mail address, in any case."""
    folded = login.strip().lower().removeprefix("@")
    if not folded.isprintable() or len(folded) > EMAIL_LENGTH:
        return None
    return await tx.first(BY_EMAIL if "@" in folded else BY_HANDLE, login=folded)


async def credentials_of_account(tx: Tx, account_id: AccountId) -> Credentials | None:
    """The credentials of an account; None where it has none."""
    return await tx.first(BY_ACCOUNT, account=account_id)


async def sign_in(store: Store, login: str, password: str) -> Account:
    """The account whose password this is. Opens and closes its own reading transaction.

    Raises:
        Unauthenticated: nobody has this handle or address, or the password is another: both look the same.
        Unavailable: too many are signing in.
    """
    async with store.reading() as tx:
        found = await credentials_of(tx, login)
    if not await passwords.verify(found.password_hash if found else None, password) or found is None:
        raise Unauthenticated("The handle or the password is not right.")
    return found.account


async def change_password(tx: Tx, account: Account, password_hash: str, *, but: str = "") -> None:
    """Give the account another password and sign it out everywhere else; `but` is the token of the session to keep.

    Another e-mail address that was asked for with the old password, and is not confirmed yet, never comes to be.
    """
    await tx.run(CHANGE, account=account.id, new_hash=password_hash)
    await forget_other_address(tx, account.id)
    await end_sessions(tx, account.id, but=but)
