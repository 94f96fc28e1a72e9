"""Looking people up: by the beginning of a handle, and by the beginnings of words of a name."""

import pytest
from tests.conftest import BOTH
from tests.rig import member, members

from parvis.people import profiles
from parvis.people.details import Trait
from parvis.people.lookup import look_up
from parvis.people.names import words_in
from parvis.people.restraining import lay
from parvis.people.restraints import Restraint
from parvis.store.database import Store


async def found(store: Store, text: str) -> list[str]:
    """Whom somebody without an account finds."""
    async with store.reading() as tx:
        return [one.handle for one in await look_up(tx, None, text)]


@BOTH
async def test_a_stranger_is_found_by_any_words_of_their_name(store: Store) -> None:
    await member(store, "zo", name="Zoë d'Amboise-Lafleur 🌷")
    await member(store, "kato", name="加藤 Kenji")
    for asked in ("zoe", "ZOË", "amb", "lafleur zo", "zoe amboise lafleur"):
        assert await found(store, asked) == ["zo"], asked
    assert await found(store, "加藤") == ["kato"]
    assert await found(store, "zoe kenji") == []
    assert [await found(store, text) for text in ("", "%", "\x00", "🌷", "x" * 500)] == [[], [], [], [], []]


@BOTH
async def test_a_prefix_finds_handles(store: Store) -> None:
    await members(store, "anna", "Anton", "an_dy", "bert")
    assert set(await found(store, "@AN")) == {"anna", "Anton", "an_dy"}
    assert await found(store, "an_") == ["an_dy"]


async def test_a_new_name_is_found_and_the_old_one_is_not(store: Store) -> None:
    ada = await member(store, "ada", name="Old Lamp")
    async with store.transaction() as tx:
        await profiles.edit_profile(tx, ada, name="New Lantern")
    assert await found(store, "lantern") == ["ada"]
    assert await found(store, "lamp") == []


async def test_who_asks_not_to_be_found_and_who_is_limited_is_found_by_handle_alone(store: Store) -> None:
    shy, bad = await member(store, "shy", name="Violet One"), await member(store, "bad", name="Violet Two")
    async with store.transaction() as tx:
        await profiles.edit_profile(tx, shy, traits={Trait.UNDISCOVERED: True})
        await lay(tx, bad.id, Restraint.LIMITED)
    assert await found(store, "violet") == []
    assert await found(store, "shy") == ["shy"]


@pytest.mark.parametrize(
    ("name", "words"), [("Ada  ADA ada", ["ada"]), ("İstanbul", ["istanbul"]), ("😀", []), ("a" * 99, ["a" * 40])]
)
def test_a_word_is_kept_once_folded_and_bounded(name: str, words: list[str]) -> None:
    assert words_in(name) == words
