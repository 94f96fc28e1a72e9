"""The desk: to whom it opens, and what is done there from report to appeal."""

import re
from collections.abc import Callable

import pytest
from tests.web.conftest import Browser, join
from tests.web.test_pages import _queries as queries

from parvis.moderation.roles import OF_ROLE, May
from parvis.people.accounts import Role, appoint, find_by_handle
from parvis.store.database import Store
from parvis.web.addresses import DESK_ACTORS, DESK_READERS
from parvis.web.door import Door

ROLES: tuple[Role, ...] = ("member", "moderator", "admin")


async def promote(store: Store, handle: str, role: Role) -> int:
    """Give a member a role; their id."""
    async with store.transaction() as tx:
        account = await find_by_handle(tx, handle)
        assert account is not None
        await appoint(tx, account.id, role)
        return account.id


@pytest.fixture
async def mona(another: Callable[[], Browser], store: Store) -> Browser:
    """A moderator's browser."""
    browser = another()
    await join(browser, "mona")
    await promote(store, "mona", "moderator")
    return browser


@pytest.fixture
async def boss(another: Callable[[], Browser], store: Store) -> Browser:
    """An administrator's browser."""
    browser = another()
    await join(browser, "bossy")
    await promote(store, "bossy", "admin")
    return browser


async def offend(browser: Browser, text: str = "Buy my pills") -> str:
    """Join as mallory and post; the post."""
    await join(browser, "mallory")
    await browser.post("/posts", data={"text": text})
    found = re.search(r'data-post="(\d+)"', (await browser.get("/@mallory")).text)
    assert found is not None
    return found[1]


async def accuse(browser: Browser, post: str) -> str:
    """Report mallory's post; the page that answers."""
    form = {"category": "spam", "comment": "Pills again", "post": post}
    return (await browser.post("/@mallory/report", data=form)).text


def filled(path: str) -> str:
    """An address with something in its gaps."""
    return re.sub(r"\{\w+\}", "1", path)


def allowed(role: str, permission: May) -> bool:
    return bool(OF_ROLE[role] & (permission | May.EVERYTHING))


@pytest.mark.parametrize("role", ["visitor", *ROLES])
async def test_the_desk_opens_to_those_whose_role_includes_it_and_is_nowhere_for_all_others(
    browser: Browser, store: Store, role: Role
) -> None:
    if str(role) != "visitor":
        await join(browser, "eve")
        await promote(store, "eve", role)
    for path, permission, _ in DESK_READERS:
        status = (await browser.get(filled(path))).status_code
        inside = str(role) != "visitor" and allowed(role, permission)
        assert (status == 200 if "{" not in path else status in (200, 404)) if inside else status == 404, path
    for path, permission, _ in DESK_ACTORS:
        answer = await browser.post(filled(path), data={}, follow_redirects=False)
        if str(role) == "visitor" or not allowed(role, permission):
            assert answer.status_code == 404, path
            assert "There is no such place" in answer.text
        else:
            assert answer.status_code in (200, 303, 403, 404, 422), path
    shown = (await browser.get("/local")).text
    assert ('href="/desk"' in shown) == (str(role) in ("moderator", "admin"))


async def test_a_report_goes_to_the_desk_and_comes_back_as_a_decision_that_is_appealed(
    browser: Browser, another: Callable[[], Browser], mona: Browser, boss: Browser
) -> None:
    post = await offend(browser)
    async with another() as ben:
        await join(ben, "ben")
        assert f'value="{post}" id="post-{post}" checked' in (await ben.get(f"/report?post={post}")).text
        assert "Thank you" in await accuse(ben, post)
    desk = (await mona.get("/desk")).text
    [report] = re.findall(r"/desk/reports/(\d+)", desk)
    assert 'class="pip">1<' in desk
    shown = (await mona.get(f"/desk/reports/{report}")).text
    assert "Buy my pills" in shown
    assert "Pills again" in shown
    await mona.post(f"/desk/reports/{report}/assign")
    assert report in (await mona.get("/desk?show=mine")).text
    decision = {"action": "delete", "text": "No pills here.", "post": post, "back": "/desk"}
    asked = await mona.post(f"/desk/reports/{report}/decide", data=decision)
    assert "gone for good" in asked.text
    assert "Buy my pills" in (await browser.get("/@mallory")).text
    assert "It is done" in (await mona.post(f"/desk/reports/{report}/decide", data=decision | {"sure": "1"})).text
    assert "Buy my pills" not in (await browser.get("/@mallory")).text
    assert f"/desk/reports/{report}" not in (await mona.get("/desk")).text
    assert f"/desk/reports/{report}" in (await mona.get("/desk?show=resolved")).text
    decisions = (await browser.get("/settings/strikes")).text
    assert "Posts of yours were deleted" in decisions
    assert "No pills here." in decisions
    [strike] = re.findall(r"/settings/strikes/(\d+)/appeal", decisions)
    empty = await browser.post(f"/settings/strikes/{strike}/appeal", data={"text": " "})
    assert empty.status_code == 422
    told = await browser.post(f"/settings/strikes/{strike}/appeal", data={"text": "They were sweets."})
    assert "Your appeal waits" in told.text


async def test_what_lies_on_an_account_is_laid_and_taken_back(browser: Browser, store: Store, mona: Browser) -> None:
    post = await offend(browser)
    mallory = await promote(store, "mallory", "member")
    await accuse(mona, post)
    [report] = re.findall(r"/desk/reports/(\d+)", (await mona.get("/desk")).text)
    done = await mona.post(f"/desk/reports/{report}/decide", data={"action": "limit", "text": "Calm down."})
    assert "Limit no longer" in done.text
    await mona.post(f"/desk/people/{mallory}/release", data={"action": "limit"})
    assert "Limit no longer" not in (await mona.get(f"/desk/reports/{report}")).text
    wrong = await mona.post(f"/desk/reports/{report}/decide", data={"action": "banish"})
    assert wrong.status_code == 422
    await mona.post(f"/desk/reports/{report}/reopen")
    assert f"/desk/reports/{report}" in (await mona.get("/desk")).text


async def test_a_private_post_is_read_at_the_desk_once_it_is_reported(
    browser: Browser, mona: Browser, another: Callable[[], Browser]
) -> None:
    async with another() as ben:
        await join(ben, "ben")
        await join(browser, "mallory")
        posted = await browser.post("/posts", data={"text": "@ben psst, pills", "visibility": "mentioned"})
        post = re.findall(r'data-post="(\d+)"', posted.text)[0]
        assert (await mona.get(f"/report?post={post}")).status_code == 404
        await accuse(ben, post)
    [report] = re.findall(r"/desk/reports/(\d+)", (await mona.get("/desk")).text)
    assert "psst, pills" in (await mona.get(f"/desk/reports/{report}")).text


async def test_queries_of_the_desk_do_not_grow_with_what_waits(door: Door, browser: Browser, boss: Browser) -> None:
    post = await offend(browser)
    await accuse(boss, post)
    paths = [path for path, _, _ in DESK_READERS if "{" not in path]
    few = {path: await queries(door, boss, path) for path in paths}
    for _ in range(7):
        await accuse(boss, post)
    many = {path: await queries(door, boss, path) for path in paths}
    assert many == few
    assert max(many.values()) <= 14
