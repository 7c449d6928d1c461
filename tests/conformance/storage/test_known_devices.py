"""A device counts for the account that signed in with it, for as long as that is worth anything."""

from datetime import timedelta

import pytest

from gatelodge.model.device import KnownDevice
from gatelodge.storage.database import Database, Work
from tests.world.clock import BEGINNING
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory, an_account
from tests.world.traces import ACCOUNT, LATER, a_known_device

MICROSECOND = timedelta(microseconds=1)
OTHER = an_account(8).id


@pytest.mark.parametrize(
    ("account_id", "device_id", "now", "since", "is_known"),
    [
        (ACCOUNT, "device-1", BEGINNING, BEGINNING, True),
        (ACCOUNT, "device-2", BEGINNING, BEGINNING, False),
        (OTHER, "device-1", BEGINNING, BEGINNING, False),
        (ACCOUNT, "device-1", LATER - MICROSECOND, BEGINNING, True),
        (ACCOUNT, "device-1", LATER, BEGINNING, False),
        (ACCOUNT, "device-1", BEGINNING, BEGINNING + MICROSECOND, False),
    ],
)
async def test_a_device_is_known_to_its_account_until_it_expires_or_all_is_revoked(
    database: Database, account_id: str, device_id: str, now: object, since: object, is_known: bool
) -> None:
    await keep(database, a_directory(), an_account(), an_account(8), a_known_device())
    devices = database.read(TENANT).known_devices
    when = {"now": now, "since": since}
    assert await devices.is_known(account_id, device_id, **when) is is_known  # type: ignore[arg-type]
    network = "192.0.2.0/24" if device_id == "device-1" else "198.51.100.0/24"
    found = await devices.is_known_network(account_id, network, **when)  # type: ignore[arg-type]
    assert found is is_known


async def test_a_device_seen_again_stays_known_longer_and_keeps_its_first_day(
    database: Database,
) -> None:
    await keep(database, a_directory(), an_account())

    def noting(device: KnownDevice) -> Work[None]:
        return lambda stores: stores.known_devices.note(device)

    again = a_known_device(first_seen_at=LATER, last_seen_at=LATER, expires_at=LATER + MICROSECOND)
    elsewhere = a_known_device(network="198.51.100.0/24")

    for each in (a_known_device(), again, elsewhere):
        await database.write(TENANT, noting(each))
    found = await database.read(TENANT).known_devices.all_of(ACCOUNT)
    assert [(each.network, each.first_seen_at, each.last_seen_at) for each in found] == [
        ("192.0.2.0/24", BEGINNING, LATER),
        ("198.51.100.0/24", BEGINNING, BEGINNING),
    ]


async def test_sweeping_takes_one_network_of_a_device_and_leaves_the_other(
    database: Database,
) -> None:
    late = a_known_device(network="198.51.100.0/24", expires_at=LATER + MICROSECOND)
    await keep(database, a_directory(), an_account(), a_known_device(expires_at=BEGINNING), late)
    assert await database.write(TENANT, lambda stores: stores.known_devices.sweep(LATER)) == 1
    assert await database.read(TENANT).known_devices.all_of(ACCOUNT) == [late]


async def test_devices_go_with_their_account(database: Database) -> None:
    await keep(database, a_directory(), an_account(), a_known_device())
    await database.write(TENANT, lambda stores: stores.accounts.remove(ACCOUNT))
    assert await database.read(TENANT).known_devices.all_of(ACCOUNT) == []
