import asyncio

from tests.cast import SOON
from tests.rig import members

from parvis.core import clock
from parvis.core.config import Settings
from parvis.people import confirming
from parvis.people.leftovers import SWEEP, ask_for_sweep
from parvis.people.relations import mute
from parvis.people.sessions import LIFETIME, account_of_session, prolong_session, start_session
from parvis.store import letters, tables
from parvis.store.jobs import Runner
from parvis.store.opening import open_store
from parvis.store.statement import Statement


async def test_what_is_over_is_swept_every_day_and_the_rest_stays(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        alice, bob = await members(store, "alice", "bob")
        async with store.transaction() as tx:
            await start_session(tx, alice)
            kept = await start_session(tx, bob)
            await mute(tx, alice, bob.id, until=moment + 1)
            await mute(tx, bob, alice.id)
            await confirming.ask(tx, alice, settings)
        moment += LIFETIME - 1
        async with store.transaction() as tx:
            await prolong_session(tx, kept)
        moment += 1
        async with store.transaction() as tx:
            ask_for_sweep(tx)
            ask_for_sweep(tx)
        runner = Runner(store, [SWEEP])
        running = asyncio.create_task(runner.run())
        await asyncio.wait_for(runner.settle(), SOON)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        async with store.reading() as tx:
            assert len(await tx.all(Statement(tables.sessions.select()))) == 1
            assert await account_of_session(tx, kept) == bob
            assert len(await tx.all(Statement(tables.mutes.select()))) == 1
            assert await tx.all(Statement(tables.confirmations.select())) == []
            waiting = {row[0]: tuple(row[1:]) for row in await tx.all(letters.COUNTS)}
            assert waiting[SWEEP.name] == (1, 0, moment + clock.DAY)
