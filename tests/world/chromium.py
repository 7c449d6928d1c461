"""Chromium, driven through Playwright, with a new profile and only the authorities it is given.

Playwright's loop keeps running in the thread of the test from the first browser to the last, and
no other loop can start there meanwhile: a module that drives a browser has no async tests.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Playwright, ViewportSize, sync_playwright

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
]


class OpenChromium(Protocol):
    """Starts a browser that trusts the authority in `ca_file` (PEM), and no other of ours."""

    def __call__(self, ca_file: Path | None = None) -> Browser:
        """Return the running browser; it is closed at the end of the module."""


def _trust(home: Path, ca_file: Path) -> None:
    """Enter an authority where Chromium looks for a person's own."""
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    certutil = ["certutil", "-d", f"sql:{database}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    subprocess.run(
        [*certutil, "-A", "-t", "C,,", "-n", "Gatelodge test", "-i", ca_file], check=True
    )


@contextmanager
def running_chromium(playwright: Playwright, home: Path, ca_file: Path | None) -> Iterator[Browser]:
    """Start Debian's Chromium at home in `home`; close it afterwards."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("Chromium is needed: apt-get install chromium")
    if ca_file is not None:
        _trust(home, ca_file)
    browser = playwright.chromium.launch(
        executable_path=executable,
        args=ARGUMENTS,
        env={**os.environ, "HOME": str(home)},
    )
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """One Playwright for the browsers of a module."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def open_chromium(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenChromium]:
    """Give a module browsers of its own."""
    with ExitStack() as open_browsers:

        def start(ca_file: Path | None = None) -> Browser:
            home = tmp_path_factory.mktemp("chromium")
            return open_browsers.enter_context(running_chromium(playwright, home, ca_file))

        yield start
