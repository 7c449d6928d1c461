"""Send the person to the provider they chose, and take what comes back."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.seal import Sealer
from gatelodge.federation.arrival import Identified
from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.journeys.arrival_account import account_of_arrival
from gatelodge.journeys.changes import Record
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.offered_providers import OfferedProviders
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.place import Place
from gatelodge.journeys.provider_visits import ProviderVisits, answer_in, is_answered
from gatelodge.journeys.upstream import ACCESS_TOKEN, choose_anew, token_place, upstream_of
from gatelodge.model.audit import EventName
from gatelodge.model.federation import Arrival
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.model.user_flow import UserFlowType
from gatelodge.pages.form import Submitted
from gatelodge.storage.database import Database

_SIGNING_UP = (UserFlowType.SIGN_UP, UserFlowType.SIGN_UP_OR_SIGN_IN)
_REFUSED = {
    Trouble.DENIED: Refusal.PROVIDER_DENIED,
    Trouble.UNREACHABLE: Refusal.PROVIDER_UNREACHABLE,
    Trouble.MISCONFIGURED: Refusal.PROVIDER_MISCONFIGURED,
    Trouble.REFUSED_US: Refusal.PROVIDER_REFUSED_US,
    Trouble.INVALID_ANSWER: Refusal.PROVIDER_ANSWER_INVALID,
    Trouble.INCOMPLETE_ANSWER: Refusal.PROVIDER_ANSWER_INCOMPLETE,
    Trouble.NOTHING_SAID: Refusal.PROVIDER_SAID_NOTHING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Federate:
    """A step without a page of ours. Its form is what the provider sends to our callback."""

    database: Database
    offered: OfferedProviders
    visits: ProviderVisits
    evidence: Evidence
    sealer: Sealer
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Leave for the provider; who comes back without its answer chooses anew."""
        departure = interaction.facts.departure
        if departure is None or departure.state is not None:
            return choose_anew(interaction)
        provider = await self.offered.named(place, departure.provider_id)
        if provider is None:
            return choose_anew(interaction)
        try:
            leave, left = await self.visits.begin(place, provider)
        except NotIdentified as trouble:
            return self._refused(interaction, provider, trouble)
        return replace(leave, facts=replace(interaction.facts, departure=left))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the provider's answer, once: whatever it is, this departure is over."""
        departure, answer = interaction.facts.departure, answer_in(form)
        if departure is None or departure.state is None:
            return await self.enter(place, interaction)
        provider = await self.offered.named(place, departure.provider_id)
        if provider is None:
            return choose_anew(interaction)
        if not is_answered(provider, departure, answer):
            return await self.enter(place, interaction)
        try:
            identified = await self.visits.end(place, provider, departure, answer)
        except NotIdentified as trouble:
            return self._refused(interaction, provider, trouble)
        return await self._arrived(place, interaction, provider, identified)

    async def _arrived(
        self,
        place: Place,
        interaction: Interaction,
        provider: IdentityProvider,
        identified: Identified,
    ) -> Outcome:
        arrival = self._arrival(place, interaction, provider, identified)
        facts = replace(interaction.facts, departure=None, arrival=arrival)
        accounts = self.database.read(place.directory.id).accounts
        account = await account_of_arrival(accounts, arrival)
        if account is None:
            return self._first(place, interaction, facts, arrival)
        if isinstance(account, Refuse):
            event = self._not_signed_in(interaction, provider, account.reason.value)
            return replace(account, facts=replace(facts, arrival=None), changes=(event,))
        if not account.account_enabled:
            event = self._not_signed_in(interaction, provider, "disabled")
            return Refuse(reason=Refusal.ACCOUNT_DISABLED, facts=facts, changes=(event,))
        return Done(
            facts=replace(
                facts,
                account_id=account.id,
                auth_time=self.clock(),
                amr=("fed",),
                upstream=upstream_of(arrival),
            ),
            changes=(
                self.evidence.proof(interaction, ProofKind.FEDERATION, arrival.key, account.id),
            ),
        )

    def _first(
        self, place: Place, interaction: Interaction, facts: Facts, arrival: Arrival
    ) -> Outcome:
        """Go on with somebody new, where the user flow makes accounts."""
        if place.user_flow.user_flow_type not in _SIGNING_UP:
            return Refuse(reason=Refusal.NOT_SIGNED_UP, facts=replace(facts, arrival=None))
        proof = self.evidence.proof(interaction, ProofKind.FEDERATION, arrival.key)
        return Done(facts=facts, changes=(proof,))

    def _arrival(
        self,
        place: Place,
        interaction: Interaction,
        provider: IdentityProvider,
        identified: Identified,
    ) -> Arrival:
        is_handed_on = ACCESS_TOKEN in place.user_flow.application_claims
        token = identified.access_token if is_handed_on else None
        return Arrival(
            provider_id=provider.id,
            issuer=identified.issuer,
            subject=identified.subject,
            attributes=identified.attributes,
            access_token=None
            if token is None
            else self.sealer.seal(token.reveal().encode(), token_place(place.directory.id)),
        )

    def _refused(
        self, interaction: Interaction, provider: IdentityProvider, trouble: NotIdentified
    ) -> Refuse:
        facts = replace(interaction.facts, departure=None)
        event = self._not_signed_in(interaction, provider, trouble.trouble.value, trouble.detail)
        return Refuse(reason=_REFUSED[trouble.trouble], facts=facts, changes=(event,))

    def _not_signed_in(
        self, interaction: Interaction, provider: IdentityProvider, reason: str, detail: str = ""
    ) -> Record:
        return self.evidence.event(
            interaction,
            EventName.SIGN_IN_REFUSED,
            interaction.request.client_id,
            is_success=False,
            detail={"reason": reason, "identityProvider": provider.id}
            | ({"detail": detail} if detail else {}),
        )
