"""No connection takes more than its share: of memory, of time, or of places."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from tests.cast import SOON

from parvis import reception
from parvis.reception import Reception, Upgraded

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def listener(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body of a POST to /, answers all else at once, and tells without end at /much and over WebSockets."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while True:
            await send({"type": "websocket.send", "bytes": bytes(64 * 1024)})
    if scope["method"] == "POST" and scope["path"] == "/":
        while (message := await receive()).get("more_body"):
            if message["type"] == "http.disconnect":
                return
    much = scope["path"] == "/much"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(10_000 if much else 0):
        await send({"type": "http.response.body", "body": bytes(64 * 1024), "more_body": True})
    await send({"type": "http.response.body", "body": b"yes"})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(
        listener, http=Reception, ws=Upgraded, lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        yield listening.getsockname()[1]
        server.should_exit = True
        await serving


async def told(port: int, *pieces: bytes) -> bytes:
    """What is answered to these bytes until the line is cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(SOON):
            while data := await reader.read(65_536):
                answer += data
    except ConnectionError:
        pass
    finally:
        writer.close()
    return answer


async def test_a_request_is_answered_and_the_next_one_too(port: int) -> None:
    answer = await told(
        port, GET + b"\r\n", b"POST / HTTP/1.1\r\nContent-Length: 3\r\n", b"Connection: close\r\n\r\n", b"abc"
    )
    assert answer.count(b"HTTP/1.1 200") == 2


async def test_a_head_without_end_is_refused(port: int) -> None:
    for endless in (b"GET /" + b"a" * 70_000, GET + b"X: " + b"a" * 70_000):
        assert (await told(port, endless)).startswith(b"HTTP/1.1 431")
    many = GET + b"".join(b"X%d: 1\r\n" % place for place in range(200)) + b"\r\n"
    assert (await told(port, many)).startswith(b"HTTP/1.1 400")


async def test_chunks_that_are_all_edge_are_refused(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"200" not in await told(port, head, b"1;" + b"a" * 200_000)


async def test_who_speaks_too_slowly_is_let_go(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "HEAD_TIME", 0.1)
    monkeypatch.setattr(reception, "GRACE", 0.1)
    assert await told(port) == b""
    assert (await told(port, GET)).startswith(b"HTTP/1.1 408")
    assert b"200" not in await told(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
    assert b"200" not in await told(port, b"\r\n\r\n")


async def test_a_body_that_nobody_wants_is_not_heard_to_its_end(port: int) -> None:
    head = b"POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 99000000\r\n\r\n"
    answer = await told(port, head, *[bytes(1024 * 1024)] * 90)
    assert answer.count(b"HTTP/1.1") <= 1


UPGRADE = (
    b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.mark.parametrize(("more", "protocol"), [(b"", Reception), (UPGRADE, Upgraded)])
async def test_who_stops_reading_is_let_go(
    port: int, monkeypatch: pytest.MonkeyPatch, more: bytes, protocol: type[Reception | Upgraded]
) -> None:
    monkeypatch.setattr(reception, "STALLED", 0.1)
    cut = asyncio.Event()
    lost = protocol.connection_lost

    def hear(self: Any, exc: Exception | None) -> None:
        cut.set()
        lost(self, exc)

    monkeypatch.setattr(protocol, "connection_lost", hear)
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\n" + more + b"\r\n")
        async with asyncio.timeout(SOON):
            await cut.wait()


async def test_one_place_has_a_bounded_number_of_connections(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "HERE", frozenset())
    monkeypatch.setattr(reception, "MOST_FROM_ONE", 2)
    lines: list[Line] = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    assert await told(port, GET + b"\r\n") == b""
    for _, writer in lines:
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(SOON):
        while not (await told(port, GET + b"Connection: close\r\n\r\n")).startswith(b"HTTP/1.1 200"):
            pass
