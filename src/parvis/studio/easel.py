"""The easel: the jobs that draw what was asked and sweep what was not kept.

A queued drawing flows in; previews and shares flow to whoever watches, and in the end a marked picture, a refusal or a
failure stands in its row. A job that was killed begins the drawing again; one that was cancelled stops the model within
a second; one that goes wrong again and again gives up and refunds. The model is never awaited inside a transaction.
"""

import asyncio
import time

import msgspec
from sqlalchemy import BigInteger, Float, Text, bindparam, delete, select, update

from parvis.ai.protocols import Models, Picture, Unavailable
from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import TryAgain
from parvis.events import DrawingProgressed
from parvis.people import allowances
from parvis.posts import leftovers, media
from parvis.store.blobs import Blobs
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import drawings
from parvis.studio import drawings as studio
from parvis.studio import marks, prompts
from parvis.studio.drawings import Drawing, DrawingJob, State

AT_ONCE = 2  # drawings of this process
MOST_TAKES = 4  # runs of one job, kills and failures together, before it gives up
TIME_LIMIT = 180.0  # seconds a model may draw
TICK = 0.25  # seconds between two looks at progress and cancellation
PAUSE = 12  # ticks before a model that did not answer is asked again, times the runs it had
LEASE = 30 * clock.SECOND
LINGER = clock.MINUTE  # a sketch that a newer one replaced: pages may be fetching it

SLOW = "Drawing took too long. Nothing was charged."
ABSENT = "The drawing model does not answer now. Nothing was charged; try again in a moment."
BROKEN = "This drawing did not succeed. Nothing was charged."

_this = drawings.c.id == bindparam("drawing", type_=BigInteger)
_RESULT = ("result", "preview", "stored", "maker", "method", "description", "undrawn", "credits")
ADVANCE = Statement(
    update(drawings)
    .where(_this, drawings.c.state == "drawing")
    .values(share=bindparam("done", type_=Float), preview=bindparam("shown", type_=Text))
)
IS_DRAWING = Statement(select(drawings.c.id).where(_this, drawings.c.state == "drawing"))
FINISH = Statement(
    update(drawings)
    .where(_this)
    .values({name: bindparam(f"new_{name}", type_=drawings.c[name].type) for name in _RESULT} | {"share": 1.0})
)
PREVIEW = Statement(select(drawings.c.preview).where(_this))
FORGET = Statement(delete(drawings).where(_this))


def kinds(
    settings: Settings, blobs: Blobs, models: Models, *, tick: float = TICK, time_limit: float = TIME_LIMIT
) -> tuple[Kind, ...]:
    """The studio's jobs: drawing, and sweeping what was not kept."""
    easel = Easel(settings, blobs, models, tick, time_limit)
    return (
        Kind(
            name="draw", payload=DrawingJob, run=easel.draw, concurrency=AT_ONCE, attempts=MOST_TAKES + 1, lease=LEASE
        ),
        Kind(name="sweep_drawing", payload=DrawingJob, run=easel.sweep, concurrency=1),
    )


class _NeverDrawn(Exception):  # noqa: N818 - it says what the prompt is
    """The classifier refuses the prompt."""


async def keep_marked(
    seal: marks.Seal, blobs: Blobs, settings: Settings, picture: Picture, mark: marks.Mark
) -> media.Stored:
    """Keep a drawn picture and its preview, both labelled inside the file."""
    marked = await seal.mark(picture.data, mark)
    prepared = await media.prepare(marked, settings, as_is=True)
    small = await asyncio.to_thread(marks.preview, picture.data, mark, side=media.PREVIEW_SIDE)
    prepared = msgspec.structs.replace(prepared, preview=small, preview_extension=marks.EXTENSION)
    return await media.keep(blobs, prepared)


class Sketch:
    """The newest of what the model tells while it draws, from whatever thread."""

    def __init__(self) -> None:
        self.share = 0.0
        self.told = -1.0  # the share that was told last
        self.shown = ""  # the blob of the preview that was saved last
        self._preview: bytes | None = None

    def note(self, share: float, preview: bytes | None) -> None:
        """A `Progress` for the model."""
        self.share = min(max(share, self.share), 1.0)
        self._preview = preview or self._preview

    def take_preview(self) -> bytes | None:
        """The newest preview, once."""
        newest, self._preview = self._preview, None
        return newest


