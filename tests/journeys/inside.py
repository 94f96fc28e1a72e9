"""A house in a process of its own, with scripted models, for journeys that pull the plug on it.

    python tests/journeys/inside.py raise          raise the demo world where the settings point
    python tests/journeys/inside.py serve PORT     serve it from there
    python tests/journeys/inside.py serve PORT embedded    the same, with the models that come with the house

While it serves, each line of its standard input is a JSON list that scripts a model: `["text", "enqueue", "Hello."]`,
`["image", "hang", {"after": 2}]`; a dict gives arguments by name. It answers `done` to each.
"""

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import Iterator

import uvicorn

from parvis.ai.fake import FakeModels
from parvis.ai.protocols import warm
from parvis.app import open_house
from parvis.core import clock, config, log
from parvis.demo import world
from parvis.store.opening import open_store
from parvis.store.schema import migrate


class Server(uvicorn.Server):
    """Ends when its process is killed, and says when it can be visited."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: nobody asks politely here."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        _say("open")


async def raise_world(settings: config.Settings) -> None:
    """Raise the demo world; what it calls for (notifications, answers) is left undone."""
    await migrate(settings)
    past = world.DemoClock(clock.now())
    async with open_store(settings, {}, past) as store:
        await world.raise_world(store, settings, at=past)


async def serve(settings: config.Settings, port: int, models: FakeModels | None) -> None:
    """Serve until killed, or until nobody scripts the models any more."""
    async with open_house(settings, models) as house:
        config = uvicorn.Config(
            house.app,
            port=port,
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=1,
            access_log=False,
            server_header=False,
            date_header=False,
        )
        server = Server(config)
        warm(house.models)
        serving = asyncio.create_task(server.serve())
        while line := await asyncio.to_thread(sys.stdin.readline):
            model, verb, *told = json.loads(line)
            named = {name: value for each in told if isinstance(each, dict) for name, value in each.items()}
            getattr(getattr(house.models, model), verb)(*(each for each in told if not isinstance(each, dict)), **named)
            _say("done")
        server.should_exit = True
        await serving


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    log.configure(level="warning")
    here = config.from_environment()
    if sys.argv[1] == "raise":
        asyncio.run(raise_world(here))
    else:
        asyncio.run(serve(here, int(sys.argv[2]), None if "embedded" in sys.argv else FakeModels()))
