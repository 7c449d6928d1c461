"""How many codes leave for an address, and for whoever asks from one place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gatelodge.journeys.changes import NoteSend
from gatelodge.journeys.known_device import address_counted_under
from gatelodge.journeys.place import Place
from gatelodge.model.interaction import Interaction
from gatelodge.model.one_time_code import SEND_WINDOW_S
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most so many codes since a moment, counted under a key."""

    key: str
    since: datetime
    most: int

    async def is_spent(self, stores: Stores) -> bool:
        """Return whether no more may leave."""
        return await stores.sent_codes.count(self.key, since=self.since) >= self.most

    def noted(self, now: datetime) -> NoteSend:
        """Return what counts one more."""
        return NoteSend(self.key, now, self.since, self.most)


async def address_budgets(
    stores: Stores,
    place: Place,
    interaction: Interaction,
    address: str,
    now: datetime,
    *,
    per_source: int,
) -> list[Budget]:
    """Return what a code to an address (look-up form) is counted against in an hour.

    The owner's own device has a budget to itself, so that nobody else can spend it.
    """
    device, hour = interaction.facts.device, now - timedelta(seconds=SEND_WINDOW_S)
    most = place.user_flow.one_time_code_configuration.maximum_codes_per_hour
    key = await address_counted_under(stores, place, address, device, now)
    budgets = [Budget(key=key, since=hour, most=most)]
    if device.source and key == address:
        budgets.append(Budget(key=f"source|{device.source}", since=hour, most=per_source))
    return budgets
