"""Migrations and tables say the same, on both engines."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.store.schema import migrate
from parvis.store.tables import metadata


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "include_name": _is_declared}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _is_declared(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith("post_words"))  # of `store.finding`: a virtual table


@BOTH
async def test_migrations_lead_to_the_tables_and_may_run_again(settings: Settings) -> None:
    await migrate(settings)
    if settings.database:
        url = settings.database.replace("postgresql://", "postgresql+asyncpg://", 1)
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)
        await engine.dispose()
    else:
        file = create_engine(f"sqlite:///{settings.data / 'parvis.db'}", poolclass=NullPool)
        with file.connect() as connection:
            found = differences(connection)
    assert found == []
