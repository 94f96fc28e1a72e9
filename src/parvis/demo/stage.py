"""The stage of the demo world: the store under a clock of the past, the listeners that tell members, and the gallery.

Settings flow in; the demo world stands in the store and the blobs that they name, with every notification that its acts
call for. The assistant does not listen here: what it says in the script is said already.
"""

import asyncio
import contextlib
from collections.abc import Callable

from parvis import worker
from parvis.ai import catalogue
from parvis.core import clock
from parvis.core.config import Settings
from parvis.demo.gallery import Gallery, hang
from parvis.demo.script import read_script
from parvis.demo.world import DemoClock, is_raised, raise_world, require_room
from parvis.notifications.listeners import LISTENERS
from parvis.store.blobs import open_blobs
from parvis.store.jobs import Runner
from parvis.store.opening import open_store

DRAWING = 0.75  # the share of the whole that drawing takes


async def raise_demo(settings: Settings, *, pictures: bool = True, progress: Callable[[float], None]) -> bool:
    """Raise the demo world where the settings point, on a migrated store; say whether there was anything to do.

    Faces and pictures are drawn first (a minute of a core; none without `pictures`). `progress` is told the share done.

    Raises:
        Conflict: a real member has the handle of one of the cast; nothing was done.
        Unavailable: the illustrator cannot draw.
    """
    past = DemoClock(clock.now())
    async with open_store(settings, worker.routes(LISTENERS), past) as store:
        if await is_raised(store):
            return False
        await require_room(store)
        gallery, drawn = Gallery(), 0.0
        if pictures:
            drawn = DRAWING
            art = catalogue.folder(settings.models_folder)
            gallery = await hang(
                open_blobs(settings), settings, read_script(), art, lambda done, total: progress(drawn * done / total)
            )
        past.moment = clock.now()
        runner = Runner(store, [kind for _, kind, _ in LISTENERS])
        work = asyncio.create_task(runner.run())
        try:
            await raise_world(
                store,
                settings,
                at=past,
                gallery=gallery,
                settle=runner.settle,
                progress=lambda done, total: progress(drawn + (1 - drawn) * done / total),
            )
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
    return True
