"""PostgreSQL through asyncpg: a pool, prepared statements, read committed."""

from typing import Any, TypeVar

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from gatelodge.errors import AlreadyExists
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.database import Database, Work
from gatelodge.storage.statement import Compiled, Query, Row, compile_query
from gatelodge.storage.stores import Stores

T = TypeVar("T")
_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]


class PostgresqlConnection:
    """A pool, or one of its connections inside a transaction: both answer the same questions."""

    def __init__(self, raw: Any, compiled: dict[Query, Compiled]) -> None:
        self._raw = raw
        self._compiled = compiled
        self.is_configuration_changed = False
        self.is_message_queued = False

    def _compile(self, query: Query) -> Compiled:
        compiled = self._compiled.get(query)
        if compiled is None:
            compiled = compile_query(query, _DIALECT)
            self._compiled[query] = compiled
        return compiled

    async def one(self, query: Query, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        compiled = self._compile(query)
        try:
            row = await self._raw.fetchrow(compiled.text, *compiled.arguments(parameters))
        except asyncpg.UniqueViolationError as error:
            raise AlreadyExists("the name is taken", target=error.constraint_name) from error
        return None if row is None else compiled.read(tuple(row))

    async def all(self, query: Query, **parameters: Any) -> list[Row]:
        """Return every row."""
        compiled = self._compile(query)
        rows = await self._raw.fetch(compiled.text, *compiled.arguments(parameters))
        return [compiled.read(tuple(row)) for row in rows]

    async def run(self, query: Query, **parameters: Any) -> int:
        """Return how many rows were changed."""
        compiled = self._compile(query)
        try:
            status = await self._raw.execute(compiled.text, *compiled.arguments(parameters))
        except asyncpg.UniqueViolationError as error:
            raise AlreadyExists("the name is taken", target=error.constraint_name) from error
        return int(status.rsplit(" ", 1)[-1])


class PostgresqlDatabase(Database):
    """A server that several nodes may share."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        super().__init__()
        self._pool = pool
        self._compiled: dict[Query, Compiled] = {}
        self._reader = PostgresqlConnection(pool, self._compiled)

    @property
    def is_shared(self) -> bool:
        """Return True: another node may have written."""
        return True

    def read(self, directory_id: DirectoryId) -> Stores:
        """Return the stores of one directory for reading."""
        return Stores(self._reader, directory_id)

    async def write(self, directory_id: DirectoryId, work: Work[T]) -> T:
        """Run `work` in a transaction and return its value once it is committed."""
        async with self._pool.acquire() as raw:
            connection = PostgresqlConnection(raw, self._compiled)
            async with raw.transaction():
                value = await work(Stores(connection, directory_id))
        if connection.is_configuration_changed:
            self.configuration_version += 1
        if connection.is_message_queued:
            self.message_queued.set()
        return value

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


async def open_postgresql(url: str, *, connections: int = 10) -> PostgresqlDatabase:
    """Connect to `postgresql://…` with at most `connections` connections."""
    pool = await asyncpg.create_pool(
        url, min_size=1, max_size=connections, statement_cache_size=512, command_timeout=30
    )
    return PostgresqlDatabase(pool)
