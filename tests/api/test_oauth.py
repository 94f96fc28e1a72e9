import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from tests.api.conftest import CALLBACK, Caller, World

from parvis.people import sessions

OOB = "urn:ietf:wg:oauth:2.0:oob"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


async def registered(world: World, **more: Any) -> dict[str, Any]:
    given = {"client_name": "Rook", "redirect_uris": f"{CALLBACK}\n{OOB}", "scopes": "read write"} | more
    answer = await world.client.post("/api/v1/apps", data=given)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def asking(app: dict[str, Any], **more: str) -> str:
    given = {
        "client_id": app["client_id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "read",
        "state": "s&1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"/oauth/authorize?{urlencode(given | more)}"


async def cookie_of(world: World, caller: Caller) -> dict[str, str]:
    async with world.store.transaction() as tx:
        return {"Cookie": f"parvis_session={await sessions.start_session(tx, caller.account, 'test')}"}


async def pressed(world: World, page: httpx2.Response, cookie: dict[str, str], decision: str) -> httpx2.Response:
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
    return await world.client.post("/oauth/authorize", data=fields | {"decision": decision}, headers=cookie)


async def test_a_member_lets_an_app_in_and_it_acts_for_them(world: World, ada: Caller) -> None:
    app, cookie = await registered(world), await cookie_of(world, ada)
    page = await world.client.get(asking(app), headers=cookie)
    assert page.status_code == 200
    assert "Let Rook in?" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "access-control-allow-origin" not in page.headers
    sent = await pressed(world, page, cookie, "allow")
    assert sent.status_code == 303
    told = parse_qs(urlsplit(sent.headers["location"]).query)
    assert sent.headers["location"].startswith(f"{CALLBACK}?")
    assert told["state"] == ["s&1"]
    asked = {"grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": CALLBACK}
    asked |= {"client_id": app["client_id"], "client_secret": app["client_secret"], "code_verifier": VERIFIER}
    token = (await world.client.post("/oauth/token", json=asked)).json()
    assert (token["token_type"], token["scope"]) == ("Bearer", "read")
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    me = await world.client.get("/api/v1/accounts/verify_credentials", headers=bearer)
    assert me.json()["id"] == ada.id
    known = await world.client.get("/api/v1/apps/verify_credentials", headers=bearer)
    assert (known.json()["name"], "client_secret" in known.json()) == ("Rook", False)
    again = await world.client.post("/oauth/token", json=asked)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert again.json()["error_description"]
    gone = await world.client.get("/api/v1/accounts/verify_credentials", headers=bearer)
    assert gone.status_code == 401  # a code used twice takes its token back


async def test_who_is_not_signed_in_is_sent_to_do_that_and_brought_back(world: World) -> None:
    path = asking(await registered(world))
    sent = await world.client.get(path)
    assert sent.status_code == 303
    assert parse_qs(urlsplit(sent.headers["location"]).query)["next"] == [path]


async def test_a_refusal_is_told_to_the_app(world: World, ada: Caller) -> None:
    app, cookie = await registered(world), await cookie_of(world, ada)
    page = await world.client.get(asking(app), headers=cookie)
    sent = await pressed(world, page, cookie, "deny")
    assert parse_qs(urlsplit(sent.headers["location"]).query)["error"] == ["access_denied"]


async def test_a_code_can_be_shown_to_be_copied(world: World, ada: Caller) -> None:
    app, cookie = await registered(world), await cookie_of(world, ada)
    page = await world.client.get(asking(app, redirect_uri=OOB), headers=cookie | {"Accept-Language": "fr-FR,en"})
    assert "Laisser entrer Rook" in page.text
    shown = await pressed(world, page, cookie, "allow")
    assert shown.status_code == 200
    code = re.search(r'id="code">([^<]+)<', shown.text)
    assert code is not None
    basic = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    token = await world.client.post(
        "/oauth/token",
        data={"grant_type": "authorization_code", "code": code[1], "redirect_uri": OOB, "code_verifier": VERIFIER},
        headers={"Authorization": f"Basic {basic}"},
    )
    assert token.status_code == 200, token.text


async def test_another_site_cannot_press_the_button(world: World, ada: Caller) -> None:
    app, cookie = await registered(world), await cookie_of(world, ada)
    page = await world.client.get(asking(app), headers=cookie)
    forged = httpx2.Response(200, text=re.sub(r'name="proof" value="[^"]*"', 'name="proof" value="no"', page.text))
    assert (await pressed(world, forged, cookie, "allow")).status_code == 403
    assert (await pressed(world, page, {}, "allow")).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "write:everything"}, "invalid_scope"),
        ({"scope": "follow"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
async def test_what_an_app_asks_wrongly_is_told_at_its_address(
    world: World, ada: Caller, wrong: dict[str, str], error: str
) -> None:
    app, cookie = await registered(world), await cookie_of(world, ada)
    sent = await world.client.get(asking(app, **wrong), headers=cookie)
    assert sent.status_code == 303
    assert parse_qs(urlsplit(sent.headers["location"]).query)["error"] == [error]


@pytest.mark.parametrize("wrong", [{"redirect_uri": "https://evil.example/"}, {"client_id": "unknown"}])
async def test_nobody_is_sent_to_an_address_that_was_not_registered(
    world: World, ada: Caller, wrong: dict[str, str]
) -> None:
    app, cookie = await registered(world), await cookie_of(world, ada)
    told = await world.client.get(asking(app, **wrong), headers=cookie)
    assert told.status_code == 400
    assert "location" not in told.headers


async def test_an_apps_own_token_acts_for_nobody_and_can_be_revoked(world: World) -> None:
    app = await registered(world)
    who = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    answer = await world.client.post("/oauth/token", data=who | {"grant_type": "client_credentials", "scope": "read"})
    token = answer.json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await world.client.get("/api/v1/apps/verify_credentials", headers=bearer)).status_code == 200
    home = await world.client.get("/api/v1/timelines/home", headers=bearer)
    assert (home.status_code, home.json()["error"]) == (422, "This method requires an authenticated user")
    assert (await world.client.post("/oauth/revoke", data=who | {"token": token})).status_code == 200
    assert (await world.client.get("/api/v1/apps/verify_credentials", headers=bearer)).status_code == 401


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}, 401, "invalid_client"),
    ],
)
async def test_the_token_endpoint_refuses_in_the_words_of_the_standard(
    world: World, given: dict[str, str], status: int, error: str
) -> None:
    answer = await world.client.post("/oauth/token", data=given)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_an_app_must_have_an_address_that_runs_no_script(world: World) -> None:
    for wrong in ("javascript:alert(1)", "data:text/html,x", "no-address", "https://a.example/#x"):
        answer = await world.client.post("/api/v1/apps", data={"client_name": "Rook", "redirect_uris": wrong})
        assert answer.status_code == 422
    unknown = await world.client.post(
        "/api/v1/apps", data={"client_name": "Rook", "redirect_uris": CALLBACK, "scopes": "all"}
    )
    assert unknown.status_code == 422


async def test_the_metadata_name_this_server_byte_for_byte(world: World) -> None:
    told = (await world.client.get("/.well-known/oauth-authorization-server")).json()
    assert told["issuer"] == world.settings.url
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["token_endpoint"] == "http://localhost:8000/oauth/token"


async def test_a_stranger_is_sent_to_no_app_by_a_wrong_request(world: World) -> None:
    app = await registered(world)
    told = await world.client.get(asking(app, response_type="token"))
    assert told.status_code == 400
    assert "location" not in told.headers
