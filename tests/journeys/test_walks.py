"""Every page and every verb, in Chromium: on a phone and at a desk, in English and French, by hand and by keys.

Each walk goes in two manners that have all of these between them; in all four with `WALKS=all` in the environment.
"""

import importlib
import os
import pathlib
from collections.abc import Awaitable, Callable

import pytest
from tests.journeys.hand import LOCALES, MANNERS, PAIRS, Hand
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from tests.journeys.walks import ADDRESSES, Walk

Visit = Callable[..., Awaitable[Visitor]]
WORKER = "GET /sw.js"
MODULES = [
    importlib.import_module(f"tests.journeys.{path.stem}")
    for path in sorted(pathlib.Path(__file__).parent.glob("walk_*.py"))
]
ALL = os.environ.get("WALKS") == "all"
WALKS = {name: walk for module in MODULES for name, walk in vars(module).items() if isinstance(walk, Walk)}


GONE = [
    pytest.param(walk, manner, place, id=f"{name}-{manner}")
    for place, (name, walk) in enumerate(WALKS.items())
    for manner in (MANNERS if ALL else PAIRS[place % len(PAIRS)])
]


def test_nothing_of_the_pages_is_left_out() -> None:
    assert not set(ADDRESSES).difference(*(walk.through for walk in WALKS.values()))


@pytest.mark.browser
@pytest.mark.parametrize(("walk", "manner", "place"), GONE)
async def test_members_walk(square: House, visit: Visit, walk: Walk, manner: str, place: int) -> None:
    language, window = LOCALES[MANNERS[manner].language], MANNERS[manner].window
    # a worker keeps every file of the house in every new window: only the walk that is about it pays for that
    workers = "allow" if WORKER in walk.through else "block"

    async def come() -> Visitor:
        return await visit(square, locale=language, reduced_motion="reduce", service_workers=workers, **window)

    hand = Hand(await come(), manner, come, place)
    await walk.go(hand)
    assert not walk.missed(hand.walked)
