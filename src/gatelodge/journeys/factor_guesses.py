"""Wrong second factors: counted for the account, whatever was guessed, until it is locked."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.changes import CountFailure, ForgetFailures
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Change
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.interaction import Interaction
from gatelodge.model.lockout import FACTOR_RULES
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class FactorGuesses:
    """Counts guesses apart from those of passwords: a right password clears nothing here."""

    database: Database
    evidence: Evidence
    clock: Clock

    async def is_locked(self, directory_id: DirectoryId, account_id: AccountId) -> bool:
        """Return whether nothing is compared for this account at the moment."""
        lockout = await self.database.read(directory_id).lockouts.get(_key(account_id))
        return lockout is not None and lockout.is_locked(self.clock())

    def wrong(self, interaction: Interaction, account_id: AccountId) -> tuple[Change, ...]:
        """Return what a wrong guess writes."""
        refused = self.evidence.event(
            interaction,
            EventName.SIGN_IN_REFUSED,
            interaction.request.client_id,
            is_success=False,
            detail={"reason": "secondFactor", "account": account_id},
        )
        locked = self.evidence.plain_event(
            interaction, EventName.FACTOR_LOCKED, account_id, is_success=False
        )
        return (refused, CountFailure(_key(account_id), self.clock(), locked, FACTOR_RULES))

    def right(self, account_id: AccountId) -> Change:
        """Return what a right one writes; it fails when the account was locked meanwhile."""
        return ForgetFailures(_key(account_id), self.clock())


def _key(account_id: AccountId) -> str:
    return f"secondFactor|{account_id}"
