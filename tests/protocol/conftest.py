"""One world for each test, on SQLite and on PostgreSQL, with real keys."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gatelodge.crypto.key_set import PrivateKey, generate_private_key
from gatelodge.model.signing_key import Algorithm
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database
from tests.protocol.world import World
from tests.world.postgres import Cluster


@pytest.fixture(scope="session")
def private_key() -> PrivateKey:
    """Make the RSA key of all worlds once: it takes a while."""
    return generate_private_key(Algorithm.RS256)


def _migrate(url: str) -> None:
    """Make the schema on a loop of its own: fixtures that choose cannot wait for others."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, migrate(url)).result()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the schema once; each test copies the file."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_cluster: Cluster) -> str:
    """Make the schema once; each test copies the database."""
    name = postgresql_cluster.create()
    _migrate(postgresql_cluster.url(name))
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the test a database of its own that has the schema."""
    if request.param == "sqlite":
        path = tmp_path / "world.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    name = cluster.create(template=request.getfixturevalue("empty_postgresql"))
    yield cluster.url(name)
    cluster.drop(name)


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
