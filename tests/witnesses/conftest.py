"""Unmodified clients trust the server's authority the way each of them documents."""

from collections.abc import AsyncIterator, Iterator

import pytest
from msgraph_beta import GraphServiceClient

from tests.witnesses.sdk import OpenGraph, close, graph_client
from tests.world.browser import Browser
from tests.world.server import Server


@pytest.fixture(autouse=True)
def trust(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the authority in the variables that requests and httpx read."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.facts["ca_file"])
    monkeypatch.setenv("SSL_CERT_FILE", server.facts["ca_file"])


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    """Open a browser of somebody who has never been here."""
    with server.new_client() as client:
        yield Browser(client)


@pytest.fixture
async def open_graph(server: Server) -> AsyncIterator[OpenGraph]:
    """Open Graph as one of the clients of `dev.json`."""
    opened: list[GraphServiceClient] = []

    def start(who: str = "admin") -> GraphServiceClient:
        opened.append(graph_client(server, who))
        return opened[-1]

    yield start
    for each in opened:
        await close(each)


@pytest.fixture
async def graph(open_graph: OpenGraph) -> GraphServiceClient:
    """Open Graph as the administrator."""
    return open_graph()
