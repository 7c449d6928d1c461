"""Create the account, from what was proved and collected."""

from dataclasses import dataclass, replace
from datetime import datetime

from gatelodge.clock import Clock
from gatelodge.journeys.attributes import UNNAMED, with_collected
from gatelodge.journeys.changes import AddAccount, UseEmailProof
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.local_account import (
    has_local_accounts,
    identifier_of,
    sign_in_name_of,
    sign_in_type_of,
)
from gatelodge.journeys.new_password import rules_told
from gatelodge.journeys.outcome import Back, Change, Done, Outcome, Refusal, Refuse
from gatelodge.journeys.perform.check_age import with_age
from gatelodge.journeys.place import Place
from gatelodge.journeys.sign_up_form import ALREADY_EXISTS, is_address_settled, sign_up_form
from gatelodge.journeys.step import StepName
from gatelodge.journeys.terms import with_terms
from gatelodge.model.account import Account, PasswordCredential, SignInName
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.pages.catalogue import Identifier, VerificationStage, sign_up_page
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Notice
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database


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
        if not has_local_accounts(place.user_flow):
            return Refuse(reason=Refusal.NO_WAY_IN)
        name = sign_in_name_of(place.user_flow, facts)
        takes_passwords = place.user_flow.takes_passwords
        has_password = facts.password_hash is not None
        is_reached = facts.email is not None or place.user_flow.signs_in_by_phone
        if name is None or not is_reached or has_password is not takes_passwords:
            return Refuse(reason=Refusal.NOT_PROVED)
        if await self._is_taken(place, name):
            return _another_name(place, facts)
        account = self._account(place, facts, name, now)
        proof: tuple[Change, ...] = ()
        if is_address_settled(place.user_flow, facts):
            proof = (UseEmailProof(interaction.id, key_of(facts.email or name), now),)
        return Done(
            facts=replace(
                facts,
                account_id=account.id,
                is_new_account=True,
                auth_time=now,
                amr=("pwd",) if takes_passwords else facts.amr or ("otp",),
                password_hash=None,
                collected={},
            ),
            changes=(
                *proof,
                AddAccount(account, _credential(account, facts.password_hash, now)),
                self.evidence.proof(interaction, ProofKind.REGISTRATION, key_of(name), account.id),
                self.evidence.event(interaction, EventName.SIGN_UP, account.id),
            ),
        )

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked here."""
        return await self.enter(place, interaction)

    async def _is_taken(self, place: Place, name: str) -> bool:
        accounts = self.database.read(place.directory.id).accounts
        return await accounts.by_sign_in_name(place.directory.domain, key_of(name)) is not None

    def _account(self, place: Place, facts: Facts, name: str, now: datetime) -> Account:
        identity = SignInName(
            sign_in_type=sign_in_type_of(place.user_flow),
            issuer=place.directory.domain,
            issuer_assigned_id=name,
        )
        account_id = AccountId(self.randomness.uuid())
        account = Account(
            directory_id=place.directory.id,
            id=account_id,
            created_at=now,
            display_name=UNNAMED,
            sign_in_sessions_valid_from=now,
            identities=(identity,),
            mail=facts.email,
            is_email_proved=_is_proved(place, facts),
            user_principal_name=f"{account_id}@{place.directory.domain}",
            mail_nickname=account_id,
        )
        account = with_terms(with_age(account, facts.age), facts.terms.version, now)
        named = with_collected(account, place.user_flow, facts.collected)
        if named.display_name == UNNAMED and (named.given_name or named.surname):
            full = " ".join(part for part in (named.given_name, named.surname) if part)
            return replace(named, display_name=full)
        return named


def _is_proved(place: Place, facts: Facts) -> bool | None:
    """Return whether the address was proved; None where nobody gave one."""
    return None if facts.email is None else is_address_settled(place.user_flow, facts)


def _credential(account: Account, hashed: str | None, now: datetime) -> PasswordCredential | None:
    if hashed is None:
        return None
    return PasswordCredential(
        directory_id=account.directory_id, account_id=account.id, hash=hashed, changed_at=now
    )


def _another_name(place: Place, facts: Facts) -> Back:
    """Ask for another name: one that was proved has to be proved anew."""
    if identifier_of(place.user_flow) is Identifier.EMAIL and is_address_settled(
        place.user_flow, facts
    ):
        return _another_address(place, facts)
    begun = replace(facts, password_hash=None, collected={})
    notice = Notice(ALREADY_EXISTS, identifier_of(place.user_flow))
    page = sign_up_form(place.user_flow, begun, notices=(notice,))
    return Back(to=StepName.COLLECT_ATTRIBUTES, facts=begun, page=page)


def _another_address(place: Place, facts: Facts) -> Back:
    # The person proved that the address is theirs, so they may know that it has an account.
    begun = replace(facts, is_email_proved=False, code=None, password_hash=None)
    page = sign_up_page(
        stage=VerificationStage.ADDRESS_WANTED,
        email=facts.email or "",
        password_rules=rules_told(place.user_flow),
        notices=(Notice(ALREADY_EXISTS, "email"),),
    )
    return Back(to=StepName.VERIFY_EMAIL, facts=begun, page=page)
