"""Create the account of somebody a provider identified."""

from dataclasses import dataclass, replace
from datetime import datetime

from gatelodge.clock import Clock
from gatelodge.journeys.arrival_account import account_of_arrival, identity_of
from gatelodge.journeys.attributes import UNNAMED, with_collected
from gatelodge.journeys.changes import AddAccount, UseArrival
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.perform.check_age import with_age
from gatelodge.journeys.place import Place
from gatelodge.journeys.terms import with_terms
from gatelodge.journeys.upstream import choose_anew, is_still_offered, upstream_of
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.federation import Arrival
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.pages.form import Submitted
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class RegisterArrival:
    """A step without a page: the proof that the provider identified the person is used up.

    An address decides nothing here: whoever has an account of their own with the same address has
    two accounts from now on.
    """

    database: Database
    evidence: Evidence
    clock: Clock
    randomness: Randomness

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Create account, proof and audit event in the interaction's transaction."""
        facts, now = interaction.facts, self.clock()
        if (arrival := facts.arrival) is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        if not is_still_offered(place.user_flow, arrival):
            return choose_anew(interaction)
        accounts = self.database.read(place.directory.id).accounts
        known = await account_of_arrival(accounts, arrival)
        if isinstance(known, Refuse):
            return known
        if known is not None:
            return self._signed_in(interaction, arrival, known)
        account = self._account(place, facts, arrival, now)
        return Done(
            facts=replace(
                facts,
                account_id=account.id,
                is_new_account=True,
                auth_time=now,
                amr=("fed",),
                upstream=upstream_of(arrival),
                collected={},
            ),
            changes=(
                UseArrival(interaction.id, arrival.key, now),
                AddAccount(account, None),
                self.evidence.proof(interaction, ProofKind.REGISTRATION, arrival.key, account.id),
                self.evidence.event(
                    interaction,
                    EventName.SIGN_UP,
                    account.id,
                    detail={"identityProvider": arrival.provider_id},
                ),
            ),
        )

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked here."""
        return await self.enter(place, interaction)

    def _signed_in(self, interaction: Interaction, arrival: Arrival, known: Account) -> Outcome:
        """Sign in who was faster in another window: the provider's word is for this account."""
        if not known.account_enabled:
            return Refuse(reason=Refusal.ACCOUNT_DISABLED)
        now = self.clock()
        return Done(
            facts=replace(
                interaction.facts,
                account_id=known.id,
                auth_time=now,
                amr=("fed",),
                upstream=upstream_of(arrival),
                collected={},
            ),
            changes=(
                UseArrival(interaction.id, arrival.key, now),
                self.evidence.proof(interaction, ProofKind.FEDERATION, arrival.key, known.id),
            ),
        )

    def _account(self, place: Place, facts: Facts, arrival: Arrival, now: datetime) -> Account:
        told, account_id = arrival.attributes, AccountId(self.randomness.uuid())
        typed = facts.collected.get("email", ())
        account = Account(
            directory_id=place.directory.id,
            id=account_id,
            created_at=now,
            display_name=told.get("displayName", UNNAMED),
            given_name=told.get("givenName"),
            surname=told.get("surname"),
            sign_in_sessions_valid_from=now,
            identities=(identity_of(arrival),),
            mail=typed[0] if typed else told.get("email"),
            # Neither the provider's word nor what was typed is a proof.
            is_email_proved=False,
            user_principal_name=f"cpim_{account_id}@{place.directory.domain}",
            mail_nickname=account_id,
            creation_type=None,
            password_policies=None,
        )
        account = with_terms(with_age(account, facts.age), facts.terms.version, now)
        return _named(with_collected(account, place.user_flow, facts.collected))


def _named(account: Account) -> Account:
    """Return the account called by its parts if it has no other name."""
    parts = " ".join(each for each in (account.given_name, account.surname) if each)
    is_unnamed = account.display_name == UNNAMED and bool(parts)
    return replace(account, display_name=parts) if is_unnamed else account
