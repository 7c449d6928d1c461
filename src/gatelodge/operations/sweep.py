"""Forget, once a minute, what has expired and can no longer be of use to anybody."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from gatelodge.clock import Clock
from gatelodge.model.failed_source import SOURCE_WINDOW
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.interaction import INTERACTION_LIFETIME_S
from gatelodge.storage.database import Database
from gatelodge.storage.expiry import SLICE
from gatelodge.storage.stores import Stores

PERIOD_S = 60.0

_log = logging.getLogger("gatelodge.sweep")

_CODES_KEPT = timedelta(days=1)
"""A code that comes back must still be known, so that its grant can be revoked."""

_REFRESH_KEPT = timedelta(days=1)
_GRANTS_KEPT = timedelta(days=2)
_PROOFS_KEPT = timedelta(seconds=2 * INTERACTION_LIFETIME_S)
_SENT_CODES_KEPT = timedelta(days=2)
"""Longer than the longest window: messages to phones are counted by the day."""

_NOTICES_KEPT = timedelta(days=1)
_LOCKOUTS_KEPT = timedelta(days=2)
_DELETED_KEPT = timedelta(days=30)
_AT_ONCE = timedelta(0)
TRACES_KEPT = timedelta(days=30)


class Swept(Protocol):
    """A store of what expires."""

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of what is older; return how many."""
        ...


Kind: TypeAlias = Callable[[Stores], Swept]

KINDS: tuple[tuple[Kind, timedelta], ...] = (
    (lambda stores: stores.interactions, _AT_ONCE),
    (lambda stores: stores.proofs, _PROOFS_KEPT),
    (lambda stores: stores.authorization_codes, _CODES_KEPT),
    (lambda stores: stores.device_requests, _CODES_KEPT),
    (lambda stores: stores.refresh_tokens, _REFRESH_KEPT),
    # After what hangs from them.
    (lambda stores: stores.grants, _GRANTS_KEPT),
    (lambda stores: stores.sessions, _AT_ONCE),
    (lambda stores: stores.logout_notices, _NOTICES_KEPT),
    (lambda stores: stores.lockouts, _LOCKOUTS_KEPT),
    (lambda stores: stores.sent_codes, _SENT_CODES_KEPT),
    (lambda stores: stores.known_devices, _AT_ONCE),
    (lambda stores: stores.failed_sources, SOURCE_WINDOW),
    (lambda stores: stores.pushed_requests, _AT_ONCE),
    (lambda stores: stores.used_identifiers, _AT_ONCE),
    (lambda stores: stores.deleted_accounts, _DELETED_KEPT),
    (lambda stores: stores.deleted_service_principals, _DELETED_KEPT),
    (lambda stores: stores.deleted_applications, _DELETED_KEPT),
)
"""What expires, and how much longer it is kept."""


def _traces(stores: Stores) -> Swept:
    return stores.traces


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Deletes expired rows, in short transactions, directory after directory.

    `traces_kept` is how long the trace of a journey outlives its beginning.
    """

    database: Database
    clock: Clock
    traces_kept: timedelta = TRACES_KEPT

    async def run(self) -> None:
        """Sweep for ever; a failure is logged and the next round tries again."""
        while True:
            await asyncio.sleep(PERIOD_S)
            try:
                await self.sweep()
            except Exception:  # noqa: BLE001 - a loop outlives every failure
                _log.exception("sweeping failed")

    async def sweep(self) -> int:
        """Sweep every directory once; return how many rows went."""
        everywhere = self.database.read(DirectoryId(""))
        return sum([await self._sweep(each.id) for each in await everywhere.directories.every()])

    async def _sweep(self, directory_id: DirectoryId) -> int:
        now = self.clock()
        kinds = (*KINDS, (_traces, self.traces_kept))
        return sum([await self._all_slices(directory_id, each, now - kept) for each, kept in kinds])

    async def _all_slices(self, directory_id: DirectoryId, kind: Kind, before: datetime) -> int:
        swept = 0

        async def work(stores: Stores) -> int:
            return await kind(stores).sweep(before)

        while (deleted := await self.database.write(directory_id, work)) >= SLICE:
            swept += deleted
        return swept + deleted
