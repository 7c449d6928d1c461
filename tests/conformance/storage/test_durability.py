"""What was acknowledged survives the death of the process, at whatever moment it comes."""

import subprocess
import sys
from pathlib import Path

import pytest

from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from tests.world.databases import keep
from tests.world.makers import TENANT, a_directory

ROOT = Path(__file__).parents[3]
DEATHS = 4
WRITER = """
import asyncio, os, sys
from gatelodge.storage.opening import open_database
from tests.world.databases import keep
from tests.world.traces import an_audit_event, a_lockout

async def write(database, number):
    while True:
        name = f"{sys.argv[2]}-{number}"
        await keep(database, an_audit_event(name), a_lockout(name))
        os.write(1, (name + "\\n").encode())
        number += 8

async def main():
    database = await open_database(sys.argv[1])
    await asyncio.gather(*(write(database, number) for number in range(8)))

asyncio.run(main())
"""


def killed_while_writing(url: str, run: int) -> list[str]:
    """Return the names a process said were kept before it was killed in the middle of more."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(run)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(20 + 7 * run)]
    process.kill()
    said += process.stdout.readlines()
    process.stdout.close()
    process.wait()
    return [each.strip() for each in said if each.endswith("\n")]


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(
    database: Database, database_url: str
) -> None:
    await keep(database, a_directory())
    await database.close()
    for run in range(DEATHS):
        said = killed_while_writing(database_url, run)
        again = await open_database(database_url)
        stores = again.read(TENANT)
        lost = [each for each in said if await stores.audit_events.get(each) is None]
        halves = [each for each in said if await stores.lockouts.get(each) is None]
        await again.close()
        assert said
        assert (lost, halves) == ([], [])


@pytest.mark.parametrize("url", ["mysql://localhost/x", "gatelodge.db", ""])
async def test_another_kind_of_database_is_refused(url: str) -> None:
    from gatelodge.errors import Invalid

    with pytest.raises(Invalid):
        await open_database(url)
