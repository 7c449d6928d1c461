"""A token an application asks about or gives back: whose it is, and on which grant it rests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gatelodge.crypto.digest import digest_of
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.grant import Grant, RefreshToken
from gatelodge.oidc.access_token import LiveToken, NotLive, live_token
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class PresentedRefresh:
    """A refresh token and its grant, dead or alive."""

    token: RefreshToken
    grant: Grant


async def presented_refresh(
    request: TokenRequest, database: Database, value: str
) -> PresentedRefresh | None:
    """Return the refresh token, or None when it is none."""
    stores = database.read(request.directory_id)
    token = await stores.refresh_tokens.get(digest_of(value))
    grant = None if token is None else await stores.grants.get(token.grant_id)
    return None if token is None or grant is None else PresentedRefresh(token, grant)


async def presented_access(
    request: TokenRequest, database: Database, value: str
) -> LiveToken | None:
    """Return the access token for a user, or None when it is none that counts."""
    stores = database.read(request.directory_id)
    try:
        return await live_token(request.providers, request.provider, stores, value, request.now)
    except NotLive:
        return None


def application_claims_of(request: TokenRequest, value: str) -> Mapping[str, Any] | None:
    """Return the claims of a token an application acts for itself with; None for others."""
    try:
        claims = request.provider.key_set.verify(value)
    except Unverifiable:
        return None
    is_live = (
        claims.get("idtyp") == "app"
        and claims.get("iss") == request.provider.issuer
        and claims.get("nbf", 0) <= request.now.timestamp() < claims.get("exp", 0)
    )
    return claims if is_live else None
