"""Where a member puts somebody: on lists and in collections of their own, by one form, and nowhere else."""

import re
from collections.abc import Callable

from tests.web.conftest import Browser, join

from parvis.people import collections
from parvis.people.accounts import find_by_handle
from parvis.people.collections import Sketch
from parvis.people.details import Trait
from parvis.people.profiles import edit_profile
from parvis.people.relations import follow
from parvis.timelines import lists
from parvis.web.door import Door


async def test_somebody_is_where_the_boxes_are_ticked(
    door: Door, browser: Browser, another: Callable[[], Browser]
) -> None:
    await join(browser, "ada")
    async with another() as other:
        await join(other, "ben")
    async with door.store.transaction() as tx:
        ada, ben = await find_by_handle(tx, "ada"), await find_by_handle(tx, "ben")
        assert ada
        assert ben
        await follow(tx, ada, ben.id)
        bakers = await lists.make_list(tx, ada, "Bakers")
        bread = await collections.create(tx, ada, Sketch(name="Good bread"))
        theirs = await lists.make_list(tx, ben, "Not hers")
    at = f"/accounts/{ben.id}/places"
    page = await browser.post(at, data={"list": [str(bakers.id), str(theirs.id)], "collection": str(bread.id)})
    assert "Saved." in page.text
    assert re.findall(r'value="(\d+)" checked', page.text) == [str(bakers.id), str(bread.id)]
    page = await browser.post(at, data={"collection": str(bread.id)})
    assert re.findall(r'value="(\d+)" checked', page.text) == [str(bread.id)]
    assert "checked" not in (await browser.post(at)).text


async def test_who_does_not_want_to_be_collected_is_not_and_the_page_says_why(
    door: Door, browser: Browser, another: Callable[[], Browser]
) -> None:
    await join(browser, "ada")
    async with another() as other:
        await join(other, "ben")
    async with door.store.transaction() as tx:
        ada, ben = await find_by_handle(tx, "ada"), await find_by_handle(tx, "ben")
        assert ada
        assert ben
        await edit_profile(tx, ben, traits={Trait.UNDISCOVERED: True})
        bakers = await lists.make_list(tx, ada, "Bakers")
        bread = await collections.create(tx, ada, Sketch(name="Good bread"))
    page = (await browser.get("/@ben/places")).text
    assert "does not want to be put into collections" in page
    assert "Your lists hold only those you follow." in page
    assert page.count(" disabled") == 2
    refused = await browser.post(f"/accounts/{ben.id}/places", data={"collection": str(bread.id)})
    assert refused.status_code == 403
    assert 'role="alert"' in refused.text
    refused = await browser.post(f"/accounts/{ben.id}/places", data={"list": str(bakers.id)})
    assert "A list holds only people whom you follow." in refused.text
    assert (await browser.post("/accounts/7/places")).status_code == 404
