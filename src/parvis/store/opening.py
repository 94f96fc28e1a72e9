"""Opens the store that the settings name: one SQLite file in the data folder, or PostgreSQL."""

import contextlib
from collections.abc import AsyncIterator

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.ids import IdMaker
from parvis.store.database import Store
from parvis.store.sqlite import SqliteStore
from parvis.store.transaction import Routes


@contextlib.asynccontextmanager
async def open_store(
    settings: Settings, routes: Routes | None = None, now: clock.Clock = clock.now
) -> AsyncIterator[Store]:
    """Open the store that the settings name: a file in the data folder, or PostgreSQL. The schema must be there.

    `now` is another clock for a world that lives at another moment: the demo's past, a test's future.
    """
    ids = IdMaker(settings.node, now)
    if settings.database:
        from parvis.store.postgres import PostgresStore

        store: Store = await PostgresStore.open(settings.database, ids, routes or {})
    else:
        settings.data.mkdir(parents=True, exist_ok=True)
        store = SqliteStore(settings.data / "parvis.db", ids, routes or {})
    try:
        yield store
    finally:
        await store.close()
