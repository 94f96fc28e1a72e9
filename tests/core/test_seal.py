import pathlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from parvis.core.config import Settings, WrongSetting
from parvis.core.seal import FILE, Broken, Seal, seal_for

SECRET = b"x" * 32


def test_what_is_sealed_opens_for_its_purpose_alone_and_only_unchanged() -> None:
    seal = Seal(SECRET, "one")
    sealed = seal.close(b"words", b"whose")
    assert b"words" not in sealed
    assert seal.open(sealed, b"whose") == b"words"
    for other in (Seal(SECRET, "another"), Seal(b"y" * 32, "one")):
        with pytest.raises(Broken):
            other.open(sealed, b"whose")
    for changed in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"short"):
        with pytest.raises(Broken):
            seal.open(changed, b"whose")
    with pytest.raises(Broken):
        seal.open(sealed, b"another's")


def test_the_secret_is_made_once_for_its_owner_alone_or_is_the_operators(tmp_path: pathlib.Path) -> None:
    one = Settings(data=tmp_path / "one")
    sealed = seal_for(one, "p").close(b"words")
    assert (tmp_path / "one" / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "one").iterdir()] == [FILE]
    assert Seal((tmp_path / "one" / FILE).read_bytes(), "p").open(sealed) == b"words"

    (tmp_path / "three").mkdir()
    (tmp_path / "three" / FILE).write_bytes(b"short")
    with pytest.raises(WrongSetting):
        seal_for(Settings(data=tmp_path / "three"), "p")

    told = Settings(data=tmp_path / "two", secret="s" * 32)
    assert seal_for(told, "p").open(Seal(b"s" * 32, "p").close(b"words")) == b"words"
    assert not (tmp_path / "two").exists()


def test_processes_that_begin_at_once_have_one_secret(tmp_path: pathlib.Path) -> None:
    with ThreadPoolExecutor(8) as several:
        found = list(several.map(lambda number: seal_for(Settings(data=tmp_path), f"purpose {number % 4}"), range(16)))
    sealed = found[0].close(b"x")
    assert {seal.open(sealed) for seal in found[::4]} == {b"x"}
