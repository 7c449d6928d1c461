"""Have an address proved by a code that is sent to it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.digest import is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import NoteSend, SendMessage
from gatelodge.journeys.conditions import may_reset_password
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.new_password import rules_told
from gatelodge.journeys.outcome import Change, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.mail.verification import VerificationMail
from gatelodge.model.account import Account
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction, Path
from gatelodge.model.one_time_code import (
    CODE_DIGITS,
    CODE_LIFETIME_S,
    MAX_SENDS,
    MAX_TRIES,
    SEND_WINDOW_S,
    OneTimeCode,
)
from gatelodge.model.proof import ProofKind
from gatelodge.pages.catalogue import (
    VERIFICATION,
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
    clock: Clock
    randomness: Randomness

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the control as it stands. Nothing is sent, however often the page is loaded."""
        if _is_switched_off(place, interaction.facts):
            return Refuse(reason=Refusal.FORGOT_PASSWORD)
        return Show(page=_page(place, interaction.facts))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take one press of a button of the control."""
        facts = interaction.facts
        if _is_switched_off(place, facts):
            return Refuse(reason=Refusal.FORGOT_PASSWORD)
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
                return await self._send(place, interaction, answers.text("email"))
            case _ as action if action == SEND_NEW and facts.email is not None:
                return await self._send(place, interaction, facts.email)
            case _ as action if action == VERIFY:
                return await self._verify(place, interaction, form)
            case _ as action if action == CHANGE:
                changed = replace(facts, code=None, is_email_proved=False)
                return Show(page=_page(place, changed), facts=changed)
            case _:
                return Show(page=page)

    async def _send(self, place: Place, interaction: Interaction, email: str) -> Outcome:
        now, address = self.clock(), key_of(email)
        since = now - timedelta(seconds=SEND_WINDOW_S)
        stores = self.database.read(place.directory.id)
        facts = interaction.facts
        sends = max(facts.sends, await stores.sent_codes.count(address, since=since))
        if sends >= MAX_SENDS:
            notice = Notice("ver_fail_throttled", VERIFICATION)
            return Show(page=replace(_page(place, facts), notices=(notice,)))
        account = await stores.accounts.by_sign_in_name(place.directory.domain, address)
        code = self.randomness.digits(CODE_DIGITS)
        sent = replace(
            facts,
            email=email,
            is_email_proved=False,
            sends=facts.sends + 1,
            code=OneTimeCode(
                address=address,
                digest=self._digest(interaction, address, code),
                expires_at=now + timedelta(seconds=CODE_LIFETIME_S),
            ),
        )
        changes: tuple[Change, ...] = (NoteSend(address, now, since),)
        if _is_signing_up(facts) or account is not None:
            message = self.mail.compose(place.directory, email, code, CODE_LIFETIME_S, now)
            changes = (*changes, SendMessage(message))
        return Show(page=_page(place, sent), facts=sent, changes=changes)

    async def _verify(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        facts, now = interaction.facts, self.clock()
        page, code = _page(place, facts), facts.code
        if code is None or facts.email is None:
            return Show(page=page)
        if not code.is_usable(now):
            spent = code.tries >= MAX_TRIES
            told = "ver_fail_no_retry" if spent else "ver_fail_code_expired"
            return Show(page=replace(page, notices=(Notice(told, VERIFICATION),)))
        answers = read_answers(page, form)
        if answers.notices:
            return Show(page=replace(page, notices=answers.notices))
        typed = self._digest(interaction, code.address, answers.text("emailVerificationCode"))
        if not is_same(typed, code.digest):
            missed = replace(facts, code=replace(code, tries=code.tries + 1))
            spent = code.tries + 1 >= MAX_TRIES
            told = "ver_fail_no_retry" if spent else "ver_fail_retry"
            return Show(page=replace(page, notices=(Notice(told, VERIFICATION),)), facts=missed)
        return await self._proved(place, interaction, code)

    async def _proved(self, place: Place, interaction: Interaction, code: OneTimeCode) -> Outcome:
        proved = replace(interaction.facts, code=None, is_email_proved=True)
        if not _is_signing_up(proved):
            return Show(
                page=_page(place, proved), facts=proved, changes=(self._proof(interaction, code),)
            )
        if await self._account(place, code.address) is not None:
            # Whoever reads the address's mail may know that it has an account.
            begun = replace(proved, is_email_proved=False)
            notice = Notice("UserMessageIfClaimsPrincipalAlreadyExists", "email")
            return Show(page=replace(_page(place, begun), notices=(notice,)), facts=begun)
        return Done(facts=proved, changes=(self._proof(interaction, code),))

    def _proof(self, interaction: Interaction, code: OneTimeCode) -> Change:
        return self.evidence.proof(interaction, ProofKind.EMAIL, code.address)

    async def _account(self, place: Place, address: str) -> Account | None:
        stores = self.database.read(place.directory.id)
        return await stores.accounts.by_sign_in_name(place.directory.domain, address)

    def _digest(self, interaction: Interaction, address: str, code: str) -> str:
        return self.sealer.mac("one-time-code", interaction.id, address, code)


def _is_signing_up(facts: Facts) -> bool:
    return facts.path is Path.SIGN_UP


def _is_switched_off(place: Place, facts: Facts) -> bool:
    """Return whether an administrator switched resetting off while somebody was at it."""
    return not _is_signing_up(facts) and not may_reset_password(place.user_flow)


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
    return password_reset_page(stage=_stage(facts), email=facts.email or "")
