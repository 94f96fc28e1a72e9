"""How long a post takes to reach listeners who have their home stream open, and what a listener costs."""

import asyncio
import functools
import re
import time
from collections.abc import Callable
from typing import NamedTuple, cast

from benchmarks.load import post, send
from benchmarks.server import Server

_SAID = re.compile(rb'"content":"<p>delayed (\d{6})')  # begins with what is found fast


class Streamed(NamedTuple):
    """Milliseconds from sending a post to each listener's receiving it, sorted; the server's CPU in µs a post."""

    waits: list[float]
    cost: float
    memory: float  # kB that each connection added


class _Listener(asyncio.Protocol):
    """Reads a stream at little cost, so that the delay measured is the server's."""

    def __init__(self, token: str, heard: Callable[[int], None], open_: Callable[[], None]) -> None:
        self._request = (
            f"GET /api/v1/streaming/user HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        )
        self._heard = heard
        self._open: Callable[[], None] | None = open_
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        cast(asyncio.Transport, transport).write(self._request.encode())

    def data_received(self, data: bytes) -> None:
        """Look for the marks of posts in what came, up to the last whole line."""
        if self._open is not None:
            assert data.startswith(b"HTTP/1.1 200 "), data
            self._open()
            self._open = None
        lines, _, self._rest = (self._rest + data).rpartition(b"\n")
        for found in _SAID.finditer(lines):
            self._heard(int(found[1]))


async def stream(server: Server, author: str, listeners: list[str], posts: int, per_second: float) -> Streamed:
    """Publish at this pace to these listeners, who all follow the author; `author` and `listeners` are tokens."""
    sent: dict[int, float] = {}
    waits: list[float] = []
    ready = asyncio.Semaphore(0)
    done = asyncio.Event()

    def heard(number: int) -> None:
        waits.append((time.perf_counter() - sent[number]) * 1000)
        if len(waits) == posts * len(listeners):
            done.set()

    bare = server.memory()
    loop = asyncio.get_running_loop()
    lines = []
    for token in listeners:
        opening = functools.partial(_Listener, token, heard, ready.release)
        lines.append((await loop.create_connection(opening, "127.0.0.1", server.port))[0])
    async with asyncio.timeout(60):
        for _ in listeners:
            await ready.acquire()
    await asyncio.sleep(0.5)
    memory = (server.memory() - bare) * 1024 / len(listeners)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    cpu, due = server.cpu(), loop.time()
    for number in range(posts):
        sent[number] = time.perf_counter()
        status, _ = await send(reader, writer, post("/api/v1/statuses", author, {"status": f"delayed {number:06d}"}))
        assert status == 200
        due += 1 / per_second
        await asyncio.sleep(due - loop.time())
    async with asyncio.timeout(120):
        await done.wait()
    cost = (server.cpu() - cpu) / posts * 1e6
    writer.close()
    for line in lines:
        line.close()
    return Streamed(sorted(waits), cost, memory)


def percentile(values: list[float], share: float) -> float:
    """The value below which so much of the sorted list lies."""
    return values[min(len(values) - 1, int(len(values) * share))]
