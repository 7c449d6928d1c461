"""Create the account, from what was proved and collected."""

from dataclasses import dataclass, replace
from datetime import datetime

from gatelodge.clock import Clock
from gatelodge.journeys.attributes import with_collected
from gatelodge.journeys.changes import AddAccount, UseEmailProof
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.new_password import rules_told
from gatelodge.journeys.outcome import Back, Done, Outcome, Refusal, Refuse
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import StepName
from gatelodge.model.account import Account, PasswordCredential, SignInName, SignInType
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.pages.catalogue import VerificationStage, sign_up_page
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Notice
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

UNNAMED = "unknown"
"""What an account is called whose user flow asks for no display name (B2C does the same)."""


@dataclass(frozen=True, slots=True)
class Register:
    """A step without a page: the proof of the address is used up for the account."""

    database: Database
    evidence: Evidence
    clock: Clock
    randomness: Randomness

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Create account, password, proof and audit event in the interaction's transaction.

        When another interaction made an account of the address meanwhile, the person is asked for
        another address.
        """
        facts, now = interaction.facts, self.clock()
        if facts.email is None or facts.password_hash is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        if await self._is_taken(place, facts.email):
            return _another_address(place, facts)
        account = self._account(place, facts, facts.email, now)
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

    async def _is_taken(self, place: Place, email: str) -> bool:
        accounts = self.database.read(place.directory.id).accounts
        return await accounts.by_sign_in_name(place.directory.domain, key_of(email)) is not None

    def _account(self, place: Place, facts: Facts, email: str, now: datetime) -> Account:
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
        named = with_collected(account, place.user_flow, facts.collected)
        if named.display_name == UNNAMED and (named.given_name or named.surname):
            full = " ".join(part for part in (named.given_name, named.surname) if part)
            return replace(named, display_name=full)
        return named


def _another_address(place: Place, facts: Facts) -> Back:
    # The person proved that the address is theirs, so they may know that it has an account.
    begun = replace(facts, is_email_proved=False, code=None, password_hash=None, collected={})
    page = sign_up_page(
        stage=VerificationStage.ADDRESS_WANTED,
        email=facts.email or "",
        password_rules=rules_told(place.user_flow),
        notices=(Notice("UserMessageIfClaimsPrincipalAlreadyExists", "email"),),
    )
    return Back(to=StepName.VERIFY_EMAIL, facts=begun, page=page)
