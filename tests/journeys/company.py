"""Members with a client that nobody here wrote, before a whole instance on a real socket, and a note of what they used.

`Client` is mastodon.py's, and remembers which of its public methods a journey called to a good end.
"""

import asyncio
import contextlib
import functools
import inspect
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from mastodon import Mastodon
from tests.contracts.instance import whole_token
from tests.outside import Outside
from tests.rig import open_member

from parvis.ai.fake import FakeModels
from parvis.app import House, Serving, open_house
from parvis.core.config import Settings
from parvis.store.transaction import Tx

SOON = 60.0
HANDLES = ("ada", "ben", "cat", "dan", "boss")

used: set[str] = set()
"""The methods that were called, and returned."""

_within = threading.local()


class Client(Mastodon):
    """The client; what it calls of itself is not noted."""


def _noted(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        outermost = not getattr(_within, "a_call", False)
        _within.a_call = True
        try:
            found = method(*arguments, **named)
        finally:
            if outermost:
                _within.a_call = False
        if outermost:
            used.add(name)
        return found

    return call


for _name in dir(Mastodon):
    _method = inspect.getattr_static(Mastodon, _name)
    if not _name.startswith("_") and inspect.isfunction(_method):
        setattr(Client, _name, _noted(_name, _method))


class Company(msgspec.Struct, frozen=True):
    """Four members and an administrator, each with a client whose token may do everything."""

    ada: Client
    ben: Client
    cat: Client
    dan: Client
    boss: Client
    outside: Outside
    house: House
    loop: asyncio.AbstractEventLoop

    @property
    def address(self) -> str:
        """Where the house is."""
        return self.house.settings.url

    def until_seated(self, count: int) -> None:
        """Return once so many streams are listened to."""

        async def seated() -> None:
            while self.house.live.seats < count:  # noqa: ASYNC110 - nobody tells when somebody sits down
                await asyncio.sleep(0.01)

        asyncio.run_coroutine_threadsafe(asyncio.wait_for(seated(), SOON), self.loop).result()

    def settle(self) -> None:
        """Return once no job is due or under way."""
        asyncio.run_coroutine_threadsafe(self.house.settle(), self.loop).result(SOON)

    def act(self, verb: Callable[[Tx], Awaitable[Any]]) -> Any:
        """What only a command does, in a transaction of the house."""

        async def acting() -> Any:
            async with self.house.store.transaction() as tx:
                return await verb(tx)

        return asyncio.run_coroutine_threadsafe(acting(), self.loop).result(SOON)


@contextlib.asynccontextmanager
async def on_a_socket(settings: Settings, models: FakeModels) -> AsyncIterator[House]:
    """A whole instance with these models on a real socket, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with open_house(msgspec.structs.replace(settings, url=url), models) as house:
            server = Serving(house)
            serving = asyncio.create_task(server.serve([listening]))
            try:
                yield house
            finally:
                server.should_exit = True
                await serving


@contextlib.asynccontextmanager
async def gathered(settings: Settings, there: Outside) -> AsyncIterator[Company]:
    """The company before an open instance, until the block ends."""
    async with on_a_socket(settings, FakeModels()) as house:
        clients = {}
        for handle in HANDLES:
            async with house.store.transaction() as tx:
                account = await open_member(tx, handle, role="admin" if handle == "boss" else "member")
                token = await whole_token(tx, account)
            clients[handle] = await asyncio.to_thread(Client, access_token=token, api_base_url=house.settings.url)
        yield Company(**clients, outside=there, house=house, loop=asyncio.get_running_loop())
