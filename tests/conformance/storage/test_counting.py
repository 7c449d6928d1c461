"""Failed sign-ins and sent codes are counted exactly, however many happen at once."""

import asyncio
from datetime import timedelta

import pytest

from gatelodge.model.lockout import Lockout
from gatelodge.storage.database import Database
from tests.world.clock import BEGINNING
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory
from tests.world.traces import a_lockout, sent_codes

NAME = "ada@example.com"
HOUR = timedelta(hours=1)


async def fail(database: Database, name: str = NAME) -> Lockout:
    return await database.write(
        TENANT, lambda stores: stores.lockouts.note_failure(name, BEGINNING)
    )


async def test_no_failure_is_lost_when_many_happen_at_once(database: Database) -> None:
    await keep(database, a_directory())
    counted = await asyncio.gather(*(fail(database) for _ in range(30)))
    assert sorted(each.failures for each in counted) == list(range(1, 31))
    kept = await database.read(TENANT).lockouts.require(NAME)
    assert (kept.failures, kept.lockouts) == (30, 21)


async def test_the_tenth_failure_locks_the_name_and_no_other(database: Database) -> None:
    await keep(database, a_directory(), a_lockout(failures=8), a_lockout("eve", failures=9))
    assert not (await fail(database)).is_locked(BEGINNING)
    locked = await fail(database)
    assert locked.locked_until == BEGINNING + timedelta(seconds=60)
    assert await database.read(TENANT).lockouts.get(NAME) == locked
    assert await database.read(TENANT).lockouts.get("eve") == a_lockout("eve", failures=9)


async def test_clearing_forgets_the_failures_and_may_find_none(database: Database) -> None:
    await keep(database, a_directory(), a_lockout(failures=9))
    for _ in range(2):
        await database.write(TENANT, lambda stores: stores.lockouts.clear(NAME))
        assert await database.read(TENANT).lockouts.get(NAME) is None
    assert (await fail(database)).failures == 1


@pytest.mark.parametrize(("repeated", "counted"), [("same", 1), (None, 20)])
async def test_only_guesses_that_differ_are_counted(
    database: Database, repeated: str | None, counted: int
) -> None:
    await keep(database, a_directory())
    for _ in range(20):
        await database.write(
            TENANT,
            lambda stores: stores.lockouts.note_failure(NAME, BEGINNING, fingerprint=repeated),
        )
    assert (await database.read(TENANT).lockouts.require(NAME)).failures == counted


async def test_no_sent_code_is_lost_when_many_are_sent_at_once(database: Database) -> None:
    await keep(database, a_directory())
    await asyncio.gather(
        *(
            database.write(
                TENANT,
                lambda stores: stores.sent_codes.note(NAME, now=BEGINNING, since=BEGINNING - HOUR),
            )
            for _ in range(30)
        )
    )
    count = await database.read(TENANT).sent_codes.count(NAME, since=BEGINNING - HOUR)
    assert count == 30


@pytest.mark.parametrize(
    ("microseconds", "sends"), [(-1, 4), (0, 1)], ids=["inside the hour", "an hour later exactly"]
)
async def test_a_window_lasts_an_hour_from_its_first_code(
    database: Database, microseconds: int, sends: int
) -> None:
    await keep(database, a_directory(), sent_codes(sends=3))
    now = BEGINNING + HOUR + timedelta(microseconds=microseconds)
    before = await database.read(TENANT).sent_codes.count(NAME, since=now - HOUR)
    assert before == sends - 1
    await database.write(
        TENANT, lambda stores: stores.sent_codes.note(NAME, now=now, since=now - HOUR)
    )
    kept = await database.read(TENANT).sent_codes.require(NAME)
    assert kept.sends == sends
    assert kept.window_began_at == (BEGINNING if sends > 1 else now)
