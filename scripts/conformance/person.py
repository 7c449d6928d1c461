"""Somebody who signs in with Chromium, on pages as people see them."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

MOST_PAGES = 6
_PATIENCE_MS = 15_000


@dataclass(frozen=True, slots=True)
class Chromium:
    """A person of the seeded tenant at one page."""

    page: Page
    origin: str
    user: Mapping[str, Any]

    def open(self, url: str) -> None:
        """Open an address; sign in, agree and sign out as often as a page asks for it."""
        self.page.goto(url, wait_until="networkidle")
        for _ in range(MOST_PAGES):
            if not self.page.url.startswith(f"{self.origin}/") or not self._answered():
                return
            self.page.wait_for_load_state("networkidle")

    def _answered(self) -> bool:
        """Answer the page that is shown; return whether it asked for anything."""
        if self.page.locator("#password").count():
            self.page.fill("#email", self.user["email"])
            self.page.fill("#password", self.user["password"])
            self.page.click("#next")
            return True
        if self.page.locator("button#continue").count():
            self.page.click("button#continue")
            return True
        return False

    def photograph(self) -> str:
        """Return what is on the screen, as a `data:` address."""
        picture = base64.b64encode(self.page.screenshot()).decode()
        return f"data:image/png;base64,{picture}"


@contextmanager
def fresh_person(browser: Browser, origin: str, user: Mapping[str, Any]) -> Iterator[Chromium]:
    """Open a browser without a past; close it afterwards."""
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(_PATIENCE_MS)
    try:
        yield Chromium(context.new_page(), origin, user)
    finally:
        context.close()
