"""Changes of an account that end everything that rested on how it was before."""

from dataclasses import dataclass, replace
from datetime import datetime

from gatelodge.model.account import Account
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class SignOutEverywhere:
    """Save an account, and end every session and grant of it."""

    account: Account
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Write the account; raises `Stale` when somebody else was faster."""
        await stores.accounts.save(replace(self.account, sign_in_sessions_valid_from=self.now))
        await _end(stores, self.account, self.now)


@dataclass(frozen=True, slots=True)
class DeleteAccount:
    """Put an account aside, as deleting it through Graph does."""

    account: Account
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Write that it is deleted; its sign-in names are free again."""
        await _end(stores, self.account, self.now)
        ended = replace(self.account, sign_in_sessions_valid_from=self.now)
        await stores.accounts.delete(ended, self.now)


async def _end(stores: Stores, account: Account, now: datetime) -> None:
    await stores.logout_notices.queue_for(account.id, now)
    await stores.sessions.end_all_of(account.id)
    await stores.grants.revoke_all_of(account.id, now)
