"""What every room stands on."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.crypto.keyring import Keyring
from gatelodge.crypto.passwords import HashParameters, Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.crypto.workers import Workers
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import SigningKey
from gatelodge.pages.static_files import StaticFile, load_static_files
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What every room stands on."""

    origin: str
    is_development: bool
    database: Database
    clock: Clock
    randomness: Randomness
    sealer: Sealer
    passwords: Passwords
    keyring: Keyring
    static_files: Mapping[str, StaticFile]


def build_world(
    *,
    origin: str,
    is_development: bool,
    database: Database,
    clock: Clock,
    randomness: Randomness,
    master_key: bytes,
    hash_parameters: HashParameters,
    hash_threads: int = 0,
) -> World:
    """Build what every room stands on. `hash_threads` 0 takes one for each core."""
    threads = hash_threads or len(os.sched_getaffinity(0))
    workers = Workers(threads, waiting=4 * threads, name="hash")
    sealer = Sealer(master_key, randomness)

    async def load_keys(directory_id: DirectoryId) -> Sequence[SigningKey]:
        return await database.read(directory_id).signing_keys.every()

    return World(
        origin=origin,
        is_development=is_development,
        database=database,
        clock=clock,
        randomness=randomness,
        sealer=sealer,
        passwords=Passwords(hash_parameters, workers, randomness),
        keyring=Keyring(
            load=load_keys,
            version=lambda: database.configuration_version,
            sealer=sealer,
            clock=clock,
        ),
        static_files=load_static_files(),
    )
