"""Provider metadata (OIDC Discovery §4), written once for each user flow and way to address it."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gatelodge.crypto.foreign_signature import ALGORITHMS
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.oidc.cors import ANY_ORIGIN, preflight
from gatelodge.oidc.errors import WORDINGS, Code
from gatelodge.oidc.grants.device_code import DEVICE_CODE
from gatelodge.oidc.grants.on_behalf_of import JWT_BEARER
from gatelodge.oidc.json_answer import NOT_KEPT, json_answer
from gatelodge.oidc.provider import AddressStyle, Endpoint, Provider, Providers, address_of
from gatelodge.oidc.standard_claims import CLAIMS_OF_SCOPES, STANDARD_CLAIMS, is_strict
from gatelodge.oidc.tokens import claim_name, selected_attributes

MAX_AGE_S = 60
_MOST_BODIES = 10_000
_CACHEABLE = {**ANY_ORIGIN, "Cache-Control": f"public, max-age={MAX_AGE_S}"}
_PROTOCOL_CLAIMS = ("sub", "iss", "iat", "exp", "nbf", "aud", "nonce", "auth_time", "ver", "sid")
_AUTHENTICATION = ("client_secret_post", "client_secret_basic", "private_key_jwt")
_LOGOUT = (
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
)
_INTERACTIVE = (
    "authorization_code",
    "implicit",
    "refresh_token",
    "client_credentials",
    DEVICE_CODE,
    JWT_BEARER,
)
_RESOURCE_OWNER = ("password", "refresh_token", "client_credentials")
RESPONSE_TYPES = (
    "code",
    "code id_token",
    "code token",
    "code id_token token",
    "id_token",
    "id_token token",
    "token",
    "token id_token",
)

_Key = tuple[str, str, str, str, int, str, str, bool]


@dataclass(frozen=True, slots=True)
class Discovery:
    """`GET …/v2.0/.well-known/openid-configuration`."""

    providers: Providers
    _bodies: dict[_Key, bytes] = field(default_factory=dict)

    async def __call__(self, request: Request) -> Response:
        """Answer with the metadata of the provider the request addresses, or 404."""
        if request.method == "OPTIONS":
            return preflight(request)
        if (provider := await self.providers.provider_of(request)) is None:
            return no_such_provider()
        address = address_of(request)
        return json_answer(self._body(provider, address.style, address.tenant), headers=_CACHEABLE)

    def _body(self, provider: Provider, style: AddressStyle, tenant: str) -> bytes:
        flow = provider.user_flow
        key: _Key = (
            provider.directory.id,
            provider.endpoint(Endpoint.TOKEN, style, tenant),
            provider.issuer,
            "" if flow is None else flow.created_at.isoformat(),
            0 if flow is None else flow.revision,
            provider.key_set.algorithm,
            "" if flow is None else flow.id,
            provider.directory.switches.registers_applications,
        )
        if (body := self._bodies.get(key)) is None:
            if len(self._bodies) >= _MOST_BODIES:
                self._bodies.clear()
            body = self._bodies[key] = msgspec.json.encode(metadata(provider, style, tenant))
        return body


def no_such_provider() -> Response:
    """Return 404: there is no such tenant or user flow."""
    wording = WORDINGS[Code.USER_FLOW_UNKNOWN]
    description = f"{Code.USER_FLOW_UNKNOWN}: {wording.sentence}"
    body = {"error": wording.error, "error_description": description}
    return json_answer(body, status=404, headers={**ANY_ORIGIN, **NOT_KEPT})


def metadata(provider: Provider, style: AddressStyle, tenant: str) -> dict[str, Any]:
    """Return the metadata of a provider; endpoints come back in the style they were asked for."""
    found = {
        "issuer": provider.issuer,
        "authorization_endpoint": provider.endpoint(Endpoint.AUTHORIZE, style, tenant),
        "token_endpoint": provider.endpoint(Endpoint.TOKEN, style, tenant),
        "jwks_uri": provider.endpoint(Endpoint.KEYS, style, tenant),
        "token_endpoint_auth_methods_supported": list(_AUTHENTICATION),
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "response_types_supported": list(RESPONSE_TYPES),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [str(provider.key_set.algorithm)],
        "scopes_supported": ["openid", "offline_access"],
        "grant_types_supported": ["client_credentials"],
        "claims_supported": list(_PROTOCOL_CLAIMS),
        "claims_parameter_supported": is_strict(provider),
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
    if provider.directory.switches.registers_applications and provider.own_host is None:
        found["registration_endpoint"] = provider.endpoint(Endpoint.REGISTER, style, tenant)
        found["userinfo_signing_alg_values_supported"] = [str(provider.key_set.algorithm)]
    if provider.user_flow is None:
        return found
    if is_strict(provider):
        found["scopes_supported"] = ["openid", *CLAIMS_OF_SCOPES, "offline_access"]
    if provider.user_flow.user_flow_type is not UserFlowType.RESOURCE_OWNER:
        device = provider.endpoint(Endpoint.DEVICE_AUTHORIZATION, style, tenant)
        found["device_authorization_endpoint"] = device
    return found | {
        "authorization_response_iss_parameter_supported": True,
        **dict.fromkeys(_LOGOUT, True),
        "end_session_endpoint": provider.endpoint(Endpoint.LOGOUT, style, tenant),
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "pushed_authorization_request_endpoint": provider.endpoint(Endpoint.PUSH, style, tenant),
        "revocation_endpoint": provider.endpoint(Endpoint.REVOKE, style, tenant),
        "introspection_endpoint": provider.endpoint(Endpoint.INTROSPECT, style, tenant),
        "userinfo_endpoint": provider.endpoint(Endpoint.USERINFO, style, tenant),
        "grant_types_supported": _grant_types(provider.user_flow),
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": _claims(provider, provider.user_flow),
    }


def _grant_types(user_flow: UserFlow) -> list[str]:
    is_resource_owner = user_flow.user_flow_type is UserFlowType.RESOURCE_OWNER
    return list(_RESOURCE_OWNER if is_resource_owner else _INTERACTIVE)


def _claims(provider: Provider, user_flow: UserFlow) -> list[str]:
    policy = str(user_flow.token_claims_configuration.claim_type_for_user_flow_id)
    names = [claim_name(each) for each in selected_attributes(user_flow)]
    selected = [name for name in names if name is not None]
    standard = STANDARD_CLAIMS if is_strict(provider) else ()
    return list(dict.fromkeys((*selected, *standard, *_PROTOCOL_CLAIMS, policy)))
