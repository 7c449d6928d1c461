"""What has expired goes; what may still be asked for stays."""

from dataclasses import replace

from gatelodge.model.lockout import Lockout
from gatelodge.operations.sweep import Sweeper
from gatelodge.storage.database import Database
from gatelodge.storage.expiry import SLICE
from gatelodge.storage.stores import Stores
from tests.world.clock import BEGINNING, MovableClock
from tests.world.makers import TENANT, a_directory, an_account


async def test_a_lockout_of_last_week_is_forgotten_and_one_of_today_is_not(
    database: Database,
) -> None:
    clock = MovableClock()

    async def write(stores: Stores) -> None:
        await stores.directories.add(a_directory())
        await stores.accounts.add(an_account())
        for key in ("old", "new"):
            await stores.lockouts.add(
                Lockout(directory_id=TENANT, key=key, failures=3, last_failure_at=BEGINNING)
            )

    await database.write(TENANT, write)
    sweeper = Sweeper(database, clock)
    assert await sweeper.sweep() == 0
    clock.move(days=1)

    async def fail_again(stores: Stores) -> None:
        found = await stores.lockouts.require("new")
        await stores.lockouts.save(replace(found, last_failure_at=clock()))

    await database.write(TENANT, fail_again)
    clock.move(days=1, seconds=1)
    assert await sweeper.sweep() == 1
    stores = database.read(TENANT)
    assert await stores.lockouts.get("old") is None
    assert await stores.lockouts.get("new") is not None
    assert await stores.accounts.get(an_account().id) is not None


async def test_more_than_one_slice_goes_in_one_round(database: Database) -> None:
    clock = MovableClock()

    async def write(stores: Stores) -> None:
        await stores.directories.add(a_directory())
        for number in range(2 * SLICE + 1):
            await stores.lockouts.add(
                Lockout(directory_id=TENANT, key=str(number), failures=1, last_failure_at=BEGINNING)
            )

    await database.write(TENANT, write)
    clock.move(days=3)
    assert await Sweeper(database, clock).sweep() == 2 * SLICE + 1
    assert await Sweeper(database, clock).sweep() == 0
