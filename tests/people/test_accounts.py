import pytest
from tests.conftest import BOTH
from tests.rig import member

from parvis.core.errors import Conflict, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.events import AccountOpened
from parvis.people.accounts import (
    Application,
    accounts_by_ids,
    find_account,
    find_by_handle,
    get_account,
    open_account,
)
from parvis.people.rules import checked_bio, checked_email, checked_name
from parvis.store.database import Store


@BOTH
async def test_an_opened_account_is_found_by_its_id_and_its_handle_in_any_case(store: Store) -> None:
    with store.bus.subscribe() as heard:
        opened = await member(store, "Alice_9", name="  Alice\nin  Wonderland ", language="fr")
        async for event in heard:
            assert event == AccountOpened(opened.id)
            break
    assert (opened.handle, opened.acct, opened.name, opened.kind) == (
        "Alice_9",
        "Alice_9",
        "Alice in Wonderland",
        "person",
    )
    assert (opened.posts_count, opened.followers_count, opened.following_count) == (0, 0, 0)
    async with store.reading() as tx:
        assert await find_account(tx, opened.id) == opened
        assert await find_by_handle(tx, "aLICE_9") == opened
        assert await find_by_handle(tx, "alice_9", "elsewhere.example") is None
        assert await accounts_by_ids(tx, [opened.id, AccountId(1)]) == {opened.id: opened}


async def test_a_handle_can_be_taken_once_whatever_its_case(store: Store) -> None:
    await member(store, "alice")
    with pytest.raises(Conflict) as refusal:
        await member(store, "ALICE", email="another@example.com")
    assert refusal.value.field == "handle"
    assert str(refusal.value) == "The handle @ALICE is taken."


@BOTH
async def test_an_address_can_be_used_once_and_the_refused_account_leaves_nothing(store: Store) -> None:
    await member(store, "alice")
    with pytest.raises(Conflict) as refusal:
        await member(store, "bob", email=" Alice@Example.COM ")
    assert refusal.value.field == "email"
    async with store.reading() as tx:
        assert await find_by_handle(tx, "bob") is None


@pytest.mark.parametrize("handle", ["", "a" * 31, "é", "a b", "a-b", "a\x00", "a\n", "@a", "admin", "Parvis", "me"])
async def test_a_bad_or_reserved_handle_is_refused(store: Store, handle: str) -> None:
    async with store.transaction() as tx:
        with pytest.raises(Invalid) as refusal:
            await open_account(tx, Application(handle=handle))
    assert refusal.value.field == "handle"


async def test_the_assistant_may_bear_the_instances_name(store: Store) -> None:
    async with store.transaction() as tx:
        opened = await open_account(tx, Application(handle="parvis", kind="assistant"))
    assert opened.kind == "assistant"


@pytest.mark.parametrize(
    "email",
    ["", "alice", "a@b", "a@b@example.com", "a b@example.com", "a@exa mple.com", "a" * 250 + "@x.org", "@x.org"],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        checked_email(email)


def test_a_name_and_a_bio_are_bounded_and_cannot_turn_the_line_around() -> None:
    assert checked_name("\u202egnp\x00.exe\ud800") == "gnp.exe"
    assert checked_bio("one\r\ntwo\x00") == "one\ntwo"
    with pytest.raises(Invalid):
        checked_name("x" * 51)
    with pytest.raises(Invalid):
        checked_bio("x" * 501)


async def test_an_unknown_account_is_not_found(store: Store) -> None:
    async with store.reading() as tx:
        with pytest.raises(NotFound):
            await get_account(tx, AccountId(7))
