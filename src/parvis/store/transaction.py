"""A transaction as the rooms see it, on either engine.

Statements flow in and Structs flow out. Events emitted and jobs enqueued inside become rows just before the commit, so
that they exist exactly when the rest does; whatever follows, follows after the commit.
"""

import abc
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from parvis.core import errors
from parvis.core.ids import ABOVE_ALL, IdMaker
from parvis.events import Event, encode
from parvis.store import tables
from parvis.store.memory import Memory
from parvis.store.statement import Compiled, Engine, Statement
from parvis.store.witness import Moment

T = TypeVar("T")
Feed = Literal["posts", "likes", "bookmarks", "notifications"]
"""A table that is walked by its ids from both ends while others write."""

_JOB_COLUMNS = ("id", "kind", "payload", "run_at", "key")
ADD_JOB = Statement(
    insert(tables.jobs)
    .values({name: bindparam(name, type_=tables.jobs.c[name].type) for name in _JOB_COLUMNS})
    .on_conflict_do_nothing()
)


class Route(NamedTuple):
    """A listener of an event: the kind of job that it runs as, and which events concern it."""

    kind: str
    concerns: Callable[[Any], bool]


Routes = Mapping[type[Event], Sequence[Route]]


class Aftermath(NamedTuple):
    """What a committed transaction leaves to be done."""

    events: tuple[Event, ...]
    kinds: frozenset[str]  # of the jobs that wait now
    callbacks: tuple[Callable[[], None], ...]


class Tx(abc.ABC):
    """One transaction on one connection; never used by two tasks at once.

    `queries` counts what was sent to the database, for the tests that promise a constant number.
    """

    engine: Engine

    def __init__(self, ids: IdMaker, routes: Routes, memory: Memory) -> None:
        self.now = ids.now()  # ms; one moment for the whole transaction
        self.queries = 0
        self.memory = memory  # of the store, not of this transaction
        self._ids = ids
        self._routes = routes
        self._events: list[Event] = []
        self._jobs: list[dict[str, Any]] = []
        self._callbacks: list[Callable[[], None]] = []

    @abc.abstractmethod
    async def _fetch(self, compiled: Compiled, arguments: tuple[Any, ...], *, slow: bool) -> Sequence[Any]:
        """Run and return all rows."""

    @abc.abstractmethod
    async def _execute(self, compiled: Compiled, arguments: tuple[Any, ...]) -> int:
        """Run and return how many rows changed."""

    @abc.abstractmethod
    async def _execute_unless_taken(self, compiled: Compiled, arguments: tuple[Any, ...]) -> bool:
        """Run; False, and nothing changed, where a unique value is another row's."""

    @abc.abstractmethod
    async def _execute_many(self, compiled: Compiled, arguments: list[tuple[Any, ...]]) -> None:
        """Run once for each set of arguments."""

    def moment(self) -> Moment | None:
        """What to remember beside what is found in here, for `stirred_since`; None where that cannot be told."""
        return None

    def stirred_since(self, moment: Moment) -> Sequence[int] | None:  # noqa: ARG002 - where it can be told, it is needed
        """The accounts and posts about which something was written since that moment: perhaps more, never fewer.

        None when it is not known. See `WHOSE` and `TOLD`.
        """
        return None

    def new_id(self, feed: Feed | None = None) -> int:  # noqa: ARG002 - some engines write one by one
        """A new id, larger than all that this process made before, for a row of its own or for one of a feed."""
        return self._ids.make()

    def horizon(self, feed: Feed) -> int:  # noqa: ARG002 - as above
        """Below every id that another transaction of this process may still add to the feed.

        Pages end there, so that who goes on from the newest of a page misses nothing.
        """
        return ABOVE_ALL

    async def all(self, statement: Statement[T], **parameters: Any) -> list[T]:
        """Every row."""
        self.queries += 1
        compiled = statement.compiled(self.engine)
        rows = await self._fetch(compiled, compiled.arguments(parameters), slow=statement.slow)
        return statement.shape(compiled, rows)

    async def first(self, statement: Statement[T], **parameters: Any) -> T | None:
        """The first row, or None."""
        rows = await self.all(statement, **parameters)
        return rows[0] if rows else None

    async def one(self, statement: Statement[T], **parameters: Any) -> T:
        """The first row.

        Raises:
            NotFound: there is none.
        """
        row = await self.first(statement, **parameters)
        if row is None:
            raise errors.NotFound("This does not exist, or you may not see it.")
        return row

    async def value(self, statement: Statement[Any], **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        row = await self.first(statement, **parameters)
        return None if row is None else row[0]

    async def run(self, statement: Statement[Any], **parameters: Any) -> int:
        """Run a statement that returns nothing; how many rows it changed."""
        self.queries += 1
        compiled = statement.compiled(self.engine)
        return await self._execute(compiled, compiled.arguments(parameters))

    async def claim(self, statement: Statement[Any], **parameters: Any) -> bool:
        """Run a statement that sets something unique; False, and nothing changed, where another row has it already.

        That another one takes it at this moment shows nowhere but here.
        """
        self.queries += 1
        compiled = statement.compiled(self.engine)
        return await self._execute_unless_taken(compiled, compiled.arguments(parameters))

    async def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each row of parameters."""
        if not rows:
            return
        self.queries += 1
        compiled = statement.compiled(self.engine)
        await self._execute_many(compiled, [compiled.arguments(row) for row in rows])

    def emit(self, event: Event) -> None:
        """Tell what happened: after the commit it reaches the bus, and each listener's job exists with it."""
        self._events.append(event)
        for route in self._routes.get(type(event), ()):
            if route.concerns(event):
                self._add_job(route.kind, encode(event), self.now, None)

    def enqueue(self, kind: str, payload: msgspec.Struct, *, run_at: int | None = None, key: str | None = None) -> None:
        """Have a job run after the commit (or at `run_at`, ms). With a `key`, at most one waits at any time."""
        self._add_job(kind, msgspec.json.encode(payload), self.now if run_at is None else run_at, key)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call this once the transaction is safe on disk."""
        self._callbacks.append(callback)

    def _add_job(self, kind: str, payload: bytes, run_at: int, key: str | None) -> None:
        self._jobs.append(
            {"id": self.new_id(), "kind": kind, "payload": payload.decode(), "run_at": run_at, "key": key}
        )

    async def write_jobs(self) -> None:
        """Write the outbox. The store calls it once, just before the commit."""
        await self.many(ADD_JOB, self._jobs)

    def aftermath(self) -> Aftermath:
        """What to do now that the commit is safe."""
        return Aftermath(tuple(self._events), frozenset(job["kind"] for job in self._jobs), tuple(self._callbacks))
