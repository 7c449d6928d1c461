"""Everything the metadata of an application have to pass, in order, one function for each rule."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from gatelodge.model.application import Platform
from gatelodge.model.application_details import SIGNING
from gatelodge.model.new_application import (
    MAX_REDIRECT_URIS,
    redirect_uri_problem,
    web_uri_problem,
)
from gatelodge.oidc.checks import RESPONSE_TYPES
from gatelodge.oidc.grants.device_code import DEVICE_CODE
from gatelodge.oidc.provider import Provider
from gatelodge.oidc.registration.client_metadata import ClientMetadata
from gatelodge.oidc.registration.refusal import RegistrationRefused, wrong_metadata

PUBLIC = "none"
AUTHENTICATION_METHODS = ("client_secret_basic", "client_secret_post", SIGNING, PUBLIC)
GRANT_TYPES = frozenset(
    ["authorization_code", "implicit", "refresh_token", "client_credentials", DEVICE_CODE]
)
SUBJECT_TYPE = "pairwise"
_THROUGH_THE_BROWSER = frozenset({"authorization_code", "implicit"})
_LONGEST_NAME = 256
_LONGEST_ADDRESS = 2048

Check: TypeAlias = Callable[[Provider, ClientMetadata], None]


def platform_of(metadata: ClientMetadata) -> Platform:
    """Return what kind of client registers: it follows from where it runs and what it can keep."""
    if metadata.application_type == "native":
        return Platform.PUBLIC_CLIENT
    is_public = metadata.token_endpoint_auth_method == PUBLIC
    return Platform.SPA if is_public else Platform.WEB


def check_kind(_provider: Provider, metadata: ClientMetadata) -> None:
    """Demand an application of the web or an installed one (Registration §2)."""
    if metadata.application_type not in {"web", "native"}:
        raise wrong_metadata("'application_type' is web or native.")
    if metadata.software_statement is not None:
        # RFC 7591 §3.1.1: one that nobody here vouches for must not be taken for one that is.
        raise RegistrationRefused("unapproved_software_statement", "Nobody vouches for it here.")


def check_redirect_uris(_provider: Provider, metadata: ClientMetadata) -> None:
    """Demand redirect URIs an administrator could register, where any are needed (RFC 7591 §2)."""
    uris, platform = metadata.redirect_uris, platform_of(metadata)
    if not uris and _THROUGH_THE_BROWSER & set(metadata.grant_types):
        raise RegistrationRefused("invalid_redirect_uri", "There are no 'redirect_uris'.")
    most = max(len(uris), len(metadata.post_logout_redirect_uris))
    if len(set(uris)) < len(uris) or most > MAX_REDIRECT_URIS:
        raise RegistrationRefused(
            "invalid_redirect_uri", f"At most {MAX_REDIRECT_URIS} 'redirect_uris', each once."
        )
    for uri in (*uris, *metadata.post_logout_redirect_uris):
        problem = redirect_uri_problem(uri, platform)
        if problem is not None or len(uri) > _LONGEST_ADDRESS:
            raise RegistrationRefused(
                "invalid_redirect_uri", f"A redirect URI {problem or 'is too long.'}"
            )


def check_authentication(_provider: Provider, metadata: ClientMetadata) -> None:
    """Demand a way to authenticate that we know, and keys for who signs (Registration §2)."""
    method = metadata.token_endpoint_auth_method
    if method not in AUTHENTICATION_METHODS:
        raise wrong_metadata("'token_endpoint_auth_method' is not supported.")
    if metadata.jwks is not None and metadata.jwks_uri is not None:
        raise wrong_metadata("'jwks' and 'jwks_uri' exclude each other.")
    if method == SIGNING and metadata.jwks is None and metadata.jwks_uri is None:
        raise wrong_metadata("Who signs sends 'jwks' or 'jwks_uri'.")


def check_grant_types(_provider: Provider, metadata: ClientMetadata) -> None:
    """Demand grant types and response types that go together (RFC 7591 §2.1)."""
    if unknown := set(metadata.grant_types) - GRANT_TYPES:
        raise wrong_metadata(f"The grant type {_shown(min(unknown))} is not supported.")
    for text in metadata.response_types:
        words = frozenset(text.split())
        if words not in RESPONSE_TYPES:
            raise wrong_metadata(f"The response type {_shown(text)} is not supported.")
        needed = {"authorization_code"} if "code" in words else set()
        needed |= {"implicit"} if words - {"code"} else set()
        if needed - set(metadata.grant_types):
            raise wrong_metadata(f"The response type {_shown(text)} needs another grant type.")
    is_secret_needed = "client_credentials" in metadata.grant_types
    if is_secret_needed and metadata.token_endpoint_auth_method == PUBLIC:
        raise wrong_metadata("A public client cannot use 'client_credentials'.")


def check_tokens(provider: Provider, metadata: ClientMetadata) -> None:
    """Demand of tokens what we make: our algorithm, nothing encrypted (Registration §2).

    All subjects are of our one kind (OIDC Core §8).
    """
    ours = {None, str(provider.key_set.algorithm)}
    if {metadata.id_token_signed_response_alg, metadata.userinfo_signed_response_alg} - ours:
        raise wrong_metadata(f"Tokens are signed with {provider.key_set.algorithm} here.")
    if metadata.id_token_encrypted_response_alg or metadata.userinfo_encrypted_response_alg:
        raise wrong_metadata("Nothing is encrypted here.")
    if metadata.subject_type not in {None, SUBJECT_TYPE}:
        raise wrong_metadata(f"'subject_type' is {SUBJECT_TYPE} here.")


def check_addresses(_provider: Provider, metadata: ClientMetadata) -> None:
    """Demand addresses people and servers can be sent to (Registration §2)."""
    for name, address in _addresses(metadata):
        if len(address) > _LONGEST_ADDRESS or (problem := web_uri_problem(address)) is not None:
            raise wrong_metadata(f"'{name}' {problem if len(address) <= 2048 else 'is too long.'}")
    if len(metadata.client_name or "") > _LONGEST_NAME:
        raise wrong_metadata(f"'client_name' has at most {_LONGEST_NAME} characters.")


def _addresses(metadata: ClientMetadata) -> Iterator[tuple[str, str]]:
    names = ("client_uri", "logo_uri", "policy_uri", "tos_uri", "jwks_uri", "sector_identifier_uri")
    for name in (*names, "frontchannel_logout_uri", "backchannel_logout_uri"):
        if (address := getattr(metadata, name)) is not None:
            yield name, address


REGISTRATION_CHECKS: tuple[Check, ...] = (
    check_kind,
    check_redirect_uris,
    check_authentication,
    check_grant_types,
    check_tokens,
    check_addresses,
)
"""What needs no question to anybody else; those are asked afterwards, in `referred`."""


def run_registration_checks(provider: Provider, metadata: ClientMetadata) -> None:
    """Raise `RegistrationRefused` unless every check is passed."""
    for check in REGISTRATION_CHECKS:
        check(provider, metadata)


def _shown(text: str) -> str:
    return repr(text[:100])
