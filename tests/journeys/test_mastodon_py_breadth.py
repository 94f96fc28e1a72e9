"""The client that nobody here wrote, in its breadth: nearly all it can do, against a whole instance."""

import asyncio
import warnings

import msgspec
from tests.journeys import errands_feeds, errands_house, errands_live, errands_people, errands_posts
from tests.journeys.company import Company, gathered, used
from tests.outside import ALLOWED, outside

from parvis.core.config import Settings

LEAST = 240
AREAS = (errands_posts, errands_feeds, errands_people, errands_house, errands_live)


def run_errands(they: Company) -> None:
    """One after another, as one would in a day."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's own
        for area in AREAS:
            for errand in area.ERRANDS:
                errand(they)


async def test_mastodon_py_does_what_it_can_do(settings: Settings) -> None:
    used.clear()
    async with outside() as there, gathered(msgspec.structs.replace(settings, outbound_allow=ALLOWED), there) as they:
        await asyncio.to_thread(run_errands, they)
    assert len(used) >= LEAST, sorted(used)
