"""Let the person look after the own account: address, password, identities, sessions, data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gatelodge.journeys.identified import identified_account
from gatelodge.journeys.outcome import Change, Outcome, Refusal, Refuse
from gatelodge.journeys.own_account.fresh_factor import FreshFactor
from gatelodge.journeys.own_account.reauthentication import Confirmed, Reauthentication
from gatelodge.journeys.own_account.task import Situation, Task
from gatelodge.journeys.place import Place
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.own_account import AccountTask
from gatelodge.pages.form import Submitted
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageAccount:
    """Hands one task to what carries it out, once factor and sign-in are recent enough for it."""

    database: Database
    fresh_factor: FreshFactor
    reauthentication: Reauthentication
    tasks: Mapping[AccountTask, Task]

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show where the task stands, or ask who is there."""
        situation = await self._situation(place, interaction)
        if situation is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        if (task := self._task(situation)) is None:
            return situation.back()
        if (asked := await self.fresh_factor.ask(situation)) is not None:
            return asked
        if self.reauthentication.is_due(situation):
            return await self.reauthentication.enter(situation)
        return await task.enter(situation)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take a form of the task, or the password that was asked for again."""
        situation = await self._situation(place, interaction)
        if situation is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        if (task := self._task(situation)) is None:
            return situation.back()
        if (asked := await self.fresh_factor.ask(situation)) is not None:
            return asked
        if not self.reauthentication.is_due(situation):
            return await task.submit(situation, form)
        answer = await self.reauthentication.submit(situation, form)
        if not isinstance(answer, Confirmed):
            return answer
        confirmed = replace(situation, interaction=interaction.after(None, answer.facts))
        return _with(await task.enter(confirmed), answer.facts, answer.changes)

    def _task(self, situation: Situation) -> Task | None:
        """Return what carries the task out, unless it was switched off meanwhile."""
        chosen = situation.facts.account.task
        allowed = situation.place.user_flow.account_configuration.tasks
        return self.tasks[chosen] if chosen in allowed else None

    async def _situation(self, place: Place, interaction: Interaction) -> Situation | None:
        account = await identified_account(self.database, place, interaction.facts)
        if account is None:
            return None
        return Situation(place=place, interaction=interaction, account=account)


def _with(outcome: Outcome, facts: Facts, changes: tuple[Change, ...]) -> Outcome:
    """Return an answer together with what was learned before it."""
    return replace(outcome, facts=outcome.facts or facts, changes=(*changes, *outcome.changes))
