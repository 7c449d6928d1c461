"""Turn a less safe behaviour of a directory on or off, from the command line."""

from pathlib import Path

from gatelodge.app.production import opened
from gatelodge.clock import system_clock
from gatelodge.crypto.seal import Sealer
from gatelodge.development.data_directory import DataDirectory
from gatelodge.errors import Invalid, Problem
from gatelodge.operations.audit_seals import mark_under
from gatelodge.operations.switching import Switching
from gatelodge.randomness import SystemRandomness
from gatelodge.settings import Settings
from gatelodge.storage.opening import open_database
from gatelodge.storage.schema import is_current


async def switch_production(settings: Settings, name: str, domain: str, *, is_on: bool) -> bool:
    """Set a switch of a production directory; return whether that changed anything."""
    async with opened(settings) as installation:
        switching = Switching(
            installation.database, SystemRandomness(), system_clock, is_development=False
        )
        return await switching(name, domain, is_on=is_on)


async def switch_development(
    data: Path, url: str | None, name: str, domain: str, *, is_on: bool
) -> bool:
    """Do the same for a development server's directory."""
    directory = DataDirectory(data)
    url = url or directory.database_url
    if not (data / "master.key").exists() or not await is_current(url):
        raise Invalid(Problem("data", f"{data} has no development server's database"))
    randomness = SystemRandomness()
    database = await open_database(url)
    try:
        database.mark = mark_under(Sealer(directory.master_key(randomness), randomness))
        switching = Switching(database, randomness, system_clock, is_development=True)
        return await switching(name, domain, is_on=is_on)
    finally:
        await database.close()
