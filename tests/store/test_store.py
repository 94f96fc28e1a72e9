import asyncio

import pytest
from sqlalchemy import Integer, bindparam, func, insert, literal_column, select
from tests.cast import SOON
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.events import Followed
from parvis.store import jobs, letters, tables
from parvis.store.database import Store
from parvis.store.jobs import Kind, Runner, Work
from parvis.store.opening import open_store
from parvis.store.statement import Statement, among
from parvis.store.transaction import Route, Tx

pytestmark = BOTH

_fields = ("id", "handle", "handle_key", "created_at")
ADD = Statement(insert(tables.accounts).values({f: bindparam(f) for f in _fields}))
IDS = Statement(select(tables.accounts.c.id).where(among(tables.accounts.c.id, "ids")).order_by(tables.accounts.c.id))


async def add(tx: Tx, number: int) -> None:
    await tx.run(ADD, id=number, handle=f"a{number}", handle_key=f"a{number}", created_at=tx.now)


async def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError):
        async with store.transaction() as tx:
            await add(tx, 1)
            raise RuntimeError
    async with store.reading() as tx:
        assert await tx.all(IDS, ids=[1]) == []


async def test_what_another_row_has_is_not_claimed_and_the_block_goes_on(store: Store) -> None:
    async with store.transaction() as tx:
        await add(tx, 1)
        assert await tx.claim(ADD, id=2, handle="a2", handle_key="a2", created_at=tx.now)
        assert not await tx.claim(ADD, id=3, handle="a3", handle_key="a1", created_at=tx.now)
        assert not await tx.claim(ADD, id=1, handle="a3", handle_key="a3", created_at=tx.now)
        await add(tx, 4)
    async with store.reading() as tx:
        assert [row[0] for row in await tx.all(IDS, ids=[1, 2, 3, 4])] == [1, 2, 4]


async def test_an_id_list_is_one_parameter_however_long(store: Store) -> None:
    async with store.transaction() as tx:
        for number in range(1, 8):
            await add(tx, number)
    async with store.reading() as tx:
        assert [row[0] for row in await tx.all(IDS, ids=[2, 3, 99, 5])] == [2, 3, 5]
        assert await tx.all(IDS, ids=[]) == []
        assert tx.queries == 2


async def test_fifty_writers_at_once_all_commit(store: Store) -> None:
    async def write(number: int) -> None:
        async with store.transaction() as tx:
            await add(tx, number)

    await asyncio.gather(*(write(number) for number in range(1, 51)))
    async with store.reading() as tx:
        assert len(await tx.all(IDS, ids=list(range(1, 51)))) == 50


async def test_an_event_reaches_the_bus_after_its_commit_and_not_otherwise(store: Store) -> None:
    with store.bus.subscribe() as heard:
        with pytest.raises(RuntimeError):
            async with store.transaction() as tx:
                tx.emit(Followed(1, 2))
                raise RuntimeError
        async with store.transaction() as tx:
            tx.emit(Followed(3, 4))
        async with asyncio.timeout(SOON):
            async for event in heard:
                assert event == Followed(3, 4)
                break


async def test_an_event_runs_each_listener_that_it_concerns(settings: Settings) -> None:
    done: list[Followed] = []

    async def note(tx: Tx, event: Followed) -> None:
        assert tx.now
        done.append(event)

    kind = jobs.listener(note, Followed)
    routes = {Followed: [Route(kind.name, lambda event: event.followee == 2)]}
    async with open_store(settings, routes) as store:
        runner = Runner(store, [kind])
        running = asyncio.create_task(runner.run())
        async with store.transaction() as tx:
            tx.emit(Followed(1, 2))
            tx.emit(Followed(1, 3))
        await asyncio.wait_for(runner.settle(), SOON)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert done == [Followed(1, 2)]


