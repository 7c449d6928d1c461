"""Name and judge an identity provider."""

import re
from collections.abc import Iterator, Mapping

from gatelodge.errors import Problem
from gatelodge.model.identifier import DirectoryId, key_of
from gatelodge.model.identity_provider import IdentityProvider, ProviderKind
from gatelodge.model.web_address import origin_of, web_address_problem

_SOCIAL_IDS: Mapping[str, str] = {
    "Microsoft": "MSA-OIDC",
    "Google": "Google-OAUTH",
    "Amazon": "Amazon-OAUTH",
    "LinkedIn": "LinkedIn-OAUTH",
    "Facebook": "Facebook-OAUTH",
    "GitHub": "GitHub-OAUTH",
    "Twitter": "Twitter-OAUTH",
    "Weibo": "Weibo-OAUTH",
    "QQ": "QQ-OAUTH",
    "WeChat": "WeChat-OAUTH",
}
_BUILT_IN_IDS: Mapping[str, str] = {
    "AADSignup": "AADSignup-OAUTH",
    "MicrosoftAccount": "MSASignup-OAUTH",
    "EmailOTP": "EmailOtpSignup-OAUTH",
    "EmailPassword": "EmailPassword-OAUTH",
}
APPLE, OPEN_ID_CONNECT = "AppleManaged", "OpenIdConnect"
OIDC, SAML = "Oidc", "SamlOrWsFed"
_APPLE_ID = "Apple-Managed-OIDC"
PROVIDER_TYPES = (*_SOCIAL_IDS, APPLE, OPEN_ID_CONNECT)
"""What a provider can be created for besides the built-in ones."""

_RESPONSE_MODES = ("form_post", "query")
_RESPONSE_TYPES = ("code", "id_token")
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)


def social_type_problem(value: str) -> str | None:
    """Return what is wrong with the type of a social provider, or None."""
    return _member_problem(value, tuple(_SOCIAL_IDS))


def old_type_problem(value: str) -> str | None:
    """Return what is wrong with the type of a provider in the older shape, or None."""
    return _member_problem(value, (*_SOCIAL_IDS, OPEN_ID_CONNECT))


def built_in_type_problem(value: str) -> str | None:
    """Return what is wrong with the type of a built-in provider, or None."""
    return _member_problem(value, tuple(_BUILT_IN_IDS))


def response_mode_problem(value: str) -> str | None:
    """Return what is wrong with a response mode, or None."""
    return None if value in _RESPONSE_MODES else f"must be {' or '.join(_RESPONSE_MODES)}."


def response_type_problem(value: str) -> str | None:
    """Return what is wrong with a response type, or None."""
    return None if value in _RESPONSE_TYPES else f"must be {' or '.join(_RESPONSE_TYPES)}."


def scope_problem(value: str) -> str | None:
    """Return what is wrong with the scope asked of an OpenID provider, or None."""
    return None if "openid" in value.split(" ") else "must contain openid."


def _member_problem(value: str, members: tuple[str, ...]) -> str | None:
    if any(key_of(value) == key_of(each) for each in members):
        return None
    return f"must be one of {', '.join(members)}."


def provider_type(value: str) -> str:
    """Return a type of provider in its own spelling."""
    known = {key_of(each): each for each in (*_SOCIAL_IDS, *_BUILT_IN_IDS)}
    return known.get(key_of(value), value)


def provider_id(kind: ProviderKind, type_name: str, display_name: str, guid: str) -> str:
    """Return the id the cloud service would give; only OpenID providers can be several."""
    match kind:
        case ProviderKind.SOCIAL:
            return _SOCIAL_IDS[type_name]
        case ProviderKind.BUILT_IN:
            return _BUILT_IN_IDS[type_name]
        case ProviderKind.APPLE:
            return _APPLE_ID
        case ProviderKind.OPEN_ID_CONNECT:
            name = _UNFIT.sub("-", display_name).strip("-")[:40] or "provider"
            return f"OIDC-V1-{name}-{guid}"
        case ProviderKind.OIDC | ProviderKind.SAML:
            return guid


def built_in_provider(directory_id: DirectoryId, id: str) -> IdentityProvider | None:
    """Return the built-in provider of an id, whether or not anybody configured it, or None."""
    for kind, known in _BUILT_IN_IDS.items():
        if key_of(known) == key_of(id):
            return IdentityProvider(
                directory_id=directory_id,
                id=known,
                kind=ProviderKind.BUILT_IN,
                identity_provider_type=kind,
                display_name=kind,
            )
    return None


def identity_provider_problems(
    provider: IdentityProvider, *, is_development: bool
) -> Iterator[Problem]:
    """Yield what is wrong with a provider as a whole."""
    if provider.kind is ProviderKind.SOCIAL:
        for name, value in (("clientId", provider.client_id), ("clientSecret", provider.secret)):
            if not value:
                yield Problem(name, f"The property '{name}' is required.")
    for name, address in _addresses(provider):
        if (wrong := web_address_problem(address, is_development=is_development)) is not None:
            yield Problem(name, f"The value of '{name}' {wrong}")
    if provider.kind is ProviderKind.APPLE and not provider.secret:
        yield Problem("certificateData", "The property 'certificateData' is required.")
    if not provider.is_discovered:
        return
    if provider.response_type == "code" and provider.secret is None:
        yield Problem("clientSecret", "The property 'clientSecret' is required for 'code'.")
    if provider.response_type == "id_token" and provider.response_mode == "query":
        yield Problem("responseMode", "An ID token is not sent in a query; use form_post.")


def is_elsewhere(provider: IdentityProvider, before: IdentityProvider) -> bool:
    """Return whether one of its addresses has another origin than it had."""
    known = {name: origin_of(address) for name, address in _addresses(before)}
    return any(known.get(name) != origin_of(address) for name, address in _addresses(provider))


def _addresses(provider: IdentityProvider) -> Iterator[tuple[str, str]]:
    """Yield the addresses a provider is reached at, by the property that gives them."""
    if provider.oidc is not None:
        yield "issuer", provider.oidc.issuer
        yield "wellKnownEndpoint", provider.metadata_url or ""
    elif provider.is_discovered:
        yield "metadataUrl", provider.metadata_url or ""
    if provider.saml is not None:
        yield "passiveSignInUri", provider.saml.passive_sign_in_uri or ""
        if provider.saml.metadata_exchange_uri is not None:
            yield "metadataExchangeUri", provider.saml.metadata_exchange_uri


def protocol_problem(value: str) -> str | None:
    """Return what is wrong with a protocol of a provider that is no OpenID provider, or None."""
    return _member_problem(value, ("saml", "wsFed"))


def issuer_problem(value: str) -> str | None:
    """Return what is wrong with the issuer of a provider of the newer type, or None."""
    is_cloud = "microsoftonline.com" in value.lower()
    return "must not be one of the cloud service." if is_cloud else None
