"""Measure what a read and a durable write cost, beside the bare driver doing the same SQL."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import uvloop

from gatelodge.storage.database import Database
from gatelodge.storage.migrate import migrate
from gatelodge.storage.opening import open_database
from gatelodge.storage.stores import Stores
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, a_user_flow, an_account, an_application
from tests.world.postgres import SETTINGS, running_cluster
from tests.world.traces import an_audit_event

_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
ROUNDS = 7
READS = 400
WRITES = 120
GROUP = 40
EVENT = an_audit_event()

FLOW = "SELECT * FROM user_flow WHERE directory_id = {} AND key = {}"
APPLICATION = "SELECT * FROM application WHERE directory_id = {} AND app_id = {}"
NAME = "SELECT account_id FROM sign_in_name WHERE directory_id = {} AND issuer = {} AND key = {}"
ACCOUNT = "SELECT * FROM account WHERE directory_id = {} AND id = {}"
NAMES = (
    "SELECT sign_in_type, issuer, issuer_assigned_id FROM sign_in_name"
    " WHERE directory_id = {} AND account_id = {} ORDER BY position"
)
ADD = (
    "INSERT INTO audit_event"
    " (directory_id, id, at, name, actor, target, is_success, correlation_id, detail)"
    " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})"
)


@dataclass(frozen=True, slots=True)
class Bare:
    """The driver with nothing around it."""

    ask: Callable[..., Awaitable[Any]]
    write: Callable[[list[str]], Awaitable[None]]
    mark: Callable[[int], str]

    def sql(self, text: str) -> str:
        return text.format(*(self.mark(number) for number in range(1, text.count("{}") + 1)))


def values(name: str) -> tuple[Any, ...]:
    at = int(EVENT.at.timestamp() * 1_000_000)
    return (TENANT, name, at, str(EVENT.name), EVENT.actor, EVENT.target, True, None, "{}")


def bare_sqlite(path: str) -> Bare:
    reader, writer = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    writer.execute("PRAGMA synchronous=FULL")
    add = ADD.format(*"?????????")

    async def ask(text: str, *arguments: object) -> list[Any]:
        return reader.execute(text, arguments).fetchall()

    async def write(names: list[str]) -> None:
        writer.execute("BEGIN IMMEDIATE")
        for name in names:
            writer.execute(add, values(name))
        writer.execute("COMMIT")

    return Bare(ask, write, lambda _: "?")


async def bare_postgresql(url: str) -> Bare:
    pool = await asyncpg.create_pool(url, min_size=1, max_size=10)
    add = ADD.format(*(f"${number}" for number in range(1, 10)))

    async def one(name: str) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(add, *values(name))

    async def write(names: list[str]) -> None:
        await asyncio.gather(*(one(name) for name in names))

    return Bare(pool.fetch, write, lambda number: f"${number}")


Work = Callable[[int], Coroutine[Any, Any, object]]


async def cost_us(work: Work, times: int, *, each: int = 1) -> float:
    """Return the CPU time of this process for one of `times` operations."""
    began = time.process_time()
    for number in range(times):
        await work(number)
    return (time.process_time() - began) / times / each * 1_000_000


def reads(stores: Stores, bare: Bare) -> dict[str, tuple[Work, Work]]:
    flow, application, account = a_user_flow(), an_application(1), an_account()
    key = account.identities[0].key
    flow_sql, application_sql = bare.sql(FLOW), bare.sql(APPLICATION)
    three = [bare.sql(each) for each in (NAME, ACCOUNT, NAMES)]

    async def by_name(_: int) -> None:
        await bare.ask(three[0], TENANT, "acme.example", key)
        await bare.ask(three[1], TENANT, account.id)
        await bare.ask(three[2], TENANT, account.id)

    async def bare_flow(_: int) -> None:
        await bare.ask(flow_sql, TENANT, "b2c_1_susi")

    async def bare_application(_: int) -> None:
        await bare.ask(application_sql, TENANT, application.app_id)

    return {
        "read a user flow": (lambda _: stores.user_flows.get(flow.id), bare_flow),
        "read an application": (
            lambda _: stores.applications.by_app_id(application.app_id),
            bare_application,
        ),
        "read an account by its name": (
            lambda _: stores.accounts.by_sign_in_name("acme.example", key),
            by_name,
        ),
    }


def writes(database: Database, bare: Bare, turn: int, group: int) -> tuple[Work, Work]:
    async def ours(number: int) -> None:
        names = [f"ours-{turn}-{group}-{number}-{it}" for it in range(group)]
        await asyncio.gather(*(keep(database, an_audit_event(name)) for name in names))

    async def theirs(number: int) -> None:
        await bare.write([f"bare-{turn}-{group}-{number}-{it}" for it in range(group)])

    return ours, theirs


def show(kind: str, what: str, pairs: list[tuple[float, float]]) -> None:
    ours, bare = (median(each) for each in zip(*pairs, strict=True))
    ratio = median(one / other for one, other in pairs)
    print(f"{kind:<11} {what:<28} {ours:8.1f} {bare:8.1f} {ratio:6.2f}")


async def measure(kind: str, url: str, bare: Bare) -> None:
    """Print one line for each operation; ours and the driver take turns."""
    database = await open_database(url)
    await keep(database, a_directory(), a_user_flow(), an_application(1), an_account())
    for what, (ours, theirs) in reads(database.read(TENANT), bare).items():
        await cost_us(ours, READS)
        await cost_us(theirs, READS)
        pairs = [(await cost_us(ours, READS), await cost_us(theirs, READS)) for _ in range(ROUNDS)]
        show(kind, what, pairs)
    for what, group in (("durable write, alone", 1), (f"durable write, {GROUP} at once", GROUP)):
        pairs = []
        for turn in range(ROUNDS):
            ours, theirs = writes(database, bare, turn, group)
            times = WRITES // group
            pairs.append(
                (
                    await cost_us(ours, times, each=group),
                    await cost_us(theirs, times, each=group),
                )
            )
        show(kind, what, pairs)
    await database.close()


async def main(folder: Path, postgresql: str | None) -> None:
    print(f"{'':<11} {'CPU µs of this process':<28} {'ours':>8} {'driver':>8} {'ratio':>6}")
    url = f"sqlite:///{folder / 'bench.db'}"
    await migrate(url)
    await measure("SQLite", url, bare_sqlite(str(folder / "bench.db")))
    if postgresql is None:
        print("PostgreSQL  not measured: it is not installed")
        return
    await migrate(postgresql)
    await measure("PostgreSQL", postgresql, await bare_postgresql(postgresql))


def run() -> None:
    """Measure SQLite, and PostgreSQL where it is installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatelodge-bench-")))
        postgresql = None
        if any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
            SETTINGS.update(_DURABLE)
            cluster = stack.enter_context(running_cluster())
            postgresql = cluster.url(cluster.create())
        uvloop.run(main(folder, postgresql))


if __name__ == "__main__":
    run()
