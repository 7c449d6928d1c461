"""Unmodified clients trust the server's authority the way each of them documents."""

from collections.abc import AsyncIterator, Iterator

import pytest
from msgraph_beta import GraphServiceClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext

from tests.witnesses.accounts import Person, a_person
from tests.witnesses.sdk import OpenGraph, close, graph_client
from tests.witnesses.single_page import Sites, registered_sites
from tests.world.browser import Browser
from tests.world.chromium import OpenChromium
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
def person(server: Server) -> Person:
    """Give the test an account of its own."""
    return a_person(server)


@pytest.fixture(scope="module")
def sites(server: Server) -> Iterator[Sites]:
    """Run the browser application for a module."""
    with registered_sites(server) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(open_chromium: OpenChromium, server: Server) -> Chromium:
    """Open a browser that trusts the server."""
    return open_chromium(server.facts["ca_file"])


@pytest.fixture
def profile(chromium: Chromium) -> Iterator[BrowserContext]:
    """Open a profile that has never been anywhere."""
    with chromium.new_context() as opened:
        yield opened


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
