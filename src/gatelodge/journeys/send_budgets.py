"""How many codes leave for an address or an account, and for whoever asks from one place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gatelodge.journeys.changes import NoteSend
from gatelodge.journeys.known_device import address_counted_under, is_owners
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.device import Device
from gatelodge.model.interaction import Interaction
from gatelodge.model.one_time_code import SEND_WINDOW_S
from gatelodge.storage.stores import Stores

FACTORS_OF_ONE_ACCOUNT = 10
"""Second factors one account may have sent in an hour, to whatever phones and mailboxes."""

SIGN_INS_FROM_ONE_PLACE = 30
"""Codes for signing in one address of the internet may have sent in an hour, to whomever."""

PROVED_FROM_ONE_PLACE = 300
"""Addresses of a whole school may be proved from one address of the internet in an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most so many codes since a moment, counted under a key."""

    key: str
    since: datetime
    most: int

    async def is_spent(self, stores: Stores) -> bool:
        """Return whether no more may leave."""
        return await stores.sent_codes.count(self.key, since=self.since) >= self.most

    def noted(self, now: datetime) -> NoteSend:
        """Return what counts one more."""
        return NoteSend(self.key, now, self.since, self.most)


async def address_budgets(
    stores: Stores,
    place: Place,
    interaction: Interaction,
    address: str,
    now: datetime,
    *,
    signs_in: bool,
) -> list[Budget]:
    """Return what a code to an address (look-up form) is counted against in an hour.

    One that `signs_in` is counted by place apart from those that only prove an address.

    The owner's own devices have a budget to themselves, so that nobody else can spend it.
    """
    device, hour = interaction.facts.device, now - timedelta(seconds=SEND_WINDOW_S)
    most = place.user_flow.one_time_code_configuration.maximum_codes_per_hour
    key = await address_counted_under(stores, place, address, device, now)
    budgets = [Budget(key=key, since=hour, most=most)]
    if key == address:
        budgets += _of_place(device, hour, signs_in=signs_in)
    return budgets


async def factor_budgets(
    stores: Stores, interaction: Interaction, account: Account, now: datetime
) -> list[Budget]:
    """Return what a code for an account's second factor is counted against in an hour.

    It is the account's, not the address's: strangers have codes sent there as well. Devices that
    showed a factor before have a budget to themselves.
    """
    device, hour = interaction.facts.device, now - timedelta(seconds=SEND_WINDOW_S)
    if await is_owners(stores, account, device, now, with_factor=True):
        return [Budget(key=f"factorDevices|{account.id}", since=hour, most=FACTORS_OF_ONE_ACCOUNT)]
    own = Budget(key=f"account|{account.id}", since=hour, most=FACTORS_OF_ONE_ACCOUNT)
    return [own, *_of_place(device, hour, signs_in=True)]


def _of_place(device: Device, since: datetime, *, signs_in: bool) -> list[Budget]:
    if not device.source:
        return []
    if signs_in:
        return [Budget(key=f"source|{device.source}", since=since, most=SIGN_INS_FROM_ONE_PLACE)]
    return [Budget(key=f"proofs|{device.source}", since=since, most=PROVED_FROM_ONE_PLACE)]
