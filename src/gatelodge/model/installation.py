"""An installation: what a whole database belongs to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The one row that says whose database this is.

    `key_check` is a keyed digest: it differs when the master key is not the one everything here
    is sealed under. A production start refuses a database that development seeded. `starts`
    counts development starts, so that a seeded randomness never repeats itself.
    """

    id: str = "installation"
    is_development: bool
    key_check: str
    created_at: datetime
    starts: int = 0
