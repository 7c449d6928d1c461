"""How many ways lead into an account: nobody takes away the last one."""

from gatelodge.journeys.own_account.reauthentication import local_name_of
from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.stores import Stores


async def ways_in(
    stores: Stores, flow: UserFlow, account: Account, *, lost_passkeys: int = 0
) -> int:
    """Return how many ways there are: a name with its password or code, identities, passkeys.

    With `lost_passkeys` as many passkeys count no more; those that only stand beside a password
    never did.
    """
    ways = len(linked_identities(account))
    if flow.passkey_configuration.is_sign_in_allowed:
        ways += len(await stores.passkeys.of_account(account.id)) - lost_passkeys
    if local_name_of(account) is None:
        return ways
    wanted = SignInType.PHONE_NUMBER if flow.signs_in_by_phone else SignInType.EMAIL_ADDRESS
    is_reached = any(each.sign_in_type is wanted for each in account.identities)
    has_password = await stores.passwords.get(account.id) is not None
    return ways + (has_password or (flow.takes_codes and is_reached))


def linked_identities(account: Account) -> tuple[SignInName, ...]:
    """Return what identity providers vouch for."""
    return tuple(each for each in account.identities if each.sign_in_type is SignInType.FEDERATED)
