"""Ask for the password again before what matters is changed."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.errors import TooMany
from gatelodge.journeys.check_password import (
    Checked,
    CheckPassword,
    Trouble,
    counted_guess,
)
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_rules import knows_owner
from gatelodge.journeys.outcome import Back, Change, Outcome, Show
from gatelodge.journeys.own_account.fresh_factor import beginning_with
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.step import StepName
from gatelodge.model.account import Account, SignInType
from gatelodge.model.interaction import Facts
from gatelodge.model.proof import ProofKind
from gatelodge.pages.form import Submitted, pressed, read_answers
from gatelodge.pages.own_account import STILL_ME, reauthentication_page
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database


def local_name_of(account: Account) -> str | None:
    """Return a name the account signs in with and a password, if it has one."""
    names = (
        each.issuer_assigned_id
        for each in account.identities
        if each.sign_in_type is not SignInType.FEDERATED
    )
    return next(names, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The person typed the password again: what is known now, and what has to be written."""

    facts: Facts
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reauthentication:
    """Has somebody sign in again whose sign-in is too long ago.

    Who has a password types it; who has none goes back to the first page.
    """

    database: Database
    check_password: CheckPassword
    evidence: Evidence
    clock: Clock

    def is_due(self, situation: Situation) -> bool:
        """Return whether the sign-in is older than the user flow allows.

        A passkey that asked for its owner is as good as another sign-in.
        """
        settings = situation.place.user_flow.account_configuration
        auth_time, factor = situation.facts.auth_time, situation.facts.factor
        if auth_time is not None and factor.proved_at is not None and knows_owner(factor):
            auth_time = max(auth_time, factor.proved_at)
        interval = timedelta(minutes=settings.reauthentication_interval_in_minutes)
        return auth_time is None or auth_time + interval <= self.clock()

    async def enter(self, situation: Situation) -> Outcome:
        """Ask for the password, or lead to the first page."""
        account = situation.account
        stores = self.database.read(situation.place.directory.id)
        name = local_name_of(account)
        if name is None or await stores.passwords.get(account.id) is None:
            is_resumed = situation.facts.session_id is not None
            first = StepName.RESUME_SESSION if is_resumed else StepName.CHOOSE
            return Back(to=first, facts=beginning_with(situation))
        return Show(page=reauthentication_page(name=name))

    async def submit(self, situation: Situation, form: Submitted) -> Confirmed | Outcome:
        """Check the password; wrong ones count as they do when signing in."""
        name = local_name_of(situation.account)
        if name is None:
            return await self.enter(situation)
        page = reauthentication_page(name=name)
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case action if action == STILL_ME:
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=replace(page, notices=answers.notices))
                return await self.check(situation, page, name, answers.text("password"))
            case _:
                return await self.enter(situation)

    async def check(
        self, situation: Situation, page: Page, name: str, password: str
    ) -> Confirmed | Show:
        """Return what is known once the password was right, or the page with what is wrong."""
        try:
            checked = await self.check_password(
                situation.place.directory, name, password, situation.facts.device
            )
        except TooMany:
            return Show(page=replace(page, notices=(Notice("ServiceThrottled"),)))
        found = checked.account or checked.expired
        if found is None or found.id != situation.account.id:
            return self._refused(situation, checked, page)
        proof = self.evidence.proof(
            situation.interaction, ProofKind.PASSWORD, checked.key, found.id
        )
        facts = replace(situation.facts, auth_time=self.clock())
        return Confirmed(facts=facts, changes=(proof, *checked.changes))

    def _refused(self, situation: Situation, checked: Checked, page: Page) -> Show:
        is_locked = checked.trouble is Trouble.LOCKED
        told = "UserMessageIfUserAccountLocked" if is_locked else "UserMessageIfInvalidPassword"
        counted = counted_guess(self.check_password, self.evidence, situation.interaction, checked)
        notice = Notice(told, None if is_locked else "password")
        return Show(page=replace(page, notices=(notice,)), changes=(*checked.changes, *counted))
