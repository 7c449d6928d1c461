"""What every room stands on."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.crypto.keyring import Keyring
from gatelodge.crypto.passwords import HashParameters, Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.crypto.workers import Workers
from gatelodge.mail.messaging import Messaging
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import SigningKey
from gatelodge.oidc.error_limit import ErrorLimit
from gatelodge.oidc.signing import Sign, sign_in, sign_inline
from gatelodge.operations.audit_seals import mark_under
from gatelodge.outbound import Outbound
from gatelodge.pages.static_files import StaticFile, load_static_files
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

_SIGNATURES_WAITING = 1024
"""A signature takes under a millisecond: this many are done before anybody has given up."""


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
    sign: Sign
    static_files: Mapping[str, StaticFile]
    outbound: Outbound
    messaging: Messaging
    error_limit: ErrorLimit


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
    processes: int = 1,
    outbound: Outbound | None = None,
    messaging: Messaging | None = None,
) -> World:
    """Build what every room stands on. `hash_threads` 0 takes one for each core.

    One process signs in threads, to use every core; where there are several, each signs inline.
    """
    threads = hash_threads or len(os.sched_getaffinity(0))
    workers = Workers(threads, waiting=4 * threads, name="hash")
    signers = Workers(threads, waiting=_SIGNATURES_WAITING, name="sign")
    sealer = Sealer(master_key, randomness)
    database.mark = mark_under(sealer)

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
        sign=sign_in(signers) if processes == 1 and threads > 1 else sign_inline,
        static_files=load_static_files(),
        outbound=outbound or Outbound(is_development=is_development),
        messaging=messaging or Messaging(),
        error_limit=ErrorLimit(clock),
    )
