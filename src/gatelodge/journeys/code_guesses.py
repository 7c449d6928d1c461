"""Wrong codes that were sent in place of a password: counted for the address they were sent to."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.changes import CountFailure, ForgetFailures
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.known_device import address_counted_under
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.place import Place
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Interaction
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeStanding:
    """How guesses of an address stand: what they are counted under, and whether they are heard."""

    key: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class CodeGuesses:
    """Counts over all interactions: a new code does not bring new guesses without end.

    Guesses with the owner's own devices are counted apart, so that nobody else can lock them.
    """

    database: Database
    evidence: Evidence
    clock: Clock

    async def standing(self, place: Place, interaction: Interaction, address: str) -> CodeStanding:
        """Return how guesses of this address (look-up form) stand, made where somebody is."""
        stores, now = self.database.read(place.directory.id), self.clock()
        device = interaction.facts.device
        counted = await address_counted_under(stores, place, address, device, now)
        lockout = await stores.lockouts.get(f"code|{counted}")
        is_locked = lockout is not None and lockout.is_locked(now)
        return CodeStanding(key=f"code|{counted}", is_locked=is_locked)

    def wrong(self, interaction: Interaction, standing: CodeStanding) -> tuple[Change, ...]:
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
        return (refused, CountFailure(standing.key, self.clock(), locked))

    def right(self, standing: CodeStanding) -> Change:
        """Return what a right one writes; it fails when the address was locked meanwhile."""
        return ForgetFailures(standing.key, self.clock())
