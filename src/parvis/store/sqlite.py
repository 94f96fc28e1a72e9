"""SQLite through apsw, in the event loop: one writer behind a lock, separate readers, WAL.

Commits do not wait for the disk one by one: `Flusher` has a thread fsync the write-ahead log once for all transactions
that committed since the last time, and a durable transaction returns after the round that covers it. The log is folded
back into the database by a thread too (`PRAGMA wal_autocheckpoint` would do both on the loop).
"""

import asyncio
import contextlib
import os
import pathlib
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import apsw

from parvis.core import errors
from parvis.core.ids import IdMaker
from parvis.store.bus import InProcessBus
from parvis.store.database import Store
from parvis.store.memory import Memory
from parvis.store.statement import Compiled
from parvis.store.transaction import Routes, Tx
from parvis.store.witness import Moment, Witness

BUSY_SECONDS = 10.0
CHECKPOINT_PAGES = 4000  # of the log; 16 MB
MOST_READERS = 16
TAKEN = {apsw.SQLITE_CONSTRAINT_UNIQUE, apsw.SQLITE_CONSTRAINT_PRIMARYKEY}


def connect(path: pathlib.Path, *, read_only: bool = False) -> apsw.Connection:
    """A connection with the network's pragmas."""
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    connection = apsw.Connection(str(path), flags=flags, statementcachesize=512)
    connection.set_busy_timeout(0 if not read_only else 2000)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)  # or each new argument has SQLite plan the statement anew
    if not read_only:
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", 1)  # NORMAL: the Flusher makes commits durable
    connection.pragma("wal_autocheckpoint", 0)
    connection.pragma("foreign_keys", 1)
    connection.pragma("temp_store", 2)
    connection.pragma("cache_size", -65536)
    connection.pragma("mmap_size", 1 << 30)
    return connection


class Flusher:
    """Makes commits durable in groups: one fsync of the log for all that committed before it began."""

    def __init__(self, database: pathlib.Path) -> None:
        self._log = pathlib.Path(f"{database}-wal")
        self._descriptor: int | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parvis-flush")
        self._next: asyncio.Future[None] | None = None
        self._rounds: asyncio.Task[None] | None = None

    async def flushed(self) -> None:
        """Return once everything committed before this call is on the disk."""
        loop = asyncio.get_running_loop()
        if self._next is None:
            self._next = loop.create_future()
        covering = self._next
        if self._rounds is None or self._rounds.done():
            self._rounds = loop.create_task(self._flush_rounds())
        await asyncio.shield(covering)

    async def _flush_rounds(self) -> None:
        loop = asyncio.get_running_loop()
        while self._next is not None:
            covering, self._next = self._next, None
            try:
                await loop.run_in_executor(self._thread, self._sync)
            except OSError as error:
                covering.set_exception(error)
            else:
                covering.set_result(None)

    def _sync(self) -> None:
        # The log keeps its inode while any connection is open, and SQLite's locks are not on this file, so a
        # descriptor of our own is safe to hold and to close.
        if self._descriptor is None:
            self._descriptor = os.open(self._log, os.O_RDONLY)
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Let go of the log and the thread."""
        self._thread.shutdown()
        if self._descriptor is not None:
            os.close(self._descriptor)


class SqliteTx(Tx):
    """A transaction on an apsw connection, run in the event loop."""

    engine = "sqlite"

    def __init__(
        self,
        connection: apsw.Connection,
        ids: IdMaker,
        routes: Routes,
        memory: Memory,
        witness: Witness | None = None,
    ) -> None:
        super().__init__(ids, routes, memory)
        self._connection = connection
        self._witness = witness  # of a transaction that only reads
        self._begun = None if witness is None else witness.begun()
        self._looked = False

    def moment(self) -> Moment | None:
        """See `Tx.moment`: the one at which it began, unless others have written since it was known."""
        if not self._looked and self._witness is not None and self._begun is not None:
            self._looked = True
            if self._witness.others() != self._begun.others:
                self._begun = None
        return self._begun

    def stirred_since(self, moment: Moment) -> Sequence[int] | None:
        """See `Tx.stirred_since`."""
        begun = self.moment()
        if self._witness is None or begun is None or begun.others != moment.others:
            return None
        return self._witness.stirred_since(moment)

    async def _fetch(self, compiled: Compiled, arguments: tuple[Any, ...], *, slow: bool) -> Sequence[Any]:
        return await self._apart(compiled.sql, arguments) if slow else self._rows(compiled.sql, arguments)

    async def _apart(self, sql: str, arguments: tuple[Any, ...]) -> list[Any]:
        """The rows, read in a thread. Who is cancelled meanwhile stops it first: the connection is the next one's."""
        reading = asyncio.ensure_future(asyncio.to_thread(self._rows, sql, arguments))
        try:
            return await asyncio.shield(reading)
        except asyncio.CancelledError:
            self._connection.interrupt()
            await asyncio.gather(reading, return_exceptions=True)  # it was interrupted, which nobody need hear of
            raise

    def _rows(self, sql: str, arguments: tuple[Any, ...]) -> list[Any]:
        return list(self._connection.execute(sql, arguments))

    async def _execute(self, compiled: Compiled, arguments: tuple[Any, ...]) -> int:
        self._connection.execute(compiled.sql, arguments)
        return self._connection.changes()

    async def _execute_unless_taken(self, compiled: Compiled, arguments: tuple[Any, ...]) -> bool:
        try:
            self._connection.execute(compiled.sql, arguments)
        except apsw.ConstraintError as broken:
            if broken.extendedresult not in TAKEN:  # type: ignore[attr-defined] # its stubs forget it
                raise
            return False
        return True

    async def _execute_many(self, compiled: Compiled, arguments: list[tuple[Any, ...]]) -> None:
        self._connection.executemany(compiled.sql, arguments)


