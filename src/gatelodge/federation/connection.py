"""A provider made ready to be asked: who we are there, where it is, what it will say."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatelodge.crypto.seal import Sealer, Unsealable
from gatelodge.federation.fetch import Fetch
from gatelodge.federation.metadata import Metadata, read_metadata
from gatelodge.federation.presets import Preset
from gatelodge.federation.recent import Recent
from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.model.identity_provider import ClaimsMapping, IdentityProvider
from gatelodge.model.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """All that is needed to send a person to a provider and to read its answer.

    With `issuer` and `jwks_uri` an ID token says who the person is. `identity_issuer` is what the
    person is filed under.
    """

    provider: IdentityProvider
    client_id: str
    secret: Secret[str] | None
    identity_issuer: str
    authorization_endpoint: str
    token_endpoint: str | None
    userinfo_endpoint: str | None
    scope: str
    mapping: ClaimsMapping
    issuer: str | None = None
    jwks_uri: str | None = None
    userinfo_member: str | None = None
    response_type: str = "code"
    response_mode: str | None = None
    names_issuer: bool = False
    is_basic: bool = False
    has_proof_key: bool = True
    end_session_endpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """Makes providers ready; discovery documents are kept for a while."""

    fetch: Fetch
    sealer: Sealer
    presets: Mapping[str, Preset]
    recent: Recent[Metadata]
    is_development: bool

    async def of(self, provider: IdentityProvider) -> Connection:
        """Return the connection to a provider. Raises `NotIdentified`."""
        if provider.is_discovered:
            return await self._discovered(provider)
        preset = self.presets.get(provider.identity_provider_type)
        client_id = provider.service_id or provider.client_id
        if preset is None or client_id is None:
            raise NotIdentified(Trouble.MISCONFIGURED, "nobody knows this provider")
        return Connection(
            provider=provider,
            client_id=client_id,
            secret=self._secret(provider),
            identity_issuer=preset.identity_issuer,
            authorization_endpoint=preset.authorization_endpoint,
            token_endpoint=preset.token_endpoint,
            userinfo_endpoint=preset.userinfo_endpoint,
            scope=preset.scope,
            mapping=preset.mapping,
            issuer=preset.issuer,
            jwks_uri=preset.jwks_uri,
            userinfo_member=preset.userinfo_member,
            response_mode=preset.response_mode,
            is_basic=preset.is_basic,
            has_proof_key=preset.has_proof_key,
        )

    async def _discovered(self, provider: IdentityProvider) -> Connection:
        address, mapping = provider.metadata_url, provider.claims_mapping
        if address is None or mapping is None or provider.client_id is None:
            raise NotIdentified(Trouble.MISCONFIGURED, "the provider is not configured")

        async def read() -> Metadata:
            document = await self.fetch.read(address)
            return read_metadata(document, address, is_development=self.is_development)

        found = await self.recent.get(address, read)
        if provider.oidc is not None and provider.oidc.issuer != found.issuer:
            raise NotIdentified(Trouble.MISCONFIGURED, "the provider is another issuer")
        return Connection(
            provider=provider,
            client_id=provider.client_id,
            secret=self._secret(provider),
            identity_issuer=found.issuer,
            authorization_endpoint=found.authorization_endpoint,
            token_endpoint=found.token_endpoint,
            userinfo_endpoint=found.userinfo_endpoint,
            scope=provider.scope or "openid",
            mapping=mapping,
            issuer=found.issuer,
            jwks_uri=found.jwks_uri,
            response_type=provider.response_type or "code",
            response_mode=provider.response_mode,
            names_issuer=found.names_issuer,
            is_basic=found.is_basic,
            end_session_endpoint=found.end_session_endpoint,
        )

    def _secret(self, provider: IdentityProvider) -> Secret[str] | None:
        if provider.secret is None:
            return None
        try:
            return Secret(self.sealer.unseal(provider.secret, provider.place).decode())
        except (Unsealable, UnicodeDecodeError) as error:
            raise NotIdentified(Trouble.MISCONFIGURED, "the secret cannot be opened") from error
