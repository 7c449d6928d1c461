"""How often a step takes a form it has to refuse before the journey is over."""

from dataclasses import replace

from gatelodge.journeys.outcome import Outcome, Refusal, Refuse, Show
from gatelodge.journeys.step import StepName
from gatelodge.model.interaction import Interaction

MOST_REFUSED_FORMS = 20
"""Enough for people without scripts, who see what is wrong only after they sent it."""

_COUNTED_ELSEWHERE = frozenset({StepName.CHOOSE, StepName.CHECK_FACTOR})
"""Guesses of passwords and factors are counted for the name or the account, not for a step."""


def counted(step: StepName, interaction: Interaction, answer: Outcome) -> Outcome:
    """Return a step's answer to a form, its refusal counted; after too many the step gives up."""
    if step in _COUNTED_ELSEWHERE or not isinstance(answer, Show) or not answer.page.errors:
        return answer
    facts = answer.facts or interaction.facts
    if facts.retries >= MOST_REFUSED_FORMS:
        reason = Refusal.TOO_MANY_RETRIES
        return Refuse(reason=reason, facts=answer.facts, changes=answer.changes)
    return replace(answer, facts=replace(facts, retries=facts.retries + 1))
