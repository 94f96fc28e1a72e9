import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from tests.api.conftest import Caller, World, on_a_socket
from tests.cast import SOON
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from parvis.api import streams, telling
from parvis.api.door import Urls
from parvis.api.socket import NOT_ALLOWED
from parvis.people import grants
from parvis.timelines import seats
from parvis.timelines.seats import Arrival

SERVICE_RESTART = 1012  # RFC 6455's registry


def bearer(caller: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}"}


async def heard(socket: ClientConnection) -> dict[str, Any]:
    """The next message, its payload decoded where it is JSON."""
    message = json.loads(await asyncio.wait_for(socket.recv(), SOON))
    if message.get("event") in {"update", "notification"}:
        message["payload"] = json.loads(message["payload"])
    return dict(message)


async def events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, str]]:
    """Server-sent events as name and data."""
    name = ""
    async for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, line.removeprefix("data: ")


async def test_a_post_arrives_in_a_followers_home_over_server_sent_events(
    ada: Caller, ben: Caller, world: World, address: str
) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    url = f"http://{address}/api/v1/streaming/user"
    async with (
        httpx2.AsyncClient() as client,
        client.stream("GET", url, headers={"Authorization": f"Bearer {ada.token}"}) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await asyncio.wait_for(anext(lines), SOON) == ":)"
        said = await ben.say("hello ada")
        arriving = events(lines)
        name, data = await asyncio.wait_for(anext(arriving), SOON)
        assert (name, json.loads(data)["id"]) == ("update", said["id"])
        await ben.ask("DELETE", f"/api/v1/statuses/{said['id']}")
        assert await asyncio.wait_for(anext(arriving), SOON) == ("delete", said["id"])


async def test_one_socket_carries_as_many_streams_as_it_subscribes_to(
    ada: Caller, ben: Caller, world: World, address: str
) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    url = f"ws://{address}/api/v1/streaming?access_token={ada.token}&stream=user"
    async with connect(url) as socket:
        await socket.send(json.dumps({"type": "subscribe", "stream": "hashtag", "tag": "Cats"}))
        await socket.send(json.dumps({"type": "subscribe", "stream": "nonsense"}))
        assert (await heard(socket))["error"] == "Unknown stream type"
        said = await ben.say("#cats")
        both = [await heard(socket), await heard(socket)]
        assert sorted(message["stream"] for message in both) == [["hashtag", "cats"], ["user"]]
        assert {(message["event"], message["payload"]["id"]) for message in both} == {("update", said["id"])}
        await socket.send(json.dumps({"type": "unsubscribe", "stream": "user"}))
        await socket.send("not json")
        assert "error" in await heard(socket)
        again = await ben.say("more #cats")
        message = await heard(socket)
        assert (message["stream"], message["payload"]["id"]) == (["hashtag", "cats"], again["id"])


async def test_a_notification_arrives(ada: Caller, ben: Caller, world: World, address: str) -> None:
    said = await ada.say("like me")
    async with connect(f"ws://{address}/api/v1/streaming/?access_token={ada.token}&stream=user") as socket:
        await ben.post(f"/api/v1/statuses/{said['id']}/favourite")
        message = await heard(socket)
        assert (message["event"], message["payload"]["type"]) == ("notification", "favourite")
        assert message["payload"]["account"]["id"] == ben.id


async def test_the_token_may_come_as_header_query_and_subprotocol(ada: Caller, world: World, address: str) -> None:
    url = f"ws://{address}/api/v1/streaming?stream=user"
    async with connect(url, additional_headers=bearer(ada)):
        assert world.live.seats == 1
    async with connect(f"{url}&access_token={ada.token}"):
        pass
    async with connect(url, subprotocols=[Subprotocol(ada.token)]) as socket:
        assert socket.subprotocol == ada.token
    url = f"http://{address}/api/v1/streaming/user"
    ways: tuple[dict[str, Any], ...] = (
        {"headers": bearer(ada)},
        {"params": {"access_token": ada.token}},
        {"headers": {"Sec-WebSocket-Protocol": ada.token}},
    )
    async with httpx2.AsyncClient() as client:
        for way in ways:
            async with client.stream("GET", url, **way) as answer:
                assert answer.status_code == 200
        assert (await client.get(url, headers={"Sec-WebSocket-Protocol": "wrong"})).status_code == 401
        elsewhere = f"http://{address}/api/v1/preferences"
        assert (await client.get(elsewhere, headers={"Sec-WebSocket-Protocol": ada.token})).status_code == 401


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("stream=user", 401),
        ("access_token=wrong&stream=public", 401),
        ("stream=nonsense", 422),
        ("stream=hashtag", 422),
    ],
)
async def test_a_handshake_that_may_not_be_is_refused(address: str, query: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://{address}/api/v1/streaming?{query}"):
            pass
    assert refused.value.response.status_code == status


async def test_streams_of_members_need_a_token_with_the_scope(world: World) -> None:
    bare = await world.client.get("/api/v1/streaming/user")
    assert bare.status_code == 401
    caller = await world.member("eve", "push")
    headers = {"Authorization": f"Bearer {caller.token}"}
    assert (await world.client.get("/api/v1/streaming/user", headers=headers)).status_code == 403
    assert (await world.client.get("/api/v1/streaming/health")).text == "OK"
    assert (await world.client.get("/api/v1/streaming/hashtag")).status_code == 422


async def test_a_stranger_hears_only_what_is_public(ada: Caller, ben: Caller, world: World, address: str) -> None:
    async with connect(f"ws://{address}/api/v1/streaming?stream=public") as socket:
        await ada.say("psst @ben", visibility="direct")
        await ada.say("for followers", visibility="private")
        said = await ada.say("for everyone")
        assert (await heard(socket))["payload"]["id"] == said["id"]


async def test_an_arrival_is_written_out_once_for_all_who_get_it(world: World) -> None:
    teller = telling.Teller(None, Urls(world.settings))
    arrival = Arrival(("home",), "delete", 5)
    first = await teller.told(arrival, None)
    assert first is not None
    assert await teller.told(arrival, None) is first
    assert first.frame(("user",)) is first.frame(("user",))


async def test_one_account_and_one_address_have_a_bounded_number_of_streams(
    ada: Caller, world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "MOST_OF_ONE", 1)
    url = f"ws://{address}/api/v1/streaming?stream=public"
    for more in ("", f"&access_token={ada.token}"):
        async with connect(url + more):
            with pytest.raises(InvalidStatus) as refused:
                async with connect(url + more):
                    pass
            assert refused.value.response.status_code == 429
            given = {"Authorization": f"Bearer {ada.token}"} if more else {}
            over_http = await world.client.get("/api/v1/streaming/public", headers=given)
            assert over_http.status_code == 429 or not more  # the test's client has another address
    async with connect(url):
        assert world.live.seats == 1


def beat(world: World) -> None:
    """Some silence: streams show that they are still there."""
    for _ in range(2):
        world.live.beat()


async def test_a_stream_ends_when_its_token_is_revoked(
    ada: Caller, world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHECKED_EVERY", 0.0)
    async with (
        httpx2.AsyncClient() as client,
        client.stream("GET", f"http://{address}/api/v1/streaming/user", headers=bearer(ada)) as answer,
        connect(f"ws://{address}/api/v1/streaming?access_token={ada.token}&stream=user") as socket,
    ):
        lines = answer.aiter_lines()
        for expected in (":)", "", ":thump", ""):
            assert await asyncio.wait_for(anext(lines), SOON) == expected
            if not expected:
                beat(world)
        async with world.store.transaction() as tx:
            access = await grants.access_of_token(tx, ada.token)
            await grants.revoke_app(tx, ada.account, access.app_id)
        beat(world)
        async with asyncio.timeout(SOON):
            assert [line async for line in lines if line not in (":thump", "")] == []
            await socket.wait_closed()
        assert socket.close_code == NOT_ALLOWED


async def test_open_streams_hold_up_no_server_that_is_told_to_stop(ada: Caller, world: World) -> None:
    async with httpx2.AsyncClient() as client, contextlib.AsyncExitStack() as serving:
        address = await serving.enter_async_context(on_a_socket(world))
        async with (
            client.stream("GET", f"http://{address}/api/v1/streaming/user", headers=bearer(ada)) as answer,
            connect(f"ws://{address}/api/v1/streaming?access_token={ada.token}&stream=user") as socket,
        ):
            lines = answer.aiter_lines()
            assert await asyncio.wait_for(anext(lines), SOON) == ":)"
            async with asyncio.timeout(SOON):
                await serving.aclose()
            assert [line async for line in lines if line] == []
            await socket.wait_closed()
            assert socket.close_code == SERVICE_RESTART


async def test_a_look_at_the_head_of_a_stream_opens_none(ada: Caller, world: World) -> None:
    answer = await world.client.head("/api/v1/streaming/user", headers=bearer(ada))
    assert (answer.status_code, answer.content, world.live.seats) == (200, b"", 0)


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "[]",
        "null",
        '{"type":',
        '{"type": 1}',
        "[" * 2000,
        "x" * 3000,
        b"\xff\xfe",
        '{"type": "subscribe", "stream": "\\u0000"}',
    ],
)
async def test_junk_over_a_socket_is_answered_and_the_stream_goes_on(
    ada: Caller, address: str, junk: str | bytes
) -> None:
    async with connect(f"ws://{address}/api/v1/streaming?stream=public") as socket:
        await socket.send(junk)
        assert "error" in await heard(socket)
        said = await ada.say("still here")
        assert (await heard(socket))["payload"]["id"] == said["id"]
