"""What the machine can do at most, measured in the same run on the server's cores."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from bench.arithmetic import Bound, bound_of
from bench.target import only_on
from gatelodge.crypto.passwords import HashParameters

Measure = Callable[[float], Bound]
_CLAIMS = b"c" * 600
_ROW = ("r" * 43, 1_700_000_000, "x" * 200)


class Limits:
    """The limits by name; each takes how many seconds it may try."""

    def __init__(
        self, parameters: HashParameters, cores: Sequence[int], folder: Path, database: str | None
    ) -> None:
        hasher = PasswordHasher(
            time_cost=parameters.passes,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.lanes,
        )
        hashed = hasher.hash("Quiet-Harbour-71")
        key = rsa.generate_private_key(65537, 2048)
        self._cores = cores
        self._folder = folder
        self._database = database
        self.by_name: dict[str, Measure] = {
            "argon2id": lambda s: self._in_threads(
                lambda: hasher.verify(hashed, "Quiet-Harbour-71"), s
            ),
            "RS256": lambda s: self._in_threads(
                lambda: key.sign(_CLAIMS, padding.PKCS1v15(), SHA256()), s
            ),
            "commit": self._sqlite_commit if database is None else self._postgresql_commit,
        }

    def _in_threads(self, once: Callable[[], object], seconds: float) -> Bound:
        """Repeat in as many threads as cores."""

        def repeat() -> int:
            until, count = time.perf_counter() + seconds, 0
            while time.perf_counter() < until:
                once()
                count += 1
            return count

        with only_on(self._cores), ThreadPoolExecutor(len(self._cores)) as threads:
            began, cpu_s = time.perf_counter(), time.process_time()
            counts = [each.result() for each in [threads.submit(repeat) for _ in self._cores]]
        elapsed_s = time.perf_counter() - began
        return bound_of(sum(counts), elapsed_s, time.process_time() - cpu_s)

    def _sqlite_commit(self, seconds: float) -> Bound:
        """Insert one row at a time, each durable before the next."""
        path = self._folder / f"commit-{os.getpid()}.db"
        with only_on(self._cores):
            connection = sqlite3.connect(path, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("CREATE TABLE IF NOT EXISTS row (id TEXT, at INTEGER, text TEXT)")
            began, cpu_s, count = time.perf_counter(), time.process_time(), 0
            while time.perf_counter() < began + seconds:
                connection.execute("INSERT INTO row VALUES (?, ?, ?)", _ROW)
                count += 1
            elapsed_s, used_s = time.perf_counter() - began, time.process_time() - cpu_s
            connection.close()
        return bound_of(count, elapsed_s, used_s)

    def _postgresql_commit(self, seconds: float) -> Bound:
        with only_on(self._cores), ThreadPoolExecutor(1) as apart:
            return apart.submit(asyncio.run, self._postgresql_commits(seconds)).result()

    async def _postgresql_commits(self, seconds: float) -> Bound:
        connection = await asyncpg.connect(self._database)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_row (id text, at bigint, t text)"
        )
        began, cpu_s, count = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() < began + seconds:
            await connection.execute("INSERT INTO bench_row VALUES ($1, $2, $3)", *_ROW)
            count += 1
        elapsed_s, used_s = time.perf_counter() - began, time.process_time() - cpu_s
        await connection.execute("DROP TABLE bench_row")
        await connection.close()
        return bound_of(count, elapsed_s, used_s)
