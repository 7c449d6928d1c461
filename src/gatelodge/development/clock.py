"""A clock that can be moved."""

from datetime import datetime, timedelta

from gatelodge.clock import Clock

MAX_OFFSET_S = 10 * 365 * 86_400


class MovableClock:
    """The system's time plus an offset, for everything that expires."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.offset = timedelta()

    def __call__(self) -> datetime:
        """Return the moved time as aware UTC."""
        return self._clock() + self.offset
