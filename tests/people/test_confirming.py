import pytest
from tests.conftest import BOTH
from tests.rig import member

from parvis.core.config import Settings
from parvis.core.errors import Invalid
from parvis.people import barred, confirming
from parvis.people.accounts import get_account
from parvis.store.database import Store

pytestmark = BOTH


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
