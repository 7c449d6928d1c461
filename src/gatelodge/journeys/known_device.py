"""What guesses and codes are counted under: the device of an owner apart from all others."""

from datetime import datetime

from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.device import Device
from gatelodge.model.identifier import AccountId
from gatelodge.storage.stores import Stores

_NOBODY = AccountId("")


async def counted_under(
    stores: Stores, name_key: str, account: Account | None, device: Device, now: datetime
) -> str:
    """Return the device if the account signed in with it before, else the name (look-up form).

    It takes the same reads for a name with an account and for another.
    """
    if device.id is None:
        return name_key
    is_known = await stores.known_devices.is_known(
        _NOBODY if account is None else account.id,
        device.id,
        now=now,
        since=now if account is None else account.sign_in_sessions_valid_from,
    )
    return f"device|{account.id}|{device.id}" if account and is_known else name_key


async def address_counted_under(
    stores: Stores, place: Place, address: str, device: Device, now: datetime
) -> str:
    """Return the same for an address (look-up form) that codes are sent to."""
    account = await stores.accounts.by_sign_in_name(place.directory.domain, address)
    return await counted_under(stores, address, account, device, now)
