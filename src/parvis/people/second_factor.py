"""The second factor: a code from an authenticator app, asked for after the password (TOTP, RFC 6238).

A secret is shown once while it is set up and kept sealed; it counts from the moment a first code proves that the app
has it. Each code is good once. Ten recovery codes, kept as hashes, stand in when the app is lost, each of them once.
"""

import secrets
from typing import Final

import msgspec
import pyotp
from sqlalchemy import BigInteger, LargeBinary, bindparam, delete, select, update
from sqlalchemy import insert as add
from sqlalchemy.dialects.postgresql import insert

from parvis.core.clock import SECOND
from parvis.core.errors import Conflict, Forbidden
from parvis.core.ids import AccountId
from parvis.core.seal import Seal
from parvis.people.accounts import Account
from parvis.people.keys import hash_of
from parvis.store.statement import Statement
from parvis.store.tables import recovery_codes, second_factors
from parvis.store.transaction import Tx

STEP: Final = 30  # seconds
DRIFT: Final = 1  # steps that a clock may be off
RECOVERY_CODES: Final = 10
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_RECOVERY_LENGTH: Final = 16


class Factor(msgspec.Struct, frozen=True):
    """An account's second factor."""

    secret: bytes
    confirmed_at: int | None
    last_step: int


_mine = second_factors.c.account_id == bindparam("account", type_=BigInteger)
_new = insert(second_factors).values(
    account_id=bindparam("account", type_=BigInteger), secret=bindparam("secret", type_=LargeBinary)
)
_BEGIN = Statement(
    _new.on_conflict_do_update(
        index_elements=["account_id"],
        set_={"secret": _new.excluded.secret},
        where=second_factors.c.confirmed_at.is_(None),
    )
)
_FIND = Statement(
    select(second_factors.c.secret, second_factors.c.confirmed_at, second_factors.c.last_step).where(_mine), Factor
)
_CONFIRM = Statement(
    update(second_factors)
    .where(_mine, second_factors.c.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("moment", type_=BigInteger), last_step=bindparam("step", type_=BigInteger))
)
_USE = Statement(
    update(second_factors)
    .where(_mine, second_factors.c.last_step < bindparam("step", type_=BigInteger))
    .values(last_step=bindparam("step", type_=BigInteger))
)
_END = Statement(delete(second_factors).where(_mine))
_ADD_CODE = Statement(
    add(recovery_codes).values(account_id=bindparam("account", type_=BigInteger), code_hash=bindparam("code"))
)
_of = recovery_codes.c.account_id == bindparam("account", type_=BigInteger)
_USE_CODE = Statement(delete(recovery_codes).where(_of, recovery_codes.c.code_hash == bindparam("code")))
_FORGET_CODES = Statement(delete(recovery_codes).where(_of))


async def has_second_factor(tx: Tx, account_id: AccountId) -> bool:
    """Whether a code is asked for after this account's password."""
    factor = await tx.first(_FIND, account=account_id)
    return factor is not None and factor.confirmed_at is not None


async def begin(tx: Tx, account: Account, seal: Seal) -> str:
    """Set up a second factor that does not count yet; its secret in base 32, for the app.

    Raises:
        Conflict: the account has one.
    """
    secret = pyotp.random_base32()
    if not await tx.run(_BEGIN, account=account.id, secret=seal.close(secret.encode(), _about(account.id))):
        raise Conflict("Your account has a second factor already. Turn it off before you set up another.")
    return secret


async def being_set_up(tx: Tx, account: Account, seal: Seal) -> str:
    """The secret of a second factor that does not count yet; empty where none is being set up."""
    factor = await tx.first(_FIND, account=account.id)
    if factor is None or factor.confirmed_at is not None:
        return ""
    return seal.open(bytes(factor.secret), _about(account.id)).decode()


def address_of(secret: str, account: Account, instance: str) -> str:
    """The secret as the address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.handle, issuer_name=instance)


async def confirm(tx: Tx, account: Account, code: str, seal: Seal) -> list[str]:
    """Let the second factor count, now that a code proves that the app has it; the recovery codes, shown only here.

    Raises:
        Forbidden: the code is another.
        Conflict: none is being set up.
    """
    factor = await tx.first(_FIND, account=account.id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict("No second factor is being set up.")
    step = _step_of(tx, account.id, factor, code, seal)
    if step is None:
        raise Forbidden("This code is not right. Codes change every half minute; try the next one.")
    if not await tx.run(_CONFIRM, account=account.id, moment=tx.now, step=step):
        raise Conflict("No second factor is being set up.")
    return await _new_codes(tx, account.id)


async def require_code(tx: Tx, account_id: AccountId, code: str, seal: Seal) -> None:
    """Return when this is the app's code of the moment, or a recovery code; either is used up by it.

    Raises:
        Forbidden: it is neither, or was used.
    """
    factor = await tx.first(_FIND, account=account_id)
    step = _step_of(tx, account_id, factor, code, seal) if factor and factor.confirmed_at else None
    if step is not None and await tx.run(_USE, account=account_id, step=step):
        return
    spoken = "".join(letter for letter in code.lower() if letter in _LETTERS)
    if len(spoken) == _RECOVERY_LENGTH and await tx.run(_USE_CODE, account=account_id, code=hash_of(spoken)):
        return
    raise Forbidden("This code is not right. Codes change every half minute; try the next one.")


async def renew_recovery_codes(tx: Tx, account: Account) -> list[str]:
    """Ten new recovery codes in place of those there were, shown only here."""
    await tx.run(_FORGET_CODES, account=account.id)
    return await _new_codes(tx, account.id)


async def end(tx: Tx, account: Account) -> None:
    """Ask for no code any more."""
    await tx.run(_END, account=account.id)
    await tx.run(_FORGET_CODES, account=account.id)


def _about(account_id: AccountId) -> bytes:
    return str(account_id).encode()


def _step_of(tx: Tx, account_id: AccountId, factor: Factor, code: str, seal: Seal) -> int | None:
    """The step whose code this is, if it is near enough to now."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):  # noqa: PLR2004 - six digits
        return None
    app = pyotp.TOTP(seal.open(bytes(factor.secret), _about(account_id)).decode())
    now = tx.now // SECOND // STEP
    near = (now + offset for offset in range(-DRIFT, DRIFT + 1))
    return next((step for step in near if secrets.compare_digest(app.generate_otp(step), digits)), None)


async def _new_codes(tx: Tx, account_id: AccountId) -> list[str]:
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    await tx.many(_ADD_CODE, [{"account": account_id, "code": hash_of(code)} for code in codes])
    return ["-".join(code[part : part + 4] for part in range(0, _RECOVERY_LENGTH, 4)) for code in codes]
