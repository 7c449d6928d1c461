"""Let an identity provider lead to an account from now on, once both sides were proved."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.arrival_account import MOST_IDENTITIES, identity_of
from gatelodge.journeys.changes import SaveAccount, UseArrival
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.place import Place
from gatelodge.journeys.upstream import is_still_offered
from gatelodge.model.audit import EventName
from gatelodge.model.federation import Arrival
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.form import Submitted
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """A step without a page: the provider's word is used up, the account's own proof stays.

    Whoever has a second factor has shown it before, as before any change of the account.
    """

    database: Database
    evidence: Evidence
    told: Told
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Add the identity to the account somebody has just signed in to."""
        facts = interaction.facts
        arrival, account_id = facts.arrival, facts.account_id
        if arrival is None or account_id is None or not _may_link(place.user_flow, arrival):
            return Done(facts=replace(facts, arrival=None))
        accounts = self.database.read(place.directory.id).accounts
        account = await accounts.get(account_id)
        if account is None or not account.account_enabled:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        taken = await accounts.by_sign_in_name(arrival.issuer, arrival.subject)
        if taken is not None or len(account.identities) >= MOST_IDENTITIES:
            return Refuse(reason=Refusal.ALREADY_EXISTS)
        linked = replace(account, identities=(*account.identities, identity_of(arrival)))
        return Done(
            facts=replace(facts, arrival=None),
            changes=(
                UseArrival(interaction.id, arrival.key, self.clock()),
                SaveAccount(linked),
                self.evidence.event(
                    interaction,
                    EventName.IDENTITY_LINKED,
                    account.id,
                    detail={"identityProvider": arrival.provider_id},
                ),
                *self.told.mailed(place, account, "identity_linked"),
            ),
        )

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked here."""
        return await self.enter(place, interaction)


def _may_link(flow: UserFlow, arrival: Arrival) -> bool:
    """Return whether the user flow, as it is now, connects people to this provider."""
    is_allowed = flow.account_configuration.is_identity_linking_allowed
    return is_allowed and is_still_offered(flow, arrival)
