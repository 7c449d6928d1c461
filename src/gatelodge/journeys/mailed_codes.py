"""Codes that stand for a password: sent, counted, judged, and led back to by a link."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.digest import is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import SendMessage
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.place import Place
from gatelodge.journeys.send_budgets import Budget, address_budgets
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.mail.verification import VerificationMail
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.message import Channel, Message
from gatelodge.model.one_time_code import CODE_DIGITS, OneTimeCode
from gatelodge.pages.elements import SIGN_IN_MAIL
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


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
    messages: FactorMessages
    sealer: Sealer
    clock: Clock
    randomness: Randomness
    phones_a_day: int

    async def send(
        self,
        place: Place,
        interaction: Interaction,
        to: str,
        *,
        is_meant: bool,
        words: str = SIGN_IN_MAIL,
        channel: Channel = Channel.EMAIL,
    ) -> Sent | None:
        """Return what sends a code; None when the address had too many.

        Without `is_meant` everything is done but the message: nobody can tell from here. `words`
        is what the mail says; only one for signing in has a link.
        """
        now, facts, address = self.clock(), interaction.facts, key_of(to)
        settings = place.user_flow.one_time_code_configuration
        stores = self.database.read(place.directory.id)
        budgets = await self._budgets(stores, place, interaction, address, channel)
        if any([await each.is_spent(stores) for each in budgets]):
            return None
        code = self.randomness.digits(CODE_DIGITS)
        lifetime_s = settings.code_lifetime_in_minutes * 60
        noted = tuple(each.noted(now) for each in budgets)
        message = self._message(place, to, code, lifetime_s, words, channel)
        sent = OneTimeCode(
            address=address,
            digest=self._digest(interaction, address, code),
            expires_at=now + timedelta(seconds=lifetime_s),
        )
        left = SendMessage(message, is_meant=is_meant)
        return Sent(facts=replace(facts, code=sent), changes=(*noted, left))

    async def _budgets(
        self,
        stores: Stores,
        place: Place,
        interaction: Interaction,
        address: str,
        channel: Channel,
    ) -> list[Budget]:
        """Return what a message is counted against.

        All phones of a directory have one budget together: each message costs its owner money.
        """
        now = self.clock()
        budgets = await address_budgets(stores, place, interaction, address, now, signs_in=True)
        if channel is not Channel.EMAIL:
            day = now - timedelta(days=1)
            budgets.append(Budget(key="phones", since=day, most=self.phones_a_day))
        return budgets

    def _message(
        self, place: Place, to: str, code: str, lifetime_s: int, words: str, channel: Channel
    ) -> Message:
        now = self.clock()
        if channel is not Channel.EMAIL:
            return self.messages.code(
                place.directory, place.strings, channel, to, code, lifetime_s, now
            )
        settings = place.user_flow.one_time_code_configuration
        is_linked = settings.is_link_included and words == SIGN_IN_MAIL
        return self.mail.compose(
            place.directory,
            place.strings,
            to,
            code,
            lifetime_s,
            now,
            words=words,
            link=place.link_to(code) if is_linked and place.link_to else None,
        )

    def is_right(self, interaction: Interaction, code: OneTimeCode, typed: str) -> bool:
        """Return whether this is the code; whether it may still be used is another question."""
        return is_same(self._digest(interaction, code.address, typed), code.digest)

    def _digest(self, interaction: Interaction, address: str, code: str) -> str:
        return self.sealer.mac("sign-in-code", interaction.id, address, code)
