"""What an application says of itself (RFC 7591 §2, OpenID Connect Registration 1.0 §2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request

from gatelodge.oidc.parameters import MAX_BODY_OCTETS
from gatelodge.oidc.registration.refusal import RegistrationRefused, wrong_metadata

_JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMetadata:
    """Metadata by their names on the wire; what we do not know of is passed over (RFC 7591 §2)."""

    client_id: str | None = None
    client_secret: str | None = None
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    token_endpoint_auth_method: str = "client_secret_basic"
    grant_types: tuple[str, ...] = ("authorization_code",)
    response_types: tuple[str, ...] = ("code",)
    application_type: str = "web"
    client_name: str | None = None
    client_uri: str | None = None
    logo_uri: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None
    contacts: tuple[str, ...] = ()
    jwks: Mapping[str, Any] | None = None
    jwks_uri: str | None = None
    sector_identifier_uri: str | None = None
    subject_type: str | None = None
    id_token_signed_response_alg: str | None = None
    id_token_encrypted_response_alg: str | None = None
    userinfo_signed_response_alg: str | None = None
    userinfo_encrypted_response_alg: str | None = None
    frontchannel_logout_uri: str | None = None
    backchannel_logout_uri: str | None = None
    require_pushed_authorization_requests: bool = False
    software_statement: str | None = None


async def read_metadata(request: Request) -> ClientMetadata:
    """Return the metadata a request carries. Raises `RegistrationRefused`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise RegistrationRefused("invalid_request", f"The body has to be {_JSON}.", 415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_OCTETS:
            raise RegistrationRefused("invalid_request", "The body is too long.", 413)
    return parse_metadata(bytes(body))


def parse_metadata(body: bytes) -> ClientMetadata:
    """Return the metadata in a JSON text. Raises `RegistrationRefused`."""
    if b"\0" in body or b"\\u0000" in body:
        raise wrong_metadata("The metadata contain NUL.")
    try:
        found = msgspec.json.decode(body)
        if not isinstance(found, dict):
            raise wrong_metadata("The metadata are no JSON object.")
        # An empty value is one that was not sent (RFC 7591 §2), and so is null.
        sent = {name: value for name, value in found.items() if value not in (None, "")}
        return msgspec.convert(sent, ClientMetadata)
    except msgspec.ValidationError as error:
        raise wrong_metadata(f"The metadata cannot be read: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise wrong_metadata("The metadata are no JSON.") from error
