"""Passkeys: signing in with what a device holds and its owner unlocks, in place of a password (WebAuthn, level 3).

The door asks a browser with the options that are made here, remembers the challenge (sealed, in the page), and hands
back what the browser answers. Since the device verifies its owner, a passkey is both factors at once.
"""

import secrets
from typing import Any, Final

import msgspec
import webauthn
from sqlalchemy import BigInteger, LargeBinary, bindparam, delete, func, insert, or_, select, update
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from parvis.core.config import Settings
from parvis.core.errors import Conflict, Forbidden, Invalid, NotFound
from parvis.core.text import one_line
from parvis.people.accounts import COLUMNS, Account, lock_accounts
from parvis.store.statement import Statement
from parvis.store.tables import accounts, passkeys
from parvis.store.transaction import Tx

MOST: Final = 20  # of one account
NAME_LENGTH: Final = 60
LONGEST: Final = 20_000  # characters of what a browser answers
CHALLENGE: Final = 32  # bytes


class Passkey(msgspec.Struct, frozen=True):
    """A passkey as the settings page lists it."""

    id: int
    name: str
    created_at: int
    used_at: int | None


class _Known(msgspec.Struct, frozen=True):
    account: Account
    id: int
    public_key: bytes
    sign_count: int


def _known(*row: Any) -> _Known:
    return _Known(Account(*row[:-3]), *row[-3:])


_c = passkeys.c
_mine = _c.account_id == bindparam("account", type_=BigInteger)
_ADD = Statement(
    insert(passkeys).values(
        {
            name: bindparam(name, type_=_c[name].type)
            for name in ("id", "account_id", "credential_id", "public_key", "sign_count", "name", "created_at")
        }
    )
)
_OF = Statement(select(_c.id, _c.name, _c.created_at, _c.used_at).where(_mine).order_by(_c.id).limit(MOST), Passkey)
_CREDENTIALS = Statement(select(_c.credential_id).where(_mine))
_COUNT = Statement(select(func.count()).where(_mine))
_TAKEN = Statement(select(_c.id).where(_c.credential_id == bindparam("credential", type_=LargeBinary)))
_FIND = Statement(
    select(*COLUMNS, _c.id, _c.public_key, _c.sign_count)
    .join_from(passkeys, accounts, accounts.c.id == _c.account_id)
    .where(_c.credential_id == bindparam("credential", type_=LargeBinary)),
    _known,
)
_USED = Statement(
    update(passkeys)
    .where(
        _c.id == bindparam("passkey", type_=BigInteger),
        or_(_c.used_at.is_(None), _c.used_at < bindparam("asked", type_=BigInteger)),
    )
    .values(sign_count=bindparam("count", type_=BigInteger), used_at=bindparam("moment", type_=BigInteger))
)
_FORGET = Statement(delete(passkeys).where(_mine, _c.id == bindparam("passkey", type_=BigInteger)))


def new_challenge() -> bytes:
    """What a device is asked to sign."""
    return secrets.token_bytes(CHALLENGE)


async def registration_options(tx: Tx, account: Account, challenge: bytes, settings: Settings) -> str:
    """What to ask a browser that is to make a passkey, as JSON."""
    known = [PublicKeyCredentialDescriptor(id=bytes(row[0])) for row in await tx.all(_CREDENTIALS, account=account.id)]
    options = webauthn.generate_registration_options(
        rp_id=_place(settings),
        rp_name=settings.name,
        user_id=str(account.id).encode(),
        user_name=account.handle,
        user_display_name=account.name or account.handle,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=known,
    )
    return webauthn.options_to_json(options)


async def add_passkey(
    tx: Tx, account: Account, answered: str, challenge: bytes, settings: Settings, *, name: str
) -> None:
    """Keep the passkey that a device made.

    Raises:
        Invalid: it is not an answer to this challenge at this address.
        Conflict: it is known already, or the account has too many.
    """
    try:
        made = webauthn.verify_registration_response(
            credential=_bounded(answered),
            expected_challenge=challenge,
            expected_rp_id=_place(settings),
            expected_origin=settings.url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as wrong:
        raise Invalid("The passkey could not be made. Try again.") from wrong
    if await tx.first(_TAKEN, credential=made.credential_id):
        raise Conflict("This passkey is known already.")
    await lock_accounts(tx, (account.id,))  # two at once are counted one after the other
    if await tx.value(_COUNT, account=account.id) >= MOST:
        raise Conflict("An account has at most {most} passkeys.", most=MOST)
    await tx.run(
        _ADD,
        id=tx.new_id(),
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=one_line(name)[:NAME_LENGTH] or "Passkey",
        created_at=tx.now,
    )


def sign_in_options(challenge: bytes, settings: Settings) -> str:
    """What to ask a browser whose owner wants in, as JSON: any passkey that it has for this place."""
    options = webauthn.generate_authentication_options(
        rp_id=_place(settings), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options)


async def account_of_passkey(tx: Tx, answered: str, challenge: bytes, settings: Settings, *, asked_at: int) -> Account:
    """Whose passkey answered the challenge of that moment (ms).

    An answer is good once: what was asked before a passkey was last used opens nothing any more.

    Raises:
        Forbidden: nobody's, or it did not answer this challenge, or not for the first time.
    """
    try:
        text = _bounded(answered)
        credential = base64url_to_bytes(msgspec.json.decode(text, type=dict[str, Any])["id"])
        known = await tx.first(_FIND, credential=credential)
        if known is None:
            raise Forbidden("This passkey is not known here.")
        proved = webauthn.verify_authentication_response(
            credential=text,
            expected_challenge=challenge,
            expected_rp_id=_place(settings),
            expected_origin=settings.url,
            credential_public_key=bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, msgspec.DecodeError, ValueError, TypeError, KeyError) as wrong:
        raise Forbidden("The passkey did not open the door. Try again.") from wrong
    if not await tx.run(_USED, passkey=known.id, count=proved.new_sign_count, moment=tx.now, asked=asked_at):
        raise Forbidden("The passkey did not open the door. Try again.")
    return known.account


async def passkeys_of(tx: Tx, account: Account) -> list[Passkey]:
    """The account's passkeys, the oldest first."""
    return await tx.all(_OF, account=account.id)


async def forget_passkey(tx: Tx, account: Account, passkey_id: int) -> None:
    """Let this passkey open nothing any more.

    Raises:
        NotFound: the account has no such passkey.
    """
    if not await tx.run(_FORGET, account=account.id, passkey=passkey_id):
        raise NotFound("There is no such passkey.")


def _place(settings: Settings) -> str:
    """The relying party's id: the domain without its port."""
    return settings.domain.partition(":")[0]


def _bounded(answered: str) -> str:
    if len(answered) > LONGEST:
        raise ValueError("longer than any browser answers")
    return answered
