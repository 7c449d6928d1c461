"""Send a code to a phone or a mailbox, and judge what is typed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.digest import is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import NoteSend, SendMessage
from gatelodge.journeys.factor_rules import CHANNELS
from gatelodge.journeys.outcome import Change
from gatelodge.journeys.place import Place
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.model.identifier import AccountId, key_of
from gatelodge.model.interaction import Interaction
from gatelodge.model.message import Channel
from gatelodge.model.one_time_code import CODE_DIGITS, SEND_WINDOW_S, OneTimeCode
from gatelodge.model.second_factor import Delivery, FactorFacts
from gatelodge.pages.page import Notice
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database

_DAY_S = 86_400
_PER_ACCOUNT = 10
_PER_SOURCE = 30
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
class _Budget:
    key: str
    window_s: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorCodes:
    """Codes sent to phones and mailboxes; `phones_a_day` is how many messages to phones leave.

    Each address, account and source of requests has a budget of its own, and all phones of the
    directory have one together: each message costs its owner money.
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
        account_id: AccountId,
        address: str,
        delivery: Delivery | None,
    ) -> Sent | Notice:
        """Send a new code, by mail unless a `delivery` is given; a notice says why not."""
        now = self.clock()
        budgets = tuple(self._budgets(place, interaction, account_id, address, delivery))
        stores = self.database.read(place.directory.id)
        for each in budgets:
            since = now - timedelta(seconds=each.window_s)
            if await stores.sent_codes.count(each.key, since=since) >= each.most:
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
        noted = tuple(
            NoteSend(each.key, now, now - timedelta(seconds=each.window_s), each.most)
            for each in budgets
        )
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

    def _budgets(
        self,
        place: Place,
        interaction: Interaction,
        account_id: AccountId,
        address: str,
        delivery: Delivery | None,
    ) -> Iterator[_Budget]:
        most = place.user_flow.one_time_code_configuration.maximum_codes_per_hour
        yield _Budget(key=key_of(address), window_s=SEND_WINDOW_S, most=most)
        yield _Budget(key=f"account|{account_id}", window_s=SEND_WINDOW_S, most=_PER_ACCOUNT)
        if source := interaction.facts.device.source:
            yield _Budget(key=f"source|{source}", window_s=SEND_WINDOW_S, most=_PER_SOURCE)
        if delivery is not None:
            yield _Budget(key="phones", window_s=_DAY_S, most=self.phones_a_day)

    def _digest(self, interaction: Interaction, address: str, code: str) -> str:
        return self.sealer.mac("second-factor-code", interaction.id, address, code)
