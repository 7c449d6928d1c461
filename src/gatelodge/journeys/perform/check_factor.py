"""Have one of the account's second factors shown."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.seal import Sealer
from gatelodge.crypto.totp import matching_step
from gatelodge.journeys.asked_factor import AskedFactor, FactorQuestion, ReadAlready
from gatelodge.journeys.changes import SendMessage
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_changes import UseRecoveryCode, UseTimeStep
from gatelodge.journeys.factor_codes import INCORRECT, FactorCodes
from gatelodge.journeys.factor_facts import with_factor
from gatelodge.journeys.factor_notice import tell_owner
from gatelodge.journeys.factor_rules import changes_account, factor_wanted
from gatelodge.journeys.factor_secrets import open_secret, recovery_digest
from gatelodge.journeys.outcome import Change, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.passkeys import PASSKEY, Refused
from gatelodge.journeys.place import Place
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.own_account import NO_TASK
from gatelodge.model.proof import ProofKind
from gatelodge.model.second_factor import NO_FACTOR, Delivery, FactorKind
from gatelodge.pages.form import Submitted, pressed, read_answers
from gatelodge.pages.page import Notice, Page
from gatelodge.pages.second_factor import (
    CALL,
    RETRY,
    RETRY_MAIL,
    SEND,
    SEND_MAIL,
    USE_ANOTHER,
    USE_RECOVERY_CODE,
    VERIFY,
    VERIFY_MAIL,
)

_DELIVERIES = {SEND: Delivery.SMS, CALL: Delivery.VOICE, SEND_MAIL: None}
_SENDING = frozenset({SEND, CALL, RETRY, SEND_MAIL, RETRY_MAIL})
_TYPED = frozenset({"continue", VERIFY, VERIFY_MAIL})
_CODE_FIELDS = {
    FactorKind.AUTHENTICATOR: "otpCode",
    FactorKind.PHONE: "verificationCode",
    FactorKind.EMAIL: "emailVerificationCode",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFactor:
    """Ask for a second factor; an account without one passes by.

    Guesses are counted for the account. What is right is used up in the transaction that stores
    the proof.
    """

    question: FactorQuestion
    codes: FactorCodes
    sealer: Sealer
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show what is asked for. Nothing is sent, however often the page is loaded."""
        return await self._show(place, interaction, interaction.facts)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take one press of a button; what the page did not offer is not taken."""
        asked = await self.question.look(place, interaction.facts)
        if not isinstance(asked, AskedFactor):
            return self._answer(interaction, asked)
        page = self.question.page(place, interaction, interaction.facts.factor, asked)
        match pressed(page, form):
            case None:
                return Show(page=page)
            case "cancel":
                return _given_up(place, interaction)
            case action if action == PASSKEY:
                return await self._judge_passkey(place, interaction, asked, page, form)
            case action if action in _TYPED:
                return await self._judge(place, interaction, asked, page, form)
            case action if action in _SENDING:
                return await self._send(place, interaction, asked, page, action)
            case action:
                return await self._show(place, interaction, _choosing(interaction, asked, action))

    async def _show(self, place: Place, interaction: Interaction, facts: Facts) -> Outcome:
        asked = await self.question.look(place, facts)
        if not isinstance(asked, AskedFactor):
            return self._answer(interaction, asked)
        page = self.question.page(place, interaction, facts.factor, asked)
        return Show(page=page, facts=None if facts is interaction.facts else facts)

    def _answer(self, interaction: Interaction, found: ReadAlready | Outcome) -> Outcome:
        if not isinstance(found, ReadAlready):
            return found
        factor = found.factor
        proof = self.evidence.proof(
            interaction, ProofKind.SECOND_FACTOR, factor.id, found.account.id
        )
        facts = with_factor(interaction.facts, factor.kind, None, is_missing=False)
        return Done(facts=facts, changes=(proof,))

    async def _send(
        self, place: Place, interaction: Interaction, asked: AskedFactor, page: Page, action: str
    ) -> Outcome:
        """Send a code to the number or address on record, never to one that was submitted."""
        if (factor := asked.factor) is None or factor.address is None:
            return Show(page=page)
        delivery = _DELIVERIES.get(action, interaction.facts.factor.delivery)
        sent = await self.codes.send(
            place, interaction, asked.account, factor.address, delivery, is_proved=True
        )
        if isinstance(sent, Notice):
            return Show(page=replace(page, notices=(sent,)))
        facts = replace(interaction.facts, factor=sent.facts)
        shown = self.question.page(place, interaction, sent.facts, asked)
        return Show(page=shown, facts=facts, changes=sent.changes)

    async def _judge(
        self,
        place: Place,
        interaction: Interaction,
        asked: AskedFactor,
        page: Page,
        form: Submitted,
    ) -> Outcome:
        answers = read_answers(page, form)
        if answers.notices:
            return Show(page=replace(page, notices=answers.notices))
        if asked.by_recovery_code:
            typed = answers.text("recoveryCode")
            return await self._judge_recovery_code(place, interaction, asked, page, typed)
        if asked.factor is None:
            return Show(page=page)
        typed = answers.text(_CODE_FIELDS[asked.factor.kind])
        if asked.factor.kind is FactorKind.AUTHENTICATOR:
            return self._judge_authenticator(interaction, asked, page, typed)
        return self._judge_sent(place, interaction, asked, page, typed)

    async def _judge_passkey(
        self,
        place: Place,
        interaction: Interaction,
        asked: AskedFactor,
        page: Page,
        form: Submitted,
    ) -> Outcome:
        """Take a passkey of the account. Nobody guesses one: a wrong one locks nothing."""
        account = asked.account
        shown = await self.question.passkeys.show(place, interaction, account.id, form)
        if isinstance(shown, Refused):
            return Show(page=replace(page, notices=(shown.notice,)), changes=shown.changes)
        facts = with_factor(
            interaction.facts,
            FactorKind.PASSKEY,
            None,
            is_missing=asked.is_missing,
            at=self.clock(),
            methods=shown.methods,
        )
        proof = self.evidence.proof(
            interaction, ProofKind.SECOND_FACTOR, shown.passkey.id, account.id
        )
        return Done(facts=facts, changes=(*shown.changes, proof))

    def _judge_authenticator(
        self, interaction: Interaction, asked: AskedFactor, page: Page, typed: str
    ) -> Outcome:
        for each in asked.authenticators:
            secret = open_secret(self.sealer, each)
            step = matching_step(secret, typed, self.clock(), after=each.last_step)
            if step is not None:
                used = UseTimeStep(asked.account.id, each.id, step)
                return self._proved(interaction, asked, each.kind, each.id, (used,))
        return self._wrong(interaction, asked, page)

    def _judge_sent(
        self, place: Place, interaction: Interaction, asked: AskedFactor, page: Page, typed: str
    ) -> Outcome:
        interaction = _without_stray_code(interaction, asked)
        judged = self.codes.judge(place, interaction, typed)
        if judged.notice is None and asked.factor is not None:
            return self._proved(interaction, asked, asked.factor.kind, asked.factor.id, ())
        facts = replace(interaction.facts, factor=judged.facts)
        wrong = self.question.guesses.wrong(interaction, asked.standing)
        return Show(
            page=replace(page, notices=(judged.notice or INCORRECT,)),
            facts=facts,
            changes=wrong if judged.is_guess else (),
        )

    async def _judge_recovery_code(
        self, place: Place, interaction: Interaction, asked: AskedFactor, page: Page, typed: str
    ) -> Outcome:
        account = asked.account
        digest = recovery_digest(self.sealer, account.id, typed)
        stores = self.question.database.read(place.directory.id)
        known = await stores.recovery_codes.get(account.id, digest)
        if known is None or known.used_at is not None:
            return self._wrong(interaction, asked, page)
        now = self.clock()
        changes: tuple[Change, ...] = (
            UseRecoveryCode(account.id, digest, now),
            self.evidence.event(interaction, EventName.RECOVERY_CODE_USED, account.id),
            *map(SendMessage, tell_owner(self.codes.messages, place, account, "code_used", now)),
        )
        kind = FactorKind.RECOVERY_CODE
        return self._proved(interaction, asked, kind, kind.value, changes)

    def _proved(
        self,
        interaction: Interaction,
        asked: AskedFactor,
        kind: FactorKind,
        subject: str,
        changes: tuple[Change, ...],
    ) -> Outcome:
        account, delivery = asked.account, interaction.facts.factor.delivery
        return Done(
            facts=with_factor(
                interaction.facts, kind, delivery, is_missing=asked.is_missing, at=self.clock()
            ),
            changes=(
                *changes,
                self.question.guesses.right(asked.standing),
                self.evidence.proof(interaction, ProofKind.SECOND_FACTOR, subject, account.id),
            ),
        )

    def _wrong(self, interaction: Interaction, asked: AskedFactor, page: Page) -> Outcome:
        return Show(
            page=replace(page, notices=(INCORRECT,)),
            changes=self.question.guesses.wrong(interaction, asked.standing),
        )


def _given_up(place: Place, interaction: Interaction) -> Outcome:
    """Answer a person who shows none: who came from the profile for a task goes back there."""
    facts = interaction.facts
    at_profile = replace(facts, account=NO_TASK, factor=NO_FACTOR)
    left = interaction.after(None, at_profile)
    if not changes_account(facts) or factor_wanted(place.user_flow, left):
        return Refuse(reason=Refusal.CANCELLED)
    return Done(facts=at_profile)


def _choosing(interaction: Interaction, asked: AskedFactor, action: str) -> Facts:
    """Return the facts once the person chose a way, or wants to choose another."""
    known = replace(interaction.facts.factor, chosen=None, factor_id=None, code=None)
    if action == USE_RECOVERY_CODE:
        known = replace(known, chosen=FactorKind.RECOVERY_CODE)
    elif action != USE_ANOTHER:
        factor = asked.offered[int(action.removeprefix("factor_")) - 1]
        known = replace(known, chosen=factor.kind, factor_id=factor.id)
    return replace(interaction.facts, factor=known)


def _without_stray_code(interaction: Interaction, asked: AskedFactor) -> Interaction:
    """Return the interaction without a code that went elsewhere than where the factor is now."""
    known = interaction.facts.factor
    address = None if asked.factor is None else asked.factor.address
    if known.code is None or known.code.address == address:
        return interaction
    return replace(interaction, facts=replace(interaction.facts, factor=replace(known, code=None)))
