"""A device without a browser that waits for somebody to sign in elsewhere (RFC 8628)."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.authorization import GrantedScope
from gatelodge.model.identifier import ClientId, DirectoryId, GrantId, UserFlowId

DEVICE_LIFETIME_S = 900
POLL_INTERVAL_S = 5
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
USER_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRequest:
    """A device that polls; `id` is the digest of its device code, `user_code` that of the person's.

    Whoever signs in for it leaves a grant; who gives up makes it refused. `interval_s` grows with
    every poll that comes too early.
    """

    directory_id: DirectoryId
    id: str
    user_code: str
    client_id: ClientId
    user_flow_id: UserFlowId
    scope: GrantedScope
    interval_s: int = POLL_INTERVAL_S
    created_at: datetime
    expires_at: datetime
    polled_at: datetime | None = None
    grant_id: GrantId | None = None
    is_refused: bool = False
    redeemed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Return whether somebody may still sign in for it."""
        return self.grant_id is None and not self.is_refused and now < self.expires_at


def user_code_key(typed: str) -> str:
    """Return a user code as it is compared: letters only, in upper case (RFC 8628 §6.1)."""
    return "".join(letter for letter in typed.upper() if letter in USER_CODE_LETTERS)
