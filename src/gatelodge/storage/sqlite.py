"""SQLite: reads inline on the event loop, writes in groups that share one durable commit.

Statements are short and local, so running them on the loop costs less than handing them to a
thread; only the commit, which waits for the disk, leaves it. While one group is committing the
next one gathers.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.dialects import sqlite

from gatelodge.errors import AlreadyExists
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.database import Database, Work
from gatelodge.storage.statement import Compiled, Query, Row, compile_query
from gatelodge.storage.stores import Stores

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "cache_size=-65536",
    "temp_store=MEMORY",
)
_GROUP = 64
_DIALECT = sqlite.dialect(paramstyle="qmark")

T = TypeVar("T")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class SqliteConnection:
    """One connection of the standard driver. Its methods never wait."""

    def __init__(self, raw: sqlite3.Connection, compiled: dict[Query, Compiled]) -> None:
        self.raw = raw
        self._compiled = compiled
        self.is_configuration_changed = False
        self.is_message_queued = False

    def _execute(self, query: Query, parameters: dict[str, Any]) -> tuple[Compiled, Any]:
        compiled = self._compiled.get(query)
        if compiled is None:
            compiled = compile_query(query, _DIALECT)
            self._compiled[query] = compiled
        try:
            return compiled, self.raw.execute(compiled.text, compiled.arguments(parameters))
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname in {
                "SQLITE_CONSTRAINT_UNIQUE",
                "SQLITE_CONSTRAINT_PRIMARYKEY",
            }:
                raise AlreadyExists("the name is taken", target=_column(error)) from error
            raise

    async def one(self, query: Query, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        compiled, cursor = self._execute(query, parameters)
        rows = cursor.fetchall()
        return compiled.read(rows[0]) if rows else None

    async def all(self, query: Query, **parameters: Any) -> list[Row]:
        """Return every row."""
        compiled, cursor = self._execute(query, parameters)
        return [compiled.read(row) for row in cursor.fetchall()]

    async def run(self, query: Query, **parameters: Any) -> int:
        """Return how many rows were changed."""
        _, cursor = self._execute(query, parameters)
        return int(cursor.rowcount)


def _column(error: sqlite3.IntegrityError) -> str:
    return str(error).rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class _Job:
    directory_id: DirectoryId
    work: Work[Any]
    outcome: "asyncio.Future[Any]"


@dataclass(frozen=True, slots=True)
class _Done:
    job: _Job
    value: Any = None
    error: BaseException | None = None

    def tell(self, failure: BaseException | None = None) -> None:
        """Answer whoever waits, unless they have gone."""
        if self.job.outcome.done():
            return
        if (error := self.error or failure) is not None:
            self.job.outcome.set_exception(error)
        else:
            self.job.outcome.set_result(self.value)


class SqliteDatabase(Database):
    """A file, one writer, many readers; exactly one process may hold it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._compiled: dict[Query, Compiled] = {}
        self._reader = SqliteConnection(_connect(path), self._compiled)
        self._writer = SqliteConnection(_connect(path), self._compiled)
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._jobs: deque[_Job] = deque()
        self._is_busy = False

    @property
    def is_shared(self) -> bool:
        """Return False: no other process writes to the file."""
        return False

    def read(self, directory_id: DirectoryId) -> Stores:
        """Return the stores of one directory for reading."""
        return Stores(self._reader, directory_id)

    async def write(self, directory_id: DirectoryId, work: Work[T]) -> T:
        """Run `work` in a transaction and return its value once it is on the disk."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        self._jobs.append(_Job(directory_id, work, outcome))
        if not self._is_busy:
            self._is_busy = True
            loop.call_soon(self._run_group, loop)
        return await outcome

    def _run_group(self, loop: asyncio.AbstractEventLoop) -> None:
        raw = self._writer.raw
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._finish(loop, [_Done(self._jobs.popleft()) for _ in range(len(self._jobs))], error)
            return
        done = [self._run_one(self._jobs.popleft()) for _ in range(min(_GROUP, len(self._jobs)))]
        commit = loop.run_in_executor(self._committer, raw.execute, "COMMIT")
        commit.add_done_callback(lambda it: self._finish(loop, done, it.exception()))

    def _run_one(self, job: _Job) -> _Done:
        raw = self._writer.raw
        raw.execute("SAVEPOINT one")
        try:
            value = _drive(job.work(Stores(self._writer, job.directory_id)))
        except Exception as error:  # noqa: BLE001 - handed to the one who asked
            raw.execute("ROLLBACK TO one")
            raw.execute("RELEASE one")
            return _Done(job, error=error)
        raw.execute("RELEASE one")
        return _Done(job, value=value)

    def _finish(
        self, loop: asyncio.AbstractEventLoop, done: list[_Done], failure: BaseException | None
    ) -> None:
        if failure is not None and self._writer.raw.in_transaction:
            self._writer.raw.execute("ROLLBACK")
        if self._writer.is_configuration_changed:
            self._writer.is_configuration_changed = False
            self.configuration_version += 1
        if self._writer.is_message_queued:
            self._writer.is_message_queued = False
            self.message_queued.set()
        for each in done:
            each.tell(failure)
        if self._jobs:
            loop.call_soon(self._run_group, loop)
        else:
            self._is_busy = False

    async def close(self) -> None:
        """Wait for the last commit and close the file."""
        while self._is_busy:
            await asyncio.sleep(0.005)
        self._committer.shutdown()
        self._reader.raw.close()
        self._writer.raw.close()


def _drive(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that only asks this database, and therefore never waits."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    work.close()
    raise RuntimeError("a transaction waited for something other than the database")
