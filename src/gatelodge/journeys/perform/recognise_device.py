"""Tell whether the person was here before: with this device, from this network."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.outcome import Done, Outcome
from gatelodge.journeys.place import Place
from gatelodge.model.interaction import Interaction
from gatelodge.model.second_factor import MULTIPLE_FACTORS
from gatelodge.pages.form import Submitted
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class RecogniseDevice:
    """A step without a page, for what depends on where somebody signs in from."""

    database: Database
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Note what is known: where the account showed a second factor before, or just now did.

        That somebody signed in there with a password alone says nothing: whoever knows the
        password can do so at another user flow first.
        """
        facts, now = interaction.facts, self.clock()
        stores = self.database.read(place.directory.id)
        account = None if facts.account_id is None else await stores.accounts.get(facts.account_id)
        if account is None:
            return Done(facts=facts)
        devices, since = stores.known_devices, account.sign_in_sessions_valid_from
        is_known = MULTIPLE_FACTORS in facts.amr or (
            facts.device.id is not None
            and await devices.is_known(
                account.id, facts.device.id, now=now, since=since, with_factor=True
            )
        )
        is_known_network = facts.device.network != "" and await devices.is_known_network(
            account.id, facts.device.network, now=now, since=since
        )
        device = replace(facts.device, is_known=is_known, is_known_network=is_known_network)
        return Done(facts=replace(facts, device=device))

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked here."""
        return await self.enter(place, interaction)
