"""The identity provider of the seeded tenant: the pretended one of this server."""

from dataclasses import replace

from gatelodge.crypto.seal import Sealer
from gatelodge.development.seed import DOMAIN, PRETEND_CLIENT_ID, Seed
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.identity_provider import ClaimsMapping, IdentityProvider, ProviderKind


def pretend_issuer(origin: str) -> str:
    """Return the issuer of the pretended provider."""
    return f"{origin}/_dev/provider"


def callback_of(origin: str) -> str:
    """Return where it sends people back to."""
    return f"{origin}/{DOMAIN}/oauth2/authresp"


def seeded_provider(seed: Seed, origin: str, sealer: Sealer) -> IdentityProvider:
    """Return the provider as an administrator would have configured it."""
    provider = IdentityProvider(
        directory_id=DirectoryId(seed.tenant_id),
        id=seed.pretend_provider_id,
        kind=ProviderKind.OPEN_ID_CONNECT,
        identity_provider_type="OpenIdConnect",
        display_name="Pretend account",
        client_id=PRETEND_CLIENT_ID,
        metadata_url=f"{pretend_issuer(origin)}/.well-known/openid-configuration",
        response_mode="query",
        response_type="code",
        scope="openid profile email",
        domain_hint="pretend.example",
        claims_mapping=ClaimsMapping(
            user_id="sub",
            display_name="name",
            given_name="given_name",
            surname="family_name",
            email="email",
        ),
    )
    return replace(provider, secret=sealer.seal(seed.pretend_secret.encode(), provider.place))
