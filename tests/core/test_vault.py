"""What is sealed opens again, under the same key and for the same purpose only."""

import pathlib
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from parvis.core.config import WrongSetting
from parvis.core.vault import FILE, Vault


def test_what_is_sealed_opens_again_and_looks_different_each_time(tmp_path: pathlib.Path) -> None:
    vault = Vault(tmp_path)
    first, second = vault.seal(b"a token", "push"), vault.seal(b"a token", "push")
    assert first != second
    assert b"token" not in first
    assert Vault(tmp_path).open(first, "push") == vault.open(second, "push") == b"a token"


def test_another_key_or_purpose_opens_nothing(tmp_path: pathlib.Path) -> None:
    vault = Vault(tmp_path / "one")
    sealed = vault.seal(b"a token", "push")
    for other, purpose in ((Vault(tmp_path / "two"), "push"), (vault, "letter")):
        with pytest.raises(WrongSetting):
            other.open(sealed, purpose)
    with pytest.raises(WrongSetting):
        vault.open(sealed[:-1], "push")


def test_only_its_owner_may_read_the_key_and_a_broken_one_is_said_to_be(tmp_path: pathlib.Path) -> None:
    Vault(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    (tmp_path / FILE).write_bytes(b"short")
    with pytest.raises(WrongSetting):
        Vault(tmp_path)


def test_processes_that_begin_at_once_have_one_key(tmp_path: pathlib.Path) -> None:
    with ThreadPoolExecutor(8) as several:
        vaults = list(several.map(lambda _: Vault(tmp_path), range(16)))
    assert {vault.open(vaults[0].seal(b"x", "y"), "y") for vault in vaults} == {b"x"}
