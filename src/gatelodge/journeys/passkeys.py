"""Passkeys that are shown in a journey: what is asked, and what an answer proves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.crypto.passkeys import (
    Asserted,
    Copied,
    NotGenuine,
    RelyingParty,
    check_assertion,
    question,
    read_claimed,
)
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_facts import with_factor
from gatelodge.journeys.factor_rules import passkey_methods
from gatelodge.journeys.outcome import Change, Done
from gatelodge.journeys.passkey_challenges import Challenge, Challenges
from gatelodge.journeys.passkey_changes import UsePasskey
from gatelodge.journeys.place import Place
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Interaction, Path
from gatelodge.model.passkey import Passkey
from gatelodge.model.proof import ProofKind
from gatelodge.model.second_factor import FactorKind
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Button, Notice, PasskeyPrompt, Sentence
from gatelodge.storage.database import Database

PASSKEY = "passkey"
ANSWER = "passkeyResponse"
SHOW = Button(id=PASSKEY, action=PASSKEY, string_id="button_passkey", skips_validation=True)
SHOW_FIRST = replace(SHOW, is_primary=True)
NEEDED = Sentence("passkey_needed")
OUT_OF_DATE = Notice("error_passkey_page")
REFUSED = Notice("error_passkey")
_FIRST, _SECOND = "signIn", "secondFactor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A passkey that was shown: by whom, how (RFC 8176 §2), and what it writes."""

    passkey: Passkey
    methods: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No passkey was shown: what the person is told, and what it writes."""

    notice: Notice
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """Asks browsers for passkeys and judges what they answer; every answer counts once."""

    database: Database
    challenges: Challenges
    evidence: Evidence
    clock: Clock

    def prompt(self, place: Place, interaction: Interaction) -> PasskeyPrompt:
        """Return what lets a browser sign somebody in. It names no account."""
        challenge = self.challenges.new(interaction, _FIRST)
        return PasskeyPrompt(button=SHOW, question=question(party_of(place), challenge))

    async def sign_in(
        self, place: Place, interaction: Interaction, form: Submitted
    ) -> Done | Refused:
        """Return the answer of the first page when a passkey of an account was shown.

        It is shown by somebody the device knows, so it is both factors (`user`, `mfa`).
        """
        found = await self._named(place, answer_in(form))
        shown = await self._judge(place, interaction, form, found, None)
        if isinstance(shown, Refused):
            return shown
        passkey, now = shown.passkey, self.clock()
        identified = replace(
            interaction.facts, path=Path.LOCAL, account_id=passkey.account_id, auth_time=now
        )
        facts = with_factor(
            replace(identified, amr=()),
            FactorKind.PASSKEY,
            None,
            is_missing=False,
            at=now,
            methods=shown.methods,
        )
        kinds = (ProofKind.PASSKEY, ProofKind.SECOND_FACTOR)
        proofs = (
            self.evidence.proof(interaction, each, passkey.id, passkey.account_id) for each in kinds
        )
        return Done(facts=facts, changes=(*shown.changes, *proofs))

    def prompt_second(
        self, place: Place, interaction: Interaction, account_id: AccountId, known: Sequence[str]
    ) -> PasskeyPrompt:
        """Return what lets a browser show one of the passkeys of an account (their ids)."""
        challenge = self.challenges.new(interaction, _SECOND, account_id)
        asked = question(party_of(place), challenge, known=known)
        return PasskeyPrompt(button=SHOW_FIRST, question=asked, needed=NEEDED)

    async def show(
        self, place: Place, interaction: Interaction, account_id: AccountId, form: Submitted
    ) -> Shown | Refused:
        """Judge a passkey that is shown besides something else: only the account's own counts."""
        found = await self._named(place, answer_in(form), account_id)
        return await self._judge(place, interaction, form, found, account_id)

    async def _named(
        self, place: Place, answer: str, account_id: AccountId | None = None
    ) -> Passkey | None:
        """Return the passkey an answer claims to be of, if the account may use it.

        Where nobody is known yet the answer has to name the account as well (WebAuthn §7.2).
        """
        try:
            claimed = read_claimed(answer)
        except NotGenuine:
            return None
        stores = self.database.read(place.directory.id)
        passkey = await stores.passkeys.get(claimed.credential_id)
        if passkey is None or (account_id or claimed.user_handle) != passkey.account_id:
            return None
        if claimed.user_handle not in {None, passkey.account_id}:
            return None
        account = await stores.accounts.get(passkey.account_id)
        return passkey if account is not None and account.account_enabled else None

    async def _judge(
        self,
        place: Place,
        interaction: Interaction,
        form: Submitted,
        passkey: Passkey | None,
        account_id: AccountId | None,
    ) -> Shown | Refused:
        purpose = (_FIRST,) if account_id is None else (_SECOND, account_id)
        answer = answer_in(form)
        try:
            challenge = await self.challenges.find(interaction, answer, *purpose)
        except NotGenuine:
            return self._refused(interaction, "passkey", REFUSED)
        if challenge is None:
            return self._refused(interaction, "passkeyChallenge", OUT_OF_DATE)
        if passkey is None:
            return self._refused(interaction, "passkey", REFUSED, challenge.used)
        try:
            asserted = self._asserted(place, challenge, answer, passkey, account_id)
        except NotGenuine as error:
            reason = "passkeyCopied" if isinstance(error, Copied) else "passkey"
            return self._refused(interaction, reason, REFUSED, challenge.used)
        used = UsePasskey(passkey.id, asserted.sign_count, self.clock())
        methods = passkey_methods(
            is_synced=passkey.is_synced, is_user_verified=asserted.is_user_verified
        )
        return Shown(passkey=passkey, methods=methods, changes=(challenge.used, used))

    def _asserted(
        self,
        place: Place,
        challenge: Challenge,
        answer: str,
        passkey: Passkey,
        account_id: AccountId | None,
    ) -> Asserted:
        return check_assertion(
            party_of(place),
            challenge.text,
            answer,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            is_synced=passkey.is_synced,
            needs_owner=account_id is None,
        )

    def _refused(
        self, interaction: Interaction, reason: str, notice: Notice, *changes: Change
    ) -> Refused:
        event = self.evidence.event(
            interaction,
            EventName.SIGN_IN_REFUSED,
            interaction.request.client_id,
            is_success=False,
            detail={"reason": reason},
        )
        return Refused(notice=notice, changes=(*changes, event))


def party_of(place: Place) -> RelyingParty:
    """Return whom the passkeys of a place are for."""
    return RelyingParty(place.origin)


def answer_in(form: Submitted) -> str:
    """Return what a browser answered, as the form carries it."""
    given = form.get(ANSWER, ())
    return given[0] if len(given) == 1 else ""
