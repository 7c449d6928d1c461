"""What steps write, where the order of two writers matters."""

from datetime import timedelta

import pytest

from gatelodge.errors import Stale
from gatelodge.journeys.changes import ForgetFailures, NoteSend
from gatelodge.model.lockout import MAX_FAILURES
from gatelodge.model.one_time_code import SEND_WINDOW_S
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores
from tests.world.clock import BEGINNING
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory

SINCE = BEGINNING - timedelta(seconds=SEND_WINDOW_S)


async def failed(database: Database, times: int) -> None:
    async def work(stores: Stores) -> None:
        for _ in range(times):
            await stores.lockouts.note_failure("ada@example.com", BEGINNING)

    await database.write(TENANT, work)


async def test_a_right_password_does_not_lift_a_lock_that_came_first(database: Database) -> None:
    await keep(database, a_directory())
    await failed(database, MAX_FAILURES)
    with pytest.raises(Stale):
        await database.write(TENANT, ForgetFailures("ada@example.com", BEGINNING))
    later = BEGINNING + timedelta(seconds=61)
    await database.write(TENANT, ForgetFailures("ada@example.com", later))
    assert await database.read(TENANT).lockouts.get("ada@example.com") is None


async def test_a_right_password_forgets_failures_that_lock_nothing(database: Database) -> None:
    await keep(database, a_directory())
    await failed(database, MAX_FAILURES - 1)
    await database.write(TENANT, ForgetFailures("ada@example.com", BEGINNING))
    await database.write(TENANT, ForgetFailures("ada@example.com", BEGINNING))
    assert await database.read(TENANT).lockouts.get("ada@example.com") is None


async def test_the_eleventh_code_of_an_hour_is_not_counted_and_not_sent(
    database: Database,
) -> None:
    await keep(database, a_directory())
    for _ in range(10):
        await database.write(TENANT, NoteSend("ada@example.com", BEGINNING, SINCE, 10))
    with pytest.raises(Stale):
        await database.write(TENANT, NoteSend("ada@example.com", BEGINNING, SINCE, 10))
    found = database.read(TENANT).sent_codes
    assert await found.count("ada@example.com", since=SINCE) == 10
