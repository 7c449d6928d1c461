"""Passkeys in a journey: what is asked, and what an answer proves."""

from dataclasses import dataclass, replace
from datetime import datetime

from gatelodge.clock import Clock
from gatelodge.crypto.passkeys import (
    Asserted,
    NotGenuine,
    Registered,
    RelyingParty,
    check_assertion,
    check_registration,
    invitation,
    question,
    read_claimed,
)
from gatelodge.crypto.seal import Sealer
from gatelodge.errors import Stale
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_facts import with_factor
from gatelodge.journeys.outcome import Change, Done
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Interaction, Path
from gatelodge.model.passkey import Passkey
from gatelodge.model.proof import ProofKind
from gatelodge.model.second_factor import FactorKind
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Button, PasskeyPrompt
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

PASSKEY = "passkey"
ANSWER = "passkeyResponse"
MOST_PASSKEYS = 20
"""Passkeys one account may have."""

_SIGN_IN = Button(id=PASSKEY, action=PASSKEY, string_id="button_passkey", skips_validation=True)
_CREATE = replace(_SIGN_IN, is_primary=True)


@dataclass(frozen=True, slots=True)
class UsePasskey:
    """Note that a passkey was used."""

    passkey_id: str
    sign_count: int
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Write the count; raise `Stale` when it was used meanwhile: each answer counts once."""
        if not await stores.passkeys.use(self.passkey_id, self.sign_count, self.now):
            raise Stale("the passkey was used meanwhile")


@dataclass(frozen=True, slots=True)
class AddPasskey:
    """Give an account a passkey."""

    passkey: Passkey

    async def __call__(self, stores: Stores) -> None:
        """Write it; raises `AlreadyExists` when somebody has it."""
        await stores.passkeys.add(self.passkey)


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    """Take a passkey away."""

    passkey_id: str

    async def __call__(self, stores: Stores) -> None:
        """Delete it; raises `NotFound` when it is gone already."""
        await stores.passkeys.remove(self.passkey_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """Asks browsers for passkeys and judges what they answer.

    The challenge is derived from the interaction, which nobody else can name and which ends with
    the first right answer; so there is nothing to store, and nothing to answer a second time.
    """

    database: Database
    party: RelyingParty
    sealer: Sealer
    evidence: Evidence
    clock: Clock

    def prompt(self, interaction: Interaction) -> PasskeyPrompt:
        """Return what lets a browser sign somebody in. It names no account."""
        return PasskeyPrompt(
            button=_SIGN_IN, question=question(self.party, self._challenge(interaction, "get"))
        )

    async def sign_in(self, place: Place, interaction: Interaction, form: Submitted) -> Done | None:
        """Return the answer of the first page when a passkey of an account was shown, else None.

        It is shown by somebody the device knows, so it is both factors (`user`, `mfa`).
        """
        answer, now = _answer(form), self.clock()
        found = await self._named(place, answer)
        if found is None:
            return None
        passkey, account = found
        try:
            asserted: Asserted = check_assertion(
                self.party,
                self._challenge(interaction, "get"),
                answer,
                public_key=passkey.public_key,
                sign_count=passkey.sign_count,
            )
        except NotGenuine:
            return None
        identified = replace(
            interaction.facts,
            path=Path.LOCAL,
            account_id=account.id,
            auth_time=now,
            amr=("swk" if passkey.is_synced else "hwk",),
        )
        return Done(
            facts=with_factor(identified, FactorKind.PASSKEY, None, is_missing=False, at=now),
            changes=(
                UsePasskey(passkey.id, asserted.sign_count, now),
                self.evidence.proof(interaction, ProofKind.PASSKEY, passkey.id, account.id),
                self.evidence.proof(interaction, ProofKind.SECOND_FACTOR, passkey.id, account.id),
            ),
        )

    async def _named(self, place: Place, answer: str) -> tuple[Passkey, Account] | None:
        """Return the passkey an answer claims to be of, with the account that may use it."""
        try:
            claimed = read_claimed(answer)
        except NotGenuine:
            return None
        stores = self.database.read(place.directory.id)
        passkey = await stores.passkeys.get(claimed.credential_id)
        if passkey is None or claimed.user_handle != passkey.account_id:
            return None
        account = await stores.accounts.get(passkey.account_id)
        return None if account is None or not account.account_enabled else (passkey, account)

    async def invite(
        self, place: Place, interaction: Interaction, account: Account
    ) -> PasskeyPrompt | None:
        """Return what lets a browser make a passkey, None when the account has enough."""
        stores = self.database.read(place.directory.id)
        known = await stores.passkeys.of_account(account.id)
        if len(known) >= MOST_PASSKEYS:
            return None
        return PasskeyPrompt(
            button=_CREATE,
            question=invitation(
                self.party,
                self._challenge(interaction, "create"),
                party_name=place.directory.display_name,
                account_id=account.id,
                name=_name_of(account),
                display_name=account.display_name,
                known=[each.id for each in known],
            ),
        )

    async def made(
        self, interaction: Interaction, account: Account, form: Submitted, *, display_name: str
    ) -> tuple[Change, ...] | None:
        """Return what stores the passkey a browser made, None when it proves nothing new."""
        stores = self.database.read(account.directory_id)
        try:
            registered: Registered = check_registration(
                self.party, self._challenge(interaction, "create"), _answer(form)
            )
        except NotGenuine:
            return None
        if await stores.passkeys.get(registered.id) is not None:
            return None
        passkey = Passkey(
            directory_id=account.directory_id,
            id=registered.id,
            account_id=account.id,
            public_key=registered.public_key,
            sign_count=registered.sign_count,
            is_synced=registered.is_synced,
            aaguid=registered.aaguid,
            display_name=display_name,
            created_at=self.clock(),
        )
        event = self.evidence.event(
            interaction,
            EventName.FACTOR_ENROLLED,
            account.id,
            detail={"factor": FactorKind.PASSKEY},
        )
        return (AddPasskey(passkey), event)

    def _challenge(self, interaction: Interaction, purpose: str) -> str:
        return self.sealer.mac("passkey", purpose, interaction.id)


def _answer(form: Submitted) -> str:
    given = form.get(ANSWER, ())
    return given[0] if len(given) == 1 else ""


def _name_of(account: Account) -> str:
    names = [each.issuer_assigned_id for each in account.identities]
    return next(iter([*account.emails, *names]), account.display_name)
