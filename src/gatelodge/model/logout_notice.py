"""A logout notice: an application has to be told that a session ended."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import AccountId, ClientId, DirectoryId, UserFlowId


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutNotice:
    """Waits to be sent from server to server (OIDC Back-Channel Logout 1.0).

    `id` becomes the token's `jti`; it stays the same however often the notice is tried.
    `own_host` is the directory's own host the session was at: the issuer follows it.
    """

    directory_id: DirectoryId
    id: str
    client_id: ClientId
    user_flow_id: UserFlowId
    account_id: AccountId
    session_id: str
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime
    own_host: str | None = None
