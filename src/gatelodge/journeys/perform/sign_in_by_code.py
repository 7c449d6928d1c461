"""Sign somebody in by a code that was mailed, or sent to a phone, in place of a password."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.changes import ClaimAddress
from gatelodge.journeys.code_guesses import CodeGuesses
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.local_account import identifier_of, sign_in_name_of
from gatelodge.journeys.mailed_codes import MailedCodes
from gatelodge.journeys.outcome import Change, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.journeys.sign_up_form import ALREADY_EXISTS
from gatelodge.mail.messaging import Messaging
from gatelodge.model.account import Account
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction, Path
from gatelodge.model.message import Channel
from gatelodge.model.one_time_code import OneTimeCode
from gatelodge.model.proof import ProofKind
from gatelodge.model.telephone import parse_telephone, region_of
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.pages.catalogue import (
    VERIFICATION,
    Identifier,
    VerificationStage,
    sign_in_by_code_page,
    sign_in_by_phone_page,
)
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database

SEND, VERIFY = f"{VERIFICATION}_but_send_code", f"{VERIFICATION}_but_verify_code"
SEND_NEW, CHANGE = f"{VERIFICATION}_but_send_new_code", f"{VERIFICATION}_but_change_claims"

_UNKNOWN = "UserMessageIfClaimsPrincipalDoesNotExist"
_SIGNING_UP = frozenset({UserFlowType.SIGN_UP, UserFlowType.SIGN_UP_OR_SIGN_IN})


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
    messaging: Messaging
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Send a code to the address that was given, once, and ask for it."""
        if not place.user_flow.takes_codes:
            return Refuse(reason=Refusal.NOT_PROVED)
        facts = interaction.facts
        address = sign_in_name_of(place.user_flow, facts)
        if address is not None and facts.code is None:
            return await self._send(place, interaction, address)
        return Show(page=code_page(place.user_flow, facts))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take one press of a button of the control."""
        facts = interaction.facts
        if not place.user_flow.takes_codes:
            return Refuse(reason=Refusal.NOT_PROVED)
        flow = place.user_flow
        page, address = code_page(flow, facts), sign_in_name_of(flow, facts)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case _ as action if action == SEND:
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                return await self._send(place, interaction, answers.text(identifier_of(flow)))
            case _ as action if action == SEND_NEW and address is not None:
                return await self._send(place, interaction, address)
            case _ as action if action == VERIFY and facts.code is not None:
                return await self._verify(place, interaction, facts.code, page, form)
            case _ as action if action == CHANGE:
                changed = replace(facts, code=None, email=None, phone=None)
                return Show(page=code_page(flow, changed), facts=changed)
            case _:
                return Show(page=page)

    async def _send(self, place: Place, interaction: Interaction, typed: str) -> Outcome:
        flow = place.user_flow
        address = self._reachable(typed) if flow.signs_in_by_phone else typed
        if address is None:
            begun = replace(interaction.facts, code=None, phone=None)
            wrong = Notice("invalid_number", Identifier.PHONE)
            return Show(page=replace(code_page(flow, begun), notices=(wrong,)), facts=begun)
        is_meant = _signs_up(place) or await self._account(place, address) is not None
        channel = Channel.SMS if flow.signs_in_by_phone else Channel.EMAIL
        sent = await self.codes.send(
            place, interaction, address, is_meant=is_meant, channel=channel
        )
        if sent is None:
            notice = Notice("ver_fail_throttled", VERIFICATION)
            return Show(page=replace(code_page(flow, interaction.facts), notices=(notice,)))
        if flow.signs_in_by_phone:
            facts = replace(sent.facts, phone=address)
        else:
            facts = replace(sent.facts, email=address)
        return Show(page=code_page(flow, facts), facts=facts, changes=sent.changes)

    def _reachable(self, typed: str) -> str | None:
        """Return a number a message may be sent to, None for any other."""
        number = parse_telephone(typed)
        allowed = self.messaging.phone_regions
        if number is None or Channel.SMS not in self.messaging.channels:
            return None
        return number if not allowed or region_of(number) in allowed else None

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
        standing = await self.guesses.standing(place, interaction, code.address)
        if standing.is_locked:
            return Show(page=replace(page, notices=(Notice("ServiceThrottled"),)))
        if not self.codes.is_right(interaction, code, answers.text("emailVerificationCode")):
            missed = replace(code, tries=code.tries + 1)
            told = "ver_fail_no_retry" if missed.tries >= tries else "ver_fail_retry"
            return Show(
                page=replace(page, notices=(Notice(told, VERIFICATION),)),
                facts=replace(interaction.facts, code=missed),
                changes=self.guesses.wrong(interaction, standing),
            )
        right = self.guesses.right(standing)
        return await self._proved(place, interaction, code, page, right)

    async def _proved(
        self, place: Place, interaction: Interaction, code: OneTimeCode, page: Page, right: Change
    ) -> Outcome:
        flow, by_phone = place.user_flow, place.user_flow.signs_in_by_phone
        facts = replace(
            interaction.facts,
            code=None,
            is_email_proved=not by_phone,
            amr=("sms",) if by_phone else ("otp",),
        )
        kind = ProofKind.PHONE if by_phone else ProofKind.EMAIL
        read = (self.evidence.proof(interaction, kind, code.address), right)
        account = await self._account(place, code.address)
        if account is None and _signs_up(place):
            return Done(facts=replace(facts, path=Path.SIGN_UP), changes=read)
        if (told := _trouble(flow, account)) is not None or account is None:
            # Whoever reads what arrives there may know how the account stands.
            begun = replace(interaction.facts, code=None, email=None, phone=None)
            notice = Notice(told or _UNKNOWN, VERIFICATION)
            page = replace(code_page(flow, begun), notices=(notice,))
            return Show(page=page, facts=begun, changes=(right,))
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
        is_unproved = facts.is_email_proved and account.is_email_proved is False
        claimed = (ClaimAddress(account, now),) if is_unproved else ()
        return Done(
            facts=replace(facts, account_id=account.id, auth_time=now),
            changes=(
                *read,
                *claimed,
                self.evidence.proof(interaction, ProofKind.MAILED_CODE, code.address, account.id),
            ),
        )

    async def _account(self, place: Place, address: str) -> Account | None:
        accounts = self.database.read(place.directory.id).accounts
        return await accounts.by_sign_in_name(place.directory.domain, key_of(address))


def _signs_up(place: Place) -> bool:
    return place.user_flow.user_flow_type in _SIGNING_UP


def _trouble(flow: UserFlow, account: Account | None) -> str | None:
    """Return why nobody is signed in to an account; None when somebody is."""
    if account is None:
        return _UNKNOWN
    if flow.user_flow_type is UserFlowType.SIGN_UP:
        return ALREADY_EXISTS
    return None if account.account_enabled else "UserMessageIfUserAccountDisabled"


def code_page(flow: UserFlow, facts: Facts, *, code: str = "") -> Page:
    """Return the page as things stand; with `code` it only has to be confirmed."""
    is_sent = facts.code is not None
    stage = VerificationStage.CODE_SENT if is_sent else VerificationStage.ADDRESS_WANTED
    if flow.signs_in_by_phone:
        return sign_in_by_phone_page(stage=stage, phone=facts.phone or "")
    return sign_in_by_code_page(stage=stage, email=facts.email or "", code=code)
