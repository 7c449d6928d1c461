"""Send a code to a phone or a mailbox, and judge what is typed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.digest import is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import SendMessage
from gatelodge.journeys.factor_rules import CHANNELS
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.place import Place
from gatelodge.journeys.send_budgets import Budget, factor_budgets
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.model.account import Account
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Interaction
from gatelodge.model.message import Channel
from gatelodge.model.one_time_code import CODE_DIGITS, SEND_WINDOW_S, OneTimeCode
from gatelodge.model.second_factor import Delivery, FactorFacts
from gatelodge.pages.page import Notice
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

THROTTLED = Notice("error_throttled")
INCORRECT = Notice("error_incorrect_code")
_SPENT, _EXPIRED = Notice("error_code_spent"), Notice("error_code_expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is known once a code is on its way."""

    facts: FactorFacts
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is known after a code was typed: `notice` says what is wrong with it.

    A wrong code counts as a guess; one that was too old, or came too late, does not.
    """

    facts: FactorFacts
    notice: Notice | None = None
    is_guess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorCodes:
    """Codes sent to phones and mailboxes; `phones_a_day` is how many messages to phones leave.

    Each account and source of requests has a budget of its own, and so has an address nobody has
    proved yet. All phones of the directory have one together: each message costs its owner money.
    """

    database: Database
    messages: FactorMessages
    sealer: Sealer
    clock: Clock
    randomness: Randomness
    phones_a_day: int

    async def send(
        self,
        place: Place,
        interaction: Interaction,
        account: Account,
        address: str,
        delivery: Delivery | None,
        *,
        is_proved: bool,
    ) -> Sent | Notice:
        """Send a new code, by mail unless a `delivery` is given; a notice says why not.

        `is_proved` says that the address is a factor of the account already.
        """
        now, stores = self.clock(), self.database.read(place.directory.id)
        budgets = await factor_budgets(stores, interaction, account, now)
        budgets += self._more_budgets(place, None if is_proved else address, delivery)
        if any([await each.is_spent(stores) for each in budgets]):
            return THROTTLED
        code = self.randomness.digits(CODE_DIGITS)
        lifetime_s = place.user_flow.one_time_code_configuration.code_lifetime_in_minutes * 60
        channel = Channel.EMAIL if delivery is None else CHANNELS[delivery]
        message = self.messages.code(
            place.directory, place.strings, channel, address, code, lifetime_s, now
        )
        facts = replace(
            interaction.facts.factor,
            delivery=delivery,
            address=address,
            code=OneTimeCode(
                address=address,
                digest=self._digest(interaction, address, code),
                expires_at=now + timedelta(seconds=lifetime_s),
            ),
        )
        noted = tuple(each.noted(now) for each in budgets)
        return Sent(facts=facts, changes=(*noted, SendMessage(message)))

    def judge(self, place: Place, interaction: Interaction, typed: str) -> Judged:
        """Compare what was typed with the code that was sent; a right one is used up."""
        facts = interaction.facts.factor
        tries = place.user_flow.one_time_code_configuration.maximum_verification_attempts
        if (code := facts.code) is None:
            return Judged(facts=facts, notice=_EXPIRED)
        if not code.is_usable(self.clock(), tries):
            spent = code.tries >= tries
            return Judged(facts=facts, notice=_SPENT if spent else _EXPIRED)
        if is_same(self._digest(interaction, code.address, typed), code.digest):
            return Judged(facts=replace(facts, code=None))
        missed = replace(facts, code=replace(code, tries=code.tries + 1))
        spent = code.tries + 1 >= tries
        return Judged(facts=missed, notice=_SPENT if spent else INCORRECT, is_guess=True)

    def _more_budgets(
        self, place: Place, address: str | None, delivery: Delivery | None
    ) -> Iterator[Budget]:
        now = self.clock()
        if address is not None:
            hour = now - timedelta(seconds=SEND_WINDOW_S)
            most = place.user_flow.one_time_code_configuration.maximum_codes_per_hour
            yield Budget(key=key_of(address), since=hour, most=most)
        if delivery is not None:
            yield Budget(key="phones", since=now - timedelta(days=1), most=self.phones_a_day)

    def _digest(self, interaction: Interaction, address: str, code: str) -> str:
        return self.sealer.mac("second-factor-code", interaction.id, address, code)
