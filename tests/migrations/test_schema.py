"""The steps of the migrations lead to exactly the tables the program uses."""

from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gatelodge.storage.migrate import migrate, newest_revision
from gatelodge.storage.schema import is_current, needed_revision
from gatelodge.storage.tables import metadata


def differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


async def found_differences(url: str) -> list[Any]:
    if url.startswith("sqlite:"):
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            return differences(connection)
    remote = create_async_engine(url.replace("://", "+asyncpg://", 1), poolclass=NullPool)
    async with remote.connect() as shared:
        return await shared.run_sync(differences)


async def test_an_upgraded_empty_database_has_the_tables_of_the_program(empty_url: str) -> None:
    assert await migrate(empty_url) is None
    assert await found_differences(empty_url) == []


async def test_running_twice_changes_nothing(empty_url: str) -> None:
    await migrate(empty_url)
    assert await migrate(empty_url) == newest_revision()
    assert await found_differences(empty_url) == []


async def test_a_database_is_current_once_it_was_upgraded(empty_url: str) -> None:
    assert not await is_current(empty_url)
    await migrate(empty_url)
    assert await is_current(empty_url)


def test_the_newest_revision_is_told_with_and_without_alembic() -> None:
    assert newest_revision() == needed_revision()


@pytest.mark.postgresql
async def test_text_compares_by_code_points_on_postgresql(postgresql_url: str) -> None:
    await migrate(postgresql_url)
    connection = await asyncpg.connect(postgresql_url)
    found = await connection.fetch(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'text'"
    )
    await connection.close()
    assert found
    assert {tuple(each) for each in found if each["collation_name"] != "C"} == set()
