"""Create the account, from what was proved and collected."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.attributes import with_collected
from gatelodge.journeys.changes import AddAccount, UseEmailProof
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account, PasswordCredential, SignInName, SignInType
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.interaction import Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.pages.form import Submitted
from gatelodge.randomness import Randomness

UNNAMED = "unknown"
"""What an account is called whose user flow asks for no display name (B2C does the same)."""


@dataclass(frozen=True, slots=True)
class Register:
    """A step without a page: the proof of the address is used up for the account."""

    evidence: Evidence
    clock: Clock
    randomness: Randomness

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Create account, password, proof and audit event in the interaction's transaction."""
        facts, now = interaction.facts, self.clock()
        if facts.email is None or facts.password_hash is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        account = self._account(place, interaction, facts.email)
        credential = PasswordCredential(
            directory_id=place.directory.id,
            account_id=account.id,
            hash=facts.password_hash,
            changed_at=now,
        )
        key = key_of(facts.email)
        return Done(
            facts=replace(
                facts,
                account_id=account.id,
                is_new_account=True,
                auth_time=now,
                amr=("pwd",),
                password_hash=None,
                collected={},
            ),
            changes=(
                UseEmailProof(interaction.id, key, now),
                AddAccount(account, credential),
                self.evidence.proof(interaction, ProofKind.REGISTRATION, key, account.id),
                self.evidence.event(interaction, EventName.SIGN_UP, account.id),
            ),
        )

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked here."""
        return await self.enter(place, interaction)

    def _account(self, place: Place, interaction: Interaction, email: str) -> Account:
        now = self.clock()
        name = SignInName(
            sign_in_type=SignInType.EMAIL_ADDRESS,
            issuer=place.directory.domain,
            issuer_assigned_id=email,
        )
        account_id = AccountId(self.randomness.uuid())
        account = Account(
            directory_id=place.directory.id,
            id=account_id,
            created_at=now,
            display_name=UNNAMED,
            sign_in_sessions_valid_from=now,
            identities=(name,),
            mail=email,
            user_principal_name=f"{account_id}@{place.directory.domain}",
            mail_nickname=account_id,
        )
        named = with_collected(account, place.user_flow, interaction.facts.collected)
        if named.display_name == UNNAMED and (named.given_name or named.surname):
            full = " ".join(part for part in (named.given_name, named.surname) if part)
            return replace(named, display_name=full)
        return named
