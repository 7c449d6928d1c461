"""Write down what a step did, for whoever wants to know why a journey went the way it did."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from time import perf_counter

from gatelodge.clock import Clock
from gatelodge.journeys import catalogue
from gatelodge.journeys.outcome import Back, Done, Leave, Outcome, Refuse, Show
from gatelodge.journeys.step import Condition, Step
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.trace import TraceEntry, TraceOutcome
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Page

_NAMES: Mapping[Condition, str] = {
    each: name.lstrip("_") for name, each in vars(catalogue).items() if callable(each)
}
_FACTS = tuple(each.name for each in fields(Facts))
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_MOST_FIELDS = 40
_NOT_ASKED = frozenset({"seal", "action"})
_OUTCOMES = {
    Show: TraceOutcome.SHOWN,
    Done: TraceOutcome.DONE,
    Back: TraceOutcome.BACK,
    Leave: TraceOutcome.LEFT,
    Refuse: TraceOutcome.REFUSED,
}


def condition_name(condition: Condition) -> str:
    """Return what a condition is called in the table of the journeys."""
    return _NAMES[condition]


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Started before a step begins."""

    clock: Clock
    started: float

    @classmethod
    def start(cls, clock: Clock) -> "Stopwatch":
        """Begin to measure."""
        return cls(clock, perf_counter())

    def traced(
        self, interaction: Interaction, step: Step, answer: Outcome, form: Submitted | None
    ) -> Interaction:
        """Return the interaction with an entry for what the step answered."""
        page = _page(answer)
        return interaction.traced(
            TraceEntry(
                step=str(step.name),
                condition=condition_name(step.when),
                outcome=_OUTCOMES[type(answer)],
                at=self.clock(),
                milliseconds=round((perf_counter() - self.started) * 1000),
                page=None if page is None else str(page.id),
                asked=() if page is None else tuple(each.id for each in page.all_fields),
                answered=_answered(form or {}),
                learned=_learned(interaction.facts, answer.facts),
                because=_because(answer, page),
            )
        )


def _page(answer: Outcome) -> Page | None:
    return answer.page if isinstance(answer, Show | Back) else None


def _answered(form: Submitted) -> tuple[str, ...]:
    """Return the names of what was sent; a name that no page of ours has is left out."""
    names = (each for each in form if each not in _NOT_ASKED and _FIELD.fullmatch(each))
    return tuple(sorted(names)[:_MOST_FIELDS])


def _learned(before: Facts, after: Facts | None) -> tuple[str, ...]:
    if after is None or after is before:
        return ()
    return tuple(each for each in _FACTS if getattr(before, each) != getattr(after, each))


def _because(answer: Outcome, page: Page | None) -> tuple[str, ...]:
    if isinstance(answer, Refuse):
        return (str(answer.reason),)
    return () if page is None else tuple(each.string_id for each in page.notices)
