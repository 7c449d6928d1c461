"""The discovery document of an OpenID provider (OpenID Connect Discovery 1.0 §4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from gatelodge.federation.trouble import NotIdentified, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Who a provider is and where it is asked.

    `names_issuer` says that its answers at our callback carry `iss` (RFC 9207 §3), `is_basic`
    that it takes our secret in a header only.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str | None
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    names_issuer: bool
    is_basic: bool


def read_metadata(
    document: Mapping[str, Any], metadata_url: str, *, is_development: bool
) -> Metadata:
    """Return what a discovery document says. Raises `NotIdentified`.

    Its issuer has to live where the document was read, or one provider could speak for another.
    """
    schemes = ("https", "http") if is_development else ("https",)

    def address(name: str) -> str | None:
        value = document.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not _is_address(value, schemes):
            raise NotIdentified(Trouble.MISCONFIGURED, f"{name} is no address")
        return value

    issuer = address("issuer")
    authorization_endpoint, jwks_uri = address("authorization_endpoint"), address("jwks_uri")
    if issuer is None or authorization_endpoint is None or jwks_uri is None:
        raise NotIdentified(Trouble.MISCONFIGURED, "the discovery document is incomplete")
    if _origin(issuer) != _origin(metadata_url):
        raise NotIdentified(Trouble.MISCONFIGURED, "the issuer lives elsewhere")
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        issuer=issuer,
        authorization_endpoint=authorization_endpoint,
        token_endpoint=address("token_endpoint"),
        jwks_uri=jwks_uri,
        userinfo_endpoint=address("userinfo_endpoint"),
        end_session_endpoint=address("end_session_endpoint"),
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        is_basic=isinstance(methods, list) and "client_secret_post" not in methods,
    )


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        is_there = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    # A blank or a line break would end up in a header of ours.
    return (
        is_there
        and parts.username is None
        and value.isascii()
        and value.isprintable()
        and (" " not in value and len(value) <= _LONGEST)
    )


_LONGEST = 2000


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
