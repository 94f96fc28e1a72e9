"""Coming back without the password: a letter with a link, and what following it does.

The link holds a sealed ticket: whose account it is, until when it is good, which password it takes the place of, and to
which address it went. So it works once, and is worth nothing after either was changed otherwise; nothing is kept of it.
"""

import base64
import hashlib
from typing import Final

import msgspec

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import NotFound
from parvis.core.ids import AccountId
from parvis.core.seal import Broken, seal_for
from parvis.core.words import N_
from parvis.people import letters
from parvis.people.accounts import Account, lock_accounts
from parvis.people.grants import revoke_all
from parvis.people.signing import Credentials, change_password, credentials_of, credentials_of_account
from parvis.store.jobs import Kind, Work
from parvis.store.transaction import Tx

NAME = "answer_forgotten"
LIFETIME: Final = clock.HOUR
PATH: Final = "/sign-in/anew?ticket="
PURPOSE: Final = "password forgotten"  # what the seal is for
LETTER: Final = (
    N_("Another password for {instance}"),
    N_(
        "Hello @{handle},\n\nsomebody, most likely you, forgot the password of this account. Follow this link to "
        "choose another one; it is good for an hour:\n\n{link}\n\nIf it was not you, you need do nothing."
    ),
)


class Ticket(msgspec.Struct, frozen=True):
    """Whose password may be replaced, until when (ms), and what they signed in with when the letter was written."""

    account: int
    until: int
    replaced: bytes


class Forgotten(msgspec.Struct, frozen=True):
    """The handle or the address that somebody remembers."""

    login: str


def ask(tx: Tx, login: str) -> None:
    """Have whoever has this handle or address written to; how long this takes does not tell whether anybody has."""
    tx.enqueue(NAME, Forgotten(login))


def kinds(settings: Settings) -> tuple[Kind, ...]:
    """The job that finds whom to write to."""

    async def answer(work: Work) -> None:
        async with work.ending() as tx:
            await write(tx, work.payload.login, settings)

    return (Kind(name=NAME, payload=Forgotten, run=answer, concurrency=1),)


async def write(tx: Tx, login: str, settings: Settings) -> None:
    """Write to the account with this handle or address, with a link to follow; nothing happens where there is none."""
    found = await credentials_of(tx, login)
    if found and found.email:
        link = link_for(found, settings, tx.now)
        letters.write(tx, letters.letter_to(found.account, found.email, settings, *LETTER, link=link))


def link_for(found: Credentials, settings: Settings, now: int) -> str:
    """The address at which whoever has the letter chooses another password."""
    held = Ticket(found.account.id, now + LIFETIME, _hash_of(found))
    sealed = seal_for(settings, PURPOSE).close(msgspec.msgpack.encode(held))
    return settings.url + PATH + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


async def account_of_ticket(tx: Tx, ticket: str, settings: Settings) -> Account:
    """Whose password the ticket of a link lets replace.

    Raises:
        NotFound: the link is used, too old or wrong.
    """
    return await _owner(tx, _opened(ticket, settings))


async def recover(tx: Tx, ticket: str, password_hash: str, settings: Settings) -> None:
    """The link was followed: the account has another password, is signed in nowhere, and no app acts for it.

    Raises:
        NotFound: the link is used, too old or wrong.
    """
    held = _opened(ticket, settings)
    await lock_accounts(tx, (AccountId(held.account),))  # of two who follow it at once, one finds it used
    account = await _owner(tx, held)
    await change_password(tx, account, password_hash)
    await revoke_all(tx, account)


def _opened(ticket: str, settings: Settings) -> Ticket:
    try:
        sealed = base64.urlsafe_b64decode(ticket.encode() + b"==")
        return msgspec.msgpack.decode(seal_for(settings, PURPOSE).open(sealed), type=Ticket)
    except (Broken, ValueError, msgspec.MsgspecError):
        raise NotFound("This link is no longer good. Ask for another letter.") from None


async def _owner(tx: Tx, held: Ticket) -> Account:
    found = await credentials_of_account(tx, AccountId(held.account))
    if found is None or held.until < tx.now or held.replaced != _hash_of(found):
        raise NotFound("This link is no longer good. Ask for another letter.")
    return found.account


def _hash_of(found: Credentials) -> bytes:
    return hashlib.sha256(f"{found.email}\n{found.password_hash}".encode()).digest()
