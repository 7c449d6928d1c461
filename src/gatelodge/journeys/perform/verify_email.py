"""Have an address proved by a code that is sent to it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.digest import is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import SendMessage
from gatelodge.journeys.code_guesses import CodeGuesses
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.local_account import account_to_reset, identifier_of, why_no_reset
from gatelodge.journeys.new_password import rules_told
from gatelodge.journeys.outcome import Change, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.journeys.send_budgets import address_budgets
from gatelodge.journeys.sign_up_form import ALREADY_EXISTS
from gatelodge.mail.verification import VerificationMail
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction, Path
from gatelodge.model.one_time_code import CODE_DIGITS, OneTimeCode
from gatelodge.model.proof import ProofKind
from gatelodge.pages.catalogue import (
    VERIFICATION,
    Identifier,
    VerificationStage,
    password_reset_page,
    sign_up_page,
)
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

SEND, VERIFY = f"{VERIFICATION}_but_send_code", f"{VERIFICATION}_but_verify_code"
SEND_NEW, CHANGE = f"{VERIFICATION}_but_send_new_code", f"{VERIFICATION}_but_change_claims"


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    """Ask for an address, send a code, take the code.

    Signing up goes on by itself once the code is right; resetting a password shows the proved
    address first, as the pages of the cloud service do.
    """

    database: Database
    mail: VerificationMail
    sealer: Sealer
    evidence: Evidence
    guesses: CodeGuesses
    clock: Clock
    randomness: Randomness

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the control as it stands. Nothing is sent, however often the page is loaded."""
        if (why := _why_over(place, interaction.facts)) is not None:
            return Refuse(reason=why)
        return Show(page=_page(place, interaction.facts))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take one press of a button of the control."""
        facts = interaction.facts
        if (why := _why_over(place, facts)) is not None:
            return Refuse(reason=why)
        page = _page(place, facts)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case "continue" if facts.is_email_proved:
                return Done(facts=facts)
            case _ as action if action == SEND:
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                asked = replace(
                    facts,
                    email=answers.text("email"),
                    user_name=answers.text("UserId") or facts.user_name,
                )
                return await self._send(place, interaction, asked)
            case _ as action if action == SEND_NEW and facts.email is not None:
                return await self._send(place, interaction, facts)
            case _ as action if action == VERIFY:
                return await self._verify(place, interaction, form)
            case _ as action if action == CHANGE:
                changed = replace(facts, code=None, is_email_proved=False)
                return Show(page=_page(place, changed), facts=changed)
            case _:
                return Show(page=page)

    async def _send(self, place: Place, interaction: Interaction, asked: Facts) -> Outcome:
        """Send a code to the address of `asked`, or say why not."""
        now, facts, email = self.clock(), interaction.facts, asked.email or ""
        stores, address = self.database.read(place.directory.id), key_of(email)
        most = place.user_flow.one_time_code_configuration.maximum_codes_per_hour
        budgets = await address_budgets(stores, place, interaction, address, now, signs_in=False)
        if facts.sends >= most or any([await each.is_spent(stores) for each in budgets]):
            notice = Notice("ver_fail_throttled", VERIFICATION)
            return Show(page=replace(_page(place, facts), notices=(notice,)))
        is_meant = await self._is_meant(place, asked)
        if place.directory.switches.tells_unknown_accounts and not is_meant:
            page = replace(_page(place, replace(asked, code=None)), notices=(_told(asked),))
            return Show(page=page)
        code = self.randomness.digits(CODE_DIGITS)
        lifetime_s = place.user_flow.one_time_code_configuration.code_lifetime_in_minutes * 60
        sent = replace(
            asked,
            is_email_proved=False,
            sends=facts.sends + 1,
            code=OneTimeCode(
                address=address,
                digest=self._digest(interaction, address, code),
                expires_at=now + timedelta(seconds=lifetime_s),
            ),
        )
        message = self.mail.compose(place.directory, place.strings, email, code, lifetime_s, now)
        changes: tuple[Change, ...] = (
            *(each.noted(now) for each in budgets),
            SendMessage(message, is_meant=is_meant or _is_signing_up(facts)),
        )
        return Show(page=_page(place, sent), facts=sent, changes=changes)

    async def _is_meant(self, place: Place, asked: Facts) -> bool:
        """Return whether a code leads anywhere: to an account, or to a name nobody has."""
        accounts = self.database.read(place.directory.id).accounts
        if not _is_signing_up(asked):
            found = await account_to_reset(accounts, place.directory, place.user_flow, asked)
            return found is not None
        if identifier_of(place.user_flow) is not Identifier.EMAIL:
            return True
        address = key_of(asked.email or "")
        return await accounts.by_sign_in_name(place.directory.domain, address) is None

    async def _verify(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        facts, now = interaction.facts, self.clock()
        page, code = _page(place, facts), facts.code
        tries = place.user_flow.one_time_code_configuration.maximum_verification_attempts
        if code is None or facts.email is None:
            return Show(page=page)
        if not code.is_usable(now, tries):
            spent = code.tries >= tries
            told = "ver_fail_no_retry" if spent else "ver_fail_code_expired"
            return Show(page=replace(page, notices=(Notice(told, VERIFICATION),)))
        answers = read_answers(page, form)
        if answers.notices:
            return Show(page=replace(page, notices=answers.notices))
        standing = await self.guesses.standing(place, interaction, code.address)
        if standing.is_locked:
            notice = Notice("ver_fail_throttled", VERIFICATION)
            return Show(page=replace(page, notices=(notice,)))
        typed = self._digest(interaction, code.address, answers.text("emailVerificationCode"))
        if not is_same(typed, code.digest):
            missed = replace(facts, code=replace(code, tries=code.tries + 1))
            spent = code.tries + 1 >= tries
            told = "ver_fail_no_retry" if spent else "ver_fail_retry"
            return Show(
                page=replace(page, notices=(Notice(told, VERIFICATION),)),
                facts=missed,
                changes=self.guesses.wrong(interaction, standing),
            )
        return await self._proved(place, interaction, code, self.guesses.right(standing))

    async def _proved(
        self, place: Place, interaction: Interaction, code: OneTimeCode, right: Change
    ) -> Outcome:
        proved = replace(interaction.facts, code=None, is_email_proved=True)
        changes = (self._proof(interaction, code), right)
        if not _is_signing_up(proved):
            return Show(page=_page(place, proved), facts=proved, changes=changes)
        if not await self._is_meant(place, proved):
            # Whoever reads the address's mail may know that it has an account.
            begun = replace(proved, is_email_proved=False)
            return Show(page=replace(_page(place, begun), notices=(_told(begun),)), facts=begun)
        return Done(facts=proved, changes=changes)

    def _proof(self, interaction: Interaction, code: OneTimeCode) -> Change:
        return self.evidence.proof(interaction, ProofKind.EMAIL, code.address)

    def _digest(self, interaction: Interaction, address: str, code: str) -> str:
        return self.sealer.mac("one-time-code", interaction.id, address, code)


def _told(facts: Facts) -> Notice:
    """Say that the name has an account already, or that it has none."""
    if _is_signing_up(facts):
        return Notice(ALREADY_EXISTS, "email")
    return Notice("UserMessageIfClaimsPrincipalDoesNotExist", "email")


def _is_signing_up(facts: Facts) -> bool:
    return facts.path is Path.SIGN_UP


def _why_over(place: Place, facts: Facts) -> Refusal | None:
    """Return what an administrator switched off, perhaps while somebody was at it."""
    return None if _is_signing_up(facts) else why_no_reset(place.user_flow)


def _stage(facts: Facts) -> VerificationStage:
    if facts.is_email_proved:
        return VerificationStage.VERIFIED
    return VerificationStage.ADDRESS_WANTED if facts.code is None else VerificationStage.CODE_SENT


def _page(place: Place, facts: Facts) -> Page:
    if _is_signing_up(facts):
        return sign_up_page(
            stage=_stage(facts),
            email=facts.email or "",
            password_rules=rules_told(place.user_flow),
        )
    is_name = identifier_of(place.user_flow) is Identifier.USER_ID
    return password_reset_page(
        stage=_stage(facts),
        email=facts.email or "",
        user_name=facts.user_name or "" if is_name else None,
    )
