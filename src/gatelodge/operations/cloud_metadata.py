"""Addresses that tools built for the cloud ask before they do anything else."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


@dataclass(frozen=True, slots=True)
class CloudMetadata:
    """`GET /metadata/endpoints`: where Terraform and others find this cloud's parts."""

    origin: str

    async def __call__(self, _request: Request) -> Response:
        """Name the origin wherever the cloud has a host of its own."""
        return JSONResponse(
            {
                "name": "Gatelodge",
                "portal": self.origin,
                "authentication": {
                    "loginEndpoint": f"{self.origin}/",
                    "audiences": [self.origin],
                    "tenant": "common",
                    "identityProvider": "AAD",
                },
                "resourceManager": f"{self.origin}/",
                "microsoftGraphResourceId": self.origin,
                "graph": self.origin,
                "graphAudience": self.origin,
                "suffixes": {},
            }
        )


@dataclass(frozen=True, slots=True)
class InstanceDiscovery:
    """`GET /common/discovery/instance`: this host speaks for itself and nobody else."""

    origin: str

    async def __call__(self, request: Request) -> Response:
        """Point to the metadata of the tenant the client asks for."""
        asked = request.query_params.get("authorization_endpoint", "")
        tenant = _tenant(asked.removeprefix(self.origin)) or "common"
        host = self.origin.partition("://")[2]
        return JSONResponse(
            {
                "tenant_discovery_endpoint": (
                    f"{self.origin}/{tenant}/v2.0/.well-known/openid-configuration"
                ),
                "api-version": "1.1",
                "metadata": [
                    {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
                ],
            }
        )


def _tenant(path: str) -> str:
    segment = path.strip("/").partition("/")[0]
    return segment if segment.replace("-", "").replace(".", "").isalnum() else ""


@dataclass(frozen=True, slots=True)
class EmptyList:
    """`GET /subscriptions` and `/tenants`: there are none."""

    async def __call__(self, _request: Request) -> Response:
        """Answer with an empty list."""
        return JSONResponse({"value": []})


@dataclass(frozen=True, slots=True)
class UserRealm:
    """`GET /common/userrealm/{user}`: no user is federated elsewhere, so nothing is there."""

    async def __call__(self, _request: Request) -> Response:
        """Answer 404, on which clients go on with the password they have."""
        return JSONResponse({"error": "not_found"}, 404)
