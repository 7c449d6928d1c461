"""`grant_type=client_credentials`: an application acts for itself (RFC 6749 §4.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import msgspec

from gatelodge.model.application import Application, GrantKind
from gatelodge.model.identifier import ClientId
from gatelodge.oidc.errors import Code, token_refused
from gatelodge.oidc.provider import Providers
from gatelodge.oidc.scopes import EVERY_PERMISSION
from gatelodge.oidc.signing import Sign
from gatelodge.oidc.token_answer import key_claim
from gatelodge.oidc.token_request import TokenRequest
from gatelodge.oidc.tokens import lifetime_s, policy_claim, times
from gatelodge.randomness import Randomness

GRAPH = "https://graph.microsoft.com"
GRAPH_APP_ID = ClientId("00000003-0000-0000-c000-000000000000")
GRAPH_LIFETIME_S = 3600
_TOKEN_ID_OCTETS = 16

CredentialCheck: TypeAlias = Callable[[TokenRequest], None]


def check_client(request: TokenRequest) -> None:
    """Demand a client that proved who it is (RFC 6749 §4.4.2)."""
    if not request.client.is_authenticated:
        raise token_refused(Code.SECRET_MISSING, error="unauthorized_client")


def check_scope_is_there(request: TokenRequest) -> None:
    """Demand a scope: without one nobody knows which API is meant (B2C: AADB2C90010)."""
    if "scope" not in request.parameters:
        raise token_refused(Code.SCOPE_MISSING, error="invalid_scope")


def check_one_resource(request: TokenRequest) -> None:
    """Demand one API: a token is for one audience (RFC 8707 §2, B2C: AADB2C90146)."""
    if len(request.parameters["scope"].split()) > 1:
        raise token_refused(Code.SEVERAL_RESOURCES)


def check_every_permission(request: TokenRequest) -> None:
    """Demand `{API}/.default`: what was granted, all of it (RFC 6749 §3.3, B2C: AADB2C90117)."""
    scope = request.parameters["scope"]
    resource, _, permission = scope.strip().rpartition("/")
    if permission != EVERY_PERMISSION or not resource:
        raise token_refused(Code.SCOPE_UNSUPPORTED, scope=scope)


CREDENTIAL_CHECKS: tuple[CredentialCheck, ...] = (
    check_client,
    check_scope_is_there,
    check_one_resource,
    check_every_permission,
)
"""What a request has to pass before it is known that the API exists."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """Issues an access token with the roles an administrator granted, and nothing else.

    At a user flow it is for an API of the directory; at the directory itself for Graph.
    """

    providers: Providers
    sign: Sign
    randomness: Randomness

    async def __call__(self, request: TokenRequest) -> bytes:
        """Return an access token for `scope={API}/.default`."""
        for check in CREDENTIAL_CHECKS:
            check(request)
        resource = _resource(request)
        if request.provider.user_flow is None:
            claims = await self._graph_claims(request, resource)
        else:
            claims = await self._api_claims(request, resource) | key_claim(request)
        token = await self.sign(request.provider.key_set, claims)
        return msgspec.json.encode(
            {
                "access_token": token,
                "token_type": "DPoP" if "cnf" in claims else "Bearer",
                "not_before": claims["nbf"],
                "expires_in": claims["exp"] - claims["nbf"],
                "expires_on": claims["exp"],
                "resource": claims["aud"],
            }
        )

    async def _graph_claims(self, request: TokenRequest, resource: str) -> dict[str, Any]:
        is_shared = request.provider.own_host is None
        if not is_shared or resource not in graph_names(request.provider.origin):
            raise token_refused(Code.SCOPE_UNSUPPORTED, scope=f"{resource}/{EVERY_PERMISSION}")
        return {
            **await self._application_claims(request, GRAPH_APP_ID),
            "iss": request.provider.issuer,
            "aud": GRAPH,
            "tid": request.directory_id,
            "ver": "2.0",
            "uti": self.randomness.opaque(_TOKEN_ID_OCTETS),
            **times(request.now, GRAPH_LIFETIME_S),
        }

    async def _api_claims(self, request: TokenRequest, resource: str) -> dict[str, Any]:
        api = await self._api(request, resource)
        claims = await self._application_claims(request, api.app_id)
        offered = {each.value for each in api.app_roles if each.is_enabled}
        return {
            **claims,
            "roles": [each for each in claims["roles"] if each in offered],
            "iss": request.provider.issuer,
            "aud": api.app_id,
            "tid": request.directory_id,
            "ver": "1.0",
            **policy_claim(request.user_flow),
            **times(request.now, lifetime_s(request.user_flow)),
        }

    async def _api(self, request: TokenRequest, resource: str) -> Application:
        api = await self.providers.api(request.provider, resource)
        if api is None:
            api = await self.providers.application(request.provider, resource)
        if api is None or not api.is_enabled:
            raise token_refused(Code.SCOPE_UNSUPPORTED, scope=f"{resource}/{EVERY_PERMISSION}")
        return api

    async def _application_claims(
        self, request: TokenRequest, resource_app_id: ClientId
    ) -> dict[str, Any]:
        application = request.client.application
        roles = await self.providers.granted(
            request.provider, application.app_id, resource_app_id, GrantKind.ROLE
        )
        return {
            "appid": application.app_id,
            "azp": application.app_id,
            "oid": application.id,
            "sub": application.id,
            "roles": list(roles),
            "idtyp": "app",
        }


def _resource(request: TokenRequest) -> str:
    return request.parameters["scope"].strip().rpartition("/")[0]


@lru_cache(maxsize=8)
def graph_names(origin: str) -> frozenset[str]:
    """Return what clients call the Graph API: its name, its id, or our origin.

    Some clients take the scope from the address they call and leave the port out.
    """
    parts = urlsplit(origin)
    names = {GRAPH, GRAPH_APP_ID, origin, f"{parts.scheme}://{parts.hostname}"}
    return frozenset(names | {f"{name}/" for name in names})
