"""Browsers of people who have never been here, and a clock that starts right in every test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from tests.world.browser import Browser
from tests.world.server import Server

_LONG_AFTER = datetime(9000, 1, 1, tzinfo=UTC)
OpenBrowser = Callable[[], Browser]


@pytest.fixture
def site(any_server: Server) -> Iterator[Server]:
    """Return the running program, on either database; afterwards its clock is right again.

    Whatever a test does, nothing may go wrong inside the program.
    """
    said = len(any_server.said)
    # Whoever fails to sign in here does it from one address.
    any_server.stores(lambda stores: stores.failed_sources.sweep(_LONG_AFTER))
    yield any_server
    any_server.move_clock(0)
    assert [line for line in any_server.said[said:] if "request failed" in line] == []


@pytest.fixture
def open_browser(site: Server) -> Iterator[OpenBrowser]:
    """Open as many browsers as a test needs, each with cookies of its own."""
    with ExitStack() as opened:
        yield lambda: Browser(opened.enter_context(site.new_client()))


@pytest.fixture
def browser(open_browser: OpenBrowser) -> Browser:
    """Open one browser."""
    return open_browser()
