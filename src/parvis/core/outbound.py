"""The one way by which the house calls other servers: link cards, pushes, whatever comes later.

An address flows in, a bounded answer flows out. Each connection, of each redirect, goes to an address that was resolved
and judged just before (`core.reach`), so neither a name that changes its mind nor a redirect leads inside; TLS and the
Host header still speak of the name. Bounded are the schemes, ports, redirects, the time for all of it together, the
bytes after unpacking, and the number of calls at once. No cookie is kept and no proxy of the environment is asked.
"""

import asyncio
import contextlib
import pathlib
import re
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore2
import httpx2
import msgspec

from parvis import __version__
from parvis.core.config import Settings, WrongSetting
from parvis.core.errors import Invalid, TooLarge, Unavailable
from parvis.core.reach import Reach

AT_ONCE = 64
NAMES_AT_ONCE = 8
MOST_ADDRESSES = 6  # of one host that are tried, one after the other
CONNECT_SECONDS = 5.0
MEGABYTE = 1 << 20
LONGEST_URL = 2000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOLLOWING = frozenset({"GET", "HEAD"})
_HOST = re.compile(rb"[A-Za-z0-9._:-]+")
_SECRETS = frozenset({"authorization", "cookie", "signature", "signature-input"})

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""A host and a port to the addresses that the host has now; raises OSError when there is none."""


class Fetched(msgspec.Struct, frozen=True):
    """What another server answered, whole or (when asked for so) cut at the bound."""

    url: str  # where it was found in the end
    status: int
    headers: httpx2.Headers
    data: bytes
    cut: bool = False

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return httpx2.codes.is_success(self.status)

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters; empty when none is told."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The charset that the server tells, in lower case; empty when it tells none."""
        parameters = str(self.headers.get("content-type", "")).lower().split(";")[1:]
        named = [part.strip().removeprefix("charset=") for part in parameters if part.strip().startswith("charset=")]
        return named[0].strip("\"' ") if named else ""


class Outbound:
    """Calls other servers within bounds. One for the house; close it at the end."""

    def __init__(self, settings: Settings, resolve: Resolve | None = None) -> None:
        self.agent = f"Parvis/{__version__} (+{settings.url})"
        self._names = ThreadPoolExecutor(NAMES_AT_ONCE, thread_name_prefix="parvis-names")
        self._free = asyncio.Semaphore(AT_ONCE)
        self._transport = _Transport(
            httpcore2.AsyncConnectionPool(
                ssl_context=_trust(settings),
                max_connections=AT_ONCE,
                max_keepalive_connections=AT_ONCE // 4,
                keepalive_expiry=15.0,
                network_backend=_Guarded(Reach.of(settings), resolve or self._resolve),
            )
        )

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        most_bytes: int = MEGABYTE,
        seconds: float = 10.0,
        redirects: int = 4,
        cut: bool = False,
    ) -> Fetched:
        """The answer to a request, whatever its status; redirects of GET and HEAD are followed.

        With `cut`, an answer of more than `most_bytes` (unpacked) is cut there.

        Raises:
            Invalid: the address, or one that it redirects to, is none that may be called: trying again is of no use.
            TooLarge: the answer has more bytes than were allowed.
            Unavailable: the server does not answer, not in time, or not in HTTP.
        """
        given = {"user-agent": self.agent, "accept-encoding": "gzip", "accept": "*/*", **_lower(headers)}
        try:
            async with asyncio.timeout(seconds), self._free:
                request = httpx2.Request(method, _checked(url), headers=given, content=content)
                return await self._follow(request, most_bytes=most_bytes, redirects=redirects, cut=cut)
        except TimeoutError as late:
            raise Unavailable("The other server does not answer in time.") from late
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError) as error:
            raise Unavailable("The other server does not answer.") from error

    async def close(self) -> None:
        """End all connections."""
        await self._transport.aclose()
        self._names.shutdown(wait=False, cancel_futures=True)

    async def _follow(self, request: httpx2.Request, *, most_bytes: int, redirects: int, cut: bool) -> Fetched:
        for _ in range(redirects + 1):
            async with self._asking(request) as answer:
                location = answer.headers.get("location")
                if answer.status_code not in REDIRECTS or not location or request.method not in FOLLOWING:
                    data, whole = await _read(answer, most_bytes)
                    if not whole and not cut:
                        raise TooLarge("The other server's answer is larger than {limit} bytes.", limit=most_bytes)
                    return Fetched(str(request.url), answer.status_code, answer.headers, data, not whole)
            request = _redirected(request, location)
        raise Unavailable("The other server redirects again and again.")

    @contextlib.asynccontextmanager
    async def _asking(self, request: httpx2.Request) -> AsyncIterator[httpx2.Response]:
        request.extensions["timeout"] = {"connect": CONNECT_SECONDS}  # the rest is bounded by the call's own time
        answer = await self._transport.handle_async_request(request)
        try:
            yield answer
        finally:
            await answer.aclose()

    async def _resolve(self, host: str, port: int) -> list[str]:
        """The system's answer, in threads of its own: a slow name server holds up nothing else."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._names, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Transport(httpx2.AsyncHTTPTransport):
    """The client's transport over a pool of ours, which has no other way to be handed in."""

    def __init__(self, pool: httpcore2.AsyncConnectionPool) -> None:
        self._pool = pool


