"""The private PostgreSQL cluster, and that nothing of it stays behind."""

from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.world.postgres import Cluster, running_cluster

pytestmark = pytest.mark.postgresql


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_test_gets_an_empty_database(postgresql_url: str) -> None:
    assert urlsplit(postgresql_url).scheme == "postgresql"
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert await run(postgresql_url, tables) == 0
    await run(postgresql_url, "CREATE TABLE leftover (id integer)")
    assert await run(postgresql_url, tables) == 1


async def test_the_next_test_does_not_see_what_the_last_one_made(postgresql_url: str) -> None:
    assert await run(postgresql_url, "SELECT to_regclass('leftover')") is None


async def test_a_database_is_copied_from_a_template(postgresql_cluster: Cluster) -> None:
    template = postgresql_cluster.create()
    await run(postgresql_cluster.url(template), "CREATE TABLE kept AS SELECT 7 AS number")
    copy = postgresql_cluster.create(template=template)
    assert await run(postgresql_cluster.url(copy), "SELECT number FROM kept") == 7
    postgresql_cluster.drop(copy)
    postgresql_cluster.drop(template)


async def test_a_stopped_cluster_leaves_no_directory_and_no_listener() -> None:
    with running_cluster() as cluster:
        url = cluster.url("postgres")
        directory = Path(str(await run(url, "SHOW data_directory"))).parent
        assert directory.is_dir()
    assert not directory.exists()
    with pytest.raises(ConnectionRefusedError):
        await asyncpg.connect(url)
