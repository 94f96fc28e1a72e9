import asyncio

import pytest
from tests.conftest import BOTH
from tests.rig import PASSWORD, PASSWORD_HASH, member

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, Unauthenticated
from parvis.people import passwords, restraining
from parvis.people.restraints import Restraint
from parvis.people.sessions import (
    LIFETIME,
    MOST,
    account_of_session,
    end_session,
    end_sessions,
    find_session,
    forget_expired_sessions,
    prolong_session,
    sessions_of,
    start_session,
)
from parvis.people.signing import change_password, credentials_of, sign_in
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.statement import Statement


async def test_a_hash_opens_only_to_its_password() -> None:
    kept = await passwords.hash_password("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert "correct" not in kept
    assert await passwords.verify(kept, "correct horse battery")
    assert not await passwords.verify(kept, "correct horse batterx")
    assert not await passwords.verify(None, "nobody's password")
    assert not await passwords.verify("no hash at all", "correct horse battery")
    assert not await passwords.verify(kept, "x" * 10_000)


async def test_the_same_letters_written_in_two_ways_are_one_password() -> None:
    assert await passwords.verify(await passwords.hash_password("caf\u00e9 cr\u00e8me"), "cafe\u0301 cre\u0300me")


@pytest.mark.parametrize("plain", ["", "1234567", "x" * 201])
async def test_a_password_has_bounds(plain: str) -> None:
    with pytest.raises(Invalid):
        await passwords.hash_password(plain)


async def test_the_hash_that_tests_use_is_a_real_one() -> None:
    assert await passwords.verify(PASSWORD_HASH, PASSWORD)


async def test_hashing_does_not_hold_the_loop() -> None:
    hashing = asyncio.create_task(passwords.hash_password(PASSWORD))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 2


@pytest.mark.parametrize("login", ["alice", "@Alice", " ALICE ", "alice@example.com", "ALICE@example.com"])
async def test_a_member_signs_in_by_handle_or_address(store: Store, login: str) -> None:
    alice = await member(store, "alice")
    assert await sign_in(store, login, PASSWORD) == alice


async def test_an_unknown_handle_and_a_wrong_password_look_the_same(store: Store) -> None:
    await member(store, "alice")
    refusals = []
    for login, password in (("alice", "wrong wrong"), ("nobody", PASSWORD), ("a\x00", PASSWORD), ("x" * 999, PASSWORD)):
        with pytest.raises(Unauthenticated) as refusal:
            await sign_in(store, login, password)
        refusals.append(str(refusal.value))
    assert len(set(refusals)) == 1


@BOTH
async def test_a_session_opens_with_its_token_until_it_is_ended(store: Store) -> None:
    alice = await member(store, "alice")
    async with store.transaction() as tx:
        token = await start_session(tx, alice, "Firefox\x00 on  Linux")
        assert await account_of_session(tx, token) == alice
        assert await account_of_session(tx, token + "x") is None
        (place,) = await sessions_of(tx, alice)
        assert place.agent == "Firefox on Linux"
        await end_session(tx, token)
        await end_session(tx, token)
        assert await account_of_session(tx, token) is None


async def test_the_token_itself_is_nowhere_in_the_store(store: Store) -> None:
    alice = await member(store, "alice")
    async with store.transaction() as tx:
        token = await start_session(tx, alice)
        (row,) = await tx.all(Statement(tables.sessions.select()))
    assert token not in repr(row)
    assert len(row[0]) == 32


async def test_a_session_slides_while_it_is_used_and_then_expires(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        alice = await member(store, "alice")
        async with store.transaction() as tx:
            token = await start_session(tx, alice)
        async with store.reading() as tx:
            session = await find_session(tx, token)
            assert session is not None
            assert not session.due
        moment += LIFETIME - 1
        async with store.transaction() as tx:
            session = await find_session(tx, token)
            assert session is not None
            assert session.due
            await prolong_session(tx, token)
        moment += LIFETIME - 1
        async with store.transaction() as tx:
            assert await account_of_session(tx, token) == alice
        moment += 1
        async with store.transaction() as tx:
            assert await account_of_session(tx, token) is None
            await prolong_session(tx, token)
            assert await account_of_session(tx, token) is None
            assert await sessions_of(tx, alice) == []
            assert await forget_expired_sessions(tx) == 1


async def test_one_session_too_many_ends_the_one_used_longest_ago(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        alice = await member(store, "alice")
        tokens = []
        for _ in range(MOST + 1):
            moment += 1
            async with store.transaction(durable=False) as tx:
                tokens.append(await start_session(tx, alice))
        async with store.reading() as tx:
            assert await account_of_session(tx, tokens[0]) is None
            assert await account_of_session(tx, tokens[1]) == alice
            assert len(await sessions_of(tx, alice)) == MOST


async def test_another_password_signs_out_everywhere_else(store: Store) -> None:
    alice, bob = await member(store, "alice"), await member(store, "bob")
    new_hash = await passwords.hash_password("another password")
    async with store.transaction() as tx:
        here, there = await start_session(tx, alice), await start_session(tx, alice)
        bobs = await start_session(tx, bob)
        await change_password(tx, alice, new_hash, but=here)
        assert await account_of_session(tx, here) == alice
        assert await account_of_session(tx, there) is None
        assert await account_of_session(tx, bobs) == bob
        found = await credentials_of(tx, "alice")
        assert found is not None
        assert found.password_hash == new_hash
        await end_sessions(tx, alice.id)
        assert await account_of_session(tx, here) is None


@BOTH
@pytest.mark.parametrize("restraint", [Restraint.DISABLED, Restraint.PENDING, Restraint.UNCONFIRMED])
async def test_a_session_opens_nothing_for_who_may_not_come_in(store: Store, restraint: Restraint) -> None:
    ada = await member(store, "ada")
    async with store.transaction() as tx:  # restrained between the password and the session
        await restraining.lay(tx, ada.id, restraint)
        token = await start_session(tx, ada)
        assert await account_of_session(tx, token) is None
        await restraining.lift(tx, ada.id, restraint)
        assert await account_of_session(tx, token) is not None
