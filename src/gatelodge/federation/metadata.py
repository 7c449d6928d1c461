"""The discovery document of an OpenID provider (OpenID Connect Discovery 1.0 §4)."""

import re
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

    Its issuer has to be the one the document was read for, or one provider could speak for another.
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
    if not _is_issuer_of(issuer, metadata_url):
        raise NotIdentified(Trouble.MISCONFIGURED, "the issuer is not the one that was asked for")
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


_WELL_KNOWN = "/.well-known/openid-configuration"
_ENTRA = re.compile(
    r"https://login\.(?:microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn)"
    r"/[A-Za-z0-9.-]+/v2\.0",
    re.ASCII,
)
"""Where Microsoft speaks for every tenant of its directory, none of which writes its document.

A tenant is asked for there by a domain of its own, and its issuer says its id instead.
"""


def _is_issuer_of(issuer: str, metadata_url: str) -> bool:
    """Return whether a document belongs to the issuer it names (OIDC Discovery §4.3)."""
    if metadata_url == issuer.rstrip("/") + _WELL_KNOWN:
        return True
    asked = metadata_url.partition("?")[0].removesuffix(_WELL_KNOWN)
    is_known = all(_ENTRA.fullmatch(each) for each in (asked, issuer))
    return is_known and urlsplit(asked).hostname == urlsplit(issuer).hostname
