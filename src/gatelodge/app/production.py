"""A production server, and what an operator does to its database."""

import os
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from gatelodge.app.mounting import build_app
from gatelodge.app.own_hosts import check_own_hosts, own_hosts_of
from gatelodge.app.running import run
from gatelodge.app.sending import messaging_of, transport_of
from gatelodge.app.world import build_world
from gatelodge.clock import system_clock
from gatelodge.crypto.passwords import HashParameters
from gatelodge.crypto.seal import Sealer
from gatelodge.errors import Invalid, Problem
from gatelodge.model.identifier import DirectoryId
from gatelodge.operations.audit_seals import mark_under
from gatelodge.operations.founding import key_check
from gatelodge.operations.master_key import read_master_key
from gatelodge.outbound import Outbound, new_tls_context, read_networks
from gatelodge.randomness import SystemRandomness
from gatelodge.settings import Settings
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from gatelodge.storage.schema import needed_revision, revision_of

_NOWHERE = DirectoryId("")


@dataclass(frozen=True, slots=True)
class Opened:
    """An installation an operator works on."""

    database: Database
    sealer: Sealer


async def require_schema(settings: Settings) -> None:
    """Raise `Invalid` unless the database has the schema of this version."""
    found, needed = await revision_of(settings.database), needed_revision()
    if found != needed:
        what = "is empty" if found is None else f"has schema {found} and needs {needed}"
        raise Invalid(Problem("database", f"the database {what}; run gatelodge migrate"))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Opened]:
    """Open the database of a production installation, and close it afterwards.

    Raises `Invalid` when it is not set up, when development seeded it, or when the master key is
    another one.
    """
    master_key = read_master_key(Path(settings.key_file))
    await require_schema(settings)
    sealer = Sealer(master_key, SystemRandomness())
    database = await open_database(settings.database)
    try:
        await _check_installation(database, sealer)
        database.mark = mark_under(sealer)
        yield Opened(database, sealer)
    finally:
        await database.close()


async def _check_installation(database: Database, sealer: Sealer) -> None:
    installation = await database.read(_NOWHERE).installations.the_one()
    if installation is None:
        raise Invalid(Problem("database", "nothing is set up here; run gatelodge bootstrap"))
    if installation.is_development:
        raise Invalid(
            Problem("database", "development mode seeded this database; its secrets are known")
        )
    if installation.key_check != key_check(sealer):
        raise Invalid(Problem("key_file", "key_file holds another key than this database needs"))


async def check_production(settings: Settings) -> None:
    """Raise `Invalid` for whatever a production server must not start with."""
    if not settings.smtp_host:
        raise Invalid(Problem("smtp_host", "smtp_host is missing: no code could be sent"))
    server_tls(settings)
    _check_authorities(settings)
    messaging_of(settings)
    own_hosts = own_hosts_of(settings)
    async with opened(settings) as installation:
        await check_own_hosts(installation.database, own_hosts)


async def serve(settings: Settings, sockets: list[socket.socket]) -> None:
    """Serve until a signal says stop."""
    database = await open_database(settings.database)
    database.own_hosts = own_hosts_of(settings)
    outbound = Outbound(
        is_development=False,
        allowed=read_networks(settings.outbound_networks),
        authorities=_path(settings.outbound_authorities),
        own_origins=(settings.origin, *(each.origin for each in database.own_hosts)),
    )
    world = build_world(
        origin=settings.origin,
        is_development=False,
        database=database,
        clock=system_clock,
        randomness=SystemRandomness(),
        master_key=read_master_key(Path(settings.key_file)),
        hash_parameters=HashParameters(
            memory_kib=settings.hash_memory_kib, passes=settings.hash_passes
        ),
        hash_threads=settings.hash_threads or _threads(settings.workers),
        processes=settings.workers,
        outbound=outbound,
        messaging=messaging_of(settings),
    )
    host = urlsplit(settings.public_url).hostname or ""
    await run(
        world,
        build_app(world, hosts=frozenset({host})),
        sockets=sockets,
        tls=server_tls(settings),
        transport=transport_of(settings, outbound),
        trusted_proxies=settings.trusted_proxies,
        audit_kept=timedelta(days=settings.audit_days),
        traces_kept=timedelta(days=settings.journey_days),
    )


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _check_authorities(settings: Settings) -> None:
    try:
        new_tls_context(_path(settings.outbound_authorities))
    except (OSError, ssl.SSLError) as error:
        sentence = f"outbound_authorities cannot be used: {error}"
        raise Invalid(Problem("outbound_authorities", sentence)) from error


def _threads(processes: int) -> int:
    """Share the cores among the processes."""
    return max(1, len(os.sched_getaffinity(0)) // processes)


def server_tls(settings: Settings) -> ssl.SSLContext | None:
    """Return the TLS context, or None when a proxy in front ends TLS. Raises `Invalid`."""
    if not settings.tls_certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        named = f"tls_certificate {settings.tls_certificate} and tls_key {settings.tls_key}"
        sentence = f"{named} cannot be used: {error}"
        raise Invalid(Problem("tls_certificate", sentence)) from error
    return context
