"""Passkeys as a thief meets them: an authenticator made of a key and a few bytes answers in a device's place."""

import hashlib
import json
import secrets
from collections.abc import Callable

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import insert
from tests.conftest import BOTH
from tests.rig import member
from webauthn.helpers import bytes_to_base64url

from parvis.core.config import Settings
from parvis.core.errors import Forbidden
from parvis.people import passkeys
from parvis.people.accounts import Account
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.statement import Statement

pytestmark = BOTH

CREDENTIAL = b"a credential of the phone"
PRESENT, VERIFIED = 0x01, 0x04

Answer = Callable[..., str]


async def device_of(store: Store, account: Account) -> Answer:
    """A passkey of the account, as what its device answers to a challenge."""
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
    row = {"account_id": account.id, "credential_id": CREDENTIAL, "public_key": public, "sign_count": 0, "name": "Key"}
    async with store.transaction() as tx:
        row |= {"id": tx.new_id(), "created_at": tx.now}
        await tx.run(Statement(insert(tables.passkeys).values(row)))

    def answer(challenge: bytes, *, origin: str = "http://localhost:8000", flags: int = PRESENT | VERIFIED) -> str:
        told = {"type": "webauthn.get", "challenge": bytes_to_base64url(challenge), "origin": origin}
        client = json.dumps(told).encode()
        authenticator = hashlib.sha256(b"localhost").digest() + bytes([flags]) + bytes(4)
        signature = key.sign(authenticator + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": authenticator, "signature": signature}
        name = bytes_to_base64url(CREDENTIAL)
        response = {part: bytes_to_base64url(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    return answer


async def test_an_answer_opens_the_door_once(settings: Settings, store: Store) -> None:
    ada = await member(store, "ada")
    answer, challenge = await device_of(store, ada), passkeys.new_challenge()
    async with store.transaction() as tx:
        asked_at = tx.now - 1
        opened = await passkeys.account_of_passkey(tx, answer(challenge), challenge, settings, asked_at=asked_at)
    assert opened.id == ada.id
    async with store.transaction() as tx:
        with pytest.raises(Forbidden):  # somebody overheard it
            await passkeys.account_of_passkey(tx, answer(challenge), challenge, settings, asked_at=asked_at)
    async with store.transaction() as tx:
        later = passkeys.new_challenge()
        assert await passkeys.account_of_passkey(tx, answer(later), later, settings, asked_at=tx.now + 1)


async def test_another_site_another_challenge_or_nobody_at_the_device_opens_nothing(
    settings: Settings, store: Store
) -> None:
    answer, challenge = await device_of(store, await member(store, "ada")), passkeys.new_challenge()
    for wrong in (
        answer(challenge, origin="https://phishing.example"),
        answer(secrets.token_bytes(32)),
        answer(challenge, flags=PRESENT),
        "{}",
        "[1]",
        "x" * 30_000,
    ):
        async with store.transaction() as tx:
            with pytest.raises(Forbidden):
                await passkeys.account_of_passkey(tx, wrong, challenge, settings, asked_at=tx.now)
