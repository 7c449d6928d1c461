"""What guesses and codes are counted under: the devices of an owner apart from all others."""

from datetime import datetime

from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.device import Device
from gatelodge.model.identifier import AccountId
from gatelodge.storage.stores import Stores

_NOBODY = AccountId("")


async def is_owners(
    stores: Stores,
    account: Account | None,
    device: Device,
    now: datetime,
    *,
    with_factor: bool = False,
) -> bool:
    """Return whether the account signed in with a device before, `with_factor` or however.

    It takes the same reads for a name with an account and for another.
    """
    if device.id is None:
        return False
    return await stores.known_devices.is_known(
        _NOBODY if account is None else account.id,
        device.id,
        now=now,
        since=now if account is None else account.sign_in_sessions_valid_from,
        with_factor=with_factor,
    )


async def address_counted_under(
    stores: Stores, place: Place, address: str, device: Device, now: datetime
) -> str:
    """Return what is counted of codes for an address (look-up form): it, or its owner's devices.

    The devices have one count together: whoever knows the password makes as many as they like.
    """
    account = await stores.accounts.by_sign_in_name(place.directory.domain, address)
    is_known = await is_owners(stores, account, device, now)
    return f"devices|{account.id}" if account and is_known else address


async def factor_counted_under(
    stores: Stores, account: Account, device: Device, now: datetime
) -> str:
    """Return what is counted of an account's factors: it, or its devices that showed one before."""
    is_known = await is_owners(stores, account, device, now, with_factor=True)
    return f"secondFactor|devices|{account.id}" if is_known else f"secondFactor|{account.id}"
