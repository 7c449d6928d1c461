"""What every task with the own account starts from, and how it ends."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from gatelodge.journeys.outcome import Change, Done, Outcome
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.own_account import NO_TASK, AccountFacts
from gatelodge.pages.form import Submitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Whose account it is, and where."""

    place: Place
    interaction: Interaction
    account: Account

    @property
    def facts(self) -> Facts:
        """Return what the interaction has learned."""
        return self.interaction.facts

    def over(self, told: str, facts: Facts, *changes: Change) -> Done:
        """Lead back to the profile, which says what was done."""
        return Done(facts=replace(facts, account=AccountFacts(told=told)), changes=tuple(changes))

    def back(self) -> Done:
        """Lead back to the profile; nothing was done."""
        return Done(facts=replace(self.facts, account=NO_TASK))

    def signed_in_anew(self, now: datetime) -> Facts:
        """Return the facts once every session ended: the browser's is begun anew at the end."""
        return replace(self.facts, auth_time=now, session_id=None, account=NO_TASK)


class Task(Protocol):
    """Carries out one task. What it shows waits for its form, as a step does."""

    async def enter(self, situation: Situation) -> Outcome:
        """Begin, or begin again: must be safe to repeat."""
        ...

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Take what was sent for this task."""
        ...
