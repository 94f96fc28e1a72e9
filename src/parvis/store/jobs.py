"""Jobs: work that outlives the request, kept in a table of ours and enqueued in the request's own transaction.

A `Kind` says how a job runs. One lane per kind takes what is due, within the kind's concurrency and rate; it is woken
when a job is made, and one look for all lanes wakes those of which a job became due meanwhile. Taking a job
postpones it by its lease, so a job whose process was killed runs again; a job that fails runs again after a growing
pause, and after its last attempt it is a dead letter that an operator can read, retry or drop. A job's writes and its
end are one transaction, and only the latest taker can end it: nothing is lost and nothing done twice.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

import msgspec
import structlog
from sqlalchemy import BigInteger, Integer, Text, bindparam, case, delete, func, null, select, update

from parvis.core import clock
from parvis.core.errors import TryAgain
from parvis.core.ids import JobId
from parvis.store.database import Store
from parvis.store.statement import Statement, among_words
from parvis.store.tables import jobs
from parvis.store.transaction import Tx

Outcome = TypeVar("Outcome")

POLL = 1.0  # seconds between looks for what became due
FIRST_PAUSE = 2_000  # ms after the first failure; doubles each time
LONGEST_PAUSE = clock.HOUR
LISTENER_LEASE = 15 * clock.SECOND  # one short transaction; what a killed process held is done this soon

log = structlog.get_logger()


class LeaseLost(Exception):  # noqa: N818 - it says what happened
    """Another taker has the job now; this one's writes are rolled back."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """How jobs of one kind run."""

    name: str
    payload: type
    run: "Callable[[Work], Awaitable[None]]"
    concurrency: int = 4
    per_second: float | None = None
    attempts: int = 8
    lease: int = clock.MINUTE  # ms; longer than a run ever takes, or the run renews it


class Taken(msgspec.Struct, frozen=True):
    """A job as the table hands it out."""

    id: JobId
    payload: str
    attempts: int
    failures: int


