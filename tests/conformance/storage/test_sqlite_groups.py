"""SQLite's writer goes on whatever happens to a group: it never hangs, lies or half-writes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gatelodge.errors import Unavailable
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from gatelodge.storage.stores import Stores
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, a_user_flow
from tests.world.traces import an_audit_event


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "gatelodge.db"
    path.write_bytes(migrated_file.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    await keep(opened, a_directory())
    yield opened
    await opened.close()


async def raw(database: Database) -> Any:
    """Return the driver's connection that writes."""

    async def work(stores: Stores) -> Any:
        return stores.connection.raw  # type: ignore[attr-defined]

    return await database.write(TENANT, work)


async def is_kept(database: Database, name: str) -> bool:
    return await database.read(TENANT).audit_events.get(name) is not None


async def test_its_pragmas_make_a_commit_durable_and_references_hold(database: Database) -> None:
    connection = await raw(database)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = [connection.execute(f"PRAGMA {each}").fetchone()[0] for each in pragmas]
    assert found == ["wal", 2, 1, 5000]


async def test_waiting_for_something_else_is_refused_and_keeps_nothing(
    database: Database,
) -> None:
    async def work(stores: Stores) -> None:
        await stores.audit_events.add(an_audit_event("mine"))
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited"):
        await database.write(TENANT, work)
    assert not await is_kept(database, "mine")


async def test_a_write_inside_a_write_is_refused_and_keeps_neither(database: Database) -> None:
    async def work(stores: Stores) -> None:
        await stores.audit_events.add(an_audit_event("outer"))
        await keep(database, an_audit_event("inner"))

    with pytest.raises(RuntimeError, match="waited"):
        await database.write(TENANT, work)
    await keep(database, an_audit_event("next"))
    kept = [await is_kept(database, each) for each in ("outer", "inner", "next")]
    assert kept == [False, False, True]


async def test_who_stops_waiting_before_their_turn_gets_nothing_written(
    database: Database,
) -> None:
    gone = asyncio.ensure_future(keep(database, an_audit_event("gone")))
    stays = asyncio.ensure_future(keep(database, an_audit_event("stays")))
    gone.get_loop().call_soon(gone.cancel)
    await asyncio.wait([gone, stays])
    assert gone.cancelled()
    assert await is_kept(database, "stays")
    await keep(database, an_audit_event("next"))
    assert await is_kept(database, "next")


async def test_work_that_is_cancelled_itself_takes_nobody_along(database: Database) -> None:
    async def work(stores: Stores) -> None:
        await stores.audit_events.add(an_audit_event("cancelled"))
        raise asyncio.CancelledError

    outcomes = await asyncio.gather(
        keep(database, an_audit_event("before")),
        database.write(TENANT, work),
        keep(database, an_audit_event("after")),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], asyncio.CancelledError)
    kept = [await is_kept(database, each) for each in ("before", "cancelled", "after")]
    assert kept == [True, False, True]


async def test_a_group_that_cannot_begin_fails_cleanly_and_the_next_one_works(
    database: Database, database_url: str
) -> None:
    (await raw(database)).execute("PRAGMA busy_timeout=0")
    version = database.configuration_version
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        outcomes = await asyncio.gather(
            keep(database, a_user_flow()),
            *(keep(database, an_audit_event(f"event-{it}")) for it in range(100)),
            return_exceptions=True,
        )
        assert {type(each) for each in outcomes} == {Unavailable}
        assert database.configuration_version == version
        other.execute("ROLLBACK")
    await keep(database, an_audit_event("event-0"))
    assert await is_kept(database, "event-0")


async def test_a_group_that_cannot_commit_keeps_nothing_and_says_so(database: Database) -> None:
    connection = await raw(database)
    version = database.configuration_version
    # A reference that is judged at COMMIT only makes COMMIT itself fail.

    async def orphan(stores: Stores) -> None:
        connection.execute("PRAGMA defer_foreign_keys=ON")
        await stores.user_flows.add(a_user_flow(directory_id=TENANT))
        connection.execute("DELETE FROM directory")

    outcomes = await asyncio.gather(
        keep(database, an_audit_event("before")),
        database.write(TENANT, orphan),
        keep(database, an_audit_event("after")),
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes] == [Unavailable] * 3
    assert database.configuration_version == version
    assert not await is_kept(database, "before")
    assert await database.read(TENANT).directories.get(TENANT) == a_directory()
    await keep(database, an_audit_event("next"))
    assert await is_kept(database, "next")


async def test_a_transaction_that_sqlite_gives_up_keeps_nothing_and_hangs_nobody(
    database: Database,
) -> None:
    connection = await raw(database)

    async def lose(stores: Stores) -> None:
        await stores.audit_events.add(an_audit_event("lost"))
        connection.execute("ROLLBACK")  # what SQLite does by itself when a disk is full
        raise Unavailable("the disk is full")

    outcomes = await asyncio.gather(
        keep(database, an_audit_event("before")),
        database.write(TENANT, lose),
        keep(database, an_audit_event("after")),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], Unavailable)
    assert isinstance(outcomes[1], Unavailable)
    assert outcomes[2] is None
    kept = [await is_kept(database, each) for each in ("before", "lost", "after")]
    assert kept == [False, False, True]


async def test_a_full_database_refuses_and_works_again_when_there_is_room(
    database: Database,
) -> None:
    connection = await raw(database)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 1}")
    big = an_audit_event("big", detail={"text": "x" * 1_000_000})
    with pytest.raises(Unavailable):
        await keep(database, big)
    connection.execute("PRAGMA max_page_count=1000000")
    await keep(database, big)
    assert await is_kept(database, "big")


async def test_more_than_one_group_waits_its_turn_and_nobody_is_forgotten(
    database: Database,
) -> None:
    order: list[int] = []

    def numbered(number: int) -> Any:
        async def work(stores: Stores) -> int:
            order.append(number)
            await stores.audit_events.add(an_audit_event(f"event-{number}"))
            return number

        return database.write(TENANT, work)

    assert await asyncio.gather(*(numbered(it) for it in range(200))) == list(range(200))
    assert order == list(range(200))


async def test_closing_waits_for_what_was_asked_before(
    database: Database, database_url: str
) -> None:
    writes = [
        asyncio.ensure_future(keep(database, an_audit_event(f"event-{it}"))) for it in range(150)
    ]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    again = await open_database(database_url)
    assert [await is_kept(again, f"event-{it}") for it in range(150)] == [True] * 150
    await again.close()


async def test_a_closed_database_says_so(database_url: str) -> None:
    closed = await open_database(database_url)
    await closed.close()
    with pytest.raises(Unavailable):
        await keep(closed, a_directory())
    await closed.close()
