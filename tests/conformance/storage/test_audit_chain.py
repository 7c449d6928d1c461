"""Events are linked in batches, by one node at a time, and swept from the beginning."""

import asyncio
from datetime import timedelta

import pytest

from gatelodge.operations.audit import BATCH, SLICE
from gatelodge.operations.audit_verification import Broken
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from gatelodge.storage.stores import Stores
from tests.world.audit_log import KEPT, a_log, begin, owner_of, verify
from tests.world.clock import BEGINNING, MovableClock
from tests.world.databases import keep
from tests.world.makers import TENANT
from tests.world.traces import an_audit_event


async def add_events(database: Database, first: int, count: int) -> None:
    numbers = range(first, first + count)
    events = [
        an_audit_event(f"event-{number}", at=BEGINNING + timedelta(seconds=number))
        for number in numbers
    ]
    await keep(database, *events)


async def test_an_empty_log_is_in_order(database: Database) -> None:
    log = await begin(database)
    assert await log.link() == 0
    assert await log.sweep() == 0
    verdict = await verify(database)
    assert (verdict.linked, verdict.unlinked, verdict.head.sequence) == (0, 0, 0)


async def test_more_than_one_batch_is_linked_in_one_round(database: Database) -> None:
    log = await begin(database)
    await add_events(database, 0, 2 * BATCH + 3)
    assert (await verify(database)).unlinked == 2 * BATCH + 3
    assert await log.link() == 2 * BATCH + 3
    assert await log.link() == 0
    verdict = await verify(database)
    assert (verdict.linked, verdict.unlinked) == (2 * BATCH + 3, 0)


async def test_a_linked_event_reads_as_it_was_written(database: Database) -> None:
    log = await begin(database)
    event = an_audit_event(ip_address="192.0.2.7", detail={"reason": "ünknown"})
    await keep(database, event)
    await log.link()
    assert await database.read(TENANT).audit_events.get(event.id) == event


async def test_a_database_without_the_first_checkpoint_gets_none(database: Database) -> None:
    log = await begin(database)
    await keep(database, an_audit_event())

    async def lose(stores: Stores) -> None:
        await stores.installations.empty()

    await database.write(TENANT, lose)
    await keep(database, an_audit_event())
    with pytest.raises(Broken, match="checkpoint is gone"):
        await log.link()


async def test_nothing_is_linked_to_a_forged_checkpoint(
    database: Database, database_url: str
) -> None:
    log = await begin(database)
    await keep(database, an_audit_event())
    async with owner_of(database_url) as owner:
        await owner.run("UPDATE audit_checkpoint SET sequence = 5")
    with pytest.raises(Broken, match="checkpoint was changed"):
        await log.link()


async def test_events_written_while_several_nodes_link_are_all_linked_once(
    database: Database, database_url: str
) -> None:
    first = await begin(database)
    others = [database, database]
    if database.is_shared:
        others = [await open_database(database_url) for _ in range(2)]
    logs = [first, *(a_log(each) for each in others)]
    for each in others:
        each.mark = database.mark
    writers = [add_events(others[part % 2], part * 30, 30) for part in range(10)]
    linkers = [log.link() for log in logs * 5]
    verifications = [verify(database) for _ in range(5)]
    await asyncio.gather(*writers, *linkers, *verifications)
    await first.link()
    verdict = await verify(database)
    assert (verdict.linked, verdict.unlinked) == (300, 0)
    for each in others:
        if each is not database:
            await each.close()


async def test_old_events_go_and_the_rest_stays_verifiable(database: Database) -> None:
    await begin(database)
    count = SLICE + 50
    await add_events(database, 0, count)
    clock = MovableClock(BEGINNING + KEPT + timedelta(seconds=SLICE + 20))
    log = a_log(database, clock)
    await log.link()
    before = await verify(database)
    assert await log.sweep() == SLICE + 20
    verdict = await verify(database)
    assert (verdict.linked, verdict.swept) == (30, SLICE + 20)
    assert verdict.head == before.head
    assert await log.sweep() == 0
    clock.move(days=1)
    assert await log.sweep() == 30
    await add_events(database, count, 1)
    await log.link()
    assert (await verify(database, before.head)).linked == 1


async def test_what_waits_to_be_linked_is_not_swept(database: Database) -> None:
    await begin(database)
    await add_events(database, 0, 3)
    log = a_log(database, MovableClock(BEGINNING + 2 * KEPT))
    assert await log.sweep() == 0
    assert (await verify(database)).unlinked == 3


async def test_an_event_that_was_changed_is_not_swept(
    database: Database, database_url: str
) -> None:
    await begin(database)
    await add_events(database, 0, 3)
    log = a_log(database, MovableClock(BEGINNING + 2 * KEPT))
    await log.link()
    async with owner_of(database_url) as owner:
        await owner.run("UPDATE audit_event SET actor = 'nobody' WHERE id = 'event-1'")
    with pytest.raises(Broken, match="event 2 does not fit"):
        await log.sweep()
    assert await database.read(TENANT).audit_events.get("event-0") is not None


async def test_a_log_is_in_order_at_every_moment_of_a_sweep(database: Database) -> None:
    await begin(database)
    await add_events(database, 0, 3 * SLICE)
    log = a_log(database, MovableClock(BEGINNING + 2 * KEPT))
    await log.link()
    found = await asyncio.gather(log.sweep(), *(verify(database) for _ in range(6)))
    assert found[0] == 3 * SLICE
    assert (await verify(database)).swept == 3 * SLICE
