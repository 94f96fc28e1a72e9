"""A small instance with the API alone, and members who hold tokens."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette
from tests.contracts.answers import hold_to_contract

from parvis import api
from parvis.ai.fake import FakeModels
from parvis.api.door import Door
from parvis.app import House, Serving
from parvis.core.config import Settings
from parvis.moderation.work import KINDS as MODERATING
from parvis.notifications.listeners import LISTENERS as NOTIFYING
from parvis.people import apps, grants
from parvis.people.accounts import Account, Application, open_account
from parvis.people.pace import Pace
from parvis.posts import leftovers, processing
from parvis.store.blobs import open_blobs
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.opening import open_store
from parvis.store.transaction import Route
from parvis.timelines.listeners import LISTENERS as FEEDING
from parvis.timelines.live import Live

LISTENERS = (*NOTIFYING, *FEEDING)
EVERYTHING = "read write follow push profile"
CALLBACK = "https://app.example/back"


class Caller(msgspec.Struct):
    """Somebody who calls the API: an account, its token, a client."""

    account: Account
    token: str
    client: httpx2.AsyncClient

    @property
    def id(self) -> str:
        return str(self.account.id)

    async def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """The decoded answer, once it has the status that is expected, and is as Mastodon's contract says."""
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        answer = await self.client.request(method, path, headers=headers, **options)
        assert answer.status_code == status, (answer.status_code, answer.text)
        told = answer.json()
        hold_to_contract(method, path, status, told)
        return told

    async def get(self, path: str, status: int = 200, **options: Any) -> Any:
        return await self.ask("GET", path, status, **options)

    async def post(self, path: str, status: int = 200, **options: Any) -> Any:
        return await self.ask("POST", path, status, **options)

    async def say(self, words: str, **more: Any) -> Any:
        """Publish; the status."""
        return await self.post("/api/v1/statuses", json={"status": words, **more})


class World(msgspec.Struct):
    """The instance and the way in."""

    settings: Settings
    store: Store
    live: Live
    client: httpx2.AsyncClient
    runner: Runner
    app: Starlette
    door: Door

    async def settle(self) -> None:
        """Return once every notification is made."""
        await self.runner.settle()

    async def member(self, handle: str, scopes: str = EVERYTHING, **application: Any) -> Caller:
        """A new member whose app holds a token with these scopes."""
        async with self.store.transaction() as tx:
            account = await open_account(tx, Application(handle=handle, name=handle.title(), **application))
            token = await token_for(tx, account, scopes)
        return Caller(account, token, self.client)


async def token_for(tx: Any, account: Account, scopes: str) -> str:
    """A token, got as an app gets it."""
    registration = apps.Registration(name="Test app", redirect_uris=(CALLBACK,), scopes=scopes)
    app, secret = msgspec.structs.astuple(await apps.register_app(tx, registration))
    asked = grants.Request(client_id=app.client_id, redirect_uri=CALLBACK, scopes=scopes)
    code = await grants.authorise(tx, account, asked)
    token = await grants.exchange(tx, client_id=app.client_id, secret=secret, code=code, redirect_uri=CALLBACK)
    return token.key


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """A store whose events make notifications."""
    routes: dict[type, list[Route]] = {}
    for event, kind, concerns in LISTENERS:
        routes.setdefault(event, []).append(Route(kind.name, concerns))
    async with open_store(settings, routes) as opened:
        yield opened


@pytest.fixture
async def world(settings: Settings, store: Store) -> AsyncIterator[World]:
    """An instance that serves the API in process."""
    async with serving(settings, store) as served:
        yield served


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    """The same instance on a real socket, since streams never end: `127.0.0.1:port`."""
    async with on_a_socket(world) as address:
        yield address


@contextlib.asynccontextmanager
async def on_a_socket(world: World) -> AsyncIterator[str]:
    """The instance on a real socket until the block ends."""
    door = world.door
    server = Serving(House(door.settings, door.store, door.blobs, door.models, door.live, world.runner, world.app))
    server.config.timeout_graceful_shutdown = None  # whoever does not go by themselves is waited for
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving_it = asyncio.create_task(server.serve([listening]))
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving_it
        assert world.live.seats == 0


@contextlib.asynccontextmanager
async def serving(settings: Settings, store: Store, *, paced: bool = False) -> AsyncIterator[World]:
    """The API over this store."""
    live = Live(store)
    door = Door(
        settings=settings,
        store=store,
        blobs=open_blobs(settings),
        models=FakeModels(),
        live=live,
        pace=Pace(enabled=paced),
    )
    app = Starlette(routes=api.routes(door))
    making = (*processing.kinds(settings, door.blobs, tick=0.05), *leftovers.kinds(door.blobs, spared=0))
    runner = Runner(store, [*(kind for _, kind, _ in LISTENERS), *making, *MODERATING])
    running = [asyncio.create_task(part) for part in (runner.run(), live.run())]
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=settings.url) as client:
        yield World(settings, store, live, client, runner, app, door)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


@pytest.fixture
async def ada(world: World) -> Caller:
    return await world.member("ada")


@pytest.fixture
async def ben(world: World) -> Caller:
    return await world.member("ben")
