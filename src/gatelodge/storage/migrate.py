"""Bring a database to the schema this version needs."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gatelodge.storage.opening import sqlite_path


def _configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("gatelodge.storage") / "migrations"))
    return config


def newest_revision() -> str:
    """Return the revision a database must have."""
    return str(ScriptDirectory.from_config(_configuration()).get_current_head())


def _upgrade(connection: Connection) -> str | None:
    before = MigrationContext.configure(connection).get_current_revision()
    config = _configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before


async def migrate(url: str) -> str | None:
    """Apply every step the database lacks; return the revision it had, None for an empty one.

    Nothing happens to a database that has them all.
    """
    if url.startswith("sqlite:"):
        path = sqlite_path(url)
        path.touch(mode=0o600, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with engine.begin() as connection:
            return _upgrade(connection)
    remote = create_async_engine(
        "postgresql+asyncpg://" + url.split("://", 1)[1], poolclass=NullPool
    )
    async with remote.begin() as shared:
        return await shared.run_sync(_upgrade)
