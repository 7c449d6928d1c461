"""Counting failed sign-ins, and when a name is locked for a while."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gatelodge.model.identifier import DirectoryId

MAX_FAILURES = 10
FIRST_LOCKOUT_S = 60
LONGEST_LOCKOUT_S = 18_000
_LOCKOUTS_OF_A_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockout:
    """Failed sign-ins of one sign-in name, whether or not an account has it.

    `lockouts` is how often it was locked since the last success.
    """

    directory_id: DirectoryId
    key: str
    failures: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None
    last_failure_at: datetime

    def is_locked(self, now: datetime) -> bool:
        """Return whether tries are refused at this moment."""
        return self.locked_until is not None and now < self.locked_until

    def after_failure(self, now: datetime) -> "Lockout":
        """Return the state after a failure that is already counted in `failures`.

        The tenth failure locks, and after that each one does: for a minute at first, doubling
        with every ten lock-outs up to five hours (B2C smart lockout).
        """
        if self.failures < MAX_FAILURES:
            return self
        doublings = min(self.lockouts // _LOCKOUTS_OF_A_LENGTH, 10)
        lasts_s = min(FIRST_LOCKOUT_S * 2**doublings, LONGEST_LOCKOUT_S)
        return replace(
            self, lockouts=self.lockouts + 1, locked_until=now + timedelta(seconds=lasts_s)
        )
