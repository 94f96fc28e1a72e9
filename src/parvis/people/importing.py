"""Bringing along whom one followed elsewhere: a list of addresses flows in, follows flow out, a few at a time, as jobs.

The list is what other servers export (CSV, the address in the first column). Whoever is not known here is passed over.
"""

import contextlib
import csv
import io
import re
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from parvis.core.errors import Invalid, Refused
from parvis.core.ids import AccountId
from parvis.people.accounts import Account, find_by_handle, get_account
from parvis.people.relations import block, follow, mute
from parvis.store.jobs import Kind, Work
from parvis.store.transaction import Tx

LONGEST: Final = 1 << 20  # bytes of a list
MOST: Final = 5000
BATCH: Final = 50
NAME = "import_accounts"

_ADDRESS = re.compile(r"@?([\w.-]{1,100})(?:@([\w.:-]{1,253}))?")
_Verb = Callable[[Tx, Account, AccountId], Awaitable[None]]
_VERBS: Final[dict[str, _Verb]] = {"follow": follow, "mute": mute, "block": block}


class Imported(msgspec.Struct, frozen=True):
    """A few accounts to follow, mute or block: handles and domains (empty for this instance's own)."""

    account: AccountId
    verb: str
    addresses: tuple[tuple[str, str], ...]


def addresses_in(data: bytes, home: str) -> list[tuple[str, str]]:
    """The handles and domains in an exported list, each once; `home` is this instance's domain.

    Raises:
        Invalid: it is no such list, or too long.
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) if len(data) <= LONGEST else []
    except (UnicodeDecodeError, csv.Error):
        rows = []
    found: dict[tuple[str, str], None] = {}
    for row in rows:
        if row and (address := _ADDRESS.fullmatch(row[0].strip())):
            domain = (address[2] or "").lower()
            found[address[1].lower(), "" if domain == home else domain] = None
    if not found:
        raise Invalid("This is not a list of accounts as other servers export it.", field="list")
    if len(found) > MOST:
        raise Invalid("A list has at most {most} accounts.", field="list", most=MOST)
    return list(found)


def ask_to_import(tx: Tx, account: Account, verb: str, addresses: list[tuple[str, str]]) -> None:
    """Have the account follow, mute or block all of these, a few at a time.

    Raises:
        Invalid: there is no such verb.
    """
    if verb not in _VERBS:
        raise Invalid("A list is of accounts to follow, to mute or to block.", field="verb")
    for start in range(0, len(addresses), BATCH):
        tx.enqueue(NAME, Imported(account.id, verb, tuple(addresses[start : start + BATCH])))


async def _go_through(work: Work) -> None:
    given: Imported = work.payload
    async with work.ending() as tx:
        account = await get_account(tx, given.account)
        for handle, domain in given.addresses:
            found = await find_by_handle(tx, handle, domain)
            if found is not None:
                await _do(_VERBS[given.verb], tx, account, found.id)


IMPORTING: Final = Kind(name=NAME, payload=Imported, run=_go_through, concurrency=1)


async def _do(verb: _Verb, tx: Tx, account: Account, other: AccountId) -> None:
    """Do it, unless one of the two does not let the other."""
    with contextlib.suppress(Refused):
        await verb(tx, account, other)
