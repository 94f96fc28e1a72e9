"""Whom moderators put out may still sign in: to read why, appeal, take what is theirs along, or leave for good."""

import io
import json
import re
import zipfile

import pytest
from tests.conftest import BOTH
from tests.rig import PASSWORD, member
from tests.web.conftest import Browser

from parvis.core.ids import AccountId
from parvis.moderation import actions, strikes
from parvis.moderation.actions import Action
from parvis.people.accounts import find_account
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.store.database import Store

BARE = "/settings/strikes"


async def come_in(browser: Browser, store: Store, action: Action) -> AccountId:
    """Sign in as somebody of whom moderators had enough."""
    ben = await member(store, "ben")
    async with store.transaction() as tx:
        await publish(tx, ben, Draft("my own words"))
        await actions.act(tx, None, ben.id, action, text="We have had enough.")
    page = await browser.post("/sign-in", data={"login": "ben", "password": PASSWORD, "next": "/"})
    assert (page.status_code, page.url.path) == (200, BARE)
    assert "We have had enough." in page.text
    assert 'href="/compose"' not in page.text
    return ben.id


@BOTH
@pytest.mark.parametrize("action", ["suspend", "disable"])
async def test_they_read_why_appeal_and_take_what_is_theirs(browser: Browser, store: Store, action: Action) -> None:
    ben = await come_in(browser, store, action)
    appealed = re.findall(rf'action="({BARE}/\d+/appeal)"', (await browser.get(BARE)).text)[0]
    assert "waits for an answer" in (await browser.post(appealed, data={"text": "I was asleep."})).text
    async with store.reading() as tx:
        (strike,) = await strikes.pending_appeals(tx, None)
    assert strike.account_id == ben
    packed = await browser.get("/settings/data/archive.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert [post["text"] for post in json.loads(archive.read("posts.json"))] == ["my own words"]
    async with store.transaction() as tx:
        await actions.decide_appeal(tx, None, strike.id, approved=True)
    assert (await browser.get("/settings")).url.path == "/settings"


async def test_nothing_else_is_open_to_them(browser: Browser, store: Store) -> None:
    await come_in(browser, store, "suspend")
    for path in ("/settings", "/notifications", "/bookmarks", "/settings/security", "/sign-in", "/compose"):
        assert (await browser.get(path)).url.path == BARE, path
    for path in ("/posts", "/settings/profile", "/settings/data/import", "/settings/security/password"):
        answer = await browser.post(path, data={"text": "let me in"}, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) == (303, BARE), path
    assert "Bring people along" not in (await browser.get("/settings/data")).text
    assert "my own words" not in (await browser.get("/local")).text
    assert (await browser.post("/sign-out")).url.path == "/"
    assert (await browser.get("/settings")).url.path == "/sign-in"


async def test_they_may_leave_for_good(browser: Browser, store: Store) -> None:
    ben = await come_in(browser, store, "disable")
    wrong = await browser.post("/settings/data/leave", data={"handle": "ben", "password": "wrong"})
    assert wrong.status_code == 403
    assert 'href="/compose"' not in wrong.text
    gone = await browser.post("/settings/data/leave", data={"handle": "ben", "password": PASSWORD})
    assert gone.url.path == "/sign-in"
    async with store.reading() as tx:
        found = await find_account(tx, ben)
        assert found is not None
        assert found.suspended_at is not None
    again = await browser.post("/sign-in", data={"login": "ben", "password": PASSWORD})
    assert again.status_code == 401


async def test_who_waits_to_be_let_in_does_not_sign_in(browser: Browser, store: Store) -> None:
    await member(store, "ann", pending=True)
    answer = await browser.post("/sign-in", data={"login": "ann", "password": PASSWORD})
    assert answer.status_code == 403
    assert "You stand at the door" in answer.text
    assert "parvis_session" not in browser.cookies
