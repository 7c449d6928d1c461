"""When PostgreSQL goes away the error is clean, and the next request works."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from gatelodge.errors import Unavailable
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from gatelodge.storage.stores import Stores
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, an_account
from tests.world.postgres import Cluster
from tests.world.traces import ACCOUNT, an_audit_event, an_interaction

pytestmark = pytest.mark.postgresql

KILL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

KILL_ELSEWHERE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> current_database()"
)


@pytest.fixture
def database_url(postgresql_cluster: Cluster, migrated_template: str) -> Iterator[str]:
    name = postgresql_cluster.create(template=migrated_template)
    yield postgresql_cluster.url(name)
    postgresql_cluster.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    await keep(opened, a_directory(), an_account())
    yield opened
    await opened.close()


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for each in statements:
            await connection.fetch(each)
    finally:
        await connection.close()


async def test_a_connection_lost_inside_a_transaction_keeps_nothing(
    database: Database, database_url: str
) -> None:
    async def work(stores: Stores) -> None:
        await stores.audit_events.add(an_audit_event("first"))
        await run(database_url, KILL_OTHERS)
        await stores.audit_events.add(an_audit_event("second"))

    with pytest.raises(Unavailable):
        await database.write(TENANT, work)
    assert await database.read(TENANT).audit_events.latest() == []
    await keep(database, an_audit_event("third"))
    assert await database.read(TENANT).audit_events.get("third") is not None


async def test_connections_lost_while_idle_cost_at_most_one_clean_error(
    database: Database, database_url: str
) -> None:
    await asyncio.gather(*(database.read(TENANT).accounts.get(ACCOUNT) for _ in range(10)))
    await run(database_url, KILL_OTHERS)

    async def ask() -> object:
        try:
            return await database.read(TENANT).accounts.get(ACCOUNT)
        except Unavailable:
            return await database.read(TENANT).accounts.get(ACCOUNT)

    assert await asyncio.gather(*(ask() for _ in range(10))) == [an_account()] * 10


async def test_a_database_that_refuses_connections_is_unavailable_and_comes_back(
    database: Database, database_url: str, postgresql_cluster: Cluster
) -> None:
    name = database_url.rpartition("/")[2]
    admin = postgresql_cluster.url("postgres")
    await run(admin, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false', KILL_ELSEWHERE)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await database.read(TENANT).accounts.get(ACCOUNT)
        with pytest.raises(Unavailable):
            await keep(database, an_audit_event())
    await run(admin, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    await keep(database, an_audit_event())
    assert await database.read(TENANT).accounts.get(ACCOUNT) == an_account()


async def test_a_server_that_became_a_standby_is_unavailable(
    database: Database, database_url: str
) -> None:
    name = database_url.rpartition("/")[2]
    read_only = f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
    await run(database_url, read_only, KILL_OTHERS)
    outcomes = [
        await asyncio.gather(keep(database, an_audit_event()), return_exceptions=True)
        for _ in range(2)
    ]
    assert [type(each) for (each,) in outcomes] == [Unavailable] * 2


async def test_two_who_wait_for_each_other_both_succeed(
    database: Database, database_url: str
) -> None:
    await keep(database, an_interaction("one"), an_interaction("two"))
    both, first_is_done = asyncio.Barrier(2), asyncio.Event()
    runs: list[str] = []

    async def crossing(first: str, second: str) -> None:
        async def work(stores: Stores) -> None:
            runs.append(first)
            if len(runs) > 2:  # read only what the other left, or the revision would be an old one
                await first_is_done.wait()
            held = await stores.interactions.require(first)
            await stores.interactions.save(held)
            if len(runs) <= 2:
                await both.wait()
            await stores.interactions.save(await stores.interactions.require(second))

        await database.write(TENANT, work)
        first_is_done.set()

    await asyncio.gather(crossing("one", "two"), crossing("two", "one"))
    assert len(runs) == 3  # one was the victim, and was done again
    stores = database.read(TENANT)
    assert (await stores.interactions.require("one")).revision == 2
    assert (await stores.interactions.require("two")).revision == 2
