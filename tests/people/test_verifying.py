import asyncio
from typing import Any

import msgspec
import pytest
from tests.cast import SOON
from tests.conftest import BOTH
from tests.outside import ALLOWED, outside
from tests.rig import member

from parvis.core.config import Settings
from parvis.core.outbound import Fetched, Outbound
from parvis.people import verifying
from parvis.people.accounts import get_account
from parvis.people.details import ProfileField
from parvis.people.profiles import edit_profile
from parvis.people.verifying import links_back
from parvis.store.database import Store
from parvis.store.jobs import Runner

PROFILE = "http://localhost:8000/@ada"


@pytest.mark.parametrize(
    ("page", "theirs"),
    [
        (f'<a rel="me" href="{PROFILE}">me</a>', True),
        (f'<link rel="noopener ME" href="{PROFILE}/">', True),
        (f'<a href="{PROFILE}">me</a>', False),
        (f'<a rel="me" href="{PROFILE}2">me</a>', False),
        (f'<!-- <a rel="me" href="{PROFILE}">me</a> -->', False),
        ("<", False),
    ],
)
def test_a_page_links_back_with_rel_me(page: str, *, theirs: bool) -> None:
    assert links_back(page, PROFILE) is theirs


@BOTH
async def test_an_address_is_verified_once_its_page_links_back_and_stays_so(settings: Settings, store: Store) -> None:
    settings = msgspec.structs.replace(settings, outbound_allow=ALLOWED)
    ada, outbound = await member(store, "ada"), Outbound(settings)
    runner = Runner(store, verifying.kinds(settings, outbound))
    running = asyncio.create_task(runner.run())
    async with outside() as there:
        mine = there.put("/ada", f'<a rel="me" href="{PROFILE}">me</a>')
        lines = [
            ("Home", mine),
            ("Other", there.put("/ben", "<p>nothing</p>")),
            ("Gone", there.url + "/gone"),
            ("x", "y"),
        ]
        async with store.transaction() as tx:
            await edit_profile(tx, ada, fields=tuple(ProfileField(*line) for line in lines))
        await asyncio.wait_for(runner.settle(), SOON)
    async with store.reading() as tx:
        fields = (await get_account(tx, ada.id)).more.fields
    assert [field.name for field in fields if field.verified_at] == ["Home"]
    async with store.transaction() as tx:
        again = await edit_profile(tx, ada, fields=(ProfileField("Elsewhere", mine),))
    assert again.more.fields[0].verified_at == fields[0].verified_at
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await outbound.close()


@BOTH
async def test_an_address_that_comes_while_another_is_looked_at_is_looked_at_too(
    settings: Settings, store: Store
) -> None:
    settings = msgspec.structs.replace(settings, outbound_allow=ALLOWED)
    ada, outbound = await member(store, "ada"), Outbound(settings)
    async with outside() as there:
        first = there.put("/first", f'<a rel="me" href="{PROFILE}">me</a>')
        second = there.put("/second", f'<a rel="me" href="{PROFILE}">me</a>')
        async with store.transaction() as tx:
            await edit_profile(tx, ada, fields=(ProfileField("First", first),))
        asked = asyncio.Event()

        async def slowly(url: str, **options: Any) -> Fetched:
            if url == first:
                async with store.transaction() as tx:  # meanwhile
                    await edit_profile(tx, ada, fields=(ProfileField("First", first), ProfileField("Second", second)))
            asked.set()
            return await Outbound.fetch(outbound, url, **options)

        outbound.fetch = slowly  # type: ignore[method-assign] # the member is quick, not the web
        runner = Runner(store, verifying.kinds(settings, outbound))
        running = asyncio.create_task(runner.run())
        await asyncio.wait_for(asked.wait(), SOON)
        await asyncio.wait_for(runner.settle(), SOON)
    async with store.reading() as tx:
        fields = (await get_account(tx, ada.id)).more.fields
    assert [field.name for field in fields if field.verified_at] == ["First", "Second"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await outbound.close()
