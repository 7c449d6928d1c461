"""`GET …/samlp/metadata`: who a tenant is to SAML providers."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.federation.saml_request import metadata, own_entity
from gatelodge.oidc.discovery import no_such_provider
from gatelodge.oidc.provider import Providers


@dataclass(frozen=True, slots=True)
class SamlMetadata:
    """The document a provider's administrator reads; it holds no secret and needs no signature."""

    providers: Providers

    async def __call__(self, request: Request) -> Response:
        """Answer with the document."""
        provider = await self.providers.provider_of(request)
        if provider is None:
            return no_such_provider()
        own = own_entity(provider.origin, provider.directory.domain)
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(metadata(own), 200, headers, "application/samlmetadata+xml")
