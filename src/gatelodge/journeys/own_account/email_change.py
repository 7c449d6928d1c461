"""Change the address: the new one is proved, the old one is told."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.code_guesses import CodeGuesses
from gatelodge.journeys.local_account import with_address
from gatelodge.journeys.mailed_codes import MailedCodes
from gatelodge.journeys.outcome import Change, Outcome, Show
from gatelodge.journeys.own_account.ending import SignOutEverywhere
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.sign_up_form import ALREADY_EXISTS
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.one_time_code import OneTimeCode
from gatelodge.model.own_account import AccountFacts
from gatelodge.pages.catalogue import VERIFICATION, VerificationStage
from gatelodge.pages.elements import VERIFICATION_MAIL
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.own_account import email_change_page
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database

SEND, VERIFY = f"{VERIFICATION}_but_send_code", f"{VERIFICATION}_but_verify_code"
SEND_NEW, CHANGE = f"{VERIFICATION}_but_send_new_code", f"{VERIFICATION}_but_change_claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChange:
    """Sends a code to the new address; nothing changes before it comes back.

    Whether somebody else has the address is only told to whoever reads its mail.
    """

    database: Database
    codes: MailedCodes
    guesses: CodeGuesses
    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Show the control as it stands."""
        return Show(page=_page(situation.facts.account))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Take one press of a button of the control."""
        own = situation.facts.account
        page = _page(own)
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case _ as action if action == SEND:
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                return await self._send(situation, answers.text("email"))
            case _ as action if action == SEND_NEW and own.email is not None:
                return await self._send(situation, own.email)
            case _ as action if action == VERIFY and own.code is not None:
                return await self._verify(situation, own.code, page, form)
            case _ as action if action == CHANGE:
                begun = AccountFacts(task=own.task)
                return Show(page=_page(begun), facts=replace(situation.facts, account=begun))
            case _:
                return Show(page=page)

    async def _send(self, situation: Situation, email: str) -> Outcome:
        sent = await self.codes.send(
            situation.place,
            situation.interaction,
            email,
            is_meant=True,
            words=VERIFICATION_MAIL,
        )
        own = situation.facts.account
        if sent is None:
            notice = Notice("ver_fail_throttled", VERIFICATION)
            return Show(page=replace(_page(own), notices=(notice,)))
        waiting = replace(own, email=email, code=sent.facts.code)
        return Show(
            page=_page(waiting),
            facts=replace(situation.facts, account=waiting),
            changes=sent.changes,
        )

    async def _verify(
        self, situation: Situation, code: OneTimeCode, page: Page, form: Submitted
    ) -> Outcome:
        settings = situation.place.user_flow.one_time_code_configuration
        tries = settings.maximum_verification_attempts
        if not code.is_usable(self.clock(), tries):
            told = "ver_fail_no_retry" if code.tries >= tries else "ver_fail_code_expired"
            return Show(page=replace(page, notices=(Notice(told, VERIFICATION),)))
        answers = read_answers(page, form)
        if answers.notices:
            return Show(page=replace(page, notices=answers.notices))
        place, interaction = situation.place, situation.interaction
        standing = await self.guesses.standing(place, interaction, code.address)
        if standing.is_locked:
            notice = Notice("ver_fail_throttled", VERIFICATION)
            return Show(page=replace(page, notices=(notice,)))
        typed = answers.text("emailVerificationCode")
        if not self.codes.is_right(interaction, code, typed):
            missed = replace(code, tries=code.tries + 1)
            told = "ver_fail_no_retry" if missed.tries >= tries else "ver_fail_retry"
            own = replace(situation.facts.account, code=missed)
            return Show(
                page=replace(page, notices=(Notice(told, VERIFICATION),)),
                facts=replace(situation.facts, account=own),
                changes=self.guesses.wrong(interaction, standing),
            )
        return await self._change(situation, self.guesses.right(standing))

    async def _change(self, situation: Situation, right: Change) -> Outcome:
        email, now = situation.facts.account.email or "", self.clock()
        changed = with_address(situation.account, situation.place.directory, email)
        domain = situation.place.directory.domain
        accounts = self.database.read(situation.place.directory.id).accounts
        owner = await accounts.by_sign_in_name(domain, key_of(email))
        if owner is not None and owner.id != changed.id:
            begun = AccountFacts(task=situation.facts.account.task)
            page = replace(_page(begun), notices=(Notice(ALREADY_EXISTS, "email"),))
            return Show(page=page, facts=replace(situation.facts, account=begun))
        return situation.over(
            "email_changed",
            situation.signed_in_anew(now),
            right,
            *self.told(situation, EventName.EMAIL_CHANGED, "email_changed"),
            SignOutEverywhere(changed, now),
        )


def _page(own: AccountFacts) -> Page:
    is_sent = own.code is not None
    stage = VerificationStage.CODE_SENT if is_sent else VerificationStage.ADDRESS_WANTED
    return email_change_page(stage=stage, email=own.email or "")
