"""What an operator does about members: sentences for people, tokens for scripts, beside a running instance."""

import pathlib

import pytest
from tests.cli.test_cli import parvis
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.people.accounts import find_by_handle
from parvis.people.grants import access_of_token
from parvis.people.restraints import Restraint
from parvis.people.signing import sign_in
from parvis.store.opening import open_store


@BOTH
async def test_a_member_is_opened_beside_a_running_instance(settings: Settings) -> None:
    given = ("--email", "ada@example.com", "--password", "correct horse", "--role", "admin", "--locked", "--token")
    async with open_store(settings) as store:
        told = parvis(
            settings.data,
            *("admin", "user", "create", "@ada", *given, "--scopes", "read admin:read"),
            database=settings.database,
        )
        assert told.returncode == 0, told.stderr
        assert "@ada is here as admin" in told.stderr
        async with store.reading() as tx:
            access = await access_of_token(tx, told.stdout.strip())
        assert access.account is not None
        assert (access.account.handle, access.account.role, access.account.locked) == ("ada", "admin", True)
        assert access.scopes == {"read", "admin:read"}
        assert (await sign_in(store, "ada@example.com", "correct horse")).handle == "ada"


async def test_a_password_is_made_and_told(settings: Settings) -> None:
    told = parvis(settings.data, "admin", "user", "create", "ben")
    assert told.returncode == 0
    assert told.stdout == ""
    password = told.stderr.partition("The password is ")[2].strip().removesuffix(".")
    async with open_store(settings) as store:
        assert (await sign_in(store, "ben", password)).handle == "ben"


async def test_a_member_is_locked_out_and_let_in(settings: Settings) -> None:
    assert parvis(settings.data, "admin", "user", "create", "cat", "--unconfirmed").returncode == 0
    assert "unconfirmed" in parvis(settings.data, "admin", "user", "show", "cat").stdout
    for words in (("approve", "cat"), ("disable", "cat"), ("role", "cat", "moderator")):
        assert parvis(settings.data, "admin", "user", *words).returncode == 0
    async with open_store(settings) as store, store.reading() as tx:
        cat = await find_by_handle(tx, "cat")
    assert cat is not None
    assert (cat.restraints, cat.role) == (Restraint.DISABLED, "moderator")


@pytest.mark.parametrize("words", [("create", "a b"), ("show", "nobody"), ("create", "dan", "--role", "king")])
def test_what_cannot_be_is_said_in_a_sentence(tmp_path: pathlib.Path, words: tuple[str, ...]) -> None:
    assert parvis(tmp_path, "migrate").returncode == 0
    told = parvis(tmp_path, "admin", "user", *words)
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert told.stderr.strip()
