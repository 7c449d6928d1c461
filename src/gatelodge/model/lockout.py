"""Counting failed sign-ins, and when a name is locked for a while."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gatelodge.model.identifier import DirectoryId

MAX_FAILURES = 10
FIRST_LOCKOUT_S = 60
LONGEST_LOCKOUT_S = 18_000
_LOCKOUTS_OF_A_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LockoutRules:
    """After how many failures a lock falls, how long the first lasts and how fast they grow."""

    most_failures: int = MAX_FAILURES
    first_s: int = FIRST_LOCKOUT_S
    lockouts_of_a_length: int = _LOCKOUTS_OF_A_LENGTH


PASSWORD_RULES = LockoutRules()
FACTOR_RULES = LockoutRules(most_failures=5, first_s=300, lockouts_of_a_length=1)
"""Three codes of a million are right at any moment: about seventeen guesses a day are allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockout:
    """Failed sign-ins of one sign-in name, whether or not an account has it.

    `lockouts` is how often it was locked since the last success. `fingerprint` is a keyed digest of
    what was tried last: the same wrong password again guesses nothing, and is not counted.
    """

    directory_id: DirectoryId
    key: str
    failures: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None
    last_failure_at: datetime
    fingerprint: str | None = None

    def is_locked(self, now: datetime) -> bool:
        """Return whether tries are refused at this moment."""
        return self.locked_until is not None and now < self.locked_until

    def after_failure(self, now: datetime, rules: LockoutRules = PASSWORD_RULES) -> "Lockout":
        """Return the state after a failure that is already counted in `failures`.

        With the rules for passwords the tenth failure locks, and after that each one does: for a
        minute at first, doubling with every ten lock-outs up to five hours (B2C smart lockout).
        """
        if self.failures < rules.most_failures:
            return self
        doublings = min(self.lockouts // rules.lockouts_of_a_length, 10)
        lasts_s = min(rules.first_s * 2**doublings, LONGEST_LOCKOUT_S)
        return replace(
            self, lockouts=self.lockouts + 1, locked_until=now + timedelta(seconds=lasts_s)
        )
