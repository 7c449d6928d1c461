"""Decide what happens next, from the stored interaction alone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from gatelodge.clock import Clock, system_clock
from gatelodge.errors import AlreadyExists, NotFound
from gatelodge.journeys.catalogue import journey_for
from gatelodge.journeys.outcome import (
    Back,
    Change,
    Done,
    Ending,
    Finished,
    Leave,
    Outcome,
    Refusal,
    Refuse,
    Show,
    Unproved,
)
from gatelodge.journeys.place import Place
from gatelodge.journeys.retries import counted
from gatelodge.journeys.step import Step, StepName
from gatelodge.journeys.tracing import Stopwatch
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.form import Submitted

if TYPE_CHECKING:
    from gatelodge.model.secret import Secret

Commit: TypeAlias = Callable[[Interaction, tuple[Change, ...]], Awaitable[Interaction]]
"""Store an interaction together with changes; return it with its new revision."""


class Performer(Protocol):
    """Carries out one step. Performers never see one another."""

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Begin, or begin again: must be safe to repeat, since pages are reloaded."""
        ...

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take what the user sent for this step."""
        ...


def next_step(flow: UserFlow, interaction: Interaction) -> Step | None:
    """Return the first step that applies and is not completed; None at the end."""
    return next(
        (
            step
            for step in journey_for(flow.user_flow_type)
            if step.name not in interaction.completed and step.when(flow, interaction)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Engine:
    """Walks an interaction forward until it waits for the user, or is over."""

    performers: Mapping[StepName, Performer]
    clock: Clock = system_clock

    async def walk(
        self,
        place: Place,
        interaction: Interaction,
        commit: Commit,
        form: Submitted | None = None,
    ) -> tuple[Interaction, Ending]:
        """Carry out steps until one waits or refuses, or none is left.

        `form` is for the current step only; the steps after it are entered afresh. What each step
        answers is committed before the next begins; only a session begun at the end is left to be
        written with what the journey ends in. Raises `Stale` when the interaction, or
        something a step wanted to change, changed meanwhile.
        """
        session: Secret[str] | None = None
        collisions = 0
        while (step := next_step(place.user_flow, interaction)) is not None:
            if (performer := self.performers.get(step.name)) is None:
                return interaction, Refuse(reason=Refusal.NOT_INTERACTIVE)
            sent, form, watch = form, None, Stopwatch.start(self.clock)
            if sent is None:
                answer = await performer.enter(place, interaction)
            else:
                answer = await performer.submit(place, interaction, sent)
                answer = counted(step.name, interaction, answer)
            traced = watch.traced(interaction, step, answer, sent)
            if (end := _end_with_session(place.user_flow, step, traced, answer)) is not None:
                return end
            try:
                interaction = await _keep(place.user_flow, step, traced, answer, commit)
            except Unproved:
                return interaction, Refuse(reason=Refusal.NOT_PROVED)
            except NotFound:
                return interaction, Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
            except AlreadyExists:
                # Somebody was faster: the step sees that when it decides again.
                if (collisions := collisions + 1) > 1:
                    return interaction, Refuse(reason=Refusal.ALREADY_EXISTS)
                continue
            if (waiting := _waiting(answer)) is not None:
                return interaction, waiting
            session = _begun(answer) or session
        return interaction, _ending(interaction, session)


def _ending(interaction: Interaction, session: "Secret[str] | None") -> Finished | Refuse:
    if (account_id := interaction.facts.account_id) is None:
        return Refuse(reason=Refusal.NOT_PROVED)
    return Finished(account_id=account_id, session=session)


def _end_with_session(
    flow: UserFlow, step: Step, interaction: Interaction, answer: Outcome
) -> tuple[Interaction, Finished] | None:
    """Return the end of a journey whose last step began a session, None for any other answer.

    What the step wants written is left to whoever issues the tokens: one transaction less, and no
    session is ever there without the sign-in it was begun for.
    """
    if not isinstance(answer, Done) or answer.session is None:
        return None
    kept = interaction.after(step.name, answer.facts or interaction.facts)
    account_id = kept.facts.account_id
    if account_id is None or next_step(flow, kept) is not None:
        return None
    return kept, Finished(account_id=account_id, session=answer.session, changes=answer.changes)


def _begun(answer: Outcome) -> "Secret[str] | None":
    return answer.session if isinstance(answer, Done) else None


def _waiting(answer: Outcome) -> Show | Leave | Refuse | None:
    """Return what the walk ends with for now, None when it goes on."""
    match answer:
        case Show() | Leave() | Refuse():
            return answer
        case Back(page=page) if page is not None:
            return Show(page=page)
        case Back() | Done():
            return None


async def _keep(
    flow: UserFlow, step: Step, interaction: Interaction, answer: Outcome, commit: Commit
) -> Interaction:
    """Commit what an answer brought, if it brought anything; return what is now stored."""
    facts = answer.facts or interaction.facts
    match answer:
        case Done():
            kept = interaction.after(step.name, facts)
        case Back(to=step_name):
            kept = interaction.reopened(_before(flow, step_name), facts)
        case _ if answer.facts is not None or answer.changes:
            kept = interaction.after(None, facts)
        case _:
            return interaction
    return await commit(kept, answer.changes)


def _before(flow: UserFlow, step_name: StepName) -> frozenset[StepName]:
    """Return the steps that come before one: whatever comes after it has to be shown again.

    The order is the table's, not that of what was finished: a step that was passed over the first
    time, as the first page is where a session was resumed, leads back just as far.
    """
    names = [each.name for each in journey_for(flow.user_flow_type)]
    return frozenset(names[: names.index(step_name)])
