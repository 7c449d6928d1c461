"""What an answer costs a database, counted in its own work: no clock is asked."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, cast

import asyncpg

from gatelodge.storage.database import Database
from gatelodge.storage.postgresql import PostgresqlConnection
from gatelodge.storage.sqlite import SqliteConnection
from gatelodge.storage.stores import Stores
from tests.world.makers import TENANT

Ask: TypeAlias = Callable[[Stores], Awaitable[object]]


class _Spied:
    """The driver of PostgreSQL, which keeps what it was told."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.told: list[tuple[str, tuple[Any, ...]]] = []

    async def fetch(self, text: str, *arguments: Any) -> Any:
        self.told.append((text, arguments))
        return await self._raw.fetch(text, *arguments)

    async def fetchrow(self, text: str, *arguments: Any) -> Any:
        self.told.append((text, arguments))
        return await self._raw.fetchrow(text, *arguments)


async def _steps(stores: Stores, ask: Ask) -> int:
    """Return how many steps SQLite's machine takes for an answer."""
    raw = cast("SqliteConnection", stores.connection).raw
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    raw.set_progress_handler(step, 1)
    await ask(stores)
    raw.set_progress_handler(None, 0)
    return taken


async def _blocks(stores: Stores, ask: Ask, url: str) -> int:
    """Return how many blocks PostgreSQL touches for an answer, by the plan for any values.

    The plan for the values at hand is better or the same; which one a connection takes is up to
    PostgreSQL.
    """
    connection = await asyncpg.connect(url, statement_cache_size=0)
    spied = cast("Any", _Spied(connection))
    spying = PostgresqlConnection(spied, {}, may_write=False)
    await ask(Stores(spying, stores.directory_id, stores.own_hosts))
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    touched = 0
    for number, (text, arguments) in enumerate(spied.told):
        await connection.execute(f"PREPARE asked_{number} AS {text}")
        given = ", ".join(str(each) if isinstance(each, int) else f"'{each}'" for each in arguments)
        told = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked_{number} ({given})"
        )
        [plan] = json.loads(told)
        touched += plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    await connection.close()
    return touched


async def work_of(database: Database, url: str, ask: Ask) -> int:
    """Return how many steps of its machine, or blocks, an answer costs when asked again."""
    stores = database.read(TENANT)
    await ask(stores)
    return await (_steps(stores, ask) if url.startswith("sqlite:") else _blocks(stores, ask, url))
