import asyncio
import re

import msgspec
import pytest
from sqlalchemy import select
from tests.conftest import BOTH
from tests.rig import member, members

from parvis.core.config import Settings
from parvis.core.errors import Conflict, Invalid, NotFound
from parvis.people import barred, confirming
from parvis.people.accounts import get_account
from parvis.people.letters import NAME, Letter
from parvis.people.signing import change_password
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import jobs

pytestmark = BOTH

LETTERS = Statement(select(jobs.c.payload).where(jobs.c.kind == NAME).order_by(jobs.c.id.desc()))


async def latest_letter(store: Store) -> Letter:
    """What was written last."""
    async with store.reading() as tx:
        return msgspec.json.decode(await tx.value(LETTERS), type=Letter)


def key_in(letter: Letter) -> str:
    """What the letter's link holds."""
    [key] = re.findall(r"confirmation_token=(\S+)", letter.words)
    return str(key)


async def test_a_barred_address_does_not_come_in_by_a_second_letter(settings: Settings, store: Store) -> None:
    ada = await member(store, "ada", unconfirmed=True)
    async with store.transaction() as tx:
        await barred.bar_mail_domain(tx, "barred.example")
        await barred.bar_mail_domain(tx, "slow.example", with_approval=True)
        await barred.bar_mail(tx, email="eve@example.org")
    for address in ("ada@barred.example", "ada@mail.barred.example", "e.ve+1@example.org"):
        async with store.transaction() as tx:
            with pytest.raises(Invalid):
                await confirming.ask(tx, ada, settings, address)
    async with store.transaction() as tx:
        await confirming.ask(tx, ada, settings, "ada@fast.example")
        assert (await get_account(tx, ada.id)).restraints == ada.restraints
        await confirming.ask(tx, ada, settings, "ada@slow.example")
        assert (await get_account(tx, ada.id)).restraints > ada.restraints


async def test_nobody_moves_to_a_barred_address(settings: Settings, store: Store) -> None:
    ada = await member(store, "ada")
    async with store.transaction() as tx:
        await barred.bar_mail_domain(tx, "barred.example")
        await barred.bar_mail_domain(tx, "slow.example", with_approval=True)
        await confirming.ask(tx, ada, settings, "ada@slow.example")
        assert (await get_account(tx, ada.id)).restraints == ada.restraints
        with pytest.raises(Invalid):
            await confirming.ask(tx, ada, settings, "ada@barred.example")


async def test_the_address_that_was_given_up_is_told(settings: Settings, store: Store) -> None:
    ada = await member(store, "ada")
    async with store.transaction() as tx:
        await confirming.ask(tx, ada, settings, "ada@elsewhere.example")
    asked = await latest_letter(store)
    assert asked.recipient == "ada@elsewhere.example"
    async with store.transaction() as tx:
        await confirming.confirm(tx, key_in(asked), settings)
        assert await confirming.email_of(tx, ada) == "ada@elsewhere.example"
    told = await latest_letter(store)
    assert (told.recipient, "another e-mail address" in told.words) == ("ada@example.com", True)
    assert "ada@elsewhere.example" not in told.words


async def test_of_those_who_confirm_one_address_at_once_one_has_it(settings: Settings, store: Store) -> None:
    everyone = await members(store, "ada", "bob", "cy", "dee")
    keys = []
    for each in everyone:
        async with store.transaction() as tx:
            await confirming.ask(tx, each, settings, "shared@example.com")
        keys.append(key_in(await latest_letter(store)))

    async def follow(key: str) -> type[Exception] | None:
        try:
            async with store.transaction() as tx:
                await confirming.confirm(tx, key, settings)
        except (Conflict, NotFound) as refusal:
            return type(refusal)
        return None

    assert await asyncio.gather(*(follow("no key") for _ in keys)) == [NotFound] * 4  # connections are open now
    met = await asyncio.gather(*map(follow, keys))
    assert sorted(map(str, met)) == sorted(map(str, [None, Conflict, Conflict, Conflict]))
    async with store.reading() as tx:
        held = [await confirming.email_of(tx, each) for each in everyone]
    assert held.count("shared@example.com") == 1


async def test_who_confirms_the_address_of_the_account_is_told_nothing_more(settings: Settings, store: Store) -> None:
    ada = await member(store, "ada", unconfirmed=True)
    async with store.transaction() as tx:
        await confirming.ask(tx, ada, settings)
    asked = await latest_letter(store)
    async with store.transaction() as tx:
        await change_password(tx, ada, "another hash")
        await confirming.confirm(tx, key_in(asked), settings)
    assert await latest_letter(store) == asked


@pytest.mark.parametrize("before", ["ada@example.com", None])
async def test_another_address_is_forgotten_with_the_password_that_it_was_asked_for_by(
    settings: Settings, store: Store, before: str | None
) -> None:
    ada = await member(store, "ada", email=before)
    async with store.transaction() as tx:
        await confirming.ask(tx, ada, settings, "eve@example.com")
    asked = await latest_letter(store)
    async with store.transaction() as tx:
        await change_password(tx, ada, "another hash")
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await confirming.confirm(tx, key_in(asked), settings)
