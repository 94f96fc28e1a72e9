"""The composition root: opens the house (store, blobs, models, live hub, jobs), builds its doors, and serves them.

Settings flow in; what flows out is a running `House`, which closes in the reverse order. Nothing below knows of this
file, and nothing here decides anything else than who is handed what.
"""

import asyncio
import contextlib
import functools
import gc
import socket
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from parvis import api, web, worker
from parvis.ai import catalogue, choose
from parvis.ai.protocols import Models, TextModel, close, warm
from parvis.api.door import Door as ApiDoor
from parvis.assistant.member import ensure_assistant
from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.outbound import Outbound
from parvis.illustrator.illustrator import Illustrator
from parvis.notifications import push_keys
from parvis.people import leftovers
from parvis.people.pace import Pace
from parvis.posts.emojis import FRESH, Shelf
from parvis.reception import MOST_CONNECTIONS, Reception, Uncounted, Upgraded
from parvis.sending import sender
from parvis.store.blobs import Blobs, open_blobs
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.opening import open_store
from parvis.store.schema import migrate
from parvis.timelines import trends
from parvis.timelines.live import Live
from parvis.web.door import Door as WebDoor

log = structlog.get_logger()


class House(msgspec.Struct, frozen=True):
    """A running instance."""

    settings: Settings
    store: Store
    blobs: Blobs
    models: Models
    live: Live
    runner: Runner
    app: ASGIApp

    async def settle(self) -> None:
        """Return once no job is due or under way."""
        await self.runner.settle()


@contextlib.asynccontextmanager
async def open_house(
    settings: Settings, models: Models | None = None, *, now: clock.Clock = clock.now
) -> AsyncIterator[House]:
    """Bring the schema up to date and open everything; jobs run and the live hub listens until the block ends."""
    await migrate(settings)
    blobs = open_blobs(settings)
    async with contextlib.AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings, worker.routes(worker.listeners(settings)), now))
        if models is None:
            models = choose.open_models(settings, functools.partial(illustrate, settings))
            stack.push_async_callback(close, models)
        async with store.transaction() as tx:
            await ensure_assistant(tx)
            leftovers.ask_for_sweep(tx)
            trends.ask_to_measure(tx, after=clock.MINUTE)
            await push_keys.ensure_keys(tx, push_keys.push_seal(settings))
        live = Live(store)
        outbound = Outbound(settings)
        stack.push_async_callback(outbound.close)
        runner = Runner(store, worker.kinds(settings, blobs, models, outbound))
        shelf = Shelf()
        await shelf.look(store)
        for name, part in (("jobs", runner.run()), ("live", keep_carrying(live)), ("emoji", _keep_up(shelf, store))):
            stack.push_async_callback(_end, asyncio.create_task(part, name=name))
        app = build(settings, store, blobs, models, live, shelf=shelf)
        yield House(settings, store, blobs, models, live, runner, app)


async def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop by SIGINT or SIGTERM."""
    async with open_house(settings) as house:
        server = Serving(house, host=host, port=port)
        warm(house.models)
        _settle_memory()
        log.info("serving", url=settings.url, host=host, port=port, models=house.models.text.name)
        await server.serve()


class Serving(uvicorn.Server):
    """Serves the house: each connection is bounded in size, time and number before a door sees it.

    Streams that are open end by themselves when it is told to stop, so that nothing waits for them.
    """

    def __init__(self, house: House, **options: Any) -> None:
        config = uvicorn.Config(
            house.app,
            http=Uncounted if house.settings.trust_proxy else Reception,
            ws=Upgraded,
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # doors read the last X-Forwarded-For entry themselves, if they trust it
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=3,
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,  # it would cost more than the rest of a message
            **options,
        )
        super().__init__(config)
        self._live = house.live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Have the streams end, then wait for what is under way."""
        self._live.close()
        await super().shutdown(sockets)


def _settle_memory() -> None:
    """Spare the collector what stays until the end: it then looks only at what requests leave behind, and seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def keep_carrying(live: Live) -> None:
    """Run the hub, and anew after an accident: everyone was dropped, and comes back."""
    while True:
        try:
            return await live.run()
        except Exception:
            log.exception("live.failed")


async def _keep_up(shelf: Shelf, store: Store) -> None:
    """Learn now and then of emoji that a command added."""
    while True:
        await asyncio.sleep(FRESH)
        try:
            await shelf.look(store)
        except Exception:
            log.exception("emoji.look")


def build(
    settings: Settings, store: Store, blobs: Blobs, models: Models, live: Live, *, shelf: Shelf | None = None
) -> ASGIApp:
    """The ASGI application: every door's routes, and what belongs to none."""
    pace = Pace(enabled=settings.rate_limits, store=store)
    emojis = shelf or Shelf()
    pages = WebDoor(settings=settings, store=store, blobs=blobs, models=models, live=live, pace=pace, emojis=emojis)
    routes: list[BaseRoute] = [
        *api.routes(
            ApiDoor(settings=settings, store=store, blobs=blobs, models=models, live=live, pace=pace, emojis=emojis)
        ),
        Route("/media/{name}", sender(blobs), methods=["GET"]),
        *web.routes(pages),
    ]
    return Starlette(routes=routes, exception_handlers={Exception: web.mishap(pages)})


def illustrate(settings: Settings, text: TextModel) -> Illustrator:
    """The illustrator, with the art in the models folder.

    It asks only an endpoint's text model about words that it does not know: the embedded one takes longer than the
    drawing and was wrong about as often as right.
    """
    return Illustrator(catalogue.folder(settings.models_folder), text if settings.ai_url else None)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
