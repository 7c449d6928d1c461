"""A session: single sign-on of one browser."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.federation import Upstream
from gatelodge.model.identifier import AccountId, ClientId, DirectoryId, UserFlowId


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signed-in browser. `id` is the digest of its cookie.

    `user_flow_id` and `client_id` are where it began, for scopes narrower than the tenant.
    `is_kept` says that the person asked to stay signed in when the browser is closed. `upstream` is
    the identity provider the sign-in rests on.
    """

    directory_id: DirectoryId
    id: str
    account_id: AccountId
    user_flow_id: UserFlowId
    client_id: ClientId
    auth_time: datetime
    amr: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_kept: bool = False
    upstream: Upstream | None = None
