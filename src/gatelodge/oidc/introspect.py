"""`POST …/oauth2/v2.0/introspect`: an API asks whether a token still counts (RFC 7662)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.oidc.client_endpoint import ClientEndpoint, Told
from gatelodge.oidc.errors import Code, token_refused
from gatelodge.oidc.grant_issue import end_of_refreshing
from gatelodge.oidc.guard import may_issue
from gatelodge.oidc.presented_token import (
    PresentedRefresh,
    application_claims_of,
    presented_access,
    presented_refresh,
)
from gatelodge.oidc.subject import subject_claims
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.storage.database import Database

Answer: TypeAlias = Mapping[str, Any]
INACTIVE: Answer = {"active": False}
_ABOUT_USER = (
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "azp",
    "scp",
    "tfp",
    "acr",
    "uti",
    "cnf",
    "roles",
)
_ABOUT_APPLICATION = ("iss", "sub", "aud", "exp", "iat", "nbf", "azp", "roles", "idtyp")

ReaderCheck: TypeAlias = Callable[[TokenRequest, Answer], bool]


def is_its_audience(request: TokenRequest, answer: Answer) -> bool:
    """Let an API ask about the tokens it is sent (RFC 7662 §2.1)."""
    return answer.get("aud") == request.client.application.app_id


def is_its_client(request: TokenRequest, answer: Answer) -> bool:
    """Let a client ask about the tokens it was given (RFC 7662 §4)."""
    return answer.get("client_id") == request.client.application.app_id


MAY_READ: tuple[ReaderCheck, ...] = (is_its_audience, is_its_client)
"""Who is told about a token: one of these has to hold. For everybody else it is inactive."""


@dataclass(frozen=True, slots=True)
class Introspect:
    """Tells a confidential client what a token that concerns it is worth now."""

    clients: ClientEndpoint
    database: Database

    async def __call__(self, request: Request) -> Response:
        """Answer with `active`, and with the claims of a token that is (RFC 7662 §2.2)."""
        return await self.clients.answer(request, self._perform)

    async def _perform(self, request: TokenRequest) -> Told:
        if not request.client.is_authenticated:
            raise token_refused(Code.SECRET_MISSING, status=401)
        answer = await self._answer(request, request.required("token"))
        is_told = any(check(request, answer) for check in MAY_READ)
        return Told(answer if is_told else INACTIVE)

    async def _answer(self, request: TokenRequest, value: str) -> Answer:
        if (refresh := await presented_refresh(request, self.database, value)) is not None:
            return await self._about_refresh(request, refresh)
        access = await presented_access(request, self.database, value)
        if access is not None:
            told = {name: access.claims[name] for name in _ABOUT_USER if name in access.claims}
            kind = "Bearer" if access.key_thumbprint is None else "DPoP"
            scope = access.claims.get("scp", "")
            client_id = access.grant.client_id
            return {"active": True, "client_id": client_id, "token_type": kind, **told} | (
                {"scope": scope} if scope else {}
            )
        claims = application_claims_of(request, value)
        if claims is None:
            return INACTIVE
        told = {name: claims[name] for name in _ABOUT_APPLICATION if name in claims}
        return {"active": True, "client_id": claims["azp"], "token_type": "Bearer", **told}

    async def _about_refresh(self, request: TokenRequest, refresh: PresentedRefresh) -> Answer:
        grant, token = refresh.grant, refresh.token
        stores = self.database.read(request.directory_id)
        account = await stores.accounts.get(grant.account_id)
        application = await request.providers.application(request.provider, grant.client_id)
        end = end_of_refreshing(grant, request.user_flow.token_lifetime_configuration)
        expires_at = token.expires_at if end is None else min(token.expires_at, end)
        is_dead = may_issue(request.provider, application, account, grant) is not None
        if is_dead or token.rotated_at is not None or request.now >= expires_at:
            return INACTIVE
        return {
            "active": True,
            "client_id": grant.client_id,
            **subject_claims(request.user_flow, grant.account_id),
            "iss": request.provider.issuer,
            "scope": grant.scope.requested,
            "iat": int(token.issued_at.timestamp()),
            "exp": int(expires_at.timestamp()),
            "token_type": "refresh_token",
        }
