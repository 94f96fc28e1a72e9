"""A load generator that costs little: prepared requests over kept connections, answers read to their stated length."""

import asyncio
import time
from collections.abc import Sequence

import msgspec

from benchmarks.server import Server


class Measured(msgspec.Struct, frozen=True):
    """What a burst of requests cost."""

    requests: int
    seconds: float
    cpu: float  # seconds of the server's CPU
    refused: int

    @property
    def rate(self) -> float:
        """Requests answered per second."""
        return self.requests / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of the server's CPU per request."""
        return self.cpu / self.requests * 1e6


class Bursts(msgspec.Struct, frozen=True):
    """The same load several times over: on a machine that others use too, the cheapest burst was disturbed least."""

    bursts: tuple[Measured, ...]

    @property
    def costs(self) -> list[float]:
        """Microseconds of the server's CPU per request of each burst, the lowest first."""
        return sorted(burst.cost for burst in self.bursts)

    @property
    def rates(self) -> list[float]:
        """Requests answered per second in each burst, the highest first."""
        return sorted((burst.rate for burst in self.bursts), reverse=True)

    @property
    def refused(self) -> int:
        """How many requests were refused in all."""
        return sum(burst.refused for burst in self.bursts)


def get(path: str, token: str = "") -> bytes:
    """A GET request as bytes."""
    return _request("GET", path, token, b"")


def post(path: str, token: str, body: object) -> bytes:
    """A POST request with a JSON body as bytes."""
    return _request("POST", path, token, msgspec.json.encode(body))


def _request(method: str, path: str, token: str, body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    """Send one request; its status and body."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line[15:])
    return status, await reader.readexactly(length)


async def measure(server: Server, requests: Sequence[bytes], connections: int) -> Measured:
    """Send the requests in order over so many connections, each waiting for its answer."""
    waiting = iter(requests)
    refused = 0

    async def work() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for request in waiting:
            status, _ = await send(reader, writer, request)
            refused += status >= 400
        writer.close()

    cpu, start = server.cpu(), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return Measured(len(requests), time.perf_counter() - start, server.cpu() - cpu, refused)


async def measure_bursts(server: Server, requests: Sequence[bytes], connections: int, bursts: int = 5) -> Bursts:
    """Send the requests in so many bursts, one after the other."""
    size = len(requests) // bursts
    parts = [requests[place * size : (place + 1) * size] for place in range(bursts)]
    return Bursts(tuple([await measure(server, part, connections) for part in parts]))
