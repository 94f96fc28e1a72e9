"""Confirming an e-mail address: a letter with a link, and what following it does.

An account that waits to be confirmed stays out until then. A link is good for a week, works once, and is worth nothing
after another one was asked for; only its hash is kept.
"""

from typing import Final

from sqlalchemy import BigInteger, LargeBinary, Text, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Conflict, NotFound
from parvis.core.ids import AccountId
from parvis.core.words import N_
from parvis.people import barred, letters, restraining
from parvis.people.accounts import Account, get_account
from parvis.people.keys import hash_of, new_key
from parvis.people.restraints import Restraint
from parvis.people.rules import checked_email
from parvis.store.statement import Statement
from parvis.store.tables import confirmations, credentials
from parvis.store.transaction import Tx

LIFETIME: Final = 7 * clock.DAY
PATH: Final = "/auth/confirmation?confirmation_token="
TO_CONFIRM: Final = (
    N_("Confirm your e-mail address at {instance}"),
    N_(
        "Hello @{handle},\n\nplease follow this link to confirm that this is your e-mail address:\n\n{link}\n\n"
        "If you did not open an account at {instance}, you need do nothing."
    ),
)
TO_THE_FORMER: Final = (
    N_("Another e-mail address at {instance}"),
    N_(
        "Hello @{handle},\n\nthis account has another e-mail address from now on, and letters about it go there.\n\n"
        "If it was not you, write to the people who run {instance}:\n\n{link}"
    ),
)

_account = bindparam("account", type_=BigInteger)
_asked = insert(confirmations).values(
    {column.name: bindparam(column.name, type_=column.type) for column in confirmations.columns}
)
ASK = Statement(
    _asked.on_conflict_do_update(
        index_elements=["account_id"],
        set_={name: _asked.excluded[name] for name in ("key_hash", "email", "asked_at")},
    )
)
TAKE = Statement(
    delete(confirmations)
    .where(
        confirmations.c.key_hash == bindparam("key", type_=LargeBinary),
        confirmations.c.asked_at > bindparam("since", type_=BigInteger),
    )
    .returning(confirmations.c.account_id, confirmations.c.email)
)
FORGET_OTHER = Statement(
    delete(confirmations).where(
        confirmations.c.account_id == _account,
        confirmations.c.email.is_distinct_from(
            select(credentials.c.email).where(credentials.c.account_id == _account).scalar_subquery()
        ),
    )
)
FORGET_OLD = Statement(delete(confirmations).where(confirmations.c.asked_at <= bindparam("since", type_=BigInteger)))
EMAIL = Statement(select(credentials.c.email).where(credentials.c.account_id == _account))
BEARER = Statement(select(credentials.c.account_id).where(credentials.c.email == bindparam("address", type_=Text)))
ASKED = Statement(
    select(func.coalesce(confirmations.c.email, credentials.c.email))
    .select_from(credentials.outerjoin(confirmations, confirmations.c.account_id == credentials.c.account_id))
    .where(credentials.c.account_id == _account)
)
SET = Statement(
    update(credentials).where(credentials.c.account_id == _account).values(email=bindparam("address", type_=Text))
)
APP = Statement(select(credentials.c.app_id).where(credentials.c.account_id == _account))


async def ask(tx: Tx, account: Account, settings: Settings, email: str | None = None) -> None:
    """Write to the account's address, or to another one that is to become it, with a link to follow.

    Raises:
        Invalid: this does not look like an e-mail address, or nobody is taken with it.
        Conflict: it is somebody else's.
        NotFound: the account has no address.
    """
    address = checked_email(email) if email else await tx.value(EMAIL, account=account.id)
    if address is None:
        raise NotFound("This account has no e-mail address.")
    waits = bool(email) and await barred.waits_with(tx, address)
    if waits and account.restraints & Restraint.UNCONFIRMED:
        await restraining.lay(tx, account.id, Restraint.PENDING)
    if await tx.value(BEARER, address=address) not in {None, account.id}:
        raise Conflict("An account with this e-mail address exists already.", field="email")
    key = new_key()
    await tx.run(ASK, account_id=account.id, key_hash=hash_of(key), email=address, asked_at=tx.now)
    letters.write(tx, letters.letter_to(account, address, settings, *TO_CONFIRM, link=settings.url + PATH + key))


async def confirm(tx: Tx, key: str, settings: Settings) -> Account:
    """The link was followed: the address is the account's, which may come in now; the one before it is written to.

    Raises:
        NotFound: the link is used, too old or wrong.
        Conflict: somebody else has this address meanwhile.
    """
    taken = await tx.first(TAKE, key=hash_of(key), since=tx.now - LIFETIME)
    if taken is None:
        raise NotFound("This link is no longer good. Ask for another letter.")
    account_id, address = taken
    before = await tx.value(EMAIL, account=account_id)
    if not await tx.claim(SET, account=account_id, address=address):
        raise Conflict("An account with this e-mail address exists already.", field="email")
    await restraining.lift(tx, account_id, Restraint.UNCONFIRMED)
    account = await get_account(tx, account_id)
    if before not in {None, address}:
        about = settings.url + "/about"
        letters.write(tx, letters.letter_to(account, before, settings, *TO_THE_FORMER, link=about))
    return account


async def email_of(tx: Tx, account: Account) -> str:
    """The account's e-mail address; empty where it has none."""
    return await tx.value(EMAIL, account=account.id) or ""


async def address_asked(tx: Tx, account: Account) -> str:
    """The address that was written to last, to be confirmed; the account's own where none was."""
    return await tx.value(ASKED, account=account.id) or ""


async def forget_other_address(tx: Tx, account_id: AccountId) -> None:
    """Have the account keep its address: a link by which it was to have another is worth nothing any more."""
    await tx.run(FORGET_OTHER, account=account_id)


async def forget_old_links(tx: Tx) -> int:
    """Remove the rows of links that are too old; how many there were."""
    return await tx.run(FORGET_OLD, since=tx.now - LIFETIME)


async def app_of(tx: Tx, account: Account) -> int | None:
    """The app that the account was opened with, if it was one."""
    found = await tx.value(APP, account=account.id)
    return None if found is None else int(found)
