"""Codes by mail that stand for a password: sent, counted, judged, and led back to by a link."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.digest import is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import NoteSend, SendMessage
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.place import Place
from gatelodge.mail.verification import VerificationMail
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.one_time_code import CODE_DIGITS, SEND_WINDOW_S, OneTimeCode
from gatelodge.pages.elements import SIGN_IN_MAIL
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

_PER_SOURCE = 30
"""Codes one address of the internet may have sent in an hour, to whatever mailboxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is known once a code is on its way, or once nobody was told that there is none."""

    facts: Facts
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedCodes:
    """Sends codes to mailboxes and judges what is typed."""

    database: Database
    mail: VerificationMail
    sealer: Sealer
    clock: Clock
    randomness: Randomness

    async def send(
        self,
        place: Place,
        interaction: Interaction,
        email: str,
        *,
        is_meant: bool,
        words: str = SIGN_IN_MAIL,
    ) -> Sent | None:
        """Return what sends a code; None when the mailbox had too many.

        Without `is_meant` everything is done but the message: nobody can tell from here. `words`
        is what the mail says; only one for signing in has a link.
        """
        now, facts, address = self.clock(), interaction.facts, key_of(email)
        since = now - timedelta(seconds=SEND_WINDOW_S)
        settings = place.user_flow.one_time_code_configuration
        budgets = [(address, settings.maximum_codes_per_hour)]
        if facts.device.source:
            budgets.append((f"source|{facts.device.source}", _PER_SOURCE))
        stores = self.database.read(place.directory.id)
        for key, most in budgets:
            if await stores.sent_codes.count(key, since=since) >= most:
                return None
        code = self.randomness.digits(CODE_DIGITS)
        lifetime_s = settings.code_lifetime_in_minutes * 60
        changes: tuple[Change, ...] = tuple(
            NoteSend(key, now, since, most) for key, most in budgets
        )
        if is_meant:
            is_linked = settings.is_link_included and words == SIGN_IN_MAIL
            link = place.link_to(code) if is_linked and place.link_to else None
            message = self.mail.compose(
                place.directory,
                place.strings,
                email,
                code,
                lifetime_s,
                now,
                words=words,
                link=link,
            )
            changes = (*changes, SendMessage(message))
        sent = OneTimeCode(
            address=address,
            digest=self._digest(interaction, address, code),
            expires_at=now + timedelta(seconds=lifetime_s),
        )
        return Sent(facts=replace(facts, email=email, code=sent), changes=changes)

    def is_right(self, interaction: Interaction, code: OneTimeCode, typed: str) -> bool:
        """Return whether this is the code; whether it may still be used is another question."""
        return is_same(self._digest(interaction, code.address, typed), code.digest)

    def _digest(self, interaction: Interaction, address: str, code: str) -> str:
        return self.sealer.mac("sign-in-code", interaction.id, address, code)
