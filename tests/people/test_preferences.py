import pytest
from tests.conftest import BOTH
from tests.rig import member, members

from parvis.core.errors import Invalid
from parvis.people.preferences import USUAL, Preferences, prefer, preferences_of
from parvis.store.database import Store


@BOTH
async def test_what_one_prefers_is_changed_piece_by_piece(store: Store) -> None:
    alice, bob = await members(store, "alice", "bob")
    async with store.transaction() as tx:
        await prefer(tx, alice, visibility="followers", sensitive=True)
        await prefer(tx, alice, sensitive=False, credited_by=("https://Paper.example/x", "paper.example", ""))
    async with store.reading() as tx:
        chosen = Preferences(visibility="followers", credited_by=("paper.example",))
        assert await preferences_of(tx, alice.id) == chosen
        assert await preferences_of(tx, bob.id) == USUAL


async def test_a_language_and_a_domain_have_a_form(store: Store) -> None:
    alice = await member(store, "alice")
    async with store.transaction() as tx:
        for wrong in ({"language": "English"}, {"credited_by": ("no domain",)}, {"credited_by": ("a.b",) * 101}):
            with pytest.raises(Invalid):
                await prefer(tx, alice, **wrong)
