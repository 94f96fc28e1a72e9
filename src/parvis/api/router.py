"""The API's own route: finds an endpoint in a tree, runs it in one transaction, and sends one answer.

A request costs a few dictionary look-ups here and one query for its token: no middleware, no request object, no
signature read while serving.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from parvis.api.answer import Answer, Headers, Refusal, dressed, refusal
from parvis.api.door import House
from parvis.api.endpoint import Ctx, Endpoint, Mode
from parvis.api.gathering import MOST_QUERY, UPLOADS, Gathered, gather, given_to, let_go
from parvis.core import clock, errors
from parvis.core.config import Settings
from parvis.people import grants, scopes, standing
from parvis.people.pace import Left, nearest, place_of

PREFIXES = ("/api/",)
RATE = "300/5 minutes"
LONGEST_TOKEN = 200

EXPOSED = b"Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id"
CORS: Headers = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED))
PREFLIGHT: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Idempotency-Key, *"),
    (b"access-control-max-age", b"86400"),
)
PLAIN: Headers = (
    (b"cache-control", b"private, no-store"),
    (b"vary", b"Authorization, Origin"),
    (b"x-content-type-options", b"nosniff"),
)


class Node:
    """One segment of the tree of paths."""

    __slots__ = ("any", "endpoints", "named")

    def __init__(self) -> None:
        self.named: dict[str, Node] = {}
        self.any: Node | None = None
        self.endpoints: dict[str, tuple[Endpoint, tuple[str, ...]]] = {}


Found = tuple[Node, tuple[str, ...]]


class Tree:
    """Finds the endpoints of a path; a literal segment goes before a parameter."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._root = Node()
        self._whole: dict[str, Node] = {}
        for endpoint in endpoints:
            self._add(endpoint)

    def _add(self, endpoint: Endpoint) -> None:
        node, names = self._root, []
        for segment in endpoint.path[1:].split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.any = node.any or Node()
                node = node.any
            else:
                node = node.named.setdefault(segment, Node())
        if endpoint.method in node.endpoints:
            raise ValueError(f"{endpoint.method} {endpoint.path} is declared twice.")
        node.endpoints[endpoint.method] = (endpoint, tuple(names))
        if not names:
            self._whole[endpoint.path] = node

    def find(self, path: str) -> Found | None:
        """The node of a path (which may end in a slash), and the values of its parameters."""
        path = path.removesuffix("/")
        node = self._whole.get(path)
        if node is not None:
            return node, ()
        return self._walk(self._root, path[1:].split("/"), 0)

    def _walk(self, node: Node, segments: list[str], depth: int) -> Found | None:
        if depth == len(segments):
            return (node, ()) if node.endpoints else None
        segment = segments[depth]
        if (named := node.named.get(segment)) is not None and (found := self._walk(named, segments, depth + 1)):
            return found
        if node.any is not None and segment and (found := self._walk(node.any, segments, depth + 1)):
            return found[0], (segment, *found[1])
        return None


class ApiRoute(BaseRoute):
    """Claims every path under /api/ and each declared one outside it."""

    def __init__(self, house: House, endpoints: Iterable[Endpoint], sockets: Mapping[str, ASGIApp]) -> None:
        self.endpoints = tuple(endpoints)
        self._tree = Tree(self.endpoints)
        self._sockets = sockets
        self._house = house
        self._store = house.door.store
        self._paced: bool = house.door.settings.rate_limits

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """See Starlette."""
        path = scope["path"]
        if scope["type"] == "websocket":
            socket = self._sockets.get(path)
            return (Match.NONE, {}) if socket is None else (Match.FULL, {"parvis.api": socket})
        found = self._tree.find(path)
        if found is None and not path.startswith(PREFIXES):
            return Match.NONE, {}
        return Match.FULL, {"parvis.api": found}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The API's paths are written out where they are needed."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand a socket to who serves it."""
        if scope["type"] == "websocket":
            await scope["parvis.api"](scope, receive, send)
            return
        found, method = scope["parvis.api"], scope["method"]
        if method == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return
        ctx = Ctx(self._house, scope)
        endpoint = None
        try:
            endpoint, values = chosen(found, "GET" if method == "HEAD" else method)
            answer = await self._answer(endpoint, values, ctx, receive)
        except errors.Refused as refused:
            answer = refusal(refused, ctx.language, endpoint.manner if endpoint is not None else "plain")
        finally:
            if UPLOADS in scope:
                let_go(scope)
        headers = [(b"content-type", answer.media_type), *PLAIN, *answer.headers, *ctx.headers]
        if endpoint is None or endpoint.open_to_pages:
            headers += CORS
        if answer.stream is not None and method != "HEAD":
            await flow(answer.stream, headers, receive, send)
            return
        headers.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})

    async def _answer(self, endpoint: Endpoint, values: Mapping[str, str], ctx: Ctx, receive: Receive) -> Answer:
        token = ctx.token = bearer(ctx, endpoint)
        if token is None and endpoint.who != "anyone":
            raise errors.Unauthenticated("The access token is invalid")
        store = self._store
        if endpoint.mode is Mode.ALONE:
            if token is not None:
                async with store.reading() as tx:
                    ctx.access = await grants.access_of_token(tx, token)
            await self._admit(endpoint, ctx)
            return await run(endpoint, ctx, await gather(endpoint, ctx.scope, receive), values)
        found = await gather(endpoint, ctx.scope, receive)
        opening = store.reading if endpoint.mode is Mode.READ else store.transaction
        async with opening() as tx:
            ctx.tx = tx
            if token is not None:
                ctx.access = await grants.access_of_token(tx, token)
            await self._admit(endpoint, ctx)
            return await run(endpoint, ctx, found, values)

    async def _admit(self, endpoint: Endpoint, ctx: Ctx) -> None:
        """Let in who may call this endpoint, at the pace they may.

        Raises:
            Refusal: the token is not for this.
            TooFast: too many requests.
        """
        access = ctx.access
        if access is not None:
            if endpoint.scopes and not scopes.covers(access.scopes, *endpoint.scopes):
                raise Refusal(403, "This action is outside the authorized scopes")
            if endpoint.who == "member" and access.account is None:
                raise Refusal(422, "This method requires an authenticated user")
            if access.account is not None and endpoint.who != "app":
                standing.require_entry(access.account)
        if self._paced:
            who = str(access.account.id) if access and access.account else caller(ctx)
            await self._hold(
                ctx, *(("api", who, RATE) if endpoint.pace is None else (endpoint.name, who, endpoint.pace))
            )

    async def _hold(self, ctx: Ctx, bucket: str, who: str, rate: str) -> None:
        pace = self._house.door.pace
        try:
            left = await pace.hold(bucket, who, rate)
        except errors.TooFast:
            ctx.headers += paced(await pace.left(bucket, who, rate))
            raise
        ctx.headers += paced(left)