async def test_a_job_that_fails_for_good_is_a_dead_letter_that_can_be_revived(store: Store) -> None:
    runs = 0

    async def fail(work: Work) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise ValueError("broken")

    runner = Runner(store, [Kind(name="fail", payload=Followed, run=fail, attempts=1)])
    running = asyncio.create_task(runner.run())
    async with store.transaction() as tx:
        tx.enqueue("fail", Followed(1, 2))
    await asyncio.wait_for(runner.settle(), SOON)
    async with store.transaction() as tx:
        (dead,) = await tx.all(letters.DEAD, most=10)
        assert dead.error == "ValueError: broken"
        await tx.run(letters.REVIVE, job=dead.id, now=tx.now)
    await asyncio.wait_for(runner.settle(), SOON)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    async with store.reading() as tx:
        assert runs == 2
        assert await tx.all(letters.COUNTS) == []


async def test_a_keyed_job_waits_at_most_once(store: Store) -> None:
    async with store.transaction() as tx:
        tx.enqueue("later", Followed(1, 2), key="one")
    async with store.transaction() as tx:
        tx.enqueue("later", Followed(1, 2), key="one")
    async with store.reading() as tx:
        assert (await tx.all(letters.COUNTS))[0][1] == 1


async def test_only_the_latest_taker_of_a_job_can_end_it(store: Store) -> None:
    async with store.transaction() as tx:
        tx.enqueue("slow", Followed(1, 2))
    kind = Kind(name="slow", payload=Followed, run=lambda _work: asyncio.sleep(0))
    takers = []
    for _ in range(2):
        async with store.transaction() as tx:
            (taken,) = await tx.all(jobs.TAKE, of_kind="slow", now=tx.now, most=1, until=tx.now)
            takers.append(Work(store, kind, taken, Followed(1, 2)))
    with pytest.raises(jobs.LeaseLost):
        async with takers[0].ending() as tx:
            await add(tx, 1)
    async with takers[1].ending() as tx:
        await add(tx, 2)
    async with store.reading() as tx:
        assert [row[0] for row in await tx.all(IDS, ids=[1, 2])] == [2]


@pytest.mark.parametrize("way", ["reading", "transaction"])
async def test_who_is_cancelled_in_a_slow_look_leaves_the_connection_to_the_next(store: Store, way: str) -> None:
    count = select(literal_column("1", Integer).label("n")).cte("count", recursive=True)
    count = count.union_all(select(count.c.n + 1).where(count.c.n < 100_000_000))
    slow = Statement(select(func.count()).select_from(count), slow=True)
    begun = asyncio.Event()

    async def look() -> None:
        async with getattr(store, way)() as tx:
            begun.set()
            await tx.value(slow)

    for _ in range(3):
        begun.clear()
        looking = asyncio.create_task(look())
        await begun.wait()
        await asyncio.wait({looking}, timeout=0.02)
        looking.cancel()
        assert isinstance((await asyncio.gather(looking, return_exceptions=True))[0], asyncio.CancelledError)
        async with getattr(store, way)() as tx:
            assert await tx.value(Statement(select(literal_column("1", Integer)))) == 1


async def test_a_dead_letter_keeps_nobody_of_its_key_from_waiting(store: Store) -> None:
    async def run(_work: Work) -> None:
        raise ValueError("broken")

    runner = Runner(store, [Kind(name="sweep", payload=Followed, run=run, attempts=1)])
    running = asyncio.create_task(runner.run())
    async with store.transaction() as tx:
        tx.enqueue("sweep", Followed(1, 2), key="sweep")
    await asyncio.wait_for(runner.settle(), SOON)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    async with store.transaction() as tx:
        (dead,) = await tx.all(letters.DEAD, most=10)
        tx.enqueue("sweep", Followed(3, 4), key="sweep")
    async with store.transaction() as tx:
        assert [row[1:3] for row in await tx.all(letters.COUNTS)] == [(2, 1)]
        await tx.run(letters.REVIVE, job=dead.id, now=tx.now)


async def test_a_job_that_becomes_due_does_not_wait_for_a_longer_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "POLL", 0.05)
    short = asyncio.Event()

    async def run(work: Work) -> None:
        if work.payload == Followed(1, 2):
            await asyncio.Event().wait()
        short.set()

    running = asyncio.create_task(Runner(store, [Kind(name="two", payload=Followed, run=run, concurrency=2)]).run())
    async with store.transaction() as tx:
        tx.enqueue("two", Followed(1, 2))
        tx.enqueue("two", Followed(3, 4), run_at=tx.now + 300)
    async with asyncio.timeout(SOON):
        await short.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
