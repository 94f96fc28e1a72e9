"""A profile: what its owner says on it, what stands between its owner and a reader, and the end of an account."""

import re
from collections.abc import Callable

import pytest
from tests.web.conftest import Browser, join

from parvis.people.accounts import find_by_handle
from parvis.people.details import ProfileField, Trait
from parvis.people.profiles import edit_profile
from parvis.people.relations import block, relationship
from parvis.posts.emojis import add
from parvis.web.door import Door

LEAVING = {"handle": "@Ada", "password": "a long password"}


async def _account(browser: Browser, handle: str) -> str:
    found = re.findall(r'formaction="(/accounts/\d+)/(?:un)?follow"', (await browser.get(f"/@{handle}")).text)
    return str(found[0])


async def test_lines_links_and_emoji_are_alive_on_a_profile(door: Door, browser: Browser) -> None:
    await join(browser, "ada")
    async with door.store.transaction() as tx:
        await add(tx, "anchor", "anchor.webp", "anchor.png")
    await door.emojis.look(door.store)
    lines = {"field_1": "Site", "value_1": "https://ada.example/log", "field_2": "", "value_2": ""}
    page = await browser.post("/settings/profile", data={"name": "Ada :anchor:", "bio": "By the #sea"} | lines)
    assert "Saved." in page.text
    assert 'value="https://ada.example/log"' in page.text
    async with door.store.reading() as tx:
        ada = await find_by_handle(tx, "ada")
        assert ada
        assert ada.more.fields == (ProfileField("Site", "https://ada.example/log"),)
    page = await browser.get("/@ada")
    assert 'rel="me nofollow' in page.text
    assert 'src="/media/anchor.webp"' in page.text
    assert 'href="/tags/sea"' in page.text
    broken = await browser.post("/settings/profile", data={"name": "Ada", "value_1": "nameless"})
    assert broken.status_code == 422
    assert 'value="nameless"' in broken.text


async def test_what_stands_between_two_is_kept_as_one_says(
    door: Door, browser: Browser, another: Callable[[], Browser]
) -> None:
    async with another() as ben:
        await join(ben, "ben")
        await join(browser, "ada")
        await ben.post(f"{await _account(ben, 'ada')}/follow")
    at = await _account(browser, "ben")
    assert (await browser.post(f"{at}/manner", data={"notify": "on"})).status_code == 404  # not followed yet
    await browser.post(f"{at}/follow")
    await browser.post(f"{at}/note", data={"note": "met at the well"})
    await browser.post(f"{at}/manner", data={"notify": "on", "languages": "fr"})
    await browser.post(f"{at}/endorse")
    await browser.post(f"{at}/mute-for", data={"life": "3600"})
    assert (await browser.post(f"{at}/mute-for", data={"life": "7"})).status_code == 422
    await browser.post(f"{at}/send-away")
    assert "met at the well" in (await browser.get("/@ben")).text
    assert "Recommends" in (await browser.get("/@ada")).text
    async with door.store.reading() as tx:
        ada, other = await find_by_handle(tx, "ada"), await find_by_handle(tx, "ben")
        assert ada
        assert other
        bond = await relationship(tx, ada, other.id)
    assert (bond.manner.notify, bond.manner.reposts, bond.manner.languages) == (True, False, ("fr",))
    assert (bond.note, bond.endorsed, bond.followed_by) == ("met at the well", True, False)
    assert bond.muting
    assert bond.muted_until
    assert not bond.muting_notifications


async def test_a_profile_says_who_blocks_and_a_discreet_one_that_it_keeps_its_circles(
    door: Door, browser: Browser, another: Callable[[], Browser]
) -> None:
    async with another() as ben:
        await join(ben, "ben")
        await join(browser, "ada")
        async with door.store.transaction() as tx:
            other = await find_by_handle(tx, "ben")
            assert other
            await edit_profile(tx, other, traits={Trait.DISCREET: True})
        assert "They keep this to themselves." in (await browser.get("/@ben/followers")).text
        assert "They keep this to themselves." not in (await ben.get("/@ben/followers")).text
    async with door.store.transaction() as tx:
        ada = await find_by_handle(tx, "ada")
        assert ada
        await block(tx, other, ada.id)
    page = (await browser.get("/@ben")).text
    assert "@ben blocked you." in page
    assert f"/accounts/{other.id}/follow" not in page


@pytest.mark.parametrize("wrong", [{"handle": "ben"}, {"password": "another password"}])
async def test_an_account_is_deleted_by_its_owner_alone(browser: Browser, wrong: dict[str, str]) -> None:
    await join(browser, "ada")
    refused = await browser.post("/settings/data/leave", data=LEAVING | wrong)
    assert refused.status_code in {403, 422}
    assert (await browser.get("/@ada")).status_code == 200
    left = await browser.post("/settings/data/leave", data=LEAVING)
    assert "Farewell" in left.text
    assert (await browser.get("/settings")).url.path == "/sign-in"
    assert (await browser.get("/@ada")).status_code == 404


async def test_a_member_moves_to_another_account_of_theirs(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    moving = {"handle": "@beatrice", "password": "a long password"}
    async with another() as other:
        await join(other, "beatrice")
        assert (await browser.post("/settings/data/move", data=moving)).status_code == 422
        claimed = await other.post("/settings/data/claim", data={"handle": "ada"})
        assert "@ada" in claimed.text
    wrong = await browser.post("/settings/data/move", data=moving | {"password": "another password"})
    assert wrong.status_code == 403
    moved = await browser.post("/settings/data/move", data=moving)
    assert "You go on as @beatrice." in moved.text
    assert "Has moved:" in (await browser.get("/@ada")).text
    await browser.post("/settings/data/stay")
    assert "Has moved:" not in (await browser.get("/@ada")).text
