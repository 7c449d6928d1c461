"""A clock that tests move."""

from datetime import UTC, datetime, timedelta

BEGINNING = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> None:
        """Move by a `timedelta` given in its own words: `hours=1`, `seconds=-5`."""
        self.now += timedelta(**delta)
