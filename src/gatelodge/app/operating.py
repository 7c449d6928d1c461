"""What the command line does to an installation, beside serving it."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

from gatelodge.app.production import opened, require_schema
from gatelodge.clock import system_clock
from gatelodge.crypto.passwords import HashParameters, Passwords, is_compiled_here
from gatelodge.crypto.seal import Sealer
from gatelodge.crypto.workers import Workers
from gatelodge.federation.presets import PRESETS, is_unbound
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm
from gatelodge.operations.audit_seals import mark_under
from gatelodge.operations.bootstrap import Bootstrap, Founded
from gatelodge.operations.key_rotation import Rotation
from gatelodge.operations.master_key import make_master_key, read_master_key
from gatelodge.operations.mixed_providers import mixed_providers
from gatelodge.operations.scripted_pages import scripted_pages
from gatelodge.operations.weaknesses import weaknesses
from gatelodge.randomness import SystemRandomness
from gatelodge.settings import Settings
from gatelodge.storage.opening import open_database
from gatelodge.storage.schema import revision_of

_NOWHERE = DirectoryId("")


async def migrate_database(settings: Settings) -> str:
    """Bring the database to this version's schema; return a sentence about it."""
    from gatelodge.storage.migrate import migrate, newest_revision

    await revision_of(settings.database)  # says it more clearly than a migration that fails
    before, after = await migrate(settings.database), newest_revision()
    if before == after:
        return f"The schema is current ({after})."
    return f"The schema went from {before or 'nothing'} to {after}."


async def bootstrap(settings: Settings, domain: str, display_name: str) -> Founded:
    """Found the first directory; draw the master key if its file is not there yet.

    Raises `AlreadyExists` when the database is set up, `Invalid` for a schema that is not current
    or a key file that cannot be used.
    """
    await require_schema(settings)
    randomness, key_file = SystemRandomness(), Path(settings.key_file)
    database = await open_database(settings.database)
    try:
        is_new = await database.read(_NOWHERE).installations.the_one() is None
        if is_new and not key_file.exists():
            make_master_key(key_file, randomness)
        sealer = Sealer(read_master_key(key_file), randomness)
        database.mark = mark_under(sealer)
        return await Bootstrap(database, sealer, randomness, system_clock)(domain, display_name)
    finally:
        await database.close()


async def rotate_keys(
    settings: Settings, *, is_emergency: bool, algorithm: str | None = None
) -> AsyncIterator[str]:
    """Rotate the keys of every directory; yield a sentence about each."""
    chosen = None if algorithm is None else Algorithm(algorithm)
    async with opened(settings) as installation:
        rotation = Rotation(
            installation.database, installation.sealer, SystemRandomness(), system_clock
        )
        for each in await installation.database.read(_NOWHERE).directories.every():
            active_at = await rotation(each.id, is_emergency=is_emergency, algorithm=chosen)
            yield f"{each.domain}: the new key signs from {active_at:%Y-%m-%d %H:%M} UTC on."


async def examine(settings: Settings) -> AsyncIterator[str]:
    """Yield a sentence for each weakness, then what a password hash costs here."""
    await require_schema(settings)
    database = await open_database(settings.database)
    try:
        stores = database.read(_NOWHERE)
        installation = await stores.installations.the_one()
        directories = await stores.directories.every()
        for sentence in weaknesses(settings, installation, directories):
            yield f"weak: {sentence}"
        for each in directories:
            own = database.read(each.id)
            async for sentence in scripted_pages(own, each):
                yield f"weak: {sentence}"
            mixed = await mixed_providers(own, each, lambda it: is_unbound(it, PRESETS))
            if mixed is not None:
                yield f"info: {mixed}"
    finally:
        await database.close()
    yield await _hash_cost(settings)


async def _hash_cost(settings: Settings) -> str:
    workers = Workers(1, waiting=1, name="hash")
    memory_kib, passes = settings.hash_memory_kib, settings.hash_passes
    passwords = Passwords(
        HashParameters(memory_kib=memory_kib, passes=passes), workers, SystemRandomness()
    )
    began = time.process_time()
    for _ in range(3):
        await passwords.hash("a password of ordinary length")
    spent_ms = (time.process_time() - began) * 1000 / 3
    workers.close()
    cost = f"argon2id, {memory_kib} KiB, {passes} passes"
    build = "one compiled for this machine" if is_compiled_here() else "the published build"
    return f"info: a password hash ({cost}) costs {spent_ms:.0f} ms of processor time in {build}"
