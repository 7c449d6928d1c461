"""Walk the audit log and say the first thing that is not as it was written."""

from dataclasses import dataclass

from gatelodge.crypto.seal import Sealer
from gatelodge.model.audit import AuditCheckpoint
from gatelodge.operations.audit_seals import counts, is_ours, link_digest
from gatelodge.storage.audit_chain import AuditChain, StoredEvent

_WINDOW = 500
"""How many events are held at a time."""


class Broken(Exception):
    """The log was tampered with; the sentence names the first row that does not fit."""


@dataclass(frozen=True, slots=True)
class Place:
    """A link somebody noted: the chain still has to lead through it."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How much was found in order. `head` is worth noting elsewhere."""

    linked: int
    unlinked: int
    swept: int
    head: Place


class Verification:
    """One walk over the whole log, while it may grow and be swept."""

    def __init__(self, chain: AuditChain, sealer: Sealer, known: Place | None = None) -> None:
        self._chain = chain
        self._sealer = sealer
        self._known = known
        self._sequence = 0
        self._digest = ""
        self._linked = 0

    async def __call__(self) -> Verdict:
        """Return what was found; raise `Broken` at the first row that does not fit."""
        checkpoint = await self._checkpoint()
        self._start(checkpoint)
        while True:
            checkpoint = await self._walk(checkpoint)
            if (stray := await self._chain.outside(checkpoint)) is None:
                break
            newer = await self._checkpoint()
            if not checkpoint.sequence < stray.sequence <= newer.sequence:
                raise Broken(f"{_named(stray)} has number {stray.sequence}, which nobody gave it")
            checkpoint = newer
        if self._known is not None and self._known.sequence > checkpoint.sequence:
            raise Broken(f"the log ends at {checkpoint.sequence}, before the place that was noted")
        return Verdict(
            linked=self._linked,
            unlinked=await self._judge_unlinked(),
            swept=checkpoint.swept_sequence,
            head=Place(checkpoint.sequence, checkpoint.digest),
        )

    async def _checkpoint(self) -> AuditCheckpoint:
        checkpoint = await self._chain.checkpoint()
        if checkpoint is None:
            raise Broken("the checkpoint is gone")
        if not counts(checkpoint, self._sealer):
            raise Broken("the checkpoint was changed")
        return checkpoint

    def _start(self, checkpoint: AuditCheckpoint) -> None:
        self._sequence, self._digest = checkpoint.swept_sequence, checkpoint.swept_digest
        self._compare_known()

    async def _walk(self, checkpoint: AuditCheckpoint) -> AuditCheckpoint:
        """Judge every link up to the checkpoint; return it, or the newer one that was needed."""
        while self._sequence < checkpoint.sequence:
            until = min(self._sequence + _WINDOW, checkpoint.sequence)
            wanted = until - self._sequence
            events = await self._chain.linked(self._sequence, until, wanted + 1)
            if not events or events[0].sequence != self._sequence + 1 or len(events) < wanted:
                checkpoint = await self._swept_meanwhile(checkpoint, events)
                continue
            for event in events:
                self._judge(event)
        if self._digest != checkpoint.digest:
            raise Broken(f"the checkpoint does not fit event {self._sequence}")
        return checkpoint

    async def _swept_meanwhile(
        self, checkpoint: AuditCheckpoint, events: list[StoredEvent]
    ) -> AuditCheckpoint:
        newer = await self._checkpoint()
        if newer.swept_sequence > max(self._sequence, checkpoint.swept_sequence):
            self._start(newer)
            return newer
        for event in events:
            self._judge(event)
        raise Broken(f"event {self._sequence + 1} is missing")

    def _judge(self, event: StoredEvent) -> None:
        if event.sequence > self._sequence + 1:
            raise Broken(f"event {self._sequence + 1} is missing before {_named(event)}")
        if event.sequence <= self._sequence:
            raise Broken(f"{_named(event)} is a second event with number {event.sequence}")
        if not is_ours(event, self._sealer):
            raise Broken(f"{_named(event)}, number {event.sequence}, was changed")
        if event.digest != link_digest(self._digest, event.sequence, event.mark):
            raise Broken(f"{_named(event)} does not belong at number {event.sequence}")
        self._sequence, self._digest = event.sequence, event.digest
        self._linked += 1
        self._compare_known()

    def _compare_known(self) -> None:
        known = self._known
        if known is None or known.sequence != self._sequence:
            return
        if known.digest != self._digest:
            raise Broken(f"number {self._sequence} is not the one that was noted")

    async def _judge_unlinked(self) -> int:
        found = 0
        events = await self._chain.unlinked(_WINDOW)
        while events:
            for event in events:
                if not is_ours(event, self._sealer):
                    raise Broken(f"{_named(event)}, not linked yet, was changed or added")
            found += len(events)
            events = await self._chain.unlinked(_WINDOW, events[-1])
        return found


def _named(event: StoredEvent) -> str:
    return f"event {event.id} of directory {event.directory_id}"
