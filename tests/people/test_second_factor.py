import pyotp
import pytest
from tests.conftest import BOTH
from tests.rig import member

from parvis.core.clock import SECOND
from parvis.core.errors import Conflict, Forbidden
from parvis.core.seal import Seal
from parvis.people import second_factor
from parvis.people.accounts import Account
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.transaction import Tx

pytestmark = BOTH

SEAL = Seal(b"x" * 32, "test")


def code_of(tx: Tx, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(tx.now // SECOND // second_factor.STEP + steps)


async def guarded(store: Store) -> tuple[Account, str, list[str]]:
    ada = await member(store, "ada")
    async with store.transaction() as tx:
        secret = await second_factor.begin(tx, ada, SEAL)
        codes = await second_factor.confirm(tx, ada, code_of(tx, secret, -1), SEAL)
    return ada, secret, codes


async def test_a_second_factor_counts_once_the_app_has_proved_itself(store: Store) -> None:
    ada = await member(store, "ada")
    async with store.transaction() as tx:
        secret = await second_factor.begin(tx, ada, SEAL)
        assert not await second_factor.has_second_factor(tx, ada.id)
        for wrong in ("", "000000", "not a code", code_of(tx, secret, 5), code_of(tx, secret) + "0"):
            with pytest.raises(Forbidden):
                await second_factor.confirm(tx, ada, wrong, SEAL)
            with pytest.raises(Forbidden):
                await second_factor.require_code(tx, ada.id, wrong, SEAL)
        assert not await second_factor.has_second_factor(tx, ada.id)
        await second_factor.confirm(tx, ada, code_of(tx, secret), SEAL)
        assert await second_factor.has_second_factor(tx, ada.id)
        with pytest.raises(Conflict):
            await second_factor.begin(tx, ada, SEAL)
        with pytest.raises(Conflict):
            await second_factor.confirm(tx, ada, code_of(tx, secret), SEAL)


async def test_a_code_is_good_once(store: Store) -> None:
    ada, secret, _ = await guarded(store)
    async with store.transaction() as tx:
        with pytest.raises(Forbidden):  # with which it was turned on
            await second_factor.require_code(tx, ada.id, code_of(tx, secret, -1), SEAL)
        spaced = code_of(tx, secret)
        await second_factor.require_code(tx, ada.id, f"{spaced[:3]} {spaced[3:]}", SEAL)
        with pytest.raises(Forbidden):
            await second_factor.require_code(tx, ada.id, spaced, SEAL)


async def test_each_recovery_code_opens_once_and_new_ones_replace_them(store: Store) -> None:
    ada, _, codes = await guarded(store)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    async with store.transaction() as tx:
        await second_factor.require_code(tx, ada.id, codes[0].upper(), SEAL)
        with pytest.raises(Forbidden):
            await second_factor.require_code(tx, ada.id, codes[0], SEAL)
        (renewed, *_) = await second_factor.renew_recovery_codes(tx, ada)
        with pytest.raises(Forbidden):
            await second_factor.require_code(tx, ada.id, codes[1], SEAL)
        await second_factor.require_code(tx, ada.id, renewed, SEAL)


async def test_nothing_of_it_is_kept_in_the_clear_and_all_is_gone_when_it_is_turned_off(store: Store) -> None:
    ada, secret, codes = await guarded(store)
    kept = Statement(tables.second_factors.select())
    hashes = Statement(tables.recovery_codes.select())
    async with store.transaction() as tx:
        said = repr(
            [tuple(map(bytes, filter(lambda part: isinstance(part, bytes), row))) for row in await tx.all(kept)]
        )
        said += repr([bytes(row[1]) for row in await tx.all(hashes)])
        assert secret not in said
        assert not any(code.replace("-", "") in said for code in codes)
        await second_factor.end(tx, ada)
        assert not await second_factor.has_second_factor(tx, ada.id)
        assert not await tx.all(kept)
        assert not await tx.all(hashes)
