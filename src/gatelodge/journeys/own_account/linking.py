"""Link what a provider vouches for to the account of somebody who looks after it."""

from dataclasses import dataclass, replace

from gatelodge.federation.trouble import NotIdentified
from gatelodge.journeys.arrival_account import MOST_IDENTITIES
from gatelodge.journeys.changes import Record, SaveAccount
from gatelodge.journeys.offered_providers import Offer
from gatelodge.journeys.outcome import Outcome, Show
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.own_account.ways_in import linked_identities
from gatelodge.journeys.provider_visits import ProviderVisits, answer_in, is_answered
from gatelodge.model.account import SignInName, SignInType
from gatelodge.model.audit import EventName
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.interaction import Facts
from gatelodge.model.own_account import AccountFacts, AccountTask
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database

_TASK = AccountTask.IDENTITIES
_NOT_LINKED = Notice("error_not_linked")
_TAKEN = Notice("error_identity_taken")
_LINKED_ALREADY = Notice("error_identity_linked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """Sends the owner of an account to a provider, and links who comes back.

    Both sides are proved: the task has asked who the owner is, and the provider answers a departure
    of this interaction, once.
    """

    database: Database
    visits: ProviderVisits
    told: Told

    async def offers(self, situation: Situation) -> tuple[Offer, ...]:
        """Return the providers that may be linked and are not, as the user flow is now."""
        linked = {each.issuer.rstrip("/") for each in linked_identities(situation.account)}
        allowed = await self._allowed(situation)
        return tuple(each for each in allowed if (each.issuer or "").rstrip("/") not in linked)

    async def names(self, situation: Situation) -> tuple[str, ...]:
        """Return what the providers of linked identities are called, or else who they are."""
        offers = await self.visits.offered.of(situation.place)
        known = {each.issuer.rstrip("/"): each.name for each in offers if each.issuer is not None}
        issuers = [each.issuer for each in linked_identities(situation.account)]
        return tuple(known.get(each.rstrip("/"), each) for each in issuers)

    async def _allowed(self, situation: Situation) -> tuple[Offer, ...]:
        flow = situation.place.user_flow
        has_enough = len(situation.account.identities) >= MOST_IDENTITIES
        if has_enough or not flow.account_configuration.is_identity_linking_allowed:
            return ()
        return await self.visits.offered.of(situation.place)

    async def leave(self, situation: Situation, provider: IdentityProvider, page: Page) -> Outcome:
        """Leave for a provider; `page` is shown where it cannot be asked."""
        try:
            leave, left = await self.visits.begin(situation.place, provider)
        except NotIdentified as trouble:
            return self._refused(situation, provider, page, trouble.trouble.value)
        return replace(leave, facts=_facts(situation, AccountFacts(task=_TASK, departure=left)))

    async def arrived(self, situation: Situation, form: Submitted, page: Page) -> Outcome:
        """Take a provider's answer, once: whatever it is, this departure is over."""
        departure, answer = situation.facts.account.departure, answer_in(form)
        if departure is None:
            return Show(page=page)
        offered = {each.provider.id: each.provider for each in await self._allowed(situation)}
        if (provider := offered.get(departure.provider_id)) is None:
            return Show(page=page, facts=_facts(situation, AccountFacts(task=_TASK)))
        if not is_answered(provider, departure, answer):
            return Show(page=page)
        try:
            identified = await self.visits.end(situation.place, provider, departure, answer)
        except NotIdentified as trouble:
            return self._refused(situation, provider, page, trouble.trouble.value)
        identity = SignInName(
            sign_in_type=SignInType.FEDERATED,
            issuer=identified.issuer,
            issuer_assigned_id=identified.subject,
        )
        return await self._linked(situation, provider, identity, page)

    async def _linked(
        self, situation: Situation, provider: IdentityProvider, identity: SignInName, page: Page
    ) -> Outcome:
        account = situation.account
        accounts = self.database.read(account.directory_id).accounts
        owner = await accounts.by_sign_in_name(identity.issuer, identity.issuer_assigned_id)
        if owner is not None:
            told = _LINKED_ALREADY if owner.id == account.id else _TAKEN
            return self._refused(situation, provider, page, "taken", told)
        linked = replace(account, identities=(*account.identities, identity))
        return situation.over(
            "identity_linked",
            situation.facts,
            SaveAccount(linked),
            *self.told(
                situation,
                EventName.IDENTITY_LINKED,
                "identity_linked",
                {"identityProvider": provider.id},
            ),
        )

    def _refused(
        self,
        situation: Situation,
        provider: IdentityProvider,
        page: Page,
        reason: str,
        told: Notice = _NOT_LINKED,
    ) -> Show:
        event: Record = self.told.evidence.event(
            situation.interaction,
            EventName.IDENTITY_LINKED,
            situation.account.id,
            is_success=False,
            detail={"reason": reason, "identityProvider": provider.id},
        )
        facts = _facts(situation, AccountFacts(task=_TASK))
        return Show(page=replace(page, notices=(told,)), facts=facts, changes=(event,))


def _facts(situation: Situation, account: AccountFacts) -> Facts:
    return replace(situation.facts, account=account)
