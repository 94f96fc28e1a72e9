from typing import Any

import msgspec
import pytest
from tests.api.conftest import Caller, World, serving

from parvis.api.endpoint import Endpoint, Mode, Nothing
from parvis.api.map import endpoints
from parvis.api.router import Tree, token_in_query
from parvis.core.config import Settings
from parvis.people import scopes
from parvis.store.database import Store


def endpoint(path: str, method: Any = "GET") -> Endpoint:
    async def run() -> None: ...

    return Endpoint(
        method=method,
        path=path,
        run=run,
        input=Nothing,
        output=None,
        mode=Mode.READ,
        who="anyone",
        scopes=(),
        tag="",
        name="",
        summary="",
    )


def test_a_literal_segment_goes_before_a_parameter() -> None:
    tree = Tree([endpoint("/a/{id}"), endpoint("/a/b"), endpoint("/a/{id}/c"), endpoint("/a/b/d")])

    def found(path: str) -> tuple[str, tuple[str, ...]] | None:
        at = tree.find(path)
        return (at[0].endpoints["GET"][0].path, at[1]) if at else None

    assert found("/a/b") == ("/a/b", ())
    assert found("/a/x") == ("/a/{id}", ("x",))
    assert found("/a/b/c") == ("/a/{id}/c", ("b",))
    assert found("/a/b/d") == ("/a/b/d", ())
    assert found("/a/x/") == ("/a/{id}", ("x",))
    for missing in ("", "/", "/a", "/a/", "/a/x//", "/a/x/c/d", "/b", "//a/b"):
        assert found(missing) is None


def test_a_path_can_be_declared_only_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Tree([endpoint("/a/{id}"), endpoint("/a/{name}")])


def test_every_endpoint_has_a_name_of_its_own_and_a_summary() -> None:
    names = [one.name for one in endpoints()]
    assert len(set(names)) == len(names)
    assert all(one.summary.endswith(".") for one in endpoints())


def test_only_scopes_that_can_be_granted_are_asked_for() -> None:
    assert {scope for one in endpoints() for scope in one.scopes} <= set(scopes.KNOWN)


async def test_what_is_unknown_is_not_found_and_other_methods_are_named(world: World) -> None:
    assert (await world.client.get("/api/v1/nothing")).json()["code"] == "not_found"
    refused = await world.client.delete("/api/v1/timelines/home")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    assert (await world.client.get("/elsewhere")).text == "Not Found"


async def test_pages_of_other_sites_may_call(world: World) -> None:
    preflight = await world.client.options("/api/v1/statuses", headers={"Origin": "https://web.example"})
    assert preflight.status_code == 204
    assert "Idempotency-Key" in preflight.headers["access-control-allow-headers"]
    for path in ("/api/v2/instance", "/api/v1/nothing", "/.well-known/oauth-authorization-server"):
        answer = await world.client.get(path)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Link" in answer.headers["access-control-expose-headers"]


async def test_a_head_has_no_body(world: World) -> None:
    answer = await world.client.head("/api/v2/instance")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_a_body_that_is_too_large_is_refused_whatever_it_claims(ada: Caller) -> None:
    await ada.post("/api/v1/statuses", 413, content=b"x" * (300 * 1024))

    async def pieces() -> Any:
        for _ in range(300):
            yield b"x" * 1024

    await ada.post("/api/v1/statuses", 413, content=pieces())
    await ada.get(f"/api/v1/timelines/home?x={'x' * 9000}", 413)


async def test_a_refused_input_is_told_by_field(ada: Caller) -> None:
    refused = await ada.post("/api/v1/statuses", 422, json={"status": "Hello", "language": "not a language"})
    assert [one["error"] for one in refused["details"]["language"]] == ["ERR_INVALID"]
    assert refused["details"]["language"][0]["description"] == refused["error"]


async def test_a_refusal_speaks_the_language_of_who_is_refused(world: World) -> None:
    refused = await world.client.get("/api/v1/statuses/1", headers={"Accept-Language": "fr-CA, en;q=0.5"})
    assert refused.json()["error"].startswith("Cette publication n")


async def test_what_is_written_in_a_refused_request_is_not_kept(ada: Caller) -> None:
    await ada.post("/api/v1/statuses", 422, json={"status": "x" * 501})
    assert await ada.get(f"/api/v1/accounts/{ada.id}/statuses") == []


async def test_each_caller_is_held_to_a_pace_and_told_of_it(settings: Settings, store: Store) -> None:
    paced = msgspec.structs.replace(settings, rate_limits=True)
    async with serving(paced, store, paced=True) as world:
        ada = await world.member("ada")
        path, headers = "/api/v1/accounts/verify_credentials", {"Authorization": f"Bearer {ada.token}"}
        first = await world.client.get(path, headers=headers)
        assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("300", "299")
        assert first.headers["x-ratelimit-reset"].endswith("Z")
        for _ in range(299):
            await world.client.get(path, headers=headers)
        last = await world.client.get(path, headers=headers)
        assert last.status_code == 429
        assert 0 < int(last.headers["retry-after"]) <= 301
        assert last.headers["x-ratelimit-remaining"] == "0"
        assert last.headers["access-control-allow-origin"] == "*"
        assert (await world.client.get("/api/v2/instance")).status_code == 200


def test_a_token_is_found_in_a_query_whatever_else_stands_there() -> None:
    assert token_in_query(b"tag=%C3%A9%FF&access_token=abc") == "abc"
    assert token_in_query(b"access_token=%FF%C2%B8&stream=\xff") == "\ufffd\u00b8"
    assert token_in_query(b"stream=user") is None
