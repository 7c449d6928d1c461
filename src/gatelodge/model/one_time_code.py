"""A code sent to an address, which proves that somebody reads what arrives there."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import DirectoryId

CODE_DIGITS = 6
SEND_WINDOW_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCode:
    """A code that was sent: only its keyed digest is kept.

    It lives in an interaction's facts, so that the revision that guards the interaction also
    makes tries strictly one after the other.
    """

    address: str
    digest: str
    tries: int = 0
    expires_at: datetime

    def is_usable(self, now: datetime, most_tries: int) -> bool:
        """Return whether a try may still be made, of so many."""
        return now < self.expires_at and self.tries < most_tries


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCodes:
    """How many codes an address was sent since `window_began_at`."""

    directory_id: DirectoryId
    address: str
    window_began_at: datetime
    sends: int
