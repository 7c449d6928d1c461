"""An application: an OAuth client, an API, or both."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gatelodge.model.application_details import SIGNING, ApplicationDetails
from gatelodge.model.identifier import ApplicationId, ClientId, DirectoryId


class Platform(StrEnum):
    """Which kind of client a redirect URI belongs to."""

    WEB = "web"
    SPA = "spa"
    PUBLIC_CLIENT = "publicClient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A delegated permission an API offers; `value` is the word in `scp`."""

    id: str
    value: str
    is_enabled: bool = True
    type: str = "Admin"
    admin_consent_display_name: str = ""
    admin_consent_description: str = ""
    user_consent_display_name: str | None = None
    user_consent_description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreAuthorizedApplication:
    """A client an API trusts with some of its scopes without asking anybody."""

    app_id: ClientId
    delegated_permission_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRole:
    """An application permission an API offers; `value` is the word in `roles`."""

    id: str
    value: str
    display_name: str = ""
    description: str = ""
    is_enabled: bool = True
    allowed_member_types: tuple[str, ...] = ("Application",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAccess:
    """A permission an application asks for; `type` is `Scope` or `Role`."""

    id: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredResourceAccess:
    """The permissions an application asks of one API."""

    resource_app_id: ClientId
    resource_access: tuple[ResourceAccess, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPassword:
    """A client secret: only its SHA-256 digest is kept; `hint` is its first three characters."""

    key_id: str
    digest: str
    hint: str
    display_name: str | None
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKey:
    """A public key of a client, by which it signs assertions (RFC 7523 §2.2).

    `public_jwk` is JSON. A key that came as an X.509 certificate keeps it, in base64, with its two
    thumbprints (RFC 7515 §4.1.7, §4.1.8) in base64url.
    """

    key_id: str
    public_jwk: str
    display_name: str | None
    start_at: datetime
    end_at: datetime
    certificate: str | None = None
    thumbprint: str | None = None
    thumbprint_s256: str | None = None

    @property
    def type(self) -> str:
        """Return what it came as."""
        return "AsymmetricX509Cert" if self.certificate else "AsymmetricPublicKey"

    @property
    def usage(self) -> str:
        """Return what it is for: to verify what the client signs."""
        return "Verify"

    @property
    def custom_key_identifier(self) -> bytes | None:
        """Return the SHA-1 thumbprint of a certificate."""
        if self.thumbprint is None:
            return None
        return urlsafe_b64decode(self.thumbprint + "=" * (-len(self.thumbprint) % 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A registered application.

    `id` is the object id, `app_id` the client id. Implicit-grant switches allow an ID token or an
    access token to be sent through the browser. `is_enabled` off refuses every grant. When a
    session ends, the browser calls `web_logout_url` and the server `web_back_channel_logout_url`.
    `requires_pushed_requests` lets authorization requests only come from the application itself
    (RFC 9126 §6). `registration_token` is the digest of the token by which whoever registered it
    configures it (RFC 7592 §3).
    """

    directory_id: DirectoryId
    id: ApplicationId
    app_id: ClientId
    display_name: str
    created_at: datetime
    sign_in_audience: str = "AzureADandPersonalMicrosoftAccount"
    identifier_uris: tuple[str, ...] = ()
    web_redirect_uris: tuple[str, ...] = ()
    spa_redirect_uris: tuple[str, ...] = ()
    public_client_redirect_uris: tuple[str, ...] = ()
    web_logout_url: str | None = None
    web_back_channel_logout_url: str | None = None
    web_home_page_url: str | None = None
    is_id_token_issuance_enabled: bool = True
    is_access_token_issuance_enabled: bool = False
    is_fallback_public_client: bool = False
    is_enabled: bool = True
    oauth2_permission_scopes: tuple[Scope, ...] = ()
    pre_authorized_applications: tuple[PreAuthorizedApplication, ...] = ()
    app_roles: tuple[AppRole, ...] = ()
    required_resource_access: tuple[RequiredResourceAccess, ...] = ()
    password_credentials: tuple[ClientPassword, ...] = ()
    key_credentials: tuple[ClientKey, ...] = ()
    requires_pushed_requests: bool = False
    registration_token: str | None = None
    tags: tuple[str, ...] = ()
    owner_ids: tuple[str, ...] = ()
    details: ApplicationDetails = field(default_factory=ApplicationDetails)
    deleted_at: datetime | None = None
    revision: int = 0

    @property
    def is_confidential(self) -> bool:
        """Return whether the application has to prove itself with a secret or a key."""
        return bool(self.password_credentials or self.key_credentials or self.jwks_uri)

    @property
    def jwks_uri(self) -> str | None:
        """Return where an application that registered itself keeps the keys it signs with."""
        registration = self.details.registration
        if registration is None or registration.token_endpoint_auth_method != SIGNING:
            return None
        return registration.jwks_uri

    @property
    def redirect_uris(self) -> tuple[tuple[Platform, str], ...]:
        """Return every registered redirect URI with the platform it belongs to."""
        return (
            *((Platform.WEB, uri) for uri in self.web_redirect_uris),
            *((Platform.SPA, uri) for uri in self.spa_redirect_uris),
            *((Platform.PUBLIC_CLIENT, uri) for uri in self.public_client_redirect_uris),
        )


class GrantKind(StrEnum):
    """Whether a permission is exercised for a user or by the application itself."""

    SCOPE = "scope"
    ROLE = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionGrant:
    """A permission of `resource_app_id` that an administrator gave to the client `app_id`."""

    directory_id: DirectoryId
    app_id: ClientId
    resource_app_id: ClientId
    kind: GrantKind
    value: str
