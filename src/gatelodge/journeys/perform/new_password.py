"""Set a new password for the account whose address was proved."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.passwords import Passwords
from gatelodge.errors import TooMany
from gatelodge.journeys.changes import DropCredentials, SetPassword, UseEmailProof, claimed
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_facts import methods_proved
from gatelodge.journeys.local_account import (
    account_to_reset,
    identifier_of,
    sign_in_name_of,
    why_no_reset,
)
from gatelodge.journeys.new_password import (
    Accepted,
    judge_new_password,
    names_in,
    rules_told,
)
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account, PasswordCredential
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.pages.catalogue import new_password_page
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class NewPassword:
    """Ask for a password twice; setting it ends every session and grant of the account."""

    database: Database
    passwords: Passwords
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the form."""
        if (why := why_no_reset(place.user_flow)) is not None:
            return Refuse(reason=why)
        return Show(page=_page(place, interaction))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the password, or say what is wrong with it."""
        if (why := why_no_reset(place.user_flow)) is not None:
            return Refuse(reason=why)
        page = _page(place, interaction)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case "continue":
                return await self._take(place, interaction, page, form)
            case _:
                return Show(page=page)

    async def _take(
        self, place: Place, interaction: Interaction, page: Page, form: Submitted
    ) -> Outcome:
        answers = read_answers(page, form)
        facts = interaction.facts
        email, name = facts.email or "", sign_in_name_of(place.user_flow, facts) or ""
        account = await account_to_reset(
            self.database.read(place.directory.id).accounts, place.directory, place.user_flow, facts
        )
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        if not account.account_enabled:
            return Refuse(reason=Refusal.ACCOUNT_DISABLED)
        names = names_in(email, name, account.display_name)
        judged = judge_new_password(place, answers, names)
        if not isinstance(judged, Accepted):
            return Show(page=replace(page, notices=judged))
        try:
            hashed = await self.passwords.hash(judged.password)
        except TooMany:
            return Show(page=refill(page, form, notices=(Notice("ServiceThrottled"),)))
        return self._set(interaction, account, key_of(name), hashed)

    def _set(self, interaction: Interaction, account: Account, key: str, hashed: str) -> Outcome:
        now, email = self.clock(), interaction.facts.email or ""
        credential = PasswordCredential(
            directory_id=account.directory_id, account_id=account.id, hash=hashed, changed_at=now
        )
        # An account made without proof may be somebody else's trap: what it rested on ends.
        is_unproved = account.is_email_proved is False
        kept = claimed(account, now) if is_unproved else account
        renewed = replace(
            kept,
            sign_in_sessions_valid_from=now,
            mail=account.mail or email,
            is_email_proved=True,
        )
        return Done(
            facts=replace(
                interaction.facts,
                account_id=account.id,
                auth_time=now,
                amr=("pwd", *methods_proved(interaction.facts)),
            ),
            changes=(
                UseEmailProof(interaction.id, key_of(email), now),
                *((DropCredentials(account.id),) if is_unproved else ()),
                SetPassword(renewed, credential, key),
                self.evidence.proof(interaction, ProofKind.NEW_PASSWORD, key, account.id),
                self.evidence.event(interaction, EventName.PASSWORD_RESET, account.id),
            ),
        )


def _page(place: Place, interaction: Interaction) -> Page:
    return new_password_page(
        identifier=identifier_of(place.user_flow),
        name=sign_in_name_of(place.user_flow, interaction.facts) or "",
        password_rules=rules_told(place.user_flow),
    )