class SqliteStore(Store):
    """The store in one file."""

    def __init__(self, path: pathlib.Path, ids: IdMaker, routes: Routes) -> None:
        super().__init__(ids, routes, InProcessBus())
        self._path = path
        self._writer = connect(path)
        self._writer_lock = asyncio.Lock()
        self._writer.set_wal_hook(self._on_log)
        self._witness = Witness(self._writer)
        self._readers: list[apsw.Connection] = []
        self._reader_slots = asyncio.Semaphore(MOST_READERS)
        self._flusher = Flusher(path)
        self._checkpointer = connect(path)
        self._checkpoint: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def transaction(self, *, durable: bool = True) -> AsyncIterator[Tx]:
        """See `Store.transaction`."""
        tx = SqliteTx(self._writer, self.ids, self._routes, self.memory)
        async with self._writer_lock:
            await self._begin()
            try:
                yield tx
                await tx.write_jobs()
                self._writer.execute("COMMIT")
                self._witness.committed()
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                self._witness.rolled_back()
                raise
        if durable:
            await self._flusher.flushed()
        await self._follow_up(tx.aftermath())

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """See `Store.reading`; the whole block sees one snapshot."""
        async with self._reader_slots:
            reader = self._readers.pop() if self._readers else connect(self._path, read_only=True)
            reader.execute("BEGIN")
            try:
                yield SqliteTx(reader, self.ids, self._routes, self.memory, self._witness)
            finally:
                if reader.in_transaction:
                    reader.execute("ROLLBACK")
                self._readers.append(reader)

    async def close(self) -> None:
        """See `Store.close`."""
        await self.bus.close()
        if self._checkpoint is not None:
            await self._checkpoint
        self._flusher.close()
        for connection in (*self._readers, self._checkpointer, self._writer):
            connection.close()

    async def _begin(self) -> None:
        """Take the write lock, waiting without holding the loop while another process has it."""
        waited, pause = 0.0, 0.001
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except apsw.BusyError as busy:
                if waited > BUSY_SECONDS:
                    raise errors.Unavailable("The database is busy; try again in a moment.") from busy
                await asyncio.sleep(pause)
                waited, pause = waited + pause, min(pause * 2, 0.05)
            else:
                return

    def _on_log(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        if pages >= CHECKPOINT_PAGES and (self._checkpoint is None or self._checkpoint.done()):
            self._checkpoint = asyncio.get_running_loop().create_task(self._fold_log())
        return apsw.SQLITE_OK

    async def _fold_log(self) -> None:
        with contextlib.suppress(apsw.BusyError):
            await asyncio.to_thread(self._checkpointer.wal_checkpoint, None, apsw.SQLITE_CHECKPOINT_PASSIVE)
