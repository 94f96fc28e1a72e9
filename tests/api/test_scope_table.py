"""The table of scopes: every endpoint refuses a token that is not for it, and none whose scope it names.

The table is the list of endpoints itself, so that nothing declared can be left out.
"""

import re
from typing import Any

import pytest
from tests.api.conftest import Caller, World, token_for

from parvis.api.endpoint import Endpoint
from parvis.api.map import endpoints
from parvis.people import scopes

OUTSIDE = b"outside the authorized scopes"
SCOPED = [endpoint for endpoint in endpoints() if endpoint.scopes]
OPEN = {  # what changes something without a scope: apps and tokens come before any, the rest asks for the app's own
    "POST /api/v1/apps",
    "POST /api/v1/emails/confirmations",
    "POST /oauth/authorize",
    "POST /oauth/token",
    "POST /oauth/revoke",
}


async def ask(world: World, endpoint: Endpoint, token: str) -> tuple[int, bytes]:
    """The answer; whoever asked is gone before a stream could begin."""
    path = re.sub(r"\{\w+\}", "1", endpoint.path)
    headers = [(b"content-type", b"application/json")]
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": endpoint.method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 8000),
    }
    coming: list[dict[str, Any]] = [{"type": "http.request", "body": b"{}", "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return coming.pop() if coming and (endpoint.method != "GET" or endpoint.bodily) else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await world.app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.timeout(300)
async def test_each_endpoint_asks_for_its_scope_and_for_no_more(world: World, ada: Caller) -> None:
    tokens: dict[str, str] = {}

    async def token_of(scope: str) -> str:
        if scope not in tokens:
            async with world.store.transaction() as tx:
                tokens[scope] = await token_for(tx, ada.account, scope)
        return tokens[scope]

    wrong = []
    for endpoint in SCOPED:
        status, _ = await ask(world, endpoint, "")
        if endpoint.who != "anyone" and status != 401:
            wrong.append(f"{endpoint.method} {endpoint.path} needs no token: {status}")
        other = next(one for one in ("push", "profile") if not scopes.covers(frozenset({one}), *endpoint.scopes))
        status, body = await ask(world, endpoint, await token_of(other))
        if status != 403 or OUTSIDE not in body:
            wrong.append(f"{endpoint.method} {endpoint.path} lets {other} in: {status}")
        for scope in endpoint.scopes:
            status, body = await ask(world, endpoint, await token_of(scope))
            if status == 401 or OUTSIDE in body:
                wrong.append(f"{endpoint.method} {endpoint.path} refuses {scope}: {status}")
    assert not wrong, "\n".join(wrong)


def test_every_scope_that_an_endpoint_names_can_be_granted() -> None:
    named = {scope for endpoint in SCOPED for scope in endpoint.scopes}
    assert named <= set(scopes.KNOWN)


def test_nothing_changes_without_a_scope() -> None:
    free = {
        f"{endpoint.method} {endpoint.path}"
        for endpoint in endpoints()
        if not endpoint.scopes and endpoint.method != "GET"
    }
    assert free <= OPEN, free - OPEN
