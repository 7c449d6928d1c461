"""SQLite: reads inline on the event loop, writes in groups that share one durable commit.

Statements are short and local, so running them on the loop costs less than handing them to a
thread; only the commit, which waits for the disk, leaves it. While one group is committing the
next one gathers.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.dialects import sqlite

from gatelodge.errors import Invalid, Unavailable
from gatelodge.model.asker import ASKER, Asker
from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.connection import Mark, no_mark
from gatelodge.storage.database import Database, Work
from gatelodge.storage.failure import Failure, meaning
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
    """One connection of the standard driver, for one piece of work. Its methods never wait."""

    def __init__(
        self, raw: sqlite3.Connection, compiled: MutableMapping[Query, Compiled], *, may_write: bool
    ) -> None:
        self.raw = raw
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

    def _execute(self, compiled: Compiled, arguments: list[Any]) -> sqlite3.Cursor:
        try:
            return self.raw.execute(compiled.text, arguments)
        except (sqlite3.Error, OverflowError) as error:
            column = str(error).rsplit(".", 1)[-1]
            self.failure = meaning(error, _failure(error), compiled, column)
            raise self.failure from error

    def _rows(self, query: Query, parameters: dict[str, Any]) -> tuple[Compiled, list[Row]]:
        compiled = self._compile(query)
        try:
            arguments = compiled.arguments(parameters)
        except Invalid:
            if compiled.is_write:
                raise
            return compiled, []
        return compiled, self._execute(compiled, arguments).fetchall()

    async def one(self, query: Query, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        compiled, rows = self._rows(query, parameters)
        return compiled.read(rows[0]) if rows else None

    async def all(self, query: Query, **parameters: Any) -> list[Any]:
        """Return every row."""
        compiled, rows = self._rows(query, parameters)
        return compiled.read_all(rows)

    async def run(self, query: Query, **parameters: Any) -> int:
        """Return how many rows were changed."""
        compiled = self._compile(query)
        return self._execute(compiled, compiled.arguments(parameters)).rowcount


def _failure(error: sqlite3.Error | OverflowError) -> Failure | None:
    if isinstance(error, OverflowError):
        return Failure.TOO_LARGE
    match getattr(error, "sqlite_errorname", ""):
        case "SQLITE_CONSTRAINT_UNIQUE" | "SQLITE_CONSTRAINT_PRIMARYKEY":
            return Failure.TAKEN
        case "SQLITE_CONSTRAINT_FOREIGNKEY":
            return Failure.BROKEN_REFERENCE
        case "SQLITE_ERROR" | "":
            return None
    return Failure.SILENT if isinstance(error, sqlite3.OperationalError) else None


@dataclass(frozen=True, slots=True)
class _Job:
    directory_id: DirectoryId
    work: Work[Any]
    outcome: "asyncio.Future[Any]"
    asker: Asker


@dataclass(frozen=True, slots=True)
class _Done:
    job: _Job
    connection: SqliteConnection | None = None
    value: Any = None
    error: BaseException | None = None

    def tell(self, failure: BaseException | None) -> None:
        """Answer whoever waits, unless they have gone."""
        if self.job.outcome.done():
            return
        if self.error is not None:
            self.job.outcome.set_exception(self.error)
        elif failure is not None:
            unavailable = Unavailable(f"the database keeps nothing: {failure}")
            unavailable.__cause__ = failure
            self.job.outcome.set_exception(unavailable)
        else:
            self.job.outcome.set_result(self.value)


class SqliteDatabase(Database):
    """A file, one writer, many readers; exactly one process may hold it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._compiled: MutableMapping[Query, Compiled] = WeakKeyDictionary()
        self._reader = SqliteConnection(_connect(path), {}, may_write=False)
        self._writer = _connect(path)
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._jobs: deque[_Job] = deque()
        self._is_busy = False

    @property
    def is_shared(self) -> bool:
        """Return False: no other process writes to the file."""
        return False

    def read(self, directory_id: DirectoryId) -> Stores:
        """Return the stores of one directory for reading."""
        return Stores(self._reader, directory_id, self.own_hosts)

    async def write(self, directory_id: DirectoryId, work: Work[T]) -> T:
        """Run `work` in a transaction and return its value once it is on the disk."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        self._jobs.append(_Job(directory_id, work, outcome, ASKER.get()))
        if not self._is_busy:
            self._is_busy = True
            loop.call_soon(self._run_group, loop)
        try:
            return await outcome
        finally:
            # Whoever has gone before their turn came wants nothing written any more.
            outcome.cancel()

    def _run_group(self, loop: asyncio.AbstractEventLoop) -> None:
        done: list[_Done] = []
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            while self._jobs and len(done) < _GROUP and self._writer.in_transaction:
                # A job leaves the queue only when it is in `done`: nobody waits for ever.
                if not (job := self._jobs[0]).outcome.done():
                    done.append(self._run_one(job))
                self._jobs.popleft()
        except sqlite3.Error as error:
            done += [_Done(job) for job in self._jobs]
            self._jobs.clear()
            self._finish(loop, done, error)
            return
        # When SQLite gave the transaction up by itself, COMMIT says so and nobody's work is kept.
        commit = loop.run_in_executor(self._committer, self._writer.execute, "COMMIT")
        commit.add_done_callback(lambda it: self._finish(loop, done, it.exception()))

    def _run_one(self, job: _Job) -> _Done:
        connection = SqliteConnection(self._writer, self._compiled, may_write=True)
        connection.mark, connection.asker = self.mark, job.asker
        self._writer.execute("SAVEPOINT one")
        try:
            value = _drive(job.work(Stores(connection, job.directory_id, self.own_hosts)))
            if connection.failure is not None:
                raise connection.failure
        except BaseException as error:  # noqa: BLE001 - handed to the one who asked
            # After some errors, a full disk among them, there is no transaction to go back in.
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK TO one")
                self._writer.execute("RELEASE one")
            return _Done(job, error=error)
        self._writer.execute("RELEASE one")
        return _Done(job, connection, value)

    def _finish(
        self, loop: asyncio.AbstractEventLoop, done: list[_Done], failure: BaseException | None
    ) -> None:
        if failure is None:
            self._announce([each.connection for each in done if each.connection is not None])
        else:
            # There may be no transaction to roll back. If it stays, the next BEGIN says so.
            with suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")
        for each in done:
            each.tell(failure)
        if self._jobs:
            loop.call_soon(self._run_group, loop)
        else:
            self._is_busy = False

    def _announce(self, kept: list[SqliteConnection]) -> None:
        if any(each.is_configuration_changed for each in kept):
            self.configuration_version += 1
        if any(each.is_message_queued for each in kept):
            self.message_queued.set()

    async def close(self) -> None:
        """Wait for the last commit and close the file."""
        while self._is_busy:
            await asyncio.sleep(0.005)
        self._committer.shutdown()
        self._reader.raw.close()
        self._writer.close()


def _drive(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that only asks this database, and therefore never waits."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    work.close()
    raise RuntimeError("a transaction waited for something other than the database")
