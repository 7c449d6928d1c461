"""The answer of the token endpoint that carries a user's tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from gatelodge.crypto.seal import Sealer
from gatelodge.model.account import Account
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.grant import Grant, RefreshToken
from gatelodge.model.user_flow import UserFlowType
from gatelodge.oidc.audience import audience_of, own_audience
from gatelodge.oidc.grant_issue import new_refresh_token
from gatelodge.oidc.signing import Sign
from gatelodge.oidc.token_id import new_token_id
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.oidc.tokens import (
    access_token_claims,
    client_info,
    id_token_claims,
    lifetime_s,
    profile_info,
)
from gatelodge.oidc.upstream_token import access_token_of
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """The body to send, and the refresh token that has to be stored before it is."""

    body: bytes
    refresh_token: RefreshToken | None


@dataclass(frozen=True, slots=True)
class TokenAnswers:
    """Makes answers: signs, and draws refresh tokens. Writes nothing."""

    sign: Sign
    randomness: Randomness
    sealer: Sealer

    async def make(
        self,
        request: TokenRequest,
        account: Account,
        grant: Grant,
        scope: GrantedScope,
        *,
        is_refresh: bool = False,
        ends_at: datetime | None = None,
    ) -> TokenAnswer:
        """Sign the tokens `scope` asks for and lay them out (RFC 6749 §5.1, OIDC Core §3.1.3.3).

        An access token is always among them: strict clients refuse an answer without one. Where
        no API was named it is for the client itself. It ends at `ends_at` at the latest.
        """
        provider, application = request.provider, request.client.application
        audience = await audience_of(request.providers, provider, application, account.id, scope)
        claims = access_token_claims(
            provider,
            application,
            account,
            grant,
            request.now,
            token_id=new_token_id(grant.id, self.randomness),
            audience=audience,
            scope=scope,
            is_refresh=is_refresh,
        )
        claims |= key_claim(request)
        if ends_at is not None:
            claims["exp"] = min(claims["exp"], int(ends_at.timestamp()))
        access_token = await self.sign(provider.key_set, claims)
        answer = _access_part(access_token, claims)
        if scope.is_openid:
            handed_on = {} if is_refresh else access_token_of(grant, request.user_flow, self.sealer)
            own = await own_audience(request.providers, provider, application, account.id)
            id_claims = id_token_claims(
                provider,
                application,
                account,
                grant,
                request.now,
                access_token=access_token,
                is_refresh=is_refresh,
                roles=own.roles,
            )
            answer["id_token"] = await self.sign(provider.key_set, {**handed_on, **id_claims})
            if request.user_flow.user_flow_type is UserFlowType.RESOURCE_OWNER:
                answer["id_token_expires_in"] = lifetime_s(request.user_flow)
        answer["scope"] = scope.requested
        answer |= _about_user(request, account, grant)
        stored = self._refresh_part(request, grant, answer) if scope.is_offline_access else None
        return TokenAnswer(msgspec.json.encode(answer), stored)

    def _refresh_part(
        self, request: TokenRequest, grant: Grant, answer: dict[str, Any]
    ) -> RefreshToken:
        value, stored = new_refresh_token(
            grant,
            request.user_flow.token_lifetime_configuration,
            randomness=self.randomness,
            now=request.now,
        )
        left = stored.expires_at - request.now
        answer |= {"refresh_token": value, "refresh_token_expires_in": int(left.total_seconds())}
        return stored


def key_claim(request: TokenRequest) -> dict[str, Any]:
    """Return what binds a token to the key the client showed (RFC 9449 §6.1), if it did."""
    thumbprint = request.key_thumbprint
    return {} if thumbprint is None else {"cnf": {"jkt": thumbprint}}


def _access_part(access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
    return {
        "access_token": access_token,
        "token_type": "DPoP" if "cnf" in claims else "Bearer",
        "not_before": claims["nbf"],
        "expires_in": claims["exp"] - claims["nbf"],
        "expires_on": claims["exp"],
        "resource": claims["aud"],
    }


def _about_user(request: TokenRequest, account: Account, grant: Grant) -> dict[str, Any]:
    if request.parameters.get("client_info") == "1":
        return {"client_info": client_info(request.provider, account.id)}
    return {"profile_info": profile_info(request.provider, account, grant)}
