from dataclasses import replace
from datetime import timedelta

import pytest

from gatelodge.model.lockout import Lockout
from tests.world.clock import BEGINNING
from tests.world.traces import a_lockout


def after(lockout: Lockout) -> Lockout:
    return replace(lockout, failures=lockout.failures + 1).after_failure(BEGINNING)


def lasts(lockout: Lockout) -> float:
    assert lockout.locked_until is not None
    return (lockout.locked_until - BEGINNING).total_seconds()


def test_nine_failures_lock_nothing() -> None:
    assert after(a_lockout(failures=8)).locked_until is None


def test_the_tenth_failure_locks_for_a_minute() -> None:
    locked = after(a_lockout(failures=9))
    assert lasts(locked) == 60
    assert locked.is_locked(BEGINNING)
    assert locked.is_locked(BEGINNING + timedelta(seconds=60, microseconds=-1))
    assert not locked.is_locked(BEGINNING + timedelta(seconds=60))


def test_after_the_tenth_each_failure_locks() -> None:
    assert lasts(after(after(a_lockout(failures=9)))) == 60


@pytest.mark.parametrize(
    ("lockouts", "seconds"),
    [(9, 60), (10, 120), (19, 120), (20, 240), (80, 15_360), (90, 18_000), (10_000, 18_000)],
)
def test_every_ten_lockouts_it_takes_twice_as_long_up_to_five_hours(
    lockouts: int, seconds: int
) -> None:
    assert lasts(after(a_lockout(failures=50, lockouts=lockouts))) == seconds