_due = (
    select(jobs.c.id)
    .where(
        jobs.c.kind == bindparam("of_kind", type_=Text),
        jobs.c.run_at <= bindparam("now", type_=BigInteger),
        jobs.c.dead_at.is_(None),
    )
    .order_by(jobs.c.run_at, jobs.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
TAKE = Statement(
    update(jobs)
    .where(jobs.c.id.in_(_due))
    .values(run_at=bindparam("until", type_=BigInteger), attempts=jobs.c.attempts + 1)
    .returning(jobs.c.id, jobs.c.payload, jobs.c.attempts, jobs.c.failures),
    Taken,
)
_mine = (jobs.c.id == bindparam("job", type_=BigInteger), jobs.c.attempts == bindparam("attempt", type_=Integer))
END = Statement(delete(jobs).where(*_mine))
RENEW = Statement(update(jobs).where(*_mine).values(run_at=bindparam("until", type_=BigInteger)))
PUT_BACK = Statement(
    update(jobs)
    .where(*_mine)
    .values(
        run_at=bindparam("until", type_=BigInteger),
        failures=bindparam("failed", type_=Integer),
        error=bindparam("problem", type_=Text),
        dead_at=bindparam("died", type_=BigInteger),
        key=case((bindparam("died", type_=BigInteger).is_(None), jobs.c.key), else_=null()),  # the dead wait no more
    )
)
_is_due = (
    among_words(jobs.c.kind, "kinds"),
    jobs.c.dead_at.is_(None),
    jobs.c.run_at <= bindparam("now", type_=BigInteger),
)
DUE_KINDS = Statement(select(jobs.c.kind).distinct().where(*_is_due))
DUE_COUNT = Statement(select(func.count()).where(*_is_due))


class Work(msgspec.Struct):
    """One run of a job: what to do, and the ways to say how it went."""

    store: Store
    kind: Kind
    taken: Taken
    payload: Any
    ended: bool = False

    @contextlib.asynccontextmanager
    async def ending(self) -> AsyncIterator[Tx]:
        """A transaction that also ends the job: its writes and the end are one.

        Raises:
            LeaseLost: another taker has the job; nothing was written.
        """
        async with self.store.transaction(durable=False) as tx:
            if not await tx.run(END, job=self.taken.id, attempt=self.taken.attempts):
                raise LeaseLost
            yield tx
        self.ended = True

    async def renew(self) -> None:
        """Ask for one more lease from now on.

        Raises:
            LeaseLost: another taker has the job.
        """
        async with self.store.transaction(durable=False) as tx:
            until = tx.now + self.kind.lease
            if not await tx.run(RENEW, job=self.taken.id, attempt=self.taken.attempts, until=until):
                raise LeaseLost

    async def through(self, outside: Awaitable[Outcome]) -> Outcome:
        """What comes of something outside that takes as long as it takes; the lease is renewed meanwhile.

        Raises:
            LeaseLost: another taker has the job.
        """
        doing = asyncio.ensure_future(outside)
        try:
            while not (await asyncio.wait({doing}, timeout=self.kind.lease / clock.SECOND / 3))[0]:
                await self.renew()
        finally:
            doing.cancel()
        return doing.result()

    @property
    def last_try(self) -> bool:
        """Whether a failure now makes a dead letter."""
        return self.taken.failures + 1 >= self.kind.attempts


def listener(effect: Callable[[Tx, Any], Awaitable[None]], event: type, **options: Any) -> Kind:
    """The kind of job that runs `effect(tx, event)` in the transaction that ends it."""

    async def run(work: Work) -> None:
        async with work.ending() as tx:
            await effect(tx, work.payload)

    options.setdefault("lease", LISTENER_LEASE)
    return Kind(name=effect.__name__, payload=event, run=run, **options)


class Runner:
    """Runs the jobs of the given kinds until told to stop."""

    def __init__(self, store: Store, kinds: Sequence[Kind]) -> None:
        self._lanes = {kind.name: _Lane(store, kind) for kind in kinds}
        self._store = store
        store.on_jobs(self._wake)

    def _wake(self, kinds: frozenset[str]) -> None:
        for name in kinds:
            if lane := self._lanes.get(name):
                lane.wake()

    async def run(self) -> None:
        """Run lanes until cancelled; jobs under way are given up and run again later."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes.values():
                group.create_task(lane.run(), name=f"lane {lane.kind.name}")
            group.create_task(self._keep_looking(), name="jobs due")

    async def _keep_looking(self) -> None:
        """Wake lanes with room of which a job became due: put off, put back, or of a process that was killed."""
        while True:
            await asyncio.sleep(POLL)
            free = [name for name, lane in self._lanes.items() if lane.free]
            try:
                async with self._store.reading() as tx:
                    due = await tx.all(DUE_KINDS, kinds=free, now=tx.now)
            except Exception:
                log.exception("jobs.look")
            else:
                self._wake(frozenset(row[0] for row in due))

    async def settle(self) -> None:
        """Return once no job of its kinds is due or under way: for tests and the demo. The lanes must be running."""
        while True:
            for lane in self._lanes.values():
                lane.wake()
            await asyncio.gather(*(lane.idle() for lane in self._lanes.values()))
            async with self._store.reading() as tx:
                due = await tx.value(DUE_COUNT, kinds=list(self._lanes), now=tx.now)
            if not due and all(lane.at_rest for lane in self._lanes.values()):  # a job taken just now is not due
                return


class _Lane:
    """Takes and runs the jobs of one kind."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self.kind = kind
        self._store = store
        self._woken = asyncio.Event()
        self._looked = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._next_start = 0.0

    def wake(self) -> None:
        self._looked.clear()
        self._woken.set()

    @property
    def free(self) -> int:
        """How many more jobs it may run now."""
        return self.kind.concurrency - len(self._running)

    @property
    def at_rest(self) -> bool:
        """Whether the lane has looked since it was woken last, found nothing, and runs nothing."""
        return self._looked.is_set() and not self._running

    async def idle(self) -> None:
        """Return once the lane has looked and found nothing, and runs nothing."""
        while True:
            await self._looked.wait()
            if not self._running:
                return
            await asyncio.wait(self._running)

    async def run(self) -> None:
        try:
            while True:
                self._woken.clear()
                free = self.free
                taken = await self._take(free) if free else []
                for job in taken:
                    await self._hold_rate()
                    task = asyncio.create_task(self._do(job), name=f"{self.kind.name} {job.id}")
                    self._running.add(task)
                    task.add_done_callback(self._finished)
                if free and len(taken) < free and not self._woken.is_set():
                    self._looked.set()
                await self._woken.wait()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()

    async def _take(self, most: int) -> list[Taken]:
        try:
            async with self._store.transaction(durable=False) as tx:
                until = tx.now + self.kind.lease
                return await tx.all(TAKE, of_kind=self.kind.name, now=tx.now, most=most, until=until)
        except Exception:
            log.exception("jobs.take", kind=self.kind.name)
            return []

    async def _hold_rate(self) -> None:
        if self.kind.per_second is None:
            return
        now = time.monotonic()
        if self._next_start > now:
            await asyncio.sleep(self._next_start - now)
        self._next_start = max(now, self._next_start) + 1 / self.kind.per_second

    async def _do(self, job: Taken) -> None:
        work = Work(self._store, self.kind, job, msgspec.json.decode(job.payload, type=self.kind.payload))
        try:
            await self.kind.run(work)
            if not work.ended:
                async with work.ending():
                    pass
        except LeaseLost:
            log.warning("jobs.lease_lost", kind=self.kind.name, job=job.id)
        except TryAgain as again:
            await self._put_back(job, int(again.after * 1000), failures=job.failures, error="")
        except Exception as error:
            log.exception("jobs.failed", kind=self.kind.name, job=job.id, attempt=job.attempts)
            pause = min(FIRST_PAUSE * 2**job.failures, LONGEST_PAUSE)
            pause = int(pause * random.uniform(0.8, 1.2))
            await self._put_back(job, pause, failures=job.failures + 1, error=f"{type(error).__name__}: {error}")

    async def _put_back(self, job: Taken, pause: int, *, failures: int, error: str) -> None:
        async with self._store.transaction(durable=False) as tx:
            died = tx.now if failures >= self.kind.attempts else None
            await tx.run(
                PUT_BACK,
                job=job.id,
                attempt=job.attempts,
                until=tx.now + pause,
                failed=failures,
                problem=error[:500],
                died=died,
            )
