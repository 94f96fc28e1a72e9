import asyncio
import contextlib
import io
from collections.abc import AsyncIterator

import msgspec
import pytest
from PIL import Image
from sqlalchemy import bindparam, select, update
from tests.cast import SOON
from tests.conftest import BOTH
from tests.rig import member

from parvis.ai.fake import FakeModels
from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Conflict, Invalid, NotFound, OverAllowance
from parvis.events import DrawingKept, DrawingProgressed
from parvis.people import allowances
from parvis.people.accounts import Account
from parvis.people.allowances import Allowance
from parvis.posts.post import Media
from parvis.store import tables
from parvis.store.blobs import FolderBlobs
from parvis.store.database import Store
from parvis.store.jobs import TAKE, Kind, Runner, Taken, Work
from parvis.store.statement import Statement
from parvis.studio import drawings, easel, marks
from parvis.studio.drawings import UNITS, Drawing, DrawingJob, cancel, get_drawing, keep, retry, start

TICK = 0.01
AGE = Statement(update(tables.jobs).values(run_at=0).where(tables.jobs.c.kind == bindparam("which")))
CHARGES = Statement(select(tables.charges.c.state).order_by(tables.charges.c.id))
FOX = "a fox reading by the sea at sunset, watercolour"
FORGETTING = Statement(select(tables.jobs.c.payload, tables.jobs.c.run_at).where(tables.jobs.c.kind == "forget_blobs"))


class World(msgspec.Struct):
    """A store with the studio's jobs running, and one member."""

    store: Store
    models: FakeModels
    blobs: FolderBlobs
    runner: Runner
    kinds: tuple[Kind, ...]
    ada: Account

    async def start(self, prompt: str = FOX, **given: int) -> Drawing:
        async with self.store.transaction() as tx:
            return await start(tx, self.ada, prompt, **given)

    async def cancel(self, drawing: Drawing) -> Drawing:
        async with self.store.transaction() as tx:
            return await cancel(tx, self.ada, drawing.id)

    async def keep(self, drawing: Drawing) -> Media:
        async with self.store.transaction() as tx:
            return await keep(tx, self.ada, drawing.id)

    async def now(self, drawing: Drawing) -> Drawing:
        async with self.store.reading() as tx:
            return await get_drawing(tx, self.ada, drawing.id)

    async def settle(self) -> None:
        await asyncio.wait_for(self.runner.settle(), SOON)

    async def drawn(self, prompt: str = FOX) -> Drawing:
        drawing = await self.start(prompt)
        await self.settle()
        return await self.now(drawing)

    async def allowance(self) -> Allowance:
        async with self.store.reading() as tx:
            return await allowances.remaining(tx, self.ada)

    async def charges(self) -> list[str]:
        async with self.store.reading() as tx:
            return [row[0] for row in await tx.all(CHARGES)]

    async def taken(self, drawing: Drawing, times: int = 1) -> Work:
        """The drawing's job, taken so many times as if each taker but the last had been killed."""
        kind = self.kinds[0]
        async with self.store.transaction() as tx:
            tx.enqueue("held", DrawingJob(drawing.id))
        takes: list[Taken] = []
        for _ in range(times):
            async with self.store.transaction() as tx:
                later = tx.now + clock.HOUR * (len(takes) + 1 == times)
                takes += await tx.all(TAKE, of_kind="held", now=tx.now, most=1, until=later)
        return Work(self.store, kind, takes[-1], DrawingJob(drawing.id))


@contextlib.asynccontextmanager
async def running(runner: Runner) -> AsyncIterator[None]:
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def world(store: Store, settings: Settings) -> AsyncIterator[World]:
    models, blobs = FakeModels(), FolderBlobs(settings.data / "blobs")
    kinds = easel.kinds(settings, blobs, models, tick=TICK, time_limit=10)
    runner = Runner(store, kinds)
    made = World(store, models, blobs, runner, kinds, await member(store, "ada"))
    async with running(runner):
        yield made


async def until(world: World, drawing: Drawing, state: str) -> DrawingProgressed:
    """Watch the bus until the drawing is in this state."""
    with world.store.bus.subscribe() as heard:
        async with asyncio.timeout(SOON):
            async for event in heard:
                if isinstance(event, DrawingProgressed) and (event.drawing, event.state) == (drawing.id, state):
                    return event
    raise AssertionError(state)


