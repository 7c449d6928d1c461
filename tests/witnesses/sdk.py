"""Microsoft's Graph SDK with its own credential, pointed at the development server."""

from typing import Protocol

from azure.identity import ClientSecretCredential
from msgraph_beta import GraphServiceClient

from tests.world.server import Server

SCOPES = ["https://graph.microsoft.com/.default"]


class OpenGraph(Protocol):
    """Opens Graph as one of the clients of `dev.json`."""

    def __call__(self, who: str = "admin") -> GraphServiceClient:
        """Return the client; it is closed after the test."""


def graph_client(server: Server, who: str) -> GraphServiceClient:
    """Build a client the way the SDK documents it, but for the two addresses."""
    credential = ClientSecretCredential(
        server.facts["tenant_id"],
        server.facts[who]["client_id"],
        server.facts[who]["client_secret"],
        authority=server.origin,
        disable_instance_discovery=True,
    )
    client = GraphServiceClient(credential, SCOPES)
    client.request_adapter.base_url = server.facts["graph"]["beta"]
    return client


async def close(client: GraphServiceClient) -> None:
    """Close the connections the SDK opened: it offers no way, and passes closing on to nobody."""
    await client.request_adapter._http_client._transport.transport.aclose()  # noqa: SLF001
