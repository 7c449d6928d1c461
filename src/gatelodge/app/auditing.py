"""Verify the audit log of an installation, while it runs or not."""

from collections.abc import AsyncIterator
from pathlib import Path

from gatelodge.app.production import opened
from gatelodge.crypto.seal import Sealer
from gatelodge.development.data_directory import DataDirectory
from gatelodge.errors import Invalid, Problem
from gatelodge.model.identifier import DirectoryId
from gatelodge.operations.audit_verification import Place, Verification
from gatelodge.randomness import SystemRandomness
from gatelodge.settings import Settings
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from gatelodge.storage.schema import is_current

_NOWHERE = DirectoryId("")


async def verify_production(settings: Settings, head: tuple[int, str] | None) -> AsyncIterator[str]:
    """Yield what was found in order; raise `Broken` at the first row that does not fit."""
    async with opened(settings) as installation:
        async for sentence in _verify(installation.database, installation.sealer, head):
            yield sentence


async def verify_development(
    data: Path, url: str | None, head: tuple[int, str] | None
) -> AsyncIterator[str]:
    """Do the same for a development server's directory."""
    directory = DataDirectory(data)
    url = url or directory.database_url
    if not (data / "master.key").exists() or not await is_current(url):
        raise Invalid(Problem("data", f"{data} has no development server's database"))
    randomness = SystemRandomness()
    database = await open_database(url)
    try:
        sealer = Sealer(directory.master_key(randomness), randomness)
        async for sentence in _verify(database, sealer, head):
            yield sentence
    finally:
        await database.close()


async def _verify(
    database: Database, sealer: Sealer, head: tuple[int, str] | None
) -> AsyncIterator[str]:
    noted = None if head is None else Place(*head)
    verdict = await Verification(database.read(_NOWHERE).audit_chain, sealer, noted)()
    yield f"events   {verdict.linked} linked, {verdict.unlinked} waiting, {verdict.swept} swept"
    yield f"head     {verdict.head.sequence}:{verdict.head.digest}"
    if noted is not None and noted.sequence < verdict.swept:
        yield "noted    swept meanwhile: it proves nothing any more"
    yield "The audit log is as it was written."