@BOTH
async def test_a_drawing_is_drawn_marked_and_charged_once(world: World) -> None:
    drawing = await world.start(seed=7)
    assert (drawing.state, drawing.share, drawing.seed) == ("queued", 0.0, 7)
    await world.settle()
    done = await world.now(drawing)
    assert (done.state, done.share, done.maker, done.method) == ("drawn", 1.0, "fake-image", "illustration")
    data = await world.blobs.get(done.result)
    reading = marks.read(data)
    assert reading is not None
    assert (reading.state, reading.model) == ("Valid", "fake-image")
    with Image.open(io.BytesIO(await world.blobs.get(done.preview))) as preview:
        assert preview.format == "JPEG"
    assert await world.charges() == ["spent"]
    assert (await world.allowance()).spent == UNITS


async def test_progress_and_previews_are_saved_and_told_while_it_is_drawn(world: World) -> None:
    world.models.image.hang(after=2)
    with world.store.bus.subscribe() as heard:
        drawing = await world.start()
        async with asyncio.timeout(SOON):
            async for event in heard:
                if isinstance(event, DrawingProgressed) and event.share > 0:
                    break
    assert event == DrawingProgressed(drawing.id, world.ada.id, "drawing", 0.5)
    now = await world.now(drawing)
    assert (now.state, now.share) == ("drawing", 0.5)
    sketch = now.preview
    assert await world.blobs.get(sketch)
    world.models.image.release()
    await world.settle()
    assert (await world.now(drawing)).state == "drawn"
    assert await world.blobs.get(sketch)  # a page may be fetching it
    async with world.store.reading() as tx:
        [due] = [run_at for payload, run_at in await tx.all(FORGETTING) if sketch in payload]
    assert 0 < due - tx.now <= easel.LINGER


@BOTH
async def test_cancelling_while_it_is_drawn_stops_the_model_and_refunds(world: World) -> None:
    world.models.image.hang(after=1)
    drawing = await world.start()
    await asyncio.wait_for(world.models.image.until_hanging(), SOON)
    assert (await world.cancel(drawing)).state == "cancelled"
    await world.settle()
    assert world.models.image.cancelled == 1
    assert (await world.now(drawing)).state == "cancelled"
    assert await world.charges() == ["refunded"]


async def test_cancelling_a_queued_one_never_calls_the_model(world: World, store: Store) -> None:
    async with store.transaction() as tx:
        drawing = await start(tx, world.ada, FOX)
        await cancel(tx, world.ada, drawing.id)
    await world.settle()
    assert world.models.image.prompts == []
    assert await world.charges() == ["refunded"]
    assert (await world.cancel(drawing)).state == "cancelled"  # and again: nothing changes
    assert await world.charges() == ["refunded"]


async def test_a_drawn_one_thrown_away_was_shown_and_stays_charged(world: World) -> None:
    drawing = await world.drawn()
    assert (await world.cancel(drawing)).state == "cancelled"
    assert await world.charges() == ["spent"]
    with pytest.raises(Conflict):
        await world.keep(drawing)


@BOTH
async def test_keeping_makes_one_picture_however_often(world: World) -> None:
    drawing = await world.drawn()
    with world.store.bus.subscribe() as heard:
        kept, again = await world.keep(drawing), await world.keep(drawing)
        async for event in heard:
            if isinstance(event, DrawingKept):  # what it went through before may still be told
                break
    assert event == DrawingKept(drawing.id, world.ada.id, kept.id)
    assert kept == again
    assert (kept.origin, kept.maker, kept.alt, kept.blob) == ("generated", "fake-image", FOX, drawing.result)
    assert (await world.now(drawing)).state == "kept"
    assert (await world.cancel(drawing)).state == "kept"


async def test_a_drawing_under_way_cannot_be_kept(world: World) -> None:
    world.models.image.hang()
    drawing = await world.start()
    with pytest.raises(Conflict):
        await world.keep(drawing)
    await world.cancel(drawing)


async def test_retrying_is_a_new_drawing_with_another_seed(world: World, store: Store) -> None:
    first = await world.drawn()
    async with store.transaction() as tx:
        second = await retry(tx, world.ada, first.id)
    await world.settle()
    second = await world.now(second)
    assert second.id != first.id
    assert second.seed != first.seed
    assert (second.prompt, second.state, second.result == first.result) == (FOX, "drawn", False)


async def test_another_member_does_not_find_the_drawing(world: World, store: Store) -> None:
    drawing = await world.drawn()
    eve = await member(store, "eve")
    for act in (cancel, keep, retry, get_drawing):
        with pytest.raises(NotFound):
            async with store.transaction() as tx:
                await act(tx, eve, drawing.id)


