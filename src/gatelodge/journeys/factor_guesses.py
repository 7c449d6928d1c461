"""Wrong second factors: counted for the account, whatever was guessed, until it is locked.

Guesses with devices that showed a factor of the account before are counted apart: who knows the
password and no more locks its owner out of none of them.
"""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.changes import CountFailure, ForgetFailures
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.known_device import factor_counted_under
from gatelodge.journeys.outcome import Change
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.device import Device
from gatelodge.model.interaction import Interaction
from gatelodge.model.lockout import FACTOR_RULES
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorStanding:
    """How guesses of an account's factors stand: what they count under, and if they are heard."""

    account: Account
    key: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class FactorGuesses:
    """Counts guesses apart from those of passwords: a right password clears nothing here."""

    database: Database
    evidence: Evidence
    clock: Clock

    async def standing(self, account: Account, device: Device) -> FactorStanding:
        """Return how guesses of the account's factors stand, made with a device."""
        stores, now = self.database.read(account.directory_id), self.clock()
        key = await factor_counted_under(stores, account, device, now)
        lockout = await stores.lockouts.get(key)
        is_locked = lockout is not None and lockout.is_locked(now)
        return FactorStanding(account=account, key=key, is_locked=is_locked)

    def wrong(self, interaction: Interaction, standing: FactorStanding) -> tuple[Change, ...]:
        """Return what a wrong guess writes."""
        account_id = standing.account.id
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
        return (refused, CountFailure(standing.key, self.clock(), locked, FACTOR_RULES))

    def right(self, standing: FactorStanding) -> Change:
        """Return what a right one writes; it fails when the account was locked meanwhile."""
        return ForgetFailures(standing.key, self.clock())
