"""Brings a database to the present schema: Alembic's migrations, run by the same code on both engines."""

import pathlib

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine

from parvis.core.config import Settings

MIGRATIONS = pathlib.Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


async def migrate(settings: Settings) -> None:
    """Apply every migration that the database lacks, in one transaction."""
    if settings.database:
        from sqlalchemy.ext.asyncio import create_async_engine  # with SQLAlchemy's ORM, which SQLite has no need of

        engine = create_async_engine(
            settings.database.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool
        )
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
        await engine.dispose()
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    file = create_engine(f"sqlite:///{settings.data / 'parvis.db'}", poolclass=NullPool)
    with file.begin() as connection:
        _upgrade(connection)
    file.dispose()
