"""Link audit events into one chain, once a second, and let go of those kept long enough."""

import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.seal import Sealer
from gatelodge.model.audit import AuditCheckpoint
from gatelodge.model.identifier import DirectoryId
from gatelodge.operations.audit_seals import closed_off, counts, is_ours, link_digest
from gatelodge.operations.audit_verification import Broken
from gatelodge.storage.audit_chain import StoredEvent
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

PERIOD_S = 1.0
BATCH = 100
"""Events linked in one transaction: short enough not to hold up those who sign in."""

SLICE = 200
"""Events deleted in one transaction, after each was verified once more."""

_ROUNDS_BETWEEN_SWEEPS = 60
_EVERYWHERE = DirectoryId("")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_log = logging.getLogger("gatelodge.audit")


@dataclass(slots=True)
class AuditLog:
    """The audit log of the whole installation; on one node at a time, whichever comes first.

    Events older than `kept` are swept. `may_restart` says that a log may begin anew while the
    program runs, as development's does.
    """

    database: Database
    sealer: Sealer
    clock: Clock
    kept: timedelta
    may_restart: bool = False
    _reached: int = 0
    _noted: int = 0
    _complaint: str = field(default="")

    async def run(self) -> None:
        """Link for ever; a failure is logged and the next round tries again."""
        rounds = 0
        while True:
            await asyncio.sleep(PERIOD_S)
            rounds += 1
            try:
                await self.link()
                if rounds % _ROUNDS_BETWEEN_SWEEPS == 0:
                    await self.sweep()
                    await self._note()
                self._complaint = ""
            except Broken as broken:
                self._complain(str(broken))
            except Exception:  # noqa: BLE001 - a loop outlives every failure
                _log.exception("linking the audit log failed")

    async def link(self) -> int:
        """Link what waits; return how many. Raises `Broken` and links nothing to a forgery."""
        if not await self.database.read(_EVERYWHERE).audit_chain.unlinked(1):
            return 0
        linked, added = 0, BATCH
        while added == BATCH:
            added = await self.database.write(_EVERYWHERE, self._link_batch)
            linked += added
            self._reached += added
        return linked

    async def sweep(self) -> int:
        """Delete events kept long enough, from the beginning of the chain; return how many.

        Raises `Broken` when one of them is not as it was written: evidence is not deleted.
        """
        swept = 0
        while (gone := await self.database.write(_EVERYWHERE, self._sweep_slice)) == SLICE:
            swept += gone
        return swept + gone

    async def _link_batch(self, stores: Stores) -> int:
        checkpoint = await self._claimed(stores)
        if checkpoint is None:
            return 0
        events = await stores.audit_chain.unlinked(BATCH)
        sequence, digest = checkpoint.sequence, checkpoint.digest
        for event in events:
            sequence += 1
            digest = link_digest(digest, sequence, event.mark)
            await stores.audit_chain.link(event, sequence, digest)
        if events:
            reached = replace(checkpoint, sequence=sequence, digest=digest, at=self.clock())
            await stores.audit_chain.advance(closed_off(reached, self.sealer))
        return len(events)

    async def _sweep_slice(self, stores: Stores) -> int:
        checkpoint = await self._claimed(stores)
        if checkpoint is None:
            return 0
        first = checkpoint.swept_sequence
        events = await stores.audit_chain.linked(first, first + SLICE, SLICE)
        limit = (self.clock() - self.kept - _EPOCH) // timedelta(microseconds=1)
        sequence, digest = first, checkpoint.swept_digest
        for event in events:
            if event.at >= limit or event.sequence > checkpoint.sequence:
                break
            digest = self._verified(event, sequence, digest)
            sequence += 1
        if sequence == first:
            return 0
        await stores.audit_chain.sweep(first, sequence)
        shorter = replace(checkpoint, swept_sequence=sequence, swept_digest=digest)
        await stores.audit_chain.advance(closed_off(shorter, self.sealer))
        return sequence - first

    def _verified(self, event: StoredEvent, before: int, digest: str) -> str:
        """Return the digest of an event that may be swept."""
        expected = link_digest(digest, before + 1, event.mark)
        if not is_ours(event, self.sealer) or event.digest != expected:
            raise Broken(f"event {before + 1} does not fit; nothing is swept any more")
        return expected

    async def _claimed(self, stores: Stores) -> AuditCheckpoint | None:
        """Return the checkpoint, or None while another node works on it."""
        checkpoint = await stores.audit_chain.claim()
        if checkpoint is None:
            if await stores.audit_chain.checkpoint() is None:
                raise Broken("the checkpoint is gone")
            return None
        if not counts(checkpoint, self.sealer):
            raise Broken("the checkpoint was changed")
        if checkpoint.sequence < self._reached and not self.may_restart:
            raise Broken(f"the log ended at {self._reached} and ends at {checkpoint.sequence} now")
        self._reached = checkpoint.sequence
        return checkpoint

    async def _note(self) -> None:
        """Write down outside the database how far the log reaches."""
        found = await self.database.read(_EVERYWHERE).audit_chain.checkpoint()
        if found is not None and found.sequence != self._noted:
            self._noted = found.sequence
            _log.info("audit log reaches %d:%s", found.sequence, found.digest)

    def _complain(self, sentence: str) -> None:
        if sentence != self._complaint:
            self._complaint = sentence
            _log.error("the audit log was tampered with: %s", sentence)
