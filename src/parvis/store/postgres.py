"""PostgreSQL through asyncpg: connections that are lent, prepared statements, NOTIFY for the bus.

Several processes share it. Events travel as NOTIFY payloads (ids only, so far below the 8,000 bytes allowed), batched
by a task so that a burst costs one round trip, and reach this process through the same channel as any other.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, get_args

import asyncpg

from parvis.core.ids import ABOVE_ALL, IdMaker
from parvis.events import Event, Passing, decode, encode
from parvis.store.bus import InProcessBus
from parvis.store.database import Store
from parvis.store.memory import Memory
from parvis.store.statement import Compiled
from parvis.store.transaction import Aftermath, Feed, Routes, Tx

EVENTS = "parvis_events"
JOBS = "parvis_jobs"
MOST_CONNECTIONS = 16
MOST_UNSENT = 10_000
NOTIFY = "SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS n(channel, payload)"


class Connections:
    """A bounded number of connections, each lent to one at a time: the one that came back last goes out first.

    asyncpg's own pool makes a task and a timer whenever one comes back, and resets a session that is never changed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[asyncpg.Connection] = []
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)

    @contextlib.asynccontextmanager
    async def lent(self) -> AsyncIterator[Any]:
        """A connection until the block ends.

        Raises:
            OSError, asyncpg.PostgresError: the database does not answer.
        """
        async with self._places:
            connection = await self._free()
            try:
                yield connection
            except asyncio.CancelledError:
                connection.terminate()  # it may be in the middle of a statement
                raise
            finally:
                if not connection.is_closed():
                    self._idle.append(connection)

    async def close(self) -> None:
        """Close every connection, once all have come back."""
        for _ in range(MOST_CONNECTIONS):
            await self._places.acquire()
        while self._idle:
            await self._idle.pop().close()

    async def _free(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await asyncpg.connect(
            self._url,
            statement_cache_size=512,
            max_cached_statement_lifetime=0,
            server_settings={"application_name": "parvis", "jit": "off"},
        )


Unsettled = dict[Feed, dict["PostgresTx", int]]
"""Of each open transaction of this process that adds to a feed, the first id that it made there; the smallest first."""


class PostgresTx(Tx):
    """A transaction on an asyncpg connection."""

    engine = "postgresql"

    def __init__(self, connection: Any, ids: IdMaker, routes: Routes, memory: Memory, unsettled: Unsettled) -> None:
        super().__init__(ids, routes, memory)
        self._connection = connection
        self._unsettled = unsettled

    def new_id(self, feed: Feed | None = None) -> int:
        """See `Tx.new_id`. Until this transaction ends, others' pages of the feed end below its first one."""
        made = super().new_id()
        if feed is not None:
            self._unsettled[feed].setdefault(self, made)
        return made

    def horizon(self, feed: Feed) -> int:
        """See `Tx.horizon`. Who has added to the feed sees what they added."""
        adding = self._unsettled[feed]
        return ABOVE_ALL if self in adding else next(iter(adding.values()), self._ids.upcoming())

    async def _fetch(self, compiled: Compiled, arguments: tuple[Any, ...], *, slow: bool) -> Sequence[Any]:  # noqa: ARG002 - all is asynchronous here
        rows: Sequence[Any] = await self._connection.fetch(compiled.sql, *arguments)
        return rows

    async def _execute(self, compiled: Compiled, arguments: tuple[Any, ...]) -> int:
        status: str = await self._connection.execute(compiled.sql, *arguments)
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def _execute_unless_taken(self, compiled: Compiled, arguments: tuple[Any, ...]) -> bool:
        try:
            async with self._connection.transaction():  # a savepoint: what came before goes on
                await self._connection.execute(compiled.sql, *arguments)
        except asyncpg.UniqueViolationError:
            return False
        return True

    async def _execute_many(self, compiled: Compiled, arguments: list[tuple[Any, ...]]) -> None:
        await self._connection.executemany(compiled.sql, arguments)


class NotifyBus(InProcessBus):
    """The bus over NOTIFY. What is published comes back through the channel, in this process too."""

    def __init__(self) -> None:
        super().__init__()
        self._unsent: asyncio.Queue[tuple[str, str]] = asyncio.Queue(MOST_UNSENT)

    async def publish(self, event: Event | Passing) -> None:
        """Queue the event for the next batch; when the queue is full, live listeners miss it."""
        self.send(EVENTS, encode(event).decode())

    def send(self, channel: str, payload: str) -> None:
        """Queue a notification; past the bound it is dropped, as nothing depends on it."""
        with contextlib.suppress(asyncio.QueueFull):
            self._unsent.put_nowait((channel, payload))

    async def carry(self, connections: Connections) -> None:
        """Send batches until cancelled."""
        while True:
            batch = [await self._unsent.get()]
            while not self._unsent.empty() and len(batch) < 500:  # noqa: PLR2004 - a batch
                batch.append(self._unsent.get_nowait())
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with connections.lent() as connection:
                    await connection.execute(NOTIFY, *map(list, zip(*batch, strict=True)))


class PostgresStore(Store):
    """The store in PostgreSQL."""

    def __init__(self, url: str, connections: Connections, ids: IdMaker, routes: Routes) -> None:
        self._notify = NotifyBus()
        super().__init__(ids, routes, self._notify)
        self._url = url
        self._connections = connections
        self._unsettled: Unsettled = {feed: {} for feed in get_args(Feed)}
        self._listening = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._notify.carry(connections), name="notify"),
            asyncio.create_task(self._listen(), name="listen"),
        ]

    @classmethod
    async def open(cls, url: str, ids: IdMaker, routes: Routes) -> "PostgresStore":
        """Connect. Raises `OSError` or `asyncpg.PostgresError` when the database does not answer."""
        connections = Connections(url)
        async with connections.lent():
            pass
        store = cls(url, connections, ids, routes)
        await asyncio.wait_for(store._listening.wait(), 10)
        return store

    @contextlib.asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Tx]:
        """See `Store.transaction`."""
        async with self._connections.lent() as connection:
            tx = PostgresTx(connection, self.ids, self._routes, self.memory, self._unsettled)
            try:
                async with connection.transaction():
                    if not durable:
                        await connection.execute("SET LOCAL synchronous_commit = off")
                    yield tx
                    await tx.write_jobs()
            finally:
                for adding in self._unsettled.values():
                    adding.pop(tx, None)
        await self._follow_up(tx.aftermath())

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """See `Store.reading`; each statement sees its own snapshot, which saves two round trips."""
        async with self._connections.lent() as connection:
            yield PostgresTx(connection, self.ids, self._routes, self.memory, self._unsettled)

    async def close(self) -> None:
        """See `Store.close`."""
        await self.bus.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._connections.close()

    async def _follow_up(self, after: Aftermath) -> None:
        await super()._follow_up(after)
        for kind in after.kinds:
            self._notify.send(JOBS, kind)

    async def _listen(self) -> None:
        """Hear the channels, and again after a broken connection."""
        while True:
            lost = asyncio.Event()
            try:
                connection = await asyncpg.connect(self._url)
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(1)
                continue
            try:
                connection.add_termination_listener(lambda *_, lost=lost: lost.set())
                await connection.add_listener(EVENTS, self._hear_event)
                await connection.add_listener(JOBS, self._hear_jobs)
                self._listening.set()
                await lost.wait()
            finally:
                await connection.close()

    def _hear_event(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._notify.deliver(decode(str(payload)))

    def _hear_jobs(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        for wake in self._wakers:
            wake(frozenset((str(payload),)))
