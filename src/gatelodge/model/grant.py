"""Grants: what a user allowed an application, and the codes and tokens that hang from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatelodge.model.application import Platform
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.federation import Upstream
from gatelodge.model.identifier import AccountId, ClientId, DirectoryId, GrantId, UserFlowId

CODE_LIFETIME_S = 300
SPA_REFRESH_LIFETIME_S = 86_400
REPLAY_WINDOW_S = 30
"""How long a rotated refresh token is answered again with the very same tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One sign-in at one application through one user flow.

    `key_thumbprint` is the key whoever uses it has to show (RFC 9449 §5), None for anybody.
    `parent_id` is the grant it was exchanged from and ends with. `connector_claims` are what an API
    connector said at the sign-in, by attribute id; a refresh says the same again.
    `upstream` is the identity provider the sign-in rests on, `own_host` the directory's own host it
    took place at.
    """

    directory_id: DirectoryId
    id: GrantId
    account_id: AccountId
    client_id: ClientId
    user_flow_id: UserFlowId
    platform: Platform
    scope: GrantedScope
    auth_time: datetime
    amr: tuple[str, ...] = ()
    nonce: str | None = None
    is_new_account: bool = False
    session_id: str | None = None
    created_at: datetime
    revoked_at: datetime | None = None
    key_thumbprint: str | None = None
    parent_id: GrantId | None = None
    connector_claims: Mapping[str, Any] | None = None
    upstream: Upstream | None = None
    own_host: str | None = None
    ip_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """A code on its way to the application. `id` is its digest (RFC 6749 §4.1.2)."""

    directory_id: DirectoryId
    id: str
    grant_id: GrantId
    redirect_uri: str
    code_challenge: str | None
    is_plain_challenge: bool
    expires_at: datetime
    redeemed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """A refresh token; `id` is its digest.

    Rotation fills `rotated_at`, `successor_id` and `replay`: the answer that was sent, sealed with
    a key only the bearer of the token can derive, so that a lost answer can be given again.
    """

    directory_id: DirectoryId
    id: str
    grant_id: GrantId
    issued_at: datetime
    expires_at: datetime
    rotated_at: datetime | None = None
    successor_id: str | None = None
    replay: str | None = None
