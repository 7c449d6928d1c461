"""Have somebody without a second factor set one up."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.totp import matching_step
from gatelodge.journeys.account_factors import factors_of
from gatelodge.journeys.enrolling import Enrolling, is_proved_just_now
from gatelodge.journeys.enrolment import Enrolment
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_codes import INCORRECT, FactorCodes
from gatelodge.journeys.factor_facts import with_factor
from gatelodge.journeys.factor_rules import is_read_already
from gatelodge.journeys.identified import identified_account
from gatelodge.journeys.outcome import Back, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.passkeys import PASSKEY
from gatelodge.journeys.perform.enrol_passkey import EnrolPasskey
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import StepName
from gatelodge.model.account import Account
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.proof import ProofKind
from gatelodge.model.second_factor import (
    EMAIL_ID,
    NO_FACTOR,
    PHONE_IDS,
    Delivery,
    EnrolledFactor,
    FactorFacts,
    FactorKind,
    PhoneType,
)
from gatelodge.model.telephone import parse_telephone, region_of
from gatelodge.pages.form import Answers, Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page
from gatelodge.pages.second_factor import (
    CALL,
    CHANGE_NUMBER,
    CODES_KEPT,
    NEW_CODES,
    RETRY,
    RETRY_MAIL,
    SEND,
    SEND_MAIL,
    USE_ANOTHER,
    VERIFY,
    VERIFY_MAIL,
    Ways,
    recovery_codes_page,
)
from gatelodge.storage.database import Database

_DELIVERIES = {SEND: Delivery.SMS, CALL: Delivery.VOICE}
_INVALID_NUMBER = Notice("invalid_number", "number")
_UNREACHABLE = Notice("error_448", "number")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """Who sets what up; `known` is the part of the facts that is about it."""

    account: Account
    known: FactorFacts
    kinds: tuple[FactorKind, ...]
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolFactor:
    """Ask which factor, have it shown once, and store it.

    Only for an account that has none: with one, that one is asked for first. Nothing of a form
    decides where a code goes but the number of a new phone.
    """

    database: Database
    enrolling: Enrolling
    enrolment: Enrolment
    passkeys: EnrolPasskey
    codes: FactorCodes
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show how far things have come; a mailbox that was just read is taken as it is."""
        found = await self._look(place, interaction)
        if not isinstance(found, _Setting):
            return found
        if found.known.chosen is FactorKind.EMAIL and is_proved_just_now(
            interaction.facts, found.account
        ):
            return self._mailbox(place, interaction, found)
        is_new = found.known != interaction.facts.factor
        facts = replace(interaction.facts, factor=found.known) if is_new else None
        return Show(page=found.page, facts=facts)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take one press of a button; what the page did not offer is not taken."""
        if interaction.facts.factor.tells_codes:
            return await self._codes_shown(place, interaction, form)
        found = await self._look(place, interaction)
        if not isinstance(found, _Setting):
            return found
        match pressed(found.page, form):
            case None:
                return Show(page=found.page)
            case "cancel":
                return _given_up(interaction.facts)
            case "continue":
                return self._authenticator(place, interaction, found, form)
            case action if action == PASSKEY:
                account, page = found.account, found.page
                return await self.passkeys.take(place, interaction, account, page, form)
            case action if action in {VERIFY, VERIFY_MAIL}:
                return self._judge(place, interaction, found, form)
            case action if action in _DELIVERIES:
                return await self._to_new_phone(place, interaction, found, form, action)
            case action if action in {RETRY, SEND_MAIL, RETRY_MAIL}:
                return await self._send(place, interaction, found, found.known.delivery)
            case action:
                kind = FactorKind.PHONE if action == CHANGE_NUMBER else _kind_of(action)
                return await self._begin(place, interaction, kind, found)

    async def _look(self, place: Place, interaction: Interaction) -> "_Setting | Outcome":
        facts = interaction.facts
        account = await identified_account(self.database, place, facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        if facts.factor.tells_codes:
            return Show(page=recovery_codes_page(()))
        stores = self.database.read(place.directory.id)
        factors = await factors_of(stores, account.id)
        unread = [each for each in factors if not is_read_already(facts, each)]
        if unread and facts.factor.proved is None:
            # Somebody was faster, and whoever has the first one decides about a second one.
            return Back(to=StepName.CHECK_FACTOR, facts=replace(facts, factor=NO_FACTOR))
        kinds = self.enrolling.kinds(place, facts, account, factors)
        if not kinds:
            return Refuse(reason=Refusal.FACTOR_UNAVAILABLE)
        chosen = facts.factor.chosen if facts.factor.chosen in kinds else None
        if chosen is None and len(kinds) == 1:
            chosen = kinds[0]
        known = self.enrolling.begun(facts, account, chosen)
        page = await self._page(place, interaction, account, known, kinds)
        return _Setting(account=account, known=known, kinds=kinds, page=page)

    async def _page(
        self,
        place: Place,
        interaction: Interaction,
        account: Account,
        known: FactorFacts,
        kinds: tuple[FactorKind, ...],
    ) -> Page:
        if known.chosen is FactorKind.PASSKEY:
            ways = Ways(has_another=len(kinds) > 1)
            page = await self.passkeys.page(place, interaction, account, ways)
            if page is not None:
                return page
        return self.enrolling.page(place, account, known, kinds)

    async def _begin(
        self, place: Place, interaction: Interaction, kind: FactorKind | None, found: _Setting
    ) -> Outcome:
        fresh = replace(found.known, chosen=None, factor_id=None, sealed_secret=None)
        emptied = replace(fresh, code=None, address=None, delivery=None)
        facts = replace(interaction.facts, factor=emptied)
        known = self.enrolling.begun(facts, found.account, kind)
        facts = replace(facts, factor=known)
        if kind is FactorKind.EMAIL:
            entered = await self.enter(place, interaction.after(None, facts))
            return replace(entered, facts=entered.facts or facts)
        page = await self._page(place, interaction, found.account, known, found.kinds)
        return Show(page=page, facts=facts)

    def _authenticator(
        self, place: Place, interaction: Interaction, found: _Setting, form: Submitted
    ) -> Outcome:
        answers = read_answers(found.page, form)
        if answers.notices:
            return Show(page=replace(found.page, notices=answers.notices))
        account, known = found.account, found.known
        secret = self.enrolling.secret(account, known)
        step = matching_step(secret, answers.text("otpCode"), self.clock(), after=0)
        if step is None:
            return Show(page=replace(found.page, notices=(INCORRECT,)))
        factor = self.enrolment.factor(
            account,
            FactorKind.AUTHENTICATOR,
            factor_id=known.factor_id or "",
            sealed_secret=known.sealed_secret,
            last_step=step,
        )
        configuration = place.user_flow.multifactor_authentication_configuration
        if not configuration.are_recovery_codes_issued:
            return self._enrolled(place, interaction, account, factor)
        return self._enrolled_with_codes(place, interaction, account, factor)

    def _enrolled_with_codes(
        self, place: Place, interaction: Interaction, account: Account, factor: EnrolledFactor
    ) -> Outcome:
        """Store the factor and show recovery codes, which are seen this once."""
        done = self._enrolled(place, interaction, account, factor)
        codes, changes = self.enrolment.new_codes(place, interaction, account)
        facts = with_factor(
            interaction.facts,
            factor.kind,
            None,
            is_missing=True,
            at=self.clock(),
            tells_codes=True,
        )
        return Show(page=recovery_codes_page(codes), facts=facts, changes=(*done.changes, *changes))

    def _enrolled(
        self, place: Place, interaction: Interaction, account: Account, factor: EnrolledFactor
    ) -> Done:
        facts = with_factor(
            interaction.facts,
            factor.kind,
            interaction.facts.factor.delivery,
            is_missing=False,
            at=self.clock(),
        )
        proof = self.evidence.proof(interaction, ProofKind.SECOND_FACTOR, factor.id, account.id)
        added = self.enrolment.added(place, interaction, account, factor)
        return Done(facts=facts, changes=(*added, proof))

    async def _codes_shown(
        self, place: Place, interaction: Interaction, form: Submitted
    ) -> Outcome:
        page, facts = recovery_codes_page(()), interaction.facts
        account = await identified_account(self.database, place, facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        match pressed(page, form):
            case action if action == CODES_KEPT:
                settled = replace(facts.factor, tells_codes=False, is_missing=False)
                return Done(facts=replace(facts, factor=settled))
            case _ as action if action == NEW_CODES:
                codes, changes = self.enrolment.new_codes(place, interaction, account)
                return Show(page=recovery_codes_page(codes), changes=changes)
            case _:
                return Show(page=page)

    async def _to_new_phone(
        self, place: Place, interaction: Interaction, found: _Setting, form: Submitted, action: str
    ) -> Outcome:
        answers = read_answers(found.page, form)
        notices = answers.notices
        number = None if notices else _number(answers)
        # The phone somebody signs in with in place of a password is no second factor.
        if not notices and number in {None, interaction.facts.phone}:
            notices = (_INVALID_NUMBER,)
        if number is not None and not self._is_allowed(number):
            notices = (_UNREACHABLE,)
        if number is None or notices:
            return Show(page=refill(found.page, form, notices=notices))
        asked = replace(found, known=replace(found.known, address=number))
        answer = await self._send(place, interaction, asked, _DELIVERIES[action])
        if isinstance(answer, Show) and answer.facts is None:
            return Show(page=refill(found.page, form, notices=answer.page.notices))
        return answer

    def _is_allowed(self, number: str) -> bool:
        return not self.enrolling.regions or region_of(number) in self.enrolling.regions

    async def _send(
        self, place: Place, interaction: Interaction, found: _Setting, delivery: Delivery | None
    ) -> Outcome:
        account = found.account
        address = found.known.address if delivery is not None else account.emails[0]
        if address is None:
            return Show(page=found.page)
        known = interaction.after(None, replace(interaction.facts, factor=found.known))
        sent = await self.codes.send(place, known, account, address, delivery, is_proved=False)
        if isinstance(sent, Notice):
            return Show(page=replace(found.page, notices=(sent,)))
        facts = replace(interaction.facts, factor=sent.facts)
        page = self.enrolling.page(place, account, sent.facts, found.kinds)
        return Show(page=page, facts=facts, changes=sent.changes)

    def _judge(
        self, place: Place, interaction: Interaction, found: _Setting, form: Submitted
    ) -> Outcome:
        answers = read_answers(found.page, form)
        if answers.notices:
            return Show(page=replace(found.page, notices=answers.notices))
        is_phone = found.known.chosen is FactorKind.PHONE
        typed = answers.text("verificationCode" if is_phone else "emailVerificationCode")
        judged = self.codes.judge(place, interaction, typed)
        if judged.notice is not None:
            facts: Facts = replace(interaction.facts, factor=judged.facts)
            return Show(page=replace(found.page, notices=(judged.notice,)), facts=facts)
        factor = self.enrolment.factor(
            found.account,
            FactorKind.PHONE if is_phone else FactorKind.EMAIL,
            factor_id=PHONE_IDS[PhoneType.MOBILE] if is_phone else EMAIL_ID,
            address=found.known.address,
        )
        return self._enrolled(place, interaction, found.account, factor)

    def _mailbox(self, place: Place, interaction: Interaction, found: _Setting) -> Outcome:
        factor = self.enrolment.factor(
            found.account,
            FactorKind.EMAIL,
            factor_id=EMAIL_ID,
            address=found.account.emails[0],
        )
        return self._enrolled(place, interaction, found.account, factor)


def _given_up(facts: Facts) -> Outcome:
    """Answer a person who sets none up: whoever only adds one goes back to the others."""
    if not facts.factor.is_managed:
        return Refuse(reason=Refusal.CANCELLED)
    return Done(facts=replace(facts, factor=replace(facts.factor, is_missing=False, chosen=None)))


def _number(answers: Answers) -> str | None:
    region = answers.text("countryCode") or None
    return parse_telephone(answers.text("number"), region)


def _kind_of(action: str) -> FactorKind | None:
    """Return the kind a button of the choice stands for; None leads back to the choice."""
    return None if action == USE_ANOTHER else FactorKind(action.removeprefix("factor_"))
