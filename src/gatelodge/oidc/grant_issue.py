"""New grants, codes and refresh tokens, as values; the caller writes them in its transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gatelodge.crypto.digest import digest_of
from gatelodge.model.application import Application, Platform
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.federation import Upstream
from gatelodge.model.grant import (
    CODE_LIFETIME_S,
    SPA_REFRESH_LIFETIME_S,
    AuthorizationCode,
    Grant,
    RefreshToken,
)
from gatelodge.model.identifier import AccountId, GrantId
from gatelodge.model.user_flow import TokenLifetimes
from gatelodge.oidc.provider import Provider
from gatelodge.randomness import Randomness

NO_END = -1


def new_grant(
    provider: Provider,
    application: Application,
    account_id: AccountId,
    *,
    platform: Platform,
    scope: GrantedScope,
    auth_time: datetime,
    amr: tuple[str, ...],
    randomness: Randomness,
    now: datetime,
    nonce: str | None = None,
    is_new_account: bool = False,
    session_id: str | None = None,
    key_thumbprint: str | None = None,
    parent_id: GrantId | None = None,
    connector_claims: Mapping[str, Any] | None = None,
    upstream: Upstream | None = None,
    ip_address: str | None = None,
) -> Grant:
    """Return the grant of one sign-in at one application through the provider's user flow."""
    if provider.user_flow is None:
        raise ValueError("a grant comes from a user flow")
    return Grant(
        directory_id=provider.directory.id,
        id=GrantId(randomness.uuid()),
        account_id=account_id,
        client_id=application.app_id,
        user_flow_id=provider.user_flow.id,
        platform=platform,
        scope=scope,
        auth_time=auth_time,
        amr=amr,
        nonce=nonce,
        is_new_account=is_new_account,
        session_id=session_id,
        key_thumbprint=key_thumbprint,
        parent_id=parent_id,
        created_at=now,
        upstream=upstream,
        connector_claims=connector_claims or None,
        own_host=provider.own_host,
        ip_address=ip_address,
    )


def new_code(
    grant: Grant,
    *,
    redirect_uri: str,
    code_challenge: str | None,
    is_plain_challenge: bool,
    randomness: Randomness,
    now: datetime,
) -> tuple[str, AuthorizationCode]:
    """Return the code the application gets, and what is stored of it: its digest."""
    value = randomness.opaque()
    return value, AuthorizationCode(
        directory_id=grant.directory_id,
        id=digest_of(value),
        grant_id=grant.id,
        redirect_uri=redirect_uri,
        code_challenge=code_challenge,
        is_plain_challenge=is_plain_challenge,
        expires_at=now + timedelta(seconds=CODE_LIFETIME_S),
    )


def new_refresh_token(
    grant: Grant, lifetimes: TokenLifetimes, *, randomness: Randomness, now: datetime
) -> tuple[str, RefreshToken]:
    """Return the refresh token the application gets, and what is stored of it: its digest."""
    value = randomness.opaque()
    end = end_of_refreshing(grant, lifetimes)
    expires_at = now + timedelta(days=lifetimes.refresh_token_lifetime_in_days)
    return value, RefreshToken(
        directory_id=grant.directory_id,
        id=digest_of(value),
        grant_id=grant.id,
        issued_at=now,
        expires_at=expires_at if end is None else min(expires_at, end),
    )


def end_of_refreshing(grant: Grant, lifetimes: TokenLifetimes) -> datetime | None:
    """Return when the whole chain of refresh tokens ends, however often it is used; None: never.

    A browser application's ends 24 h after the sign-in, whatever the user flow says.
    """
    if grant.platform is Platform.SPA:
        return grant.created_at + timedelta(seconds=SPA_REFRESH_LIFETIME_S)
    days = lifetimes.rolling_refresh_token_lifetime_in_days
    return None if days == NO_END else grant.created_at + timedelta(days=days)
