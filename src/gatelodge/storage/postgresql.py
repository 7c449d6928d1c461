"""PostgreSQL through asyncpg: a pool, prepared statements, read committed."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from gatelodge.errors import Invalid, Stale
from gatelodge.model.asker import ASKER, Asker
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.connection import Mark, no_mark
from gatelodge.storage.database import Database, Work
from gatelodge.storage.failure import Failure, meaning, silent
from gatelodge.storage.statement import Compiled, Query, Row, compile_query
from gatelodge.storage.stores import Stores

T = TypeVar("T")
_DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
_ATTEMPTS = 3
_IN_THE_WAY = (asyncpg.TransactionRollbackError, asyncpg.InvalidCachedStatementError)
"""Others were in the way, and the same work can succeed when it is done again."""

_SILENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # it lets nobody in
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ReadOnlySQLTransactionError,  # what was the primary is a standby now
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what the driver makes of a farewell nobody asked for
    OSError,
    TimeoutError,
)
"""The server is away, stopping, full, or no longer the one that writes."""

_COLUMNS = re.compile(r"\(([^)]*)\)=")


class PostgresqlConnection:
    """A pool, or one of its connections inside a transaction: both answer the same questions."""

    def __init__(
        self, raw: Any, compiled: MutableMapping[Query, Compiled], *, may_write: bool
    ) -> None:
        self._raw = raw
        self._compiled = compiled
        self._may_write = may_write
        self.failure: Exception | None = None
        self.is_configuration_changed = False
        self.is_message_queued = False
        self.mark: Mark = no_mark
        self.asker = Asker()

    def _compile(self, query: Query) -> Compiled:
        compiled = self._compiled.get(query)
        if compiled is None:
            compiled = compile_query(query, _DIALECT)
            if compiled.is_write and not self._may_write:
                raise RuntimeError("only a transaction may write")
            self._compiled[query] = compiled
        return compiled

    async def _ask(
        self, ask: Callable[..., Awaitable[T]], compiled: Compiled, arguments: list[Any]
    ) -> T:
        try:
            return await ask(compiled.text, *arguments)
        except (asyncpg.PostgresError, *_SILENT) as error:
            # The reader is shared by everyone: it has no transaction that could have failed.
            failure = meaning(error, _failure(error), compiled, _column(error))
            if self._may_write:
                self.failure = failure
            if failure is error:
                raise
            raise failure from error

    async def one(self, query: Query, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        compiled = self._compile(query)
        try:
            arguments = compiled.arguments(parameters)
        except Invalid:
            if compiled.is_write:
                raise
            return None
        row = await self._ask(self._raw.fetchrow, compiled, arguments)
        return None if row is None else compiled.read(tuple(row))

    async def all(self, query: Query, **parameters: Any) -> list[Any]:
        """Return every row."""
        compiled = self._compile(query)
        try:
            arguments = compiled.arguments(parameters)
        except Invalid:
            if compiled.is_write:
                raise
            return []
        rows = await self._ask(self._raw.fetch, compiled, arguments)
        return compiled.read_all(map(tuple, rows))

    async def run(self, query: Query, **parameters: Any) -> int:
        """Return how many rows were changed."""
        compiled = self._compile(query)
        status = await self._ask(self._raw.execute, compiled, compiled.arguments(parameters))
        return int(status.rsplit(" ", 1)[-1])


def _failure(error: Exception) -> Failure | None:
    match error:
        case asyncpg.UniqueViolationError():
            return Failure.TAKEN
        case asyncpg.ForeignKeyViolationError():
            return Failure.BROKEN_REFERENCE
        case asyncpg.DataError():
            return Failure.TOO_LARGE
    return Failure.SILENT if isinstance(error, _SILENT) else None


def _column(error: Exception) -> str | None:
    """Return the last column of the violated constraint: `… (directory_id, key)=(…) …`."""
    found = _COLUMNS.search(getattr(error, "detail", None) or "")
    return None if found is None else found[1].rsplit(", ", 1)[-1].strip('"')


class PostgresqlDatabase(Database):
    """A server that several nodes may share."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        super().__init__()
        self._pool = pool
        self._compiled: MutableMapping[Query, Compiled] = WeakKeyDictionary()
        self._reader = PostgresqlConnection(pool, {}, may_write=False)

    @property
    def is_shared(self) -> bool:
        """Return True: another node may have written."""
        return True

    def read(self, directory_id: DirectoryId) -> Stores:
        """Return the stores of one directory for reading."""
        return Stores(self._reader, directory_id, self.own_hosts)

    async def write(self, directory_id: DirectoryId, work: Work[T]) -> T:
        """Run `work` in a transaction and return its value once it is committed."""
        for _ in range(_ATTEMPTS):
            try:
                return await self._write_once(directory_id, work)
            except _IN_THE_WAY:
                continue
            except _SILENT as error:
                raise silent(error) from error
        raise Stale("others kept changing the same rows")

    async def _write_once(self, directory_id: DirectoryId, work: Work[T]) -> T:
        async with self._pool.acquire() as raw:
            connection = PostgresqlConnection(raw, self._compiled, may_write=True)
            connection.mark, connection.asker = self.mark, ASKER.get()
            async with raw.transaction(isolation="read_committed"):
                value = await work(Stores(connection, directory_id, self.own_hosts))
                # COMMIT would answer a failed transaction with a silent rollback.
                if connection.failure is not None:
                    raise connection.failure
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
