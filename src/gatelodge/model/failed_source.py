"""Counting failed sign-ins by where they came from, whichever names were tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gatelodge.model.identifier import DirectoryId

SOURCE_WINDOW = timedelta(minutes=10)
MOST_FAILURES_OF_SOURCE = 100
"""A few hundred people behind one address mistype less; a list of passwords is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSource:
    """How often signing in failed from one address since `window_began_at`.

    `source` is the address, without the part its owner chooses freely.
    """

    directory_id: DirectoryId
    source: str
    window_began_at: datetime
    failures: int

    def is_refused(self, now: datetime) -> bool:
        """Return whether tries from here are refused until the window is over."""
        is_current = now < self.window_began_at + SOURCE_WINDOW
        return is_current and self.failures >= MOST_FAILURES_OF_SOURCE
