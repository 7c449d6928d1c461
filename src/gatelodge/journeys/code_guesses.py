"""Wrong codes that were sent in place of a password: counted for the address they were sent to."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.changes import CountFailure, ForgetFailures
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Change
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.interaction import Interaction
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class CodeGuesses:
    """Counts over all interactions: a new code does not bring new guesses without end."""

    database: Database
    evidence: Evidence
    clock: Clock

    async def is_locked(self, directory_id: DirectoryId, address: str) -> bool:
        """Return whether no code of this address (look-up form) is compared at the moment."""
        lockout = await self.database.read(directory_id).lockouts.get(_key(address))
        return lockout is not None and lockout.is_locked(self.clock())

    def wrong(self, interaction: Interaction, address: str) -> tuple[Change, ...]:
        """Return what a wrong guess writes."""
        client = interaction.request.client_id
        refused = self.evidence.event(
            interaction,
            EventName.SIGN_IN_REFUSED,
            client,
            is_success=False,
            detail={"reason": "mailedCode"},
        )
        locked = self.evidence.plain_event(interaction, EventName.LOCKED, client, is_success=False)
        return (refused, CountFailure(_key(address), self.clock(), locked))

    def right(self, address: str) -> Change:
        """Return what a right one writes; it fails when the address was locked meanwhile."""
        return ForgetFailures(_key(address), self.clock())


def _key(address: str) -> str:
    return f"code|{address}"
