"""One world for each test, on SQLite and on PostgreSQL, with real keys."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import delete

from gatelodge.crypto.key_set import PrivateKey, generate_private_key
from gatelodge.model.signing_key import Algorithm
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database
from gatelodge.storage.tables import metadata
from tests.protocol.world import World
from tests.world.postgres import Cluster


@pytest.fixture(scope="session")
def private_key() -> PrivateKey:
    """Make the RSA key of all worlds once: it takes a while."""
    return generate_private_key(Algorithm.RS256)


def _apart(work: Coroutine[Any, Any, object]) -> None:
    """Run `work` on a loop of its own: a fixture that chooses another cannot wait for it."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


async def _empty(url: str) -> None:
    """Delete every row: much faster than another database, as long as there are few."""
    connection = await asyncpg.connect(url)
    try:
        children_first = (str(delete(table)) for table in reversed(metadata.sorted_tables))
        await connection.execute("; ".join(children_first))
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the schema once; each test copies the file."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    _apart(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_cluster: Cluster) -> str:
    """Make the schema once; each test empties the tables."""
    url = postgresql_cluster.url(postgresql_cluster.create())
    _apart(migrate(url))
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the test a database that has the schema and nothing else."""
    if request.param == "sqlite":
        path = tmp_path / "world.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("migrated_postgresql")
    _apart(_empty(url))
    return url


@pytest.fixture
async def world(database_url: str, private_key: PrivateKey) -> AsyncIterator[World]:
    """Give the test a planted directory of its own."""
    database = await open_database(database_url)
    world = World(database, private_key)
    await world.plant()
    try:
        yield world
    finally:
        await world.http.aclose()
        await database.close()
