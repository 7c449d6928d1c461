"""An audit log on a real database, and the hands of somebody who owns that database."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import Any

import asyncpg

from gatelodge.crypto.seal import Sealer
from gatelodge.operations.audit import AuditLog
from gatelodge.operations.audit_seals import first_checkpoint, mark_under
from gatelodge.operations.audit_verification import Place, Verdict, Verification
from gatelodge.randomness import SystemRandomness
from gatelodge.storage.database import Database
from gatelodge.storage.opening import sqlite_path
from gatelodge.storage.stores import Stores
from tests.world.clock import BEGINNING, MovableClock
from tests.world.makers import TENANT

SEALER = Sealer(bytes(range(32)), SystemRandomness())
KEPT = timedelta(days=90)
TABLES = ("audit_event", "audit_checkpoint")


def a_log(database: Database, clock: MovableClock | None = None) -> AuditLog:
    """Return what links and sweeps, as one node has it."""
    return AuditLog(database, SEALER, clock or MovableClock(), KEPT)


async def begin(database: Database) -> AuditLog:
    """Set the log up as an installation does, under the master key of these tests."""
    database.mark = mark_under(SEALER)

    async def work(stores: Stores) -> None:
        await stores.audit_chain.add(first_checkpoint(SEALER, BEGINNING))

    await database.write(TENANT, work)
    return a_log(database)


async def verify(database: Database, noted: Place | None = None) -> Verdict:
    """Walk the log."""
    return await Verification(database.read(TENANT).audit_chain, SEALER, noted)()


def literal(value: object) -> str:
    """Return a value as SQL spells it on both databases."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


class Owner:
    """Runs SQL of any kind, past the program."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    async def run(self, *statements: str) -> None:
        """Change rows."""
        for each in statements:
            if isinstance(self._raw, sqlite3.Connection):
                self._raw.execute(each)
            else:
                await self._raw.execute(each)

    async def rows(self, table: str) -> list[dict[str, Any]]:
        """Return every row of a table."""
        query = f"SELECT * FROM {table}"  # noqa: S608 - the name is one of ours
        if isinstance(self._raw, sqlite3.Connection):
            found = self._raw.execute(query)
            names = [each[0] for each in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found]
        else:
            rows = [dict(row) for row in await self._raw.fetch(query)]
        for row in rows:
            if "is_success" in row:
                row["is_success"] = bool(row["is_success"])
        return rows

    async def put_back(self, snapshot: dict[str, list[dict[str, Any]]]) -> None:
        """Make the tables what they were."""
        for table, rows in snapshot.items():
            await self.run(f"DELETE FROM {table}", *(inserting(table, row) for row in rows))  # noqa: S608


def inserting(table: str, row: dict[str, Any]) -> str:
    """Return the statement that adds a row."""
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(literal(each) for each in row.values())
    return f"INSERT INTO {table} ({names}) VALUES ({values})"  # noqa: S608


@asynccontextmanager
async def owner_of(url: str) -> AsyncIterator[Owner]:
    """Connect past the program."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(sqlite_path(url), isolation_level=None)) as raw:
            yield Owner(raw)
    else:
        connection = await asyncpg.connect(url)
        try:
            yield Owner(connection)
        finally:
            await connection.close()
