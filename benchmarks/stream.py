"""How long a post takes to reach listeners who have their home stream open."""

import asyncio
import time

from benchmarks.load import post, send
from benchmarks.server import Server


async def delays(server: Server, author: str, listeners: list[str], posts: int, per_second: float) -> list[float]:
    """Milliseconds from sending a post to each listener's receiving it, for every post and every listener, sorted.

    `author` and `listeners` are tokens; the listeners follow the author.
    """
    sent: dict[str, float] = {}
    measured: list[float] = []
    ready = asyncio.Semaphore(0)

    async def listen(token: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1 << 20)
        request = f"GET /api/v1/streaming/user HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        ready.release()
        missing = posts
        while missing:
            line = await reader.readline()
            assert line, "The server ended the stream."
            if line.startswith(b"data:") and (at := line.find(b"delayed ")) > 0:
                moment = time.perf_counter()
                measured.append((moment - sent[line[at : at + 14].decode()]) * 1000)
                missing -= 1
        writer.close()

    tasks = [asyncio.create_task(listen(token)) for token in listeners]
    async with asyncio.timeout(30):
        for _ in tasks:
            await ready.acquire()
    await asyncio.sleep(0.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for number in range(posts):
        name = f"delayed {number:06d}"
        sent[name] = time.perf_counter()
        status, _ = await send(reader, writer, post("/api/v1/statuses", author, {"status": name}))
        assert status == 200
        await asyncio.sleep(1 / per_second)
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks)
    writer.close()
    return sorted(measured)


def percentile(values: list[float], share: float) -> float:
    """The value below which so much of the sorted list lies."""
    return values[min(len(values) - 1, int(len(values) * share))]
