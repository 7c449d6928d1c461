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
    revision: int = 0

    @property
    def place(self) -> str:
        """Return where the sealed secret belongs."""
        return f"identity_provider/{self.directory_id}/{self.id}"
