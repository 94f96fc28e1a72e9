"""An endpoint: a plain async function from a context and an input Struct to an output Struct, and its declaration.

The declaration is the only source: the router runs by it and the OpenAPI document is written from it. Signatures are
read once, when the module is loaded.
"""

import enum
import typing
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from parvis.api.answer import Answer, Empty, Manner
from parvis.api.door import House
from parvis.core.words import chosen_language
from parvis.people.accounts import Account
from parvis.people.grants import Access
from parvis.store.transaction import Tx

KILOBYTE = 1024
BODY_BYTES = 256 * KILOBYTE

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Who = Literal["anyone", "app", "member"]
Given = Any
Function = Callable[..., Awaitable[Any]]  # (ctx, given), or (ctx) where nothing is given


class Mode(enum.Enum):
    """How an endpoint meets the store."""

    READ = "read"  # inside one reading transaction
    WRITE = "write"  # inside one transaction
    ALONE = "alone"  # opens its own, because it also waits for something else; its body is read once it is let in


class Nothing(msgspec.Struct, frozen=True):
    """The input of an endpoint that takes none."""


class Ctx:
    """What an endpoint is called with: the house, who calls, the transaction, and headers to send along."""

    __slots__ = ("_tx", "access", "door", "headers", "house", "scope", "token", "urls")

    def __init__(self, house: House, scope: MutableMapping[str, Any]) -> None:
        self.house = house
        self.door = house.door
        self.urls = house.urls
        self.scope = scope
        self.token: str | None = None
        self.access: Access | None = None
        self.headers: list[tuple[bytes, bytes]] = []
        self._tx: Tx | None = None

    @property
    def tx(self) -> Tx:
        """The transaction of this request; an ALONE endpoint has none."""
        if self._tx is None:
            raise RuntimeError("This endpoint opens its own transactions.")
        return self._tx

    @tx.setter
    def tx(self, tx: Tx) -> None:
        self._tx = tx

    @property
    def viewer(self) -> Account | None:
        """Who looks, where nobody need be signed in."""
        return self.access.account if self.access is not None else None

    @property
    def member(self) -> Account:
        """Who acts; the router has made sure of them."""
        if self.access is None or self.access.account is None:
            raise RuntimeError("This endpoint was not declared for members.")
        return self.access.account

    @property
    def language(self) -> str:
        """The language to answer in: the member's own, or what the app asks for."""
        asked = chosen_language(self.header(b"accept-language") or "", self.door.settings.language)
        return chosen_language(self.viewer.language, asked) if self.viewer is not None else asked

    def header(self, name: bytes) -> str | None:
        """A request header (lower-case name) as text."""
        for key, value in self.scope["headers"]:
            if key == name:
                return bytes(value).decode("latin-1")
        return None

    @property
    def path(self) -> str:
        """The address asked for, absolute, without its query."""
        return self.urls.base + quote(self.scope["path"])


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """All that is declared of an endpoint."""

    method: Method
    path: str
    run: Function
    input: type
    output: Any
    otherwise: Any = None  # what else it may answer
    mode: Mode
    who: Who
    scopes: tuple[str, ...]  # any of them is enough; none: whatever the token is for
    tag: str
    name: str
    summary: str
    status: int = 200
    also: tuple[int, ...] = ()  # other statuses under which it answers the same
    refuses: tuple[int, ...] = ()
    most_bytes: int = BODY_BYTES
    pace: str | None = None  # a rate of its own, such as "30/30 minutes"
    headers: tuple[str, ...] = ()  # request headers that it reads
    pages: bool = False  # it answers with a Link header
    open_to_pages: bool = True  # scripts of other sites may call it (CORS)
    media_type: str = "application/json"
    token_in_query: bool = False  # or as a subprotocol: a browser's EventSource cannot send the usual header
    hidden: bool = False  # not in the document: pages for people
    bodily: bool = False  # a GET that also reads a body: clients send long lists of ids so
    manner: Manner = "plain"  # in which it refuses


class Endpoints:
    """The endpoints of one noun, declared by decorating their functions."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.all: list[Endpoint] = []

    def get(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Declare a GET: it reads."""
        return self._declare("GET", path, options, Mode.READ)

    def post(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Declare a POST: it writes."""
        return self._declare("POST", path, options, Mode.WRITE)

    def put(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Declare a PUT: it writes."""
        return self._declare("PUT", path, options, Mode.WRITE)

    def patch(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Declare a PATCH: it writes."""
        return self._declare("PATCH", path, options, Mode.WRITE)

    def delete(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Declare a DELETE: it writes."""
        return self._declare("DELETE", path, options, Mode.WRITE)

    def _declare(
        self, method: Method, path: str, options: dict[str, Any], mode: Mode
    ) -> Callable[[Function], Function]:
        def declare(function: Function) -> Function:
            hints = typing.get_type_hints(function)
            output = hints.pop("return")
            scope = tuple(str(options.pop("scope", "")).split())
            inputs = [kind for kind in hints.values() if kind is not Ctx] or [Nothing]
            declared: dict[str, Any] = {
                "mode": mode,
                "scopes": scope,
                "who": "member" if scope else "anyone",
                "output": Empty if output is type(None) or output is Answer else output,
                "summary": (function.__doc__ or "").strip().partition("\n")[0],
            }
            self.all.append(
                Endpoint(
                    method=method,
                    path=path,
                    run=function,
                    input=inputs[0],
                    tag=self.tag,
                    name=function.__name__,
                    **(declared | options),
                )
            )
            return function

        return declare
