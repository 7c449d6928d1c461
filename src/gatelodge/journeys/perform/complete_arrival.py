"""Ask somebody new for what their provider did not say; there is no password to choose."""

from dataclasses import dataclass, replace

from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.federation import Arrival
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.attributes import attribute_field
from gatelodge.pages.catalogue import social_sign_up_page
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Field, InputKind, Page

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class CompleteArrival:
    """The attributes of the user flow, filled in with what the provider said."""

    async def enter(self, _place: Place, interaction: Interaction) -> Outcome:
        """Show the form, unless there is nothing to ask."""
        if (arrival := interaction.facts.arrival) is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        page = _page(_place.user_flow, arrival)
        return Show(page=page) if page.fields else Done(facts=interaction.facts)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the answers; nothing is kept before all of them are good."""
        facts = interaction.facts
        if facts.arrival is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        page = _page(place.user_flow, facts.arrival)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case "continue":
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                return Done(facts=replace(facts, collected=answers.values))
            case _:
                return Show(page=page)


def _page(flow: UserFlow, arrival: Arrival) -> Page:
    return social_sign_up_page(
        attributes=tuple(
            _as_address(attribute_field(each, value=arrival.attributes.get(each.id)))
            for each in flow.attributes
        )
    )


def _as_address(field: Field) -> Field:
    """Return the field of an email address as one; others as they are."""
    if field.id != EMAIL:
        return field
    return replace(field, kind=InputKind.EMAIL, max_length=254, autocomplete="email")
