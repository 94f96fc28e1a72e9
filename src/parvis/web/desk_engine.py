"""The engine room: jobs that wait or failed for good, and how models, store, streams and versions are."""

from typing import Final

from starlette.responses import Response

from parvis.ai.protocols import describe
from parvis.core.words import N_
from parvis.moderation import backlog
from parvis.moderation.roles import May
from parvis.store.transaction import Tx
from parvis.web.about import STATES, TASKS, versions
from parvis.web.desk import RATE, desk_page, unsure
from parvis.web.visit import Visit


async def read_jobs(visit: Visit, tx: Tx) -> Response:
    """What waits, by kind, and what failed for good."""
    viewer = visit.member()
    piles = await backlog.piles(tx, viewer)
    dead = await backlog.dead_letters(tx, viewer)
    return desk_page(visit, "desk/jobs.html", piles=piles, dead=dead, done=visit.query("done", 10))


async def retry(visit: Visit) -> Response:
    """Have a job run again."""
    await visit.hold("desk", RATE)
    async with visit.acting() as (tx, viewer):
        await backlog.retry(tx, viewer, visit.number("job"))
    return visit.go("/desk/jobs?done=retry")


async def drop(visit: Visit) -> Response:
    """Forget a job."""
    await visit.hold("desk", RATE)
    warning = N_("What it should have done is never done.")
    if asked := unsure(visit, N_("Drop the job"), warning, N_("Yes, drop")):
        return asked
    async with visit.acting() as (tx, viewer):
        await backlog.drop(tx, viewer, visit.number("job"))
    return visit.go("/desk/jobs?done=drop")


async def read_status(visit: Visit, tx: Tx) -> Response:
    """Models, store, streams and versions."""
    settings = visit.door.settings
    piles = await backlog.piles(tx, visit.member())
    facts = [
        (visit.words("Database"), "SQLite" if tx.engine == "sqlite" else "PostgreSQL"),
        (visit.words("Pictures"), "S3" if settings.s3_bucket else visit.words("In the data folder")),
        (visit.words("Pages that listen live"), str(visit.door.live.seats)),
        (visit.words("Jobs that wait"), str(sum(pile.waiting for pile in piles))),
        (visit.words("Given up"), str(sum(pile.dead for pile in piles))),
        (visit.words("Process"), str(settings.node)),
        (visit.words("Address"), settings.url),
        *versions(),
    ]
    models = list(zip(TASKS, describe(visit.door.models), strict=True))
    return desk_page(visit, "desk/status.html", models=models, states=STATES, facts=facts)


READERS: Final = (("/desk/jobs", May.DEVOPS, read_jobs), ("/desk/status", May.DEVOPS, read_status))
ACTORS: Final = (
    ("/desk/jobs/{job}/retry", May.DEVOPS, retry),
    ("/desk/jobs/{job}/drop", May.DEVOPS, drop),
)
