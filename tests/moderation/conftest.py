"""The instance of the API's tests, with a moderator and an administrator."""

import pytest
from tests.api.conftest import EVERYTHING, Caller, World, store, world

__all__ = ["store", "world"]

DESK = f"{EVERYTHING} admin:read admin:write"


@pytest.fixture
async def ada(world: World) -> Caller:
    return await world.member("ada")


@pytest.fixture
async def ben(world: World) -> Caller:
    return await world.member("ben")


@pytest.fixture
async def mod(world: World) -> Caller:
    return await world.member("mona", DESK, role="moderator")


@pytest.fixture
async def boss(world: World) -> Caller:
    return await world.member("bossy", DESK, role="admin")
