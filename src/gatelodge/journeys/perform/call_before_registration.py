"""Ask an API connector whether the account may be created, and with which attributes."""

from dataclasses import dataclass, replace

from gatelodge.connectors.answer import ValidationError
from gatelodge.connectors.claims import as_answers
from gatelodge.journeys.arrival_form import arrival_form
from gatelodge.journeys.asking import Asking, Heard, Person
from gatelodge.journeys.conditions import arrived_first
from gatelodge.journeys.local_account import identities_of
from gatelodge.journeys.outcome import Back, Done, Outcome
from gatelodge.journeys.place import Place
from gatelodge.journeys.sign_up_form import sign_up_form
from gatelodge.journeys.step import StepName
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Notice

MESSAGE = "UserMessage"
_SEPARATOR = ", "


@dataclass(frozen=True, slots=True)
class CallBeforeRegistration:
    """A step with a page only when the connector wants the person to read something."""

    asking: Asking

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Ask; its values take the place of what was typed."""
        if (blocked := self.asking.shown_before(interaction)) is not None:
            return blocked
        facts = interaction.facts
        asked = await self.asking.ask(
            ConnectorPoint.POST_ATTRIBUTE_COLLECTION, place, interaction, _person(place, facts)
        )
        match asked:
            case Heard(taken=taken, changes=changes):
                collected = {**facts.collected, **as_answers(taken)}
                return Done(facts=replace(facts, collected=collected), changes=changes)
            case ValidationError(message=message):
                return _again(place, interaction, message)
            case _:
                return asked

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked of the person here."""
        return await self.enter(place, interaction)


def _person(place: Place, facts: Facts) -> Person:
    typed = {name: _SEPARATOR.join(answer) for name, answer in facts.collected.items() if answer}
    return Person(
        email=facts.email or typed.get("email") or _said_by_provider(facts),
        identities=identities_of(place, facts),
        attributes=typed,
    )


def _said_by_provider(facts: Facts) -> str | None:
    return None if facts.arrival is None else facts.arrival.attributes.get("email")


def _again(place: Place, interaction: Interaction, message: str) -> Back:
    """Let the person answer again; a password is never repeated on a page."""
    facts = replace(interaction.facts, password_hash=None)
    notices = (Notice(MESSAGE, values={"message": message}),)
    if arrived_first(place.user_flow, interaction) and facts.arrival is not None:
        page = arrival_form(place.user_flow, facts, facts.arrival, notices=notices)
    else:
        page = sign_up_form(place.user_flow, facts, notices=notices)
    return Back(to=StepName.COLLECT_ATTRIBUTES, facts=facts, page=page)
