import msgspec
import pytest
from tests.conftest import BOTH
from tests.rig import member

from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.events import ProfileEdited
from parvis.people.accounts import get_account
from parvis.people.details import ProfileField, Trait
from parvis.people.profiles import edit_profile
from parvis.store.database import Store


@BOTH
async def test_an_edit_changes_what_is_given_and_nothing_else(store: Store) -> None:
    alice = await member(store, "alice", name="Alice", bio="Reads.", avatar="a.webp")
    bob = await member(store, "bob")
    async with store.transaction() as tx:
        edited = await edit_profile(tx, alice, bio=" Writes.\n", header="h.webp", language="fr", avatar="")
        assert tx.aftermath().events == (ProfileEdited(alice.id),)
    wanted = {"bio": "Writes.", "header": "h.webp", "language": "fr", "avatar": ""}
    assert edited == msgspec.structs.replace(alice, **wanted)
    async with store.reading() as tx:
        assert await get_account(tx, alice.id) == edited
        assert await get_account(tx, bob.id) == bob


@BOTH
async def test_traits_and_details_change_one_by_one(store: Store) -> None:
    alice = await member(store, "alice")
    lines = (ProfileField(" Home ", "https://a.example"), ProfileField("", ""), ProfileField("Pronouns", "she"))
    async with store.transaction() as tx:
        await edit_profile(tx, alice, traits={Trait.LOCKED: True, Trait.DISCREET: True}, fields=lines)
        await edit_profile(tx, alice, traits={Trait.DISCREET: False, Trait.MEMORIAL: True}, avatar_alt="A cat")
    async with store.reading() as tx:
        found = await get_account(tx, alice.id)
    assert (found.traits, found.locked) == (Trait.LOCKED, True)
    assert found.more.avatar_alt == "A cat"
    assert [(line.name, line.value) for line in found.more.fields] == [
        ("Home", "https://a.example"),
        ("Pronouns", "she"),
    ]
    async with store.transaction() as tx:
        assert (await edit_profile(tx, alice, fields=(), avatar_alt="")).details == ""


async def test_fields_are_few_and_short(store: Store) -> None:
    alice = await member(store, "alice")
    async with store.transaction() as tx:
        for lines in ([ProfileField("a", "b")] * 5, [ProfileField("x" * 256, "y")], [ProfileField("", "nameless")]):
            with pytest.raises(Invalid):
                await edit_profile(tx, alice, fields=tuple(lines))


async def test_without_a_name_one_is_called_by_the_handle(store: Store) -> None:
    alice = await member(store, "alice", name="Alice")
    async with store.transaction() as tx:
        assert (await edit_profile(tx, alice, name=" \u202e ")).name == "alice"


async def test_a_bad_part_a_suspension_and_an_absence_are_refused(store: Store) -> None:
    alice = await member(store, "alice")
    async with store.transaction() as tx:
        for part in ({"name": "x" * 51}, {"bio": "x" * 501}, {"language": "English"}):
            with pytest.raises(Invalid):
                await edit_profile(tx, alice, **part)
        with pytest.raises(Forbidden):
            await edit_profile(tx, msgspec.structs.replace(alice, suspended_at=1), name="A")
        with pytest.raises(NotFound):
            await edit_profile(tx, msgspec.structs.replace(alice, id=AccountId(7)), name="A")