async def test_a_refused_prompt_is_not_taken_and_costs_nothing(world: World) -> None:
    for prompt in ("", "  \n ", "x" * 501, "a nude schoolgirl", "une fillette d\u00e9nud\u00e9e", "l0l1con"):
        with pytest.raises(Invalid):
            await world.start(prompt)
    assert await world.charges() == []


async def test_what_the_classifier_refuses_is_not_drawn_nor_charged(world: World) -> None:
    world.models.classifier.when("gore", violent=0.99)
    drawing = await world.drawn("gore everywhere")
    assert (drawing.state, world.models.image.prompts) == ("failed", [])
    assert "Nothing was charged" in drawing.problem
    assert await world.charges() == ["refunded"]


async def test_without_a_classifier_drawing_goes_on(world: World) -> None:
    world.models.classifier.fail()
    assert (await world.drawn()).state == "drawn"


async def test_a_model_that_fails_once_is_asked_again(world: World) -> None:
    world.models.image.fail(after=2)
    drawing = await world.start()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SOON):
            await until(world, drawing, "drawn")
    assert (await world.now(drawing)).state == "drawn"
    assert await world.charges() == ["spent"]


async def test_a_model_that_stays_away_fails_the_drawing_and_refunds(world: World) -> None:
    drawing = await world.start()
    world.models.image.fail(times=99)
    work = await world.taken(drawing, easel.MOST_TAKES)
    await world.kinds[0].run(work)
    failed = await world.now(drawing)
    assert (failed.state, failed.problem) == ("failed", easel.ABSENT)
    assert await world.charges() == ["refunded"]


async def test_a_slow_model_is_stopped_and_refunded(world: World, settings: Settings) -> None:
    world.models.image.hang()
    drawing = await world.start()
    await asyncio.wait_for(world.models.image.until_hanging(), SOON)
    (hasty, _) = easel.kinds(settings, world.blobs, world.models, tick=TICK, time_limit=0.05)
    await hasty.run(await world.taken(drawing))
    assert (await world.now(drawing)).state == "failed"
    await world.settle()
    assert (await world.now(drawing)).problem == easel.SLOW
    assert await world.charges() == ["refunded"]


@BOTH
async def test_a_job_that_was_killed_and_is_taken_again_draws_anew_and_charges_once(world: World) -> None:
    world.models.image.hang(after=2)
    drawing = await world.start()
    await asyncio.wait_for(world.models.image.until_hanging(), SOON)
    world.models.image.release()  # whoever comes later draws to the end
    await world.kinds[0].run(await world.taken(drawing, 2))
    await world.settle()
    assert (await world.now(drawing)).state == "drawn"
    assert await world.charges() == ["spent"]
    await world.kinds[0].run(await world.taken(drawing))  # once more, when all is done: nothing happens
    assert await world.charges() == ["spent"]
    assert len(world.models.image.prompts) == 2


async def test_a_job_that_dies_again_and_again_gives_up(world: World) -> None:
    world.models.image.hang()
    drawing = await world.start()
    await world.kinds[0].run(await world.taken(drawing, easel.MOST_TAKES + 1))
    assert ((await world.now(drawing)).state, (await world.now(drawing)).problem) == ("failed", easel.BROKEN)
    assert await world.charges() == ["refunded"]


async def test_a_member_has_two_under_way_at_most(world: World) -> None:
    world.models.image.hang()
    one, two = await world.start(), await world.start()
    with pytest.raises(Conflict):
        await world.start()
    await world.cancel(one)
    assert (await world.start()).state == "queued"
    await world.cancel(two)


async def test_who_has_nothing_left_cannot_start(world: World, store: Store) -> None:
    async with store.transaction() as tx:
        await allowances.hold(tx, world.ada, "answer", allowances.DAILY - UNITS + 1)
    with pytest.raises(OverAllowance):
        await world.start()


@BOTH
async def test_an_unkept_drawing_is_swept_with_its_files_and_a_kept_one_is_not(world: World, store: Store) -> None:
    left, kept = await world.drawn("a lighthouse"), await world.drawn()
    media = await world.keep(kept)
    async with store.transaction() as tx:
        await tx.run(AGE, which="sweep_drawing")
    await world.settle()
    for name in (left.result, left.preview):
        with pytest.raises(NotFound):
            await world.blobs.get(name)
    with pytest.raises(NotFound):
        await world.now(left)
    assert (await world.now(kept)).state == "kept"
    assert await world.blobs.get(media.blob)
    assert await world.blobs.get(media.preview)


def test_every_move_leads_somewhere_known() -> None:
    assert {after for moves in drawings.MOVES.values() for after in moves} | {"queued"} == set(drawings.MOVES)