class Easel:
    """What the studio's jobs need, and what they do with it."""

    def __init__(self, settings: Settings, blobs: Blobs, models: Models, tick: float, time_limit: float) -> None:
        self._settings = settings
        self._blobs = blobs
        self._models = models
        self._seal = marks.Seal(settings.data / "keys", settings.domain)
        self._tick = tick
        self._time_limit = time_limit

    async def draw(self, work: Work) -> None:
        """Draw what is queued, or draw it anew when a run before this one was cut."""
        drawing = await self._begin(work)
        if drawing is None:
            return
        if work.taken.attempts > MOST_TAKES:
            await self._fail(work, drawing, BROKEN)
            return
        try:
            picture = await self._watch(work, drawing)
            if picture is not None:
                await self._finish(work, drawing, picture)
        except _NeverDrawn:
            await self._fail(work, drawing, prompts.REFUSAL)
        except TimeoutError:
            await self._fail(work, drawing, SLOW)
        except Unavailable as absent:
            if work.taken.attempts < MOST_TAKES:
                raise TryAgain(self._tick * PAUSE * work.taken.attempts) from absent
            await self._fail(work, drawing, ABSENT)

    async def sweep(self, work: Work) -> None:
        """A day later: forget a drawing that was not kept, with its files."""
        async with work.ending() as tx:
            drawing = await tx.first(studio.HOLD, drawing=work.payload.drawing)
            if drawing is None or drawing.state == "kept":
                return
            if drawing.under_way:
                await studio.give_back(tx, drawing)
            await tx.run(FORGET, drawing=drawing.id)
        await self._forget(drawing.preview, drawing.result)

    async def _begin(self, work: Work) -> Drawing | None:
        """The drawing, now `drawing` with nothing drawn yet; None when there is nothing to do any more."""
        async with work.store.transaction(durable=False) as tx:
            drawing = await tx.first(studio.FIND, drawing=work.payload.drawing)
            if drawing is None:
                return None
            begun = await studio.move(tx, drawing.id, "drawing")
            await tx.run(ADVANCE, drawing=drawing.id, done=0.0, shown="")
        if not begun:
            await self._tell(work, drawing, drawing.state, drawing.share)
            return None
        await self._forget(drawing.preview)
        await self._tell(work, drawing, "drawing", 0.0)
        return drawing

    async def _watch(self, work: Work, drawing: Drawing) -> Picture | None:
        """Have the model draw, saving and telling its progress; None once the drawing was given up."""
        sketch = Sketch()
        model = asyncio.ensure_future(self._check_and_draw(drawing, sketch))
        renewed = time.monotonic()
        try:
            async with asyncio.timeout(self._time_limit):
                while not (await asyncio.wait({model}, timeout=self._tick))[0]:
                    if not await self._advance(work, drawing, sketch):
                        await self._tell(work, drawing, "cancelled", sketch.share)
                        return None
                    if time.monotonic() - renewed > LEASE / clock.SECOND / 3:
                        await work.renew()
                        renewed = time.monotonic()
                await self._advance(work, drawing, sketch)
                return await model
        finally:
            model.cancel()
            await asyncio.gather(model, return_exceptions=True)

    async def _check_and_draw(self, drawing: Drawing, sketch: Sketch) -> Picture:
        if await prompts.is_refused(self._models.classifier, drawing.prompt):
            raise _NeverDrawn
        return await self._models.image.draw(
            drawing.prompt, width=drawing.width, height=drawing.height, seed=drawing.seed, progress=sketch.note
        )

    async def _advance(self, work: Work, drawing: Drawing, sketch: Sketch) -> bool:
        """Save and tell how far the model is, if it moved on; whether the drawing is still wanted."""
        if sketch.share <= sketch.told:
            async with work.store.reading() as tx:
                return bool(await tx.all(IS_DRAWING, drawing=drawing.id))
        share, before = sketch.share, sketch.shown
        if preview := sketch.take_preview():
            sketch.shown = await self._blobs.put(await asyncio.to_thread(marks.sketch, preview), marks.EXTENSION)
        async with work.store.transaction(durable=False) as tx:
            wanted = bool(await tx.run(ADVANCE, drawing=drawing.id, done=share, shown=sketch.shown))
            if wanted and before and before != sketch.shown:
                leftovers.set_forgetting(tx, [before], after=LINGER)
        if not wanted and before != sketch.shown:
            await self._forget(sketch.shown)
        if wanted:
            sketch.told = share
            await self._tell(work, drawing, "drawing", share)
        return wanted

    async def _finish(self, work: Work, drawing: Drawing, picture: Picture) -> None:
        """Mark, keep and show the picture; showing it and spending its charge are one transaction."""
        mark = marks.Mark(picture.model, picture.method, picture.description or drawing.prompt, picture.credits)
        stored = await keep_marked(self._seal, self._blobs, self._settings, picture, mark)
        async with work.ending() as tx:
            shown = await studio.move(tx, drawing.id, "drawn")
            before = await tx.value(PREVIEW, drawing=drawing.id)
            if shown:
                await tx.run(
                    FINISH,
                    drawing=drawing.id,
                    new_result=stored.blob,
                    new_preview=stored.preview,
                    new_stored=msgspec.structs.asdict(stored),
                    new_maker=picture.model,
                    new_method=picture.method,
                    new_description=picture.description,
                    new_undrawn=picture.undrawn,
                    new_credits=picture.credits,
                )
                if drawing.charge_id is not None:
                    await allowances.spend(tx, drawing.charge_id)
                if before:
                    leftovers.set_forgetting(tx, [before], after=LINGER)
        if not shown:
            await self._forget(stored.blob, stored.preview)
        await self._tell(work, drawing, "drawn" if shown else "cancelled", 1.0)

    async def _fail(self, work: Work, drawing: Drawing, why: str) -> None:
        """Give the drawing up and its charge back, telling the member why."""
        async with work.ending() as tx:
            if await studio.move(tx, drawing.id, "failed", why):
                await studio.give_back(tx, drawing)
        await self._tell(work, drawing, "failed", 0.0)

    async def _tell(self, work: Work, drawing: Drawing, state: State, share: float) -> None:
        await work.store.bus.publish(DrawingProgressed(drawing.id, drawing.account_id, state, share))

    async def _forget(self, *names: str) -> None:
        for name in names:
            if name:
                await self._blobs.delete(name)
