"""Everything an account shows besides its first factor, passkeys among the rest."""

from gatelodge.model.identifier import AccountId
from gatelodge.model.passkey import Passkey
from gatelodge.model.second_factor import EnrolledFactor, FactorKind
from gatelodge.storage.stores import Stores


async def factors_of(stores: Stores, account_id: AccountId) -> tuple[EnrolledFactor, ...]:
    """Return the factors of an account, the passkeys last; each passkey is one."""
    factors = await stores.second_factors.of_account(account_id)
    passkeys = await stores.passkeys.of_account(account_id)
    return (*factors, *map(_factor, passkeys))


def _factor(passkey: Passkey) -> EnrolledFactor:
    return EnrolledFactor(
        directory_id=passkey.directory_id,
        account_id=passkey.account_id,
        id=passkey.id,
        kind=FactorKind.PASSKEY,
        created_at=passkey.created_at,
    )