def paced(left: Left) -> Headers:
    """What is left of a rate, as Mastodon's clients read it."""
    return (
        (b"x-ratelimit-limit", b"%d" % left.limit),
        (b"x-ratelimit-remaining", b"%d" % left.remaining),
        (b"x-ratelimit-reset", clock.iso(left.resets_at * clock.SECOND).encode()),
    )


async def run(endpoint: Endpoint, ctx: Ctx, found: Gathered, values: Mapping[str, str]) -> Answer:
    """Call the endpoint with what it was given."""
    given = given_to(endpoint, found, values)
    return dressed(await (endpoint.run(ctx) if given is None else endpoint.run(ctx, given)), endpoint.status)


def chosen(found: Found | None, method: str) -> tuple[Endpoint, dict[str, str]]:
    """The endpoint for this method, and the values in its path.

    Raises:
        NotFound: there is no such path.
        Refusal: the path has other methods.
    """
    if found is None:
        raise errors.NotFound("The page you were looking for doesn't exist.")
    node, values = found
    declared = node.endpoints.get(method)
    if declared is None:
        allowed = ", ".join(sorted(node.endpoints)).encode()
        raise Refusal(405, "This method is not allowed here", headers=((b"allow", allowed),))
    endpoint, names = declared
    return endpoint, dict(zip(names, values, strict=True))


def bearer(ctx: Ctx, endpoint: Endpoint) -> str | None:
    """The token that came along, if any."""
    for name, value in ctx.scope["headers"]:
        if name == b"authorization":
            kind, _, token = bytes(value).partition(b" ")
            if kind.lower() == b"bearer" and 0 < len(token) <= LONGEST_TOKEN:
                return token.strip().decode("latin-1")
    if not endpoint.token_in_query:
        return None
    offered = ctx.header(b"sec-websocket-protocol") or ""  # where Mastodon's streams look, over plain HTTP too
    return token_in_query(ctx.scope["query_string"]) or (offered if 0 < len(offered) <= LONGEST_TOKEN else None)


def token_in_query(query: bytes) -> str | None:
    """The `access_token` of a query string, for clients that cannot send headers."""
    for name, value in parse_qsl(query[:MOST_QUERY].decode("latin-1"), errors="replace"):
        if name == "access_token" and 0 < len(value) <= LONGEST_TOKEN:
            return value
    return None


def caller(ctx: Ctx) -> str:
    """Where the call comes from."""
    return place(ctx.door.settings, ctx.scope)


def place(settings: Settings, scope: Scope) -> str:
    """Where a request comes from; behind a proxy that the operator trusts, what that one reports."""
    if settings.trust_proxy:
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                return place_of(nearest(bytes(value).decode("latin-1")))
    client = scope.get("client")
    return place_of(str(client[0])) if client else "unknown"


async def flow(stream: AsyncGenerator[bytes], headers: list[tuple[bytes, bytes]], receive: Receive, send: Send) -> None:
    """Send a stream until it ends or the client goes; the line itself lets go of who does not read."""
    await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def pour() -> None:
        async for piece in stream:
            await send({"type": "http.response.body", "body": piece, "more_body": True})

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = {asyncio.create_task(pour()), asyncio.create_task(gone())}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await stream.aclose()
    for task in done:
        task.result()  # raises what it failed of
    with contextlib.suppress(OSError):
        await send({"type": "http.response.body", "body": b""})
