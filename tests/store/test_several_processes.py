"""Two stores on one PostgreSQL stand for two processes: what one commits, the other hears."""

import asyncio

import pytest
from tests.cast import SOON

from parvis.core.config import Settings
from parvis.events import AnswerGrew, Followed
from parvis.store.jobs import Kind, Runner, Work
from parvis.store.opening import open_store

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


async def test_an_event_reaches_the_other_process(settings: Settings) -> None:
    async with open_store(settings) as here, open_store(settings) as there:
        with there.bus.subscribe() as heard:
            async with here.transaction() as tx:
                tx.emit(Followed(1, 2))
            grew = AnswerGrew(1, 1, 1, 0, "“été” 🌅")
            await here.bus.publish(grew)
            found = []
            async with asyncio.timeout(SOON):
                async for event in heard:
                    found.append(event)
                    if len(found) == 2:
                        break
        assert sorted(found, key=str) == sorted([Followed(1, 2), grew], key=str)


async def test_a_job_wakes_the_process_that_runs_its_kind(settings: Settings) -> None:
    done = asyncio.Event()

    async def run(work: Work) -> None:
        done.set()

    async with open_store(settings) as here, open_store(settings) as there:
        running = asyncio.create_task(Runner(there, [Kind(name="far", payload=Followed, run=run)]).run())
        async with here.transaction() as tx:
            tx.enqueue("far", Followed(1, 2))
        await asyncio.wait_for(done.wait(), SOON)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
