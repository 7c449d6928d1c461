"""Have whoever has a second factor show it before the account changes."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.journeys.account_factors import factors_of
from gatelodge.journeys.factor_rules import GUARDED, RECENT, is_read_already
from gatelodge.journeys.outcome import Back
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.step import StepName
from gatelodge.model.interaction import Facts
from gatelodge.model.own_account import AccountFacts, AccountTask
from gatelodge.model.second_factor import NO_FACTOR
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class FreshFactor:
    """Asks for a factor again that was not shown in this interaction, or is too long ago.

    A session or a device that is known stands for none.
    """

    database: Database
    clock: Clock

    async def ask(self, situation: Situation) -> Back | None:
        """Return the way to where a factor is shown, None when none is needed any more."""
        facts, account = situation.facts, situation.account
        if facts.account.task not in GUARDED or self._is_fresh(situation):
            return None
        stores = self.database.read(account.directory_id)
        factors = await factors_of(stores, account.id)
        if not all(is_read_already(facts, each) for each in factors):
            return Back(to=StepName.CHECK_FACTOR, facts=replace(facts, factor=NO_FACTOR))
        has_password = await stores.passwords.get(account.id) is not None
        if factors and has_password and situation.place.user_flow.takes_passwords:
            # The mailbox or phone stood for the password: beside the password it is a factor.
            return Back(to=StepName.CHOOSE, facts=beginning_with(situation))
        return None

    def _is_fresh(self, situation: Situation) -> bool:
        settings = situation.place.user_flow.account_configuration
        longest = timedelta(minutes=settings.reauthentication_interval_in_minutes)
        if situation.facts.account.task is AccountTask.PASSKEYS:
            longest = min(longest, RECENT)
        at = situation.facts.factor.proved_at
        return at is not None and self.clock() - at <= longest


def beginning_with(situation: Situation) -> Facts:
    """Return the facts of whoever signs in anew, and is led to the task then."""
    facts = situation.facts
    begun = AccountFacts(task=facts.account.task)
    return Facts(device=facts.device.of_nobody(), account=begun)
