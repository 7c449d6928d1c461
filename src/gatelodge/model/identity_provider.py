"""Identity providers: who else may say who a user is, and the local account itself."""

from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId


class ProviderKind(StrEnum):
    """Which kind of provider it is; each has its own settings."""

    SOCIAL = "social"
    BUILT_IN = "builtIn"
    APPLE = "apple"
    OPEN_ID_CONNECT = "openIdConnect"
    OIDC = "oidc"
    SAML = "samlOrWsFed"


class ProviderState(StrEnum):
    """Whether a built-in provider is used."""

    ENABLED = "enabled"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsMapping:
    """Which claims of an OpenID provider say what about a user."""

    user_id: str
    display_name: str
    given_name: str | None = None
    surname: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundAddress:
    """Which members of an `address` claim say what."""

    country: str | None = None
    locality: str | None = None
    postal_code: str | None = None
    region: str | None = None
    street_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundClaims:
    """Which claims stand for those of OpenID Connect, where a provider has others."""

    sub: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    email_verified: str | None = None
    phone_number: str | None = None
    phone_number_verified: str | None = None
    address: InboundAddress | None = None

    @property
    def mapping(self) -> ClaimsMapping:
        """Return which claims say what about a user."""
        return ClaimsMapping(
            user_id=self.sub or "sub",
            display_name=self.name or "name",
            given_name=self.given_name or "given_name",
            surname=self.family_name or "family_name",
            email=self.email or "email",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """What a provider of the newer type has besides; its discovery document names `issuer`."""

    issuer: str = ""
    inbound_claim_mapping: InboundClaims | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlSettings:
    """How a SAML or WS-Federation provider is reached. WS-Federation is kept and not spoken."""

    issuer_uri: str = ""
    passive_sign_in_uri: str | None = None
    metadata_exchange_uri: str | None = None
    preferred_authentication_protocol: str | None = None
    signing_certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecretAuthentication:
    """That we show a provider a secret."""

    client_secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """A provider of a directory.

    `identity_provider_type` is `Google`, `EmailPassword`, `AppleManaged`, `OpenIdConnect` and so
    on. `secret` is the client secret, or the private key of an Apple developer, sealed at `place`.
    """

    directory_id: DirectoryId
    id: str
    kind: ProviderKind
    identity_provider_type: str
    display_name: str
    client_id: str | None = None
    secret: str | None = None
    metadata_url: str | None = None
    response_mode: str | None = None
    response_type: str | None = None
    scope: str | None = None
    domain_hint: str | None = None
    claims_mapping: ClaimsMapping | None = None
    developer_id: str | None = None
    service_id: str | None = None
    key_id: str | None = None
    state: ProviderState | None = None
    oidc: OidcSettings | None = None
    saml: SamlSettings | None = None
    revision: int = 0

    @property
    def place(self) -> str:
        """Return where the sealed secret belongs."""
        return f"identity_provider/{self.directory_id}/{self.id}"

    @property
    def is_discovered(self) -> bool:
        """Return whether an OpenID discovery document says how it is reached."""
        return self.kind in {ProviderKind.OPEN_ID_CONNECT, ProviderKind.OIDC}

    @property
    def speaks_saml(self) -> bool:
        """Return whether people are sent there by SAML; nobody is by WS-Federation."""
        return self.saml is not None and self.saml.preferred_authentication_protocol == "saml"

    @property
    def client_authentication(self) -> ClientSecretAuthentication:
        """Return how we show that we are its client."""
        return ClientSecretAuthentication(client_secret=self.secret)
