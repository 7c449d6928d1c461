"""A request at the token endpoint, once it is known who asks and of which provider."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.client_authentication import Client
from gatelodge.oidc.errors import Code, token_refused
from gatelodge.oidc.parameters import Parameters
from gatelodge.oidc.provider import Provider, Providers


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """What every grant type starts from; `key_thumbprint` is the key the client showed.

    `address` is where the request came from.
    """

    providers: Providers
    provider: Provider
    client: Client
    parameters: Parameters
    now: datetime
    correlation_id: str
    key_thumbprint: str | None = None
    address: str = ""

    @property
    def directory_id(self) -> DirectoryId:
        """Return the tenant."""
        return self.provider.directory.id

    @property
    def user_flow(self) -> UserFlow:
        """Return the user flow; a directory without one has no users to give tokens for."""
        if self.provider.user_flow is None:
            raise self.unsupported()
        return self.provider.user_flow

    def required(self, name: str) -> str:
        """Return a parameter; raise `TokenRefused` when it is missing."""
        if (value := self.parameters.get(name)) is None:
            raise token_refused(Code.PARAMETER_MISSING, parameter=name)
        return value

    def unsupported(self) -> Exception:
        """Return the refusal of a grant type that does not exist at this endpoint."""
        return token_refused(
            Code.GRANT_TYPE_UNSUPPORTED, grant_type=self.parameters.get("grant_type", "")
        )


class GrantType(Protocol):
    """What a grant type does."""

    async def __call__(self, request: TokenRequest) -> bytes:
        """Return the answer as JSON. Raises `TokenRefused`."""
        ...
