"""Have a password replaced that was right but has to be changed."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.passwords import Passwords
from gatelodge.errors import TooMany
from gatelodge.journeys.changes import SetPassword
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.identified import signed_in_account
from gatelodge.journeys.local_account import identifier_of
from gatelodge.journeys.new_password import Accepted, judge_new_password, names_in, rules_told
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account, PasswordCredential, SignInType
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Interaction
from gatelodge.pages.catalogue import change_password_page
from gatelodge.pages.form import Answers, Submitted, pressed, read_answers
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Ask for a new password twice; setting it ends every session and grant of the account."""

    database: Database
    passwords: Passwords
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the form."""
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        return Show(page=_page(place, account))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the password, or say what is wrong with it."""
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        page = _page(place, account)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case "continue":
                answers = read_answers(page, form)
                return await self._take(place, interaction, account, page, answers)
            case _:
                return Show(page=page)

    async def _take(
        self, place: Place, interaction: Interaction, account: Account, page: Page, answers: Answers
    ) -> Outcome:
        names = names_in(_name_of(account), account.display_name)
        judged = judge_new_password(place, answers, names)
        if not isinstance(judged, Accepted):
            return Show(page=replace(page, notices=judged))
        stores = self.database.read(place.directory.id)
        known = await stores.passwords.get(account.id)
        try:
            if known is not None and await self.passwords.verify(known.hash, judged.password):
                notice = Notice("UserMessageIfOldPasswordUsed", "newPassword")
                return Show(page=replace(page, notices=(notice,)))
            hashed = await self.passwords.hash(judged.password)
        except TooMany:
            return Show(page=replace(page, notices=(Notice("ServiceThrottled"),)))
        return self._set(interaction, account, hashed)

    def _set(self, interaction: Interaction, account: Account, hashed: str) -> Outcome:
        now = self.clock()
        credential = PasswordCredential(
            directory_id=account.directory_id, account_id=account.id, hash=hashed, changed_at=now
        )
        renewed = replace(account, sign_in_sessions_valid_from=now)
        return Done(
            facts=replace(interaction.facts, auth_time=now),
            changes=(
                SetPassword(renewed, credential, key_of(_name_of(account))),
                self.evidence.event(
                    interaction,
                    EventName.PASSWORD_RESET,
                    account.id,
                    detail={"reason": "expired"},
                ),
            ),
        )


def _page(place: Place, account: Account) -> Page:
    return change_password_page(
        identifier=identifier_of(place.user_flow),
        name=_name_of(account),
        password_rules=rules_told(place.user_flow),
    )


def _name_of(account: Account) -> str:
    """Return what the person signs in with here."""
    local = (
        each.issuer_assigned_id
        for each in account.identities
        if each.sign_in_type is not SignInType.FEDERATED
    )
    return next(local, "")