class _Guarded(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that may be called, and to nothing else."""

    def __init__(self, reach: Reach, resolve: Resolve) -> None:
        self._reach = reach
        self._resolve = resolve
        self._net = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first of the host's permitted addresses that takes one.

        Raises:
            Invalid: none of the host's addresses may be called.
        """
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as unknown:
            raise httpcore2.ConnectError(str(unknown)) from unknown
        permitted = [address for address in found if self._reach.permits(host, port, address)][:MOST_ADDRESSES]
        if not permitted:
            raise Invalid("This address is not of the open web, so it is not called.", field="url")
        for address in permitted[:-1]:
            with contextlib.suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return await self._net.connect_tcp(address, port, timeout, local_address, socket_options)
        return await self._net.connect_tcp(permitted[-1], port, timeout, local_address, socket_options)


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in (headers or {}).items()}


def _checked(url: str) -> httpx2.URL:
    """The address, if it is of the web: http or https, with a host and without a password."""
    try:
        parsed = httpx2.URL(url[: LONGEST_URL + 1])
    except (httpx2.InvalidURL, ValueError) as error:
        raise Invalid("This is no address of the web.", field="url") from error
    plain = parsed.scheme in ("http", "https") and _HOST.fullmatch(parsed.raw_host) and not parsed.userinfo
    if not plain or len(url) > LONGEST_URL:
        raise Invalid("This is no address of the web.", field="url")
    return parsed.copy_with(fragment=None)


def _redirected(request: httpx2.Request, location: str) -> httpx2.Request:
    """The same asked of another address; another server is told none of the first one's secrets."""
    url = _checked(str(request.url.join(location)))
    away = (request.url.scheme, request.url.host, request.url.port) != (url.scheme, url.host, url.port)
    headers = {
        name: value for name, value in request.headers.items() if name != "host" and not (away and name in _SECRETS)
    }
    return httpx2.Request(request.method, url, headers=headers)


async def _read(answer: httpx2.Response, most: int) -> tuple[bytes, bool]:
    """The unpacked bytes up to a bound, and whether that is all. A small file that unpacks to much ends there too."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise Unavailable("The other server does not answer.")
    unpack = zlib.decompressobj(wbits=47) if encoding not in ("identity", "") else None  # 47: gzip or zlib, as it comes
    data = bytearray()
    async for piece in answer.aiter_raw():
        try:
            data += unpack.decompress(piece, most + 1 - len(data)) if unpack else piece
        except zlib.error as broken:
            raise Unavailable("The other server does not answer.") from broken
        if len(data) > most:
            return bytes(data[:most]), False
    return bytes(data), True


def _trust(settings: Settings) -> Any:
    """The system's authorities, and the operator's own."""
    context = httpcore2.default_ssl_context()
    if settings.ca_bundle:
        try:
            context.load_verify_locations(pathlib.Path(settings.ca_bundle))
        except OSError as error:  # an SSLError is one too
            raise WrongSetting(f"PARVIS_CA_BUNDLE: {settings.ca_bundle} is no readable PEM file.") from error
    return context
