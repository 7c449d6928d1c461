"""Sign somebody in by a code that was mailed, in place of a password."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.changes import ClaimAddress
from gatelodge.journeys.code_guesses import CodeGuesses
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.mailed_codes import MailedCodes
from gatelodge.journeys.outcome import Change, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction, Path
from gatelodge.model.one_time_code import OneTimeCode
from gatelodge.model.proof import ProofKind
from gatelodge.model.user_flow import UserFlowType
from gatelodge.pages.catalogue import VERIFICATION, VerificationStage, sign_in_by_code_page
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database

SEND, VERIFY = f"{VERIFICATION}_but_send_code", f"{VERIFICATION}_but_verify_code"
SEND_NEW, CHANGE = f"{VERIFICATION}_but_send_new_code", f"{VERIFICATION}_but_change_claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInByCode:
    """Send a code, take it, and identify whoever has the address.

    Nobody learns whether an address has an account before a code that was sent there came back.
    Where the user flow signs up as well, somebody new goes on to that with the address proved.
    """

    database: Database
    codes: MailedCodes
    guesses: CodeGuesses
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Send a code to the address that was given, once, and ask for it."""
        if not place.user_flow.takes_codes:
            return Refuse(reason=Refusal.NOT_PROVED)
        facts = interaction.facts
        if facts.email is not None and facts.code is None:
            return await self._send(place, interaction, facts.email)
        return Show(page=code_page(facts))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take one press of a button of the control."""
        facts = interaction.facts
        if not place.user_flow.takes_codes:
            return Refuse(reason=Refusal.NOT_PROVED)
        page = code_page(facts)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case _ as action if action == SEND:
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                return await self._send(place, interaction, answers.text("email"))
            case _ as action if action == SEND_NEW and facts.email is not None:
                return await self._send(place, interaction, facts.email)
            case _ as action if action == VERIFY and facts.code is not None:
                return await self._verify(place, interaction, facts.code, page, form)
            case _ as action if action == CHANGE:
                changed = replace(facts, code=None, email=None)
                return Show(page=code_page(changed), facts=changed)
            case _:
                return Show(page=page)

    async def _send(self, place: Place, interaction: Interaction, email: str) -> Outcome:
        is_meant = _signs_up(place) or await self._account(place, email) is not None
        sent = await self.codes.send(place, interaction, email, is_meant=is_meant)
        if sent is None:
            notice = Notice("ver_fail_throttled", VERIFICATION)
            return Show(page=replace(code_page(interaction.facts), notices=(notice,)))
        return Show(page=code_page(sent.facts), facts=sent.facts, changes=sent.changes)

    async def _verify(
        self, place: Place, interaction: Interaction, code: OneTimeCode, page: Page, form: Submitted
    ) -> Outcome:
        tries = place.user_flow.one_time_code_configuration.maximum_verification_attempts
        if not code.is_usable(self.clock(), tries):
            told = "ver_fail_no_retry" if code.tries >= tries else "ver_fail_code_expired"
            return Show(page=replace(page, notices=(Notice(told, VERIFICATION),)))
        answers = read_answers(page, form)
        if answers.notices:
            return Show(page=replace(page, notices=answers.notices))
        if await self.guesses.is_locked(place.directory.id, code.address):
            return Show(page=replace(page, notices=(Notice("ServiceThrottled"),)))
        if not self.codes.is_right(interaction, code, answers.text("emailVerificationCode")):
            missed = replace(code, tries=code.tries + 1)
            told = "ver_fail_no_retry" if missed.tries >= tries else "ver_fail_retry"
            return Show(
                page=replace(page, notices=(Notice(told, VERIFICATION),)),
                facts=replace(interaction.facts, code=missed),
                changes=self.guesses.wrong(interaction, code.address),
            )
        return await self._proved(place, interaction, code, page)

    async def _proved(
        self, place: Place, interaction: Interaction, code: OneTimeCode, page: Page
    ) -> Outcome:
        facts = replace(interaction.facts, code=None, is_email_proved=True)
        read = (
            self.evidence.proof(interaction, ProofKind.EMAIL, code.address),
            self.guesses.right(code.address),
        )
        account = await self._account(place, facts.email or "")
        if account is None and _signs_up(place):
            return Done(facts=replace(facts, path=Path.SIGN_UP), changes=read)
        if account is None or not account.account_enabled:
            # Whoever reads the address's mail may know how its account stands.
            told = "UserMessageIfClaimsPrincipalDoesNotExist"
            if account is not None:
                told = "UserMessageIfUserAccountDisabled"
            begun = replace(interaction.facts, code=None, email=None)
            page = replace(code_page(begun), notices=(Notice(told, VERIFICATION),))
            return Show(page=page, facts=begun, changes=(self.guesses.right(code.address),))
        return self._signed_in(interaction, facts, account, code, read)

    def _signed_in(
        self,
        interaction: Interaction,
        facts: Facts,
        account: Account,
        code: OneTimeCode,
        read: tuple[Change, ...],
    ) -> Done:
        now = self.clock()
        # An account made without proof may be somebody else's trap: what it rested on ends.
        claimed = (ClaimAddress(account, now),) if account.is_email_proved is False else ()
        return Done(
            facts=replace(facts, account_id=account.id, auth_time=now, amr=("otp",)),
            changes=(
                *read,
                *claimed,
                self.evidence.proof(interaction, ProofKind.MAILED_CODE, code.address, account.id),
            ),
        )

    async def _account(self, place: Place, email: str) -> Account | None:
        accounts = self.database.read(place.directory.id).accounts
        return await accounts.by_sign_in_name(place.directory.domain, key_of(email))


def _signs_up(place: Place) -> bool:
    return place.user_flow.user_flow_type is UserFlowType.SIGN_UP_OR_SIGN_IN


def code_page(facts: Facts, *, code: str = "") -> Page:
    """Return the page as things stand; with `code` it only has to be confirmed."""
    is_sent = facts.code is not None
    stage = VerificationStage.CODE_SENT if is_sent else VerificationStage.ADDRESS_WANTED
    return sign_in_by_code_page(stage=stage, email=facts.email or "", code=code)
