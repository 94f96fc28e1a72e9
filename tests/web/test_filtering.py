"""What a member does not want to meet: filters fold, cover or hide posts where they hold; blocks are listed."""

import re
from collections.abc import Callable

import pytest
from tests.web.conftest import Browser, join

from parvis.notifications import policies
from parvis.people.accounts import find_by_handle
from parvis.web.door import Door

HOME = {"title": "Spoilers", "words": "dragon\nlast page", "whole": "on", "in_public": "on", "life": "0"}


async def _numbers(browser: Browser) -> list[str]:
    return re.findall(r'href="/settings/filters/(\d+)"', (await browser.get("/settings/filters")).text)


@pytest.mark.parametrize(
    ("action", "there", "folded"), [("warn", True, True), ("hide", False, False), ("blur", True, False)]
)
async def test_a_filter_acts_on_posts_where_it_holds(
    browser: Browser, another: Callable[[], Browser], action: str, *, there: bool, folded: bool
) -> None:
    await join(browser, "ada")
    async with another() as ben:
        await join(ben, "ben")
        await ben.post("/posts", data={"text": "The dragon wins"})
    await browser.post("/settings/filters", data=HOME | {"action": action})
    page = (await browser.get("/local")).text
    assert ("The dragon wins" in page) is there
    assert ("Filtered: Spoilers" in page) is folded
    profile = (await browser.get("/@ben")).text
    assert "The dragon wins" in profile
    assert "Filtered" not in profile  # it holds elsewhere


async def test_a_filter_is_changed_word_by_word_and_deleted(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    wrong = await browser.post("/settings/filters", data={"title": "Mine", "action": "warn", "words": "x"})
    assert wrong.status_code == 422
    assert 'value="Mine"' in wrong.text
    await browser.post("/settings/filters", data=HOME | {"action": "warn"})
    [number] = await _numbers(browser)
    path = f"/settings/filters/{number}"
    page = (await browser.get(path)).text
    assert "last page" in page
    [first, _] = re.findall(rf'action="({path}/words/\d+/drop)"', page)
    async with another() as stranger:
        await join(stranger, "eve")
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.post(first)).status_code == 404
        assert (await stranger.post(f"{path}/delete")).status_code == 404
    assert "dragon" not in (await browser.post(first)).text
    changed = {"title": "Endings", "words": "the end", "action": "hide", "in_home": "on", "life": "86400"}
    page = (await browser.post(path, data=changed)).text
    assert "Endings" in page
    assert "also within words" in page
    assert "It holds until" in page
    await browser.post(f"{path}/delete")
    assert await _numbers(browser) == []


async def test_whom_one_keeps_away_is_listed_and_let_in_again(browser: Browser, another: Callable[[], Browser]) -> None:
    async with another() as ben:
        await join(ben, "ben")
    await join(browser, "ada")
    account = re.findall(r'formaction="(/accounts/\d+)/follow"', (await browser.get("/@ben")).text)[0]
    for verb, path in (("block", "/settings/blocks"), ("mute", "/settings/blocks/muted")):
        await browser.post(f"{account}/{verb}")
        assert f'formaction="{account}/un{verb}"' in (await browser.get(path)).text
        await browser.post(f"{account}/un{verb}")
        assert account not in (await browser.get(path)).text
    page = await browser.post("/settings/blocks/shun", data={"domain": "https://Loud.example/about"})
    assert "loud.example" in page.text
    page = await browser.post("/settings/blocks/unshun", data={"domain": "loud.example"})
    assert "loud.example" not in page.text


async def test_the_member_says_of_whom_they_want_to_hear(browser: Browser, door: Door) -> None:
    await join(browser, "ada")
    wish = dict.fromkeys(policies.Policy.__struct_fields__, "accept") | {"new_accounts": "drop"}
    page = await browser.post("/settings/notifications", data=wish)
    assert "Saved." in page.text
    assert (await browser.post("/settings/notifications", data=wish | {"not_followers": "x"})).status_code == 422
    async with door.store.reading() as tx:
        ada = await find_by_handle(tx, "ada")
        assert ada
        assert (await policies.policy_of(tx, ada)).new_accounts == "drop"
