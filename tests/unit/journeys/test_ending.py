from dataclasses import replace

from gatelodge.journeys.engine import Engine
from gatelodge.journeys.outcome import Change, Done, Finished, Outcome
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import StepName
from gatelodge.model.interaction import Interaction
from gatelodge.model.secret import Secret
from gatelodge.model.user_flow import UserFlowType
from gatelodge.pages.form import Submitted
from gatelodge.storage.stores import Stores
from tests.world.makers import a_place, a_user_flow
from tests.world.traces import ACCOUNT, an_interaction


async def change(_stores: Stores) -> None:
    """Stand for what the last step wants written."""


class Begins:
    """The step that begins a session."""

    async def enter(self, _place: Place, interaction: Interaction) -> Outcome:
        return Done(facts=interaction.facts, changes=(change,), session=Secret("handle"))

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        return await self.enter(place, interaction)


async def test_a_session_is_left_to_be_written_with_what_the_journey_ends_in() -> None:
    flow = a_user_flow(user_flow_type=UserFlowType.SIGN_IN)
    begun = an_interaction(completed=(StepName.RESUME_SESSION, StepName.CHOOSE))
    known = replace(begun, facts=replace(begun.facts, account_id=ACCOUNT))
    committed: list[tuple[Change, ...]] = []

    async def commit(kept: Interaction, changes: tuple[Change, ...]) -> Interaction:
        committed.append(changes)
        return kept

    engine = Engine({StepName.START_SESSION: Begins()})
    place = a_place(flow)
    ended, ending = await engine.walk(place, known, commit)
    assert committed == []
    assert isinstance(ending, Finished)
    assert ending.account_id == ACCOUNT
    assert ending.changes == (change,)
    assert StepName.START_SESSION in ended.completed
