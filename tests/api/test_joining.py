"""Opening an account through an app, and confirming its e-mail address."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
import pytest
from tests.api.conftest import CALLBACK, World, serving

from parvis.core.config import Settings
from parvis.people import letters
from parvis.store.database import Store
from parvis.store.jobs import Runner

NEWCOMER = {
    "username": "nora",
    "email": "Nora@example.com",
    "password": "correct horse",
    "agreement": True,
    "locale": "fr",
}


async def app_token(client: httpx2.AsyncClient, scope: str = "read write") -> dict[str, str]:
    app = (
        await client.post("/api/v1/apps", data={"client_name": "Rook", "redirect_uris": CALLBACK, "scopes": scope})
    ).json()
    asked = {"grant_type": "client_credentials", "scope": scope} | {
        name: app[name] for name in ("client_id", "client_secret")
    }
    token = (await client.post("/oauth/token", data=asked)).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


async def knock(client: httpx2.AsyncClient, headers: dict[str, str], status: int, **changes: Any) -> Any:
    given = {name: value for name, value in (NEWCOMER | changes).items() if value is not None}
    answer = await client.post("/api/v1/accounts", json=given, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def bearer(token: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token['access_token']}"}


async def test_an_app_opens_an_account_and_acts_for_it(world: World) -> None:
    token = await knock(world.client, await app_token(world.client), 200)
    assert (token["token_type"], token["scope"]) == ("Bearer", "read write")
    me = (await world.client.get("/api/v1/accounts/verify_credentials", headers=bearer(token))).json()
    assert (me["username"], me["source"]["language"]) == ("nora", "fr")


async def test_what_is_wrong_is_told_by_field(world: World) -> None:
    app = await app_token(world.client)
    told = await knock(world.client, app, 422, username=None, email="x", password="short", agreement=False)
    assert {field: one[0]["error"] for field, one in told["details"].items()} == {
        "username": "ERR_BLANK",
        "email": "ERR_INVALID",
        "password": "ERR_TOO_SHORT",
        "agreement": "ERR_ACCEPTED",
    }
    assert told["error"].startswith("Validation failed: Username can't be blank")
    for wrong, error in (("a b", "ERR_INVALID"), ("x" * 31, "ERR_TOO_LONG"), ("admin", "ERR_RESERVED")):
        told = await knock(world.client, app, 422, username=wrong)
        assert told["details"]["username"][0]["error"] == error
    await knock(world.client, app, 200)
    told = await knock(world.client, app, 422, email="other@example.com")
    assert told["details"] == {"username": [{"error": "ERR_TAKEN", "description": "has already been taken"}]}
    assert (await knock(world.client, app, 422, username="nora2"))["details"]["email"][0]["error"] == "ERR_TAKEN"


async def test_a_member_cannot_open_an_account_nor_can_an_app_without_the_scope(world: World) -> None:
    token = await knock(world.client, await app_token(world.client), 200)
    await knock(world.client, bearer(token), 403, username="other")
    await knock(world.client, await app_token(world.client, "read"), 403, username="other")
    await knock(world.client, {}, 401, username="other")


@pytest.fixture
async def careful(settings: Settings, store: Store) -> AsyncIterator[tuple[World, Runner]]:
    """An instance that asks for a click on a link, and the runner of its letters."""
    settings = msgspec.structs.replace(settings, confirm_email=True)
    async with serving(settings, store) as world:
        yield world, Runner(store, letters.kinds(settings))


async def latest_link(world: World, runner: Runner) -> str:
    running = asyncio.create_task(runner.run())
    await runner.settle()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    page = (await world.client.get("/dev/mailbox")).text
    link = re.search(r'href="([^"]+confirmation_token=[^"]+)"', page)
    assert link is not None, page
    return link[1]


async def test_a_newcomer_comes_in_once_the_link_in_the_letter_is_followed(careful: tuple[World, Runner]) -> None:
    world, runner = careful
    client = world.client
    headers = bearer(await knock(client, await app_token(client), 200, locale="en"))
    refused = await client.get("/api/v1/accounts/verify_credentials", headers=headers)
    assert refused.status_code == 403
    assert refused.json()["error"] == "Your login is missing a confirmed e-mail address"
    assert (await client.get("/api/v1/emails/check_confirmation", headers=headers)).json() is False
    assert (await client.get("/api/v1/accounts/lookup?acct=nora")).status_code == 404
    first = await latest_link(world, runner)
    again = await client.post("/api/v1/emails/confirmations", json={"email": "n@example.com"}, headers=headers)
    assert again.json() == {}
    second = await latest_link(world, runner)
    assert (await client.get(first)).status_code == 404
    assert (await client.get(second)).status_code == 200
    assert (await client.get(second)).status_code == 404
    assert (await client.get("/api/v1/emails/check_confirmation", headers=headers)).json() is True
    assert (await client.get("/api/v1/accounts/verify_credentials", headers=headers)).status_code == 200
    assert (await client.post("/api/v1/emails/confirmations", headers=headers)).status_code == 403


async def test_where_moderators_let_people_in_a_newcomer_waits(settings: Settings, store: Store) -> None:
    async with serving(msgspec.structs.replace(settings, registration="approval"), store) as world:
        token = await knock(world.client, await app_token(world.client), 200, locale="en", reason="I paint.")
        answer = await world.client.get("/api/v1/accounts/verify_credentials", headers=bearer(token))
        assert (answer.status_code, answer.json()["error"]) == (403, "Your login is currently pending approval")
        assert (await world.client.get("/api/v2/instance")).json()["registrations"]["approval_required"]


async def test_a_closed_square_takes_nobody(settings: Settings, store: Store) -> None:
    async with serving(msgspec.structs.replace(settings, registration="closed"), store) as world:
        await knock(world.client, await app_token(world.client), 403)


@pytest.mark.parametrize("changes", [{"url": "https://square.example"}, {"mail": "smtp://mail.example"}])
async def test_no_letter_is_shown_where_others_could_read_it(
    settings: Settings, store: Store, changes: dict[str, str]
) -> None:
    async with serving(msgspec.structs.replace(settings, **changes), store) as world:
        assert (await world.client.get("/dev/mailbox")).status_code == 404


@pytest.mark.parametrize(
    ("client", "headers"), [("203.0.113.7", {}), ("10.0.0.2", {}), ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"})]
)
async def test_no_letter_is_shown_to_another_machine(world: World, client: str, headers: dict[str, str]) -> None:
    transport = httpx2.ASGITransport(app=world.app, client=(client, 4321))
    async with httpx2.AsyncClient(transport=transport, base_url=world.settings.url) as stranger:
        assert (await stranger.get("/dev/mailbox", headers=headers)).status_code == 404
    assert (await world.client.get("/dev/mailbox")).status_code == 200
