"""A small real HTTP server that speaks the OpenAI protocol, and misbehaves when told to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest

Misdeed = Literal["error", "garbage", "cut", "hang", "hang half-way", "endless", "empty"]


class Server:
    """Answers `answers` in turn, after committing the misdeeds told to it; keeps what it was asked."""

    def __init__(self) -> None:
        self.misdeeds: deque[Misdeed | tuple[int, str]] = deque()
        self.words = ["Hello ", "square"]
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.vectors: list[list[float]] | None = None
        self.picture: str = ""
        self.gone = asyncio.Event()
        self.hung = asyncio.Event()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ", 2)[1].removeprefix("/v1")
            length = next((int(line[15:]) for line in head.lower().splitlines() if line[:15] == "content-length:"), 0)
            body = json.loads(await reader.readexactly(length)) if length else {}
            self.asked.append((path, body))
            await self._answer(path, body, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        finally:
            writer.close()

    async def _answer(
        self, path: str, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        misdeed = self.misdeeds.popleft() if self.misdeeds else None
        if misdeed == "error":
            misdeed = (500, "broken")
        if isinstance(misdeed, tuple):
            _send(writer, {"error": {"message": misdeed[1], "type": "error"}}, misdeed[0])
        elif misdeed == "garbage":
            _send(writer, "<html>not the protocol</html>")
        elif misdeed == "hang":
            await self._hang(reader)
        elif misdeed == "empty":
            _send(writer, {"data": []})
        elif path == "/models":
            _send(writer, {"object": "list", "data": [{"id": "square-1", "object": "model"}]})
        elif path == "/embeddings":
            vectors = self.vectors or [[3.0, 4.0] for _ in body["input"]]
            data = [{"object": "embedding", "index": at, "embedding": one} for at, one in enumerate(vectors)]
            _send(writer, {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1}})
        elif path == "/images/generations":
            _send(writer, {"created": 1, "data": [{"b64_json": self.picture}]})
        else:
            await self._stream(misdeed, reader, writer)

    async def _stream(self, misdeed: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        for word in self.words:
            writer.write(_event({"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}))
            await writer.drain()
            if misdeed == "hang half-way":
                await self._hang(reader)
            if misdeed == "cut":
                return
        while misdeed == "endless":
            writer.write(_event({"choices": [{"index": 0, "delta": {"content": "more " * 4000}}]}))
            await writer.drain()
        writer.write(_event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
        writer.write(_event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}}))
        writer.write(b"data: [DONE]\n\n")
        await writer.drain()

    async def _hang(self, reader: asyncio.StreamReader) -> None:
        self.hung.set()
        await reader.read()  # until the client goes away
        self.gone.set()
        raise ConnectionResetError


def _event(chunk: dict[str, Any]) -> bytes:
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", **chunk}
    return b"data: " + json.dumps(whole).encode() + b"\n\n"


def _send(writer: asyncio.StreamWriter, body: object, status: int = 200) -> None:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    kind = "text/html" if isinstance(body, str) else "application/json"
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + data)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.open()
    yield server
    await server.close()
