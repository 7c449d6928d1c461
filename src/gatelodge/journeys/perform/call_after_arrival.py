"""Ask an API connector about somebody a provider sent for the first time."""

from dataclasses import dataclass, replace

from gatelodge.connectors.answer import ValidationError
from gatelodge.connectors.claims import as_answers
from gatelodge.journeys.asking import Asking, Heard, Person
from gatelodge.journeys.local_account import identities_of
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.place import Place
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.interaction import Interaction
from gatelodge.pages.form import Submitted


@dataclass(frozen=True, slots=True)
class CallAfterArrival:
    """A step without a page of its own: the values fill in the page that follows."""

    asking: Asking

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Ask, before the person is asked for anything."""
        if (blocked := self.asking.shown_before(interaction)) is not None:
            return blocked
        facts = interaction.facts
        if (arrival := facts.arrival) is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        person = Person(
            email=arrival.attributes.get("email"),
            identities=identities_of(place, facts),
            attributes=arrival.attributes,
        )
        asked = await self.asking.ask(
            ConnectorPoint.POST_FEDERATION_SIGNUP, place, interaction, person
        )
        match asked:
            case Heard(taken=taken, changes=changes):
                collected = {**facts.collected, **as_answers(taken)}
                return Done(facts=replace(facts, collected=collected), changes=changes)
            case ValidationError():
                return Refuse(reason=Refusal.CONNECTOR_UNREADABLE)
            case _:
                return asked

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked of the person here."""
        return await self.enter(place, interaction)
