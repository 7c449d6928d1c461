"""Passkeys that are made in a journey, by whoever has just proved to own the account."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.crypto.passkeys import NotGenuine, check_registration, invitation
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.passkey_challenges import Challenges
from gatelodge.journeys.passkey_changes import AddPasskey
from gatelodge.journeys.passkeys import (
    NEEDED,
    OUT_OF_DATE,
    REFUSED,
    SHOW_FIRST,
    answer_in,
    party_of,
)
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Interaction
from gatelodge.model.passkey import Passkey
from gatelodge.model.second_factor import FactorKind
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Notice, PasskeyPrompt
from gatelodge.storage.database import Database

MOST_PASSKEYS = 20
"""Passkeys one account may have."""

_NEW = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A passkey a browser made, with what stores it."""

    passkey: Passkey
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskeys:
    """Has browsers make passkeys; each is made by a device that knows its owner."""

    database: Database
    challenges: Challenges
    evidence: Evidence
    clock: Clock

    async def invite(
        self, place: Place, interaction: Interaction, account: Account
    ) -> PasskeyPrompt | None:
        """Return what lets a browser make a passkey, None when the account has enough."""
        stores = self.database.read(place.directory.id)
        known = await stores.passkeys.of_account(account.id)
        if len(known) >= MOST_PASSKEYS:
            return None
        return PasskeyPrompt(
            button=SHOW_FIRST,
            needed=NEEDED,
            question=invitation(
                party_of(place),
                self.challenges.new(interaction, _NEW, account.id),
                party_name=place.directory.display_name,
                account_id=account.id,
                name=_name_of(account),
                display_name=account.display_name,
                known=[each.id for each in known],
            ),
        )

    async def made(
        self, place: Place, interaction: Interaction, account: Account, form: Submitted
    ) -> Made | Notice:
        """Return the passkey a browser made, or what is wrong with its answer."""
        stores, answer = self.database.read(account.directory_id), answer_in(form)
        try:
            challenge = await self.challenges.find(interaction, answer, _NEW, account.id)
            if challenge is None:
                return OUT_OF_DATE
            registered = check_registration(party_of(place), challenge.text, answer)
        except NotGenuine:
            return REFUSED
        if await stores.passkeys.get(registered.id) is not None:
            return REFUSED
        now = self.clock()
        passkey = Passkey(
            directory_id=account.directory_id,
            id=registered.id,
            account_id=account.id,
            public_key=registered.public_key,
            sign_count=registered.sign_count,
            is_synced=registered.is_synced,
            aaguid=registered.aaguid,
            display_name=f"{now:%Y-%m-%d %H:%M}",
            created_at=now,
        )
        event = self.evidence.event(
            interaction,
            EventName.FACTOR_ENROLLED,
            account.id,
            detail={"factor": FactorKind.PASSKEY},
        )
        return Made(passkey=passkey, changes=(challenge.used, AddPasskey(passkey), event))


def _name_of(account: Account) -> str:
    names = [each.issuer_assigned_id for each in account.identities]
    return next(iter([*account.emails, *names]), account.display_name)
