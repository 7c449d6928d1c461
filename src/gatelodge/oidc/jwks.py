"""`GET …/discovery/v2.0/keys`: the public keys of a directory (RFC 7517 §5)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatelodge.oidc.cors import ANY_ORIGIN, preflight
from gatelodge.oidc.discovery import no_such_provider
from gatelodge.oidc.json_answer import json_answer
from gatelodge.oidc.provider import Providers

MAX_AGE_S = 300
"""Keys are published long before they sign, so only an emergency removal has to wait this long."""

_CACHEABLE = {**ANY_ORIGIN, "Cache-Control": f"public, max-age={MAX_AGE_S}"}


@dataclass(frozen=True, slots=True)
class Keys:
    """Serves what the key set wrote when it was loaded."""

    providers: Providers

    async def __call__(self, request: Request) -> Response:
        """Answer with every published key, or 404."""
        if request.method == "OPTIONS":
            return preflight(request)
        if (provider := await self.providers.provider_of(request)) is None:
            return no_such_provider()
        return json_answer(provider.key_set.jwks, headers=_CACHEABLE)
