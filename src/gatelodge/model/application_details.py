"""What is kept of an application for administrators; of it only the optional claims act."""

from dataclasses import dataclass

SIGNING = "private_key_jwt"
"""How an application authenticates that signs (OIDC Core §9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionalClaim:
    """A claim an application asks for beyond those it gets anyway."""

    name: str
    source: str | None = None
    essential: bool = False
    additional_properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionalClaims:
    """Claims asked for, by kind of token."""

    id_token: tuple[OptionalClaim, ...] = ()
    access_token: tuple[OptionalClaim, ...] = ()
    saml2_token: tuple[OptionalClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What an application that registered itself said beyond what Graph knows of (RFC 7591 §2)."""

    token_endpoint_auth_method: str = "client_secret_basic"
    grant_types: tuple[str, ...] = ()
    response_types: tuple[str, ...] = ()
    logo_uri: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None
    contacts: tuple[str, ...] = ()
    jwks_uri: str | None = None
    sector_identifier_uri: str | None = None
    post_logout_redirect_uris: tuple[str, ...] = ()
    userinfo_signed_response_alg: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDetails:
    """Settings clients of Graph send and expect to read again."""

    requested_access_token_version: int | None = None
    accept_mapped_claims: bool | None = None
    known_client_applications: tuple[str, ...] = ()
    optional_claims: OptionalClaims | None = None
    group_membership_claims: str | None = None
    description: str | None = None
    notes: str | None = None
    is_device_only_auth_supported: bool | None = None
    oauth2_require_post_response: bool = False
    saml_metadata_url: str | None = None
    service_management_reference: str | None = None
    default_redirect_uri: str | None = None
    marketing_url: str | None = None
    privacy_statement_url: str | None = None
    support_url: str | None = None
    terms_of_service_url: str | None = None
    registration: Registration | None = None
