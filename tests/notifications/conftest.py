"""A store whose listeners tell members what concerns them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from parvis.core.config import Settings
from parvis.notifications import inbox
from parvis.notifications.audiences import AUDIENCES
from parvis.notifications.listeners import LISTENERS
from parvis.notifications.telling import goes_on
from parvis.people.accounts import Account
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.opening import open_store
from parvis.store.transaction import Route


class Square:
    """A store whose listeners run."""

    def __init__(self, store: Store, runner: Runner) -> None:
        self.store = store
        self.settle = runner.settle

    async def told(self, who: Account, **options: Any) -> list[tuple[str, str]]:
        """Kinds and actors, newest first, once all work is done."""
        await self.settle()
        async with self.store.reading() as tx:
            return [
                (one.kind, one.actor.handle)
                for one in await inbox.notifications_of(tx, who, choice=inbox.Choice(**options))
            ]


@pytest.fixture
async def square(settings: Settings) -> AsyncIterator[Square]:
    routes: dict[type, list[Route]] = {}
    for event, kind, concerns in LISTENERS:
        routes.setdefault(event, []).append(Route(kind.name, concerns))
    async with open_store(settings, routes) as store:
        runner = Runner(store, [*(kind for _, kind, _ in LISTENERS), goes_on(AUDIENCES)])
        running = asyncio.create_task(runner.run())
        yield Square(store, runner)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
