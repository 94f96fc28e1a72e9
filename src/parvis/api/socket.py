"""Streaming over one WebSocket: /api/v1/streaming, with as many streams as the client subscribes to.

The token comes in the query, the Authorization header, or (from a browser) as the subprotocol. A client whose seat is
dropped because it reads too slowly is let go; so is one whose token was revoked.
"""

import asyncio
from typing import Annotated, Any
from urllib.parse import parse_qs

import msgspec
from msgspec import Meta
from starlette.types import Receive, Scope, Send

from parvis.api.answer import encode, refusal
from parvis.api.door import House
from parvis.api.gathering import MOST_QUERY
from parvis.api.router import LONGEST_TOKEN, place
from parvis.api.sentences import told
from parvis.api.streams import Asked, Listener, Stream, Vigil, stream_for
from parvis.core import errors
from parvis.people import grants, scopes, standing
from parvis.timelines.seats import Arrival

MOST_STREAMS = 20
LONGEST_MESSAGE = 2048

BAD_REQUEST = 400
SLOW_CLIENT = 1013  # RFC 6455's registry: try again later
NOT_ALLOWED = 1008


class Wish(msgspec.Struct, frozen=True):
    """What a client sends."""

    type: Annotated[str, Meta(max_length=20)]
    stream: Annotated[str, Meta(max_length=60)] = ""
    tag: Annotated[str, Meta(max_length=100)] | None = None
    list: Annotated[str, Meta(max_length=20)] | None = None


_wish = msgspec.json.Decoder(Wish)


class SocketError(msgspec.Struct, frozen=True):
    """Why a wish was not granted."""

    error: str
    status: int


class Socket:
    """Serves the connections."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection from its handshake to its end."""
        await receive()  # websocket.connect
        query = parse_qs(scope["query_string"][:MOST_QUERY].decode("latin-1"), max_num_fields=50)
        token, subprotocol = token_of(scope, query)
        try:
            listener = await self._listener(token)
            member = listener.member
            first = [await stream_for(self._house.door.store, listener, _asked(query))] if "stream" in query else []
            address = place(self._house.door.settings, scope)
            self._house.door.live.require_room(member, address)
        except errors.Refused as refused:
            await _refuse(scope, send, refused)
            return
        connection = Connection(self._house, listener, token, receive, send)
        await connection.serve(first, subprotocol, address)

    async def _listener(self, token: str | None) -> Listener:
        if token is None:
            return Listener(None, frozenset())
        async with self._house.door.store.reading() as tx:
            access = await grants.access_of_token(tx, token)
        if not scopes.covers(access.scopes, "read:statuses", "read:notifications"):
            raise errors.Forbidden("This action is outside the authorized scopes")
        if access.account is not None:
            standing.require_entry(access.account)
        return Listener(access.account, access.scopes)


def token_of(scope: Scope, query: dict[str, list[str]]) -> tuple[str | None, str | None]:
    """The token of a handshake, and the subprotocol to answer with."""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].strip().decode("latin-1")[:LONGEST_TOKEN], None
    if "access_token" in query:
        return query["access_token"][0][:LONGEST_TOKEN], None
    offered = scope.get("subprotocols") or [None]
    return (offered[0][:LONGEST_TOKEN], offered[0]) if offered[0] else (None, None)


def _asked(query: dict[str, list[str]]) -> Asked:
    return Asked(query["stream"][0], query.get("tag", [None])[0], query.get("list", [None])[0])


async def _refuse(scope: Scope, send: Send, refused: errors.Refused) -> None:
    """Answer the handshake with the refusal's status where the server can, else close."""
    if "websocket.http.response" in (scope.get("extensions") or {}):
        answer = refusal(refused)
        headers = [(b"content-type", answer.media_type)]
        await send({"type": "websocket.http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": answer.body})
    else:
        await send({"type": "websocket.close", "code": NOT_ALLOWED})


class Connection:
    """One client and the streams it listens to."""

    def __init__(self, house: House, listener: Listener, token: str | None, receive: Receive, send: Send) -> None:
        self._house = house
        self._listener = listener
        self._member = listener.member
        self._vigil = Vigil(house.door.store, token)
        self._receive = receive
        self._send = send
        self._streams: dict[tuple[str, ...], Stream] = {}
        self._seat: Any = None

    async def serve(self, first: list[Stream], subprotocol: str | None, address: str) -> None:
        """Take a seat, then accept: nothing that happens from then on is missed. Carry messages until one side ends."""
        with self._house.door.live.join(self._member, (), address) as seat:
            self._seat = seat
            for stream in first:
                self._subscribe(stream)
            await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
            tasks = {asyncio.create_task(part) for part in (self._tell(), self._listen())}
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        code = max(task.result() for task in done)
        if code:
            await self._send({"type": "websocket.close", "code": code})

    async def _tell(self) -> int:
        """Send what arrives; ends when the client is too slow, or its token is no longer good."""
        async for arrivals in self._seat:
            if not await self._vigil.holds():
                return NOT_ALLOWED
            for arrival in arrivals:
                await self._pass_on(arrival)
        return SLOW_CLIENT

    async def _pass_on(self, arrival: Arrival) -> None:
        told = await self._house.teller.told(arrival, self._seat)
        if told is not None:
            for stream in list(self._streams.values()):
                if stream.wants(arrival):
                    await self._send({"type": "websocket.send", "text": told.frame(stream.words)})

    async def _listen(self) -> int:
        """Take what the client wishes; ends when it goes."""
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return 0
            text = message.get("text") or ""
            try:
                await self._heed(text)
            except errors.Refused as refused:
                status = BAD_REQUEST if isinstance(refused, errors.Invalid) else refused.status
                error = encode(SocketError(told(refused, "en"), status)).decode()
                await self._send({"type": "websocket.send", "text": error})

    async def _heed(self, text: str) -> None:
        try:
            if len(text) > LONGEST_MESSAGE:
                raise errors.Invalid("The message is too long")
            wish = _wish.decode(text)
        except msgspec.MsgspecError as error:
            raise errors.Invalid("The message is not understood") from error
        if wish.type == "subscribe":
            self._subscribe(await self._stream_of(wish))
        elif wish.type == "unsubscribe":
            self._unsubscribe(await self._stream_of(wish))

    async def _stream_of(self, wish: Wish) -> Stream:
        return await stream_for(self._house.door.store, self._listener, Asked(wish.stream, wish.tag, wish.list))

    def _subscribe(self, stream: Stream) -> None:
        if len(self._streams) >= MOST_STREAMS:
            raise errors.Invalid("Too many streams on one connection")
        self._streams[stream.words] = stream
        for channel in stream.channels:
            self._seat.join(channel)

    def _unsubscribe(self, stream: Stream) -> None:
        if self._streams.pop(stream.words, None) is None:
            return
        still = {channel for one in self._streams.values() for channel in one.channels}
        for channel in stream.channels:
            if channel not in still:
                self._seat.leave(channel)
