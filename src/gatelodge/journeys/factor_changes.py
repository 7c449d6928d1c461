"""What second factors write: each change runs in the transaction that saves the interaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gatelodge.errors import Stale
from gatelodge.model.account import Account
from gatelodge.model.identifier import AccountId
from gatelodge.model.second_factor import EnrolledFactor, FactorKind, RecoveryCode
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class UseTimeStep:
    """Use up a time step of an authenticator."""

    account_id: AccountId
    factor_id: str
    step: int

    async def __call__(self, stores: Stores) -> None:
        """Write the step; raise `Stale` when it was used meanwhile: its code counts once."""
        if not await stores.second_factors.use_step(self.account_id, self.factor_id, self.step):
            raise Stale("the time step was used meanwhile")


@dataclass(frozen=True, slots=True)
class UseRecoveryCode:
    """Use up a recovery code."""

    account_id: AccountId
    digest: str
    now: datetime

    async def __call__(self, stores: Stores) -> None:
        """Write that it was used; raise `Stale` when it was used meanwhile."""
        if not await stores.recovery_codes.consume(self.account_id, self.digest, self.now):
            raise Stale("the recovery code was used meanwhile")


@dataclass(frozen=True, slots=True)
class EnrolFactor:
    """Give an account a factor, and end the sessions that were begun without it."""

    account: Account
    factor: EnrolledFactor

    async def __call__(self, stores: Stores) -> None:
        """Write the factor.

        The account is written as well, as it was read: of two who each give the same account its
        first factor, the second one gets `Stale` and has to show the first one's.
        """
        await stores.accounts.save(self.account)
        await stores.second_factors.add(self.factor)
        await stores.logout_notices.queue_for(self.account.id, self.factor.created_at)
        await stores.sessions.end_all_of(self.account.id)


@dataclass(frozen=True, slots=True)
class RemoveFactor:
    """Take a factor from an account and end every sign-in that may have rested on it."""

    account: Account
    factor: EnrolledFactor
    is_last: bool

    async def __call__(self, stores: Stores) -> None:
        """Delete the factor, with recovery codes when none is left; end sessions and grants."""
        now = self.account.sign_in_sessions_valid_from
        await stores.accounts.save(self.account)
        if self.factor.kind is FactorKind.PASSKEY:
            await stores.passkeys.remove(self.factor.id)
        else:
            await stores.second_factors.remove(self.account.id, self.factor.id)
        if self.is_last:
            await stores.recovery_codes.replace_all(self.account.id, ())
        await stores.logout_notices.queue_for(self.account.id, now)
        await stores.sessions.end_all_of(self.account.id)
        await stores.grants.revoke_all_of(self.account.id, now)


@dataclass(frozen=True, slots=True)
class ReplaceRecoveryCodes:
    """Give an account new recovery codes; those it had count no more."""

    account_id: AccountId
    codes: Sequence[RecoveryCode]

    async def __call__(self, stores: Stores) -> None:
        """Write the codes."""
        await stores.recovery_codes.replace_all(self.account_id, self.codes)
