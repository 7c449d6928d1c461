"""What passkeys write: each change runs in the transaction that saves the interaction."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.errors import Stale
from gatelodge.model.account import Account
from gatelodge.model.passkey import Passkey
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class UsePasskey:
    """Note that a passkey was used."""

    passkey_id: str
    sign_count: int
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Write the count; raise `Stale` when it was used meanwhile: each answer counts once."""
        if not await stores.passkeys.use(self.passkey_id, self.sign_count, self.now):
            raise Stale("the passkey was used meanwhile")


@dataclass(frozen=True, slots=True)
class AddPasskey:
    """Give an account a passkey."""

    passkey: Passkey

    async def __call__(self, stores: Stores) -> None:
        """Write it; raises `AlreadyExists` when somebody has it."""
        await stores.passkeys.add(self.passkey)


@dataclass(frozen=True, slots=True)
class EndSessionsWithout:
    """End the sessions that were begun without a factor the account now gets."""

    account: Account
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """End them.

        The account is written as well, as it was read: of two who each give the same account its
        first factor, the second one gets `Stale` and has to show the first one's.
        """
        await stores.accounts.save(self.account)
        await stores.logout_notices.queue_for(self.account.id, self.now)
        await stores.sessions.end_all_of(self.account.id)


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    """Take a passkey away, and with the last factor the recovery codes."""

    passkey: Passkey
    is_last_factor: bool

    async def __call__(self, stores: Stores) -> None:
        """Delete it; raises `NotFound` when it is gone already."""
        await stores.passkeys.remove(self.passkey.id)
        if self.is_last_factor:
            await stores.recovery_codes.replace_all(self.passkey.account_id, ())
