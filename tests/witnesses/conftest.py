"""Unmodified clients trust the server's authority the way each of them documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
def ca_file(server: Server) -> Path:
    """Return the certificate of the server's authority."""
    return Path(server.facts["ca_file"])
