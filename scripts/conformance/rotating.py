"""Rotate the signing keys of a development server that is running: one test waits for that."""

import asyncio
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from gatelodge.clock import system_clock
from gatelodge.crypto.seal import Sealer
from gatelodge.model.identifier import DirectoryId
from gatelodge.operations.audit_seals import mark_under
from gatelodge.operations.key_rotation import Rotation
from gatelodge.operations.master_key import read_master_key
from gatelodge.randomness import SystemRandomness
from gatelodge.storage.opening import open_database
from scripts.conformance.running import Pause

MOST_LOOKS = 240
"""How often the key set is looked at: the server reads its keys anew once a minute."""


async def rotate(data: Path, directory_id: DirectoryId) -> None:
    """Publish a new key of a directory, which signs a day later."""
    randomness = SystemRandomness()
    sealer = Sealer(read_master_key(data / "master.key"), randomness)
    database = await open_database(f"sqlite:///{data / 'gatelodge.db'}")
    try:
        database.mark = mark_under(sealer)
        rotation = Rotation(database, sealer, randomness, system_clock)
        await rotation(directory_id, is_emergency=False)
    finally:
        await database.close()


def rotate_and_wait(
    http: httpx.Client, data: Path, tenant_id: str, origin: str, pause: Pause
) -> None:
    """Rotate, and return once the server publishes the new key.

    Another process does it: Playwright keeps this one's loop to itself.
    """
    address = f"{origin}/{tenant_id}/discovery/v2.0/keys"
    before = http.get(address).json()["keys"]
    command = [sys.executable, "-m", "scripts.conformance.rotating", str(data), tenant_id]
    subprocess.run(command, check=True)
    for _ in range(MOST_LOOKS):
        if len(http.get(address).json()["keys"]) > len(before):
            return
        pause()
    raise SystemExit(f"{urlsplit(origin).netloc} does not publish its new key.")


if __name__ == "__main__":
    asyncio.run(rotate(Path(sys.argv[1]), DirectoryId(sys.argv[2])))
