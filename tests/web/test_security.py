import re
from collections.abc import Callable

import msgspec
import pyotp
import pytest
from tests.web.conftest import Browser, browser_of, join

from parvis.core import clock
from parvis.core.errors import Unauthenticated
from parvis.people import apps, grants
from parvis.people.accounts import find_by_handle
from parvis.people.pace import Pace
from parvis.people.second_factor import STEP
from parvis.store.database import Store
from parvis.web.door import Door

PASSWORD = "a long password"
PAGE = "/settings/security"


async def turn_on(browser: Browser) -> tuple[str, str]:
    """Turn the second factor on; its secret, and a recovery code."""
    shown = await browser.post(f"{PAGE}/factor", data={"password": PASSWORD})
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", shown.text)[0]
    assert "<svg" in shown.text
    done = await browser.post(f"{PAGE}/factor/confirm", data={"code": pyotp.TOTP(secret).now()})
    codes = re.findall(r"<code>([a-z2-9-]{19})</code>", done.text)
    assert len(codes) == 10
    return secret, codes[0]


async def come_in(browser: Browser, code: str) -> str:
    """Sign in with the password and a code; the page that answers."""
    asked = await browser.post("/sign-in", data={"login": "ada", "password": PASSWORD, "next": "/settings"})
    assert asked.url.path == "/sign-in"
    assert "parvis_session" not in browser.cookies
    ticket = re.findall(r'name="ticket" value="([^"]+)"', asked.text)[0]
    answer = await browser.post("/sign-in/code", data={"ticket": ticket, "code": code})
    return str(answer.url.path)


async def test_after_the_password_a_code_opens_the_account_and_nothing_else_does(
    browser: Browser, another: Callable[[], Browser]
) -> None:
    await join(browser, "ada")
    secret, recovery = await turn_on(browser)
    async with another() as elsewhere:
        assert await come_in(elsewhere, "123456") == "/sign-in/code"
        assert "parvis_session" not in elsewhere.cookies
        assert await come_in(elsewhere, pyotp.TOTP(secret).at(clock.now() // clock.SECOND + STEP)) == "/settings"
    async with another() as lost:
        assert await come_in(lost, recovery) == "/settings"
    async with another() as thief:
        assert await come_in(thief, recovery) == "/sign-in/code"
        forged = await thief.post("/sign-in/code", data={"ticket": "x" * 80, "code": recovery})
        assert forged.status_code == 422


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/data/leave", {"handle": "ada"}),
        (f"{PAGE}/password", {"new_password": "a longer password"}),
    ],
)
async def test_who_left_or_has_another_password_meanwhile_does_not_come_in_with_a_code(
    browser: Browser, another: Callable[[], Browser], path: str, form: dict[str, str]
) -> None:
    await join(browser, "ada")
    _secret, recovery = await turn_on(browser)
    async with another() as elsewhere:
        asked = await elsewhere.post("/sign-in", data={"login": "ada", "password": PASSWORD})
        ticket = re.findall(r'name="ticket" value="([^"]+)"', asked.text)[0]
        await browser.post(path, data=form | {"password": PASSWORD})
        answer = await elsewhere.post("/sign-in/code", data={"ticket": ticket, "code": recovery})
        assert (answer.status_code, "parvis_session" in elsewhere.cookies) == (422, False)


async def test_a_lock_is_changed_only_with_the_password(browser: Browser) -> None:
    await join(browser, "ada")
    for path in ("email", "password", "factor", "factor/codes", "factor/end", "passkeys/ask"):
        form = {"password": "another password", "new_password": "a longer password"}
        assert (await browser.post(f"{PAGE}/{path}", data=form)).status_code == 403
    await turn_on(browser)
    off = await browser.post(f"{PAGE}/factor/end", data={"password": PASSWORD})
    assert "Turn off" not in off.text


async def test_a_wrong_first_code_does_not_lose_the_secret_that_the_app_has(browser: Browser) -> None:
    await join(browser, "ada")
    shown = await browser.post(f"{PAGE}/factor", data={"password": PASSWORD})
    [secret] = re.findall(r"<code>([A-Z2-7]{32})</code>", shown.text)
    again = await browser.post(f"{PAGE}/factor/confirm", data={"code": "000000"})
    assert again.status_code == 403
    assert f"<code>{secret}</code>" in again.text
    done = await browser.post(f"{PAGE}/factor/confirm", data={"code": pyotp.TOTP(secret).now()})
    assert "Your recovery codes" in done.text


async def test_a_new_password_signs_out_everywhere_else(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    async with another() as elsewhere:
        await elsewhere.post("/sign-in", data={"login": "ada", "password": PASSWORD, "next": "/"})
        assert (await elsewhere.get("/settings")).url.path == "/settings"
        form = {"password": PASSWORD, "new_password": "a longer password"}
        assert (await browser.post(f"{PAGE}/password", data=form)).url.path == PAGE
        assert (await elsewhere.get("/settings")).url.path == "/sign-in"
    assert (await browser.get("/settings")).url.path == "/settings"


async def test_one_place_or_all_others_are_signed_out(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    async with another() as second, another() as third:
        for elsewhere, agent in ((second, "second browser"), (third, "third browser")):
            form = {"login": "ada", "password": PASSWORD, "next": "/"}
            await elsewhere.post("/sign-in", data=form, headers={"user-agent": agent})
        listed = (await browser.get(PAGE)).text
        mark = re.findall(r'second browser.*?name="mark" value="([0-9a-f]+)"', listed, re.DOTALL)[0]
        await browser.post(f"{PAGE}/places", data={"mark": mark})
        assert (await second.get("/settings")).url.path == "/sign-in"
        assert (await third.get("/settings")).url.path == "/settings"
        await browser.post(f"{PAGE}/places", data={})
        assert (await third.get("/settings")).url.path == "/sign-in"
    assert (await browser.get(PAGE)).url.path == PAGE


async def test_an_app_that_acts_for_one_is_named_and_sent_away(browser: Browser, store: Store) -> None:
    await join(browser, "ada")
    async with store.transaction() as tx:
        ada = await find_by_handle(tx, "ada")
        assert ada is not None
        registration = apps.Registration(name="Rook", redirect_uris=(apps.OUT_OF_BAND,), scopes="read write:media")
        app = (await apps.register_app(tx, registration)).app
        token = await grants.lend(tx, ada, app.id, app.scopes)
    shown = await browser.get(PAGE)
    assert "Rook" in shown.text
    assert "read, write:media" in shown.text
    assert "Rook" not in (await browser.post(f"{PAGE}/apps", data={"app": str(app.id)})).text
    async with store.reading() as tx:
        with pytest.raises(Unauthenticated):
            await grants.access_of_token(tx, token.key)


async def test_codes_cannot_be_guessed_for_hours(door: Door) -> None:
    moment = [1_000_000_000.0]
    paced = msgspec.structs.replace(door, pace=Pace(now=lambda: moment[0]))
    async with browser_of(paced) as browser:
        await join(browser, "ada")
        await turn_on(browser)
    async with browser_of(paced) as thief:
        asked = await thief.post("/sign-in", data={"login": "ada", "password": PASSWORD})
        ticket = re.findall(r'name="ticket" value="([^"]+)"', asked.text)[0]
        answers = []
        for _ in range(40):
            moment[0] += 61
            answers.append((await thief.post("/sign-in/code", data={"ticket": ticket, "code": "123456"})).status_code)
    assert set(answers[:30]) == {403}
    assert set(answers[30:]) == {429}
