"""Forget, once a minute, what has expired and can no longer be of use to anybody."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.interaction import INTERACTION_LIFETIME_S
from gatelodge.model.one_time_code import SEND_WINDOW_S
from gatelodge.storage.database import Database, Work
from gatelodge.storage.expiry import SLICE
from gatelodge.storage.stores import Stores

PERIOD_S = 60.0

_log = logging.getLogger("gatelodge.sweep")

_CODES_KEPT = timedelta(days=1)
"""A code that comes back must still be known, so that its grant can be revoked."""

_REFRESH_KEPT = timedelta(days=1)
_GRANTS_KEPT = timedelta(days=2)
_PROOFS_KEPT = timedelta(seconds=2 * INTERACTION_LIFETIME_S)
_SENT_CODES_KEPT = timedelta(seconds=2 * SEND_WINDOW_S)
_LOCKOUTS_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Deletes expired rows, in short transactions, directory after directory."""

    database: Database
    clock: Clock

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

        async def journeys(stores: Stores) -> int:
            return await stores.interactions.sweep(now)

        async def proofs(stores: Stores) -> int:
            return await stores.proofs.sweep(now - _PROOFS_KEPT)

        async def codes(stores: Stores) -> int:
            return await stores.authorization_codes.sweep(now - _CODES_KEPT)

        async def refresh_tokens(stores: Stores) -> int:
            return await stores.refresh_tokens.sweep(now - _REFRESH_KEPT)

        async def grants(stores: Stores) -> int:
            return await stores.grants.sweep(now - _GRANTS_KEPT)

        async def sessions(stores: Stores) -> int:
            return await stores.sessions.sweep(now)

        async def lockouts(stores: Stores) -> int:
            return await stores.lockouts.sweep(now - _LOCKOUTS_KEPT)

        async def sent_codes(stores: Stores) -> int:
            return await stores.sent_codes.sweep(now - _SENT_CODES_KEPT)

        # Grants come after what hangs from them.
        kinds = (journeys, proofs, codes, refresh_tokens, grants, sessions, lockouts, sent_codes)
        return sum([await self._all_slices(directory_id, kind) for kind in kinds])

    async def _all_slices(self, directory_id: DirectoryId, kind: Work[int]) -> int:
        swept = 0
        while (deleted := await self.database.write(directory_id, kind)) >= SLICE:
            swept += deleted
        return swept + deleted
