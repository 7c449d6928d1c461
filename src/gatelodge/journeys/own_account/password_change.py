"""Change the password by whoever knows it."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.passwords import Passwords
from gatelodge.errors import TooMany
from gatelodge.journeys.changes import SetPassword
from gatelodge.journeys.new_password import Accepted, judge_new_password, names_in, rules_told
from gatelodge.journeys.outcome import Change, Outcome, Show
from gatelodge.journeys.own_account.reauthentication import Reauthentication, local_name_of
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.model.account import PasswordCredential
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.pages.form import Submitted, pressed, read_answers
from gatelodge.pages.own_account import password_change_page
from gatelodge.pages.page import Notice, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """Asks for the old password and twice for the new one; every session and grant ends."""

    passwords: Passwords
    reauthentication: Reauthentication
    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Show the form, to whom has a name to sign in with."""
        name = local_name_of(situation.account)
        return situation.back() if name is None else Show(page=_page(situation, name))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Take the passwords, or say what is wrong with them."""
        if (name := local_name_of(situation.account)) is None:
            return situation.back()
        page = _page(situation, name)
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case "continue":
                return await self._take(situation, page, name, form)
            case _:
                return Show(page=page)

    async def _take(self, situation: Situation, page: Page, name: str, form: Submitted) -> Outcome:
        answers = read_answers(page, form)
        names = names_in(name, situation.account.display_name)
        judged = judge_new_password(situation.place, answers, names)
        if not isinstance(judged, Accepted):
            return Show(page=replace(page, notices=judged))
        old = answers.text("password")
        if judged.password == old:
            notice = Notice("UserMessageIfOldPasswordUsed", "newPassword")
            return Show(page=replace(page, notices=(notice,)))
        confirmed = await self.reauthentication.check(situation, page, name, old)
        if isinstance(confirmed, Show):
            return confirmed
        try:
            hashed = await self.passwords.hash(judged.password)
        except TooMany:
            return Show(page=replace(page, notices=(Notice("ServiceThrottled"),)))
        return self._set(situation, name, hashed, confirmed.changes)

    def _set(
        self, situation: Situation, name: str, hashed: str, confirmed: tuple[Change, ...]
    ) -> Outcome:
        account, now = situation.account, self.clock()
        credential = PasswordCredential(
            directory_id=account.directory_id, account_id=account.id, hash=hashed, changed_at=now
        )
        renewed = replace(account, sign_in_sessions_valid_from=now)
        return situation.over(
            "password_changed",
            situation.signed_in_anew(now),
            # Before the lock-out ends with the old password: they look at it once more.
            *confirmed,
            SetPassword(renewed, credential, key_of(name)),
            *self.told(situation, EventName.PASSWORD_CHANGED, "password_changed"),
        )


def _page(situation: Situation, name: str) -> Page:
    return password_change_page(name=name, rules=rules_told(situation.place.user_flow))
