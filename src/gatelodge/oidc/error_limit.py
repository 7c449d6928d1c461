"""How many errors are written down one by one, so that nobody fills a disk with them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from gatelodge.clock import Clock
from gatelodge.model.identifier import DirectoryId
from gatelodge.oidc.errors import Code

MINUTE = timedelta(minutes=1)
MOST_OF_A_CODE = 20
MOST_OF_A_DIRECTORY = 100


class LeftOut(NamedTuple):
    """Errors of one code that were told within a minute and not written down one by one."""

    directory_id: DirectoryId
    code: Code
    times: int
    since: datetime


@dataclass(slots=True)
class _Minute:
    """What one directory told since `begun_at`."""

    begun_at: datetime
    last_at: datetime
    written: int = 0
    told: Counter[Code] = field(default_factory=Counter)
    left_out: Counter[Code] = field(default_factory=Counter)

    def is_over(self, now: datetime) -> bool:
        """Return whether the minute has passed, or the clock was set back."""
        return now < self.last_at or now >= self.begun_at + MINUTE


class ErrorLimit:
    """Counts the errors each directory tells, in one process.

    What is left out is counted by its code, and told of once the minute is over.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minutes: dict[DirectoryId, _Minute] = {}
        self._over: list[LeftOut] = []

    def admits(self, directory_id: DirectoryId, code: Code) -> bool:
        """Return whether this error is written down; otherwise count it among those left out."""
        minute = self._minute(directory_id)
        minute.told[code] += 1
        is_one_more = minute.told[code] <= MOST_OF_A_CODE and minute.written < MOST_OF_A_DIRECTORY
        if is_one_more:
            minute.written += 1
        else:
            minute.left_out[code] += 1
        return is_one_more

    def take_left_out(self, *, at_once: bool = False) -> list[LeftOut]:
        """Return what was left out in minutes that are over, once; `at_once` waits for none."""
        now = self._clock()
        for directory_id, minute in list(self._minutes.items()):
            if at_once or minute.is_over(now):
                self._close(directory_id)
        found, self._over = self._over, []
        return found

    def _minute(self, directory_id: DirectoryId) -> _Minute:
        now, minute = self._clock(), self._minutes.get(directory_id)
        if minute is not None and minute.is_over(now):
            self._close(directory_id)
            minute = None
        if minute is None:
            minute = self._minutes[directory_id] = _Minute(now, now)
        minute.last_at = now
        return minute

    def _close(self, directory_id: DirectoryId) -> None:
        minute = self._minutes.pop(directory_id)
        self._over.extend(
            LeftOut(directory_id, code, times, minute.begun_at)
            for code, times in sorted(minute.left_out.items())
        )
