"""Ask somebody new for what their provider did not say; there is no password to choose."""

from dataclasses import dataclass, replace

from gatelodge.journeys.arrival_form import arrival_form
from gatelodge.journeys.outcome import Back, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import StepName
from gatelodge.journeys.terms import with_answer
from gatelodge.journeys.upstream import choose_anew, is_still_offered
from gatelodge.model.interaction import Interaction
from gatelodge.pages.attributes import settled_values
from gatelodge.pages.catalogue import LINK_ACCOUNT
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.terms_of_use import TERMS


@dataclass(frozen=True, slots=True)
class CompleteArrival:
    """The attributes of the user flow, filled in with what the provider said."""

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the form, unless there is nothing to ask."""
        if (arrival := interaction.facts.arrival) is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        if not is_still_offered(place.user_flow, arrival):
            return choose_anew(interaction)
        page = arrival_form(place.user_flow, interaction.facts, arrival)
        return Show(page=page) if page.fields else Done(facts=interaction.facts)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the answers; nothing is kept before all of them are good."""
        facts = interaction.facts
        if facts.arrival is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        if not is_still_offered(place.user_flow, facts.arrival):
            return choose_anew(interaction)
        page = arrival_form(place.user_flow, facts, facts.arrival)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case action if action == LINK_ACCOUNT:
                # The arrival stays: it is what will be linked.
                return Back(to=StepName.CHOOSE, facts=replace(facts, path=None, collected={}))
            case "continue":
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                given = {**settled_values(page), **answers.values}
                given.pop(TERMS, None)
                facts = with_answer(place.user_flow, facts, answers)
                return Done(facts=replace(facts, collected={**facts.collected, **given}))
            case _:
                return Show(page=page)
