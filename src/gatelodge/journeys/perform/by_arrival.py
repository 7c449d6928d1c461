"""Hand a step to one performer for people a provider sent, and to another for all others."""

from dataclasses import dataclass

from gatelodge.journeys.conditions import arrived_first
from gatelodge.journeys.engine import Performer
from gatelodge.journeys.outcome import Outcome
from gatelodge.journeys.place import Place
from gatelodge.model.interaction import Interaction
from gatelodge.pages.form import Submitted


@dataclass(frozen=True, slots=True, kw_only=True)
class ByArrival:
    """Two performers of one step: who arrived from a provider has no password to set."""

    arrived: Performer
    local: Performer

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Let the right one begin."""
        return await self._performer(place, interaction).enter(place, interaction)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Let the right one take the form."""
        return await self._performer(place, interaction).submit(place, interaction, form)

    def _performer(self, place: Place, interaction: Interaction) -> Performer:
        return self.arrived if arrived_first(place.user_flow, interaction) else self.local
