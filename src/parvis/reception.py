"""What a connection meets before any door: bounds on how much it may say, how slowly, and how many come from one place.

Bytes flow in, and only whole, bounded requests flow on. uvicorn's parser itself holds a head of any length and waits
for ever; here a head has 64 KB and ten seconds, a body comes at a walking pace at least, and whoever stops reading an
answer is let go.
"""

import asyncio
from collections import Counter
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from parvis.people.pace import place_of

MOST_CONNECTIONS: Final = 8000
MOST_FROM_ONE: Final = 256  # connections of one address
LONGEST_HEAD: Final = 64 * 1024  # bytes of the request line and all headers
MOST_HEADERS: Final = 100
HEAD_TIME: Final = 10.0  # seconds for a whole head
GRACE: Final = 20.0  # seconds that a body has before its pace is looked at
SLOWEST: Final = 8 * 1024  # bytes a second of a body, on average
LONGEST_VAIN: Final = 1024 * 1024  # bytes that still come after their answer
STALLED: Final = 30.0  # seconds that nothing of an answer is taken
HERE: Final = frozenset({"", "127.0.0.1", "::1"})  # this machine itself is not counted
ROUGH: Final = 8  # bytes on the wire for each of a body, at most: chunks have edges

_from: Counter[str] = Counter()


class Stall:
    """How long a client has not read what it was sent; beyond `STALLED` its line is cut."""

    __slots__ = ("_timer",)

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, transport: asyncio.Transport) -> None:
        """It does not read; it has a while to go on."""
        self._timer = asyncio.get_running_loop().call_later(STALLED, transport.abort)

    def end(self) -> None:
        """It reads again, or is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Heeded(asyncio.BaseProtocol):
    """Laid over a protocol of uvicorn's: a client that stops reading is let go."""

    transport: Any

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._stall = Stall()

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._stall.begin(self.transport)

    def resume_writing(self) -> None:
        """It reads again."""
        self._stall.end()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._stall.end()
        super().connection_lost(exc)


class Upgraded(Heeded, WebSocketsSansIOProtocol):
    """uvicorn's protocol for a WebSocket; who stops reading is let go."""


class Reception(Heeded, HttpToolsProtocol):
    """uvicorn's protocol, within bounds. A request that comes whole in one piece costs no timer."""

    counted = True  # whether one address has a bounded number of connections

    _place = ""
    _timer: asyncio.TimerHandle | None = None
    _in_head = True  # of a request, or where one should begin
    _in_body = False
    _heard = 0  # bytes of this head, or of this body with all that is around it
    _body = 0
    _vain = 0  # bytes of a body that is answered already
    _since = 0.0

    def connection_made(self, transport: Any) -> None:
        """Take a place, if one is free, and wait for the first head."""
        super().connection_made(transport)
        address = self.client[0] if self.counted and self.client else ""
        self._place = "" if address in HERE else place_of(address)
        if self._place:
            _from[self._place] += 1
            if _from[self._place] > MOST_FROM_ONE:
                transport.close()
                return
        self._wait(HEAD_TIME)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._leave()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand the line on: seats bound what comes then."""
        self._leave()
        self._in_head = self._in_body = False
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Hear some more; too much of a head, around a body, or after an answer ends it."""
        super().data_received(data)
        self._heard += len(data)  # after what begins anew in it
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        answered = self._is_answered()
        if not self._in_body and answered and self.timeout_keep_alive_task is None:
            self._in_head = True
        if self._in_body and answered:
            self._vain += len(data)
        if (
            (self._in_head and self._heard > LONGEST_HEAD)
            or (self._in_body and self._heard > ROUGH * self._body + 2 * LONGEST_HEAD)
            or self._vain > LONGEST_VAIN
        ):
            self._refuse(b"431 Request Header Fields Too Large")
        elif self._timer is None and (self._in_head or self._in_body):
            self._wait(HEAD_TIME if self._in_head else GRACE)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head, self._in_body, self._heard = True, False, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One more of a bounded number."""
        if len(self.headers) >= MOST_HEADERS:
            raise httptools.HttpParserError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole; a body may follow."""
        self._in_head, self._in_body = False, True
        self._heard = self._body = self._vain = 0
        self._since = self.loop.time()
        self._rest()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Nothing more is awaited."""
        self._in_body = False
        self._heard = 0
        self._rest()
        super().on_message_complete()

    def _wait(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self._look)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """Let go who takes too long. That the server itself reads slowly is no fault of the client's."""
        self._timer = None
        passed = self.loop.time() - self._since
        if self._in_body and (self.flow.read_paused or self._body >= SLOWEST * (passed - GRACE + 1)):
            self._wait(GRACE / 2)
        elif self._in_body or self._in_head:
            self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        """Say why, where something was heard and no answer is under way; and close."""
        if not self.transport.is_closing():
            if self._heard and not self._vain and self._is_answered():
                self.transport.write(b"HTTP/1.1 %b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n" % status)
            self.transport.close()

    def _is_answered(self) -> bool:
        """Whether no answer is under way."""
        cycle: Any = self.cycle  # None before the first request, whatever its type says
        return cycle is None or bool(cycle.response_complete)

    def _leave(self) -> None:
        self._rest()
        self._stall.end()
        if self._place:
            _from[self._place] -= 1
            if _from[self._place] <= 0:
                del _from[self._place]
            self._place = ""


class Uncounted(Reception):
    """The same behind a proxy, from whose address everyone comes."""

    counted = False
