"""Somebody who signs in with Chromium, on pages as people see them."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from playwright.sync_api import Browser, Page

from scripts.conformance.suite import Visit

MOST_PAGES = 6
_PATIENCE_MS = 15_000


_SEND = """([action, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass(slots=True)
class Chromium:
    """A person of the seeded tenant at one page; `seen` is the last of our pages that was shown."""

    page: Page
    origin: str
    user: Mapping[str, Any]
    seen: bytes | None = None

    def open(self, visit: Visit) -> None:
        """Open an address; sign in, agree and sign out as often as a page asks for it."""
        if visit.method == "POST":
            self._post(visit.url)
        else:
            self.page.goto(visit.url, wait_until="networkidle")
        for _ in range(MOST_PAGES):
            if not self.page.url.startswith(f"{self.origin}/"):
                return
            self.seen = self.page.screenshot()
            if not self._answered():
                return
            self.page.wait_for_load_state("networkidle")

    def _post(self, url: str) -> None:
        """Send the query of an address as a form does."""
        parts = urlsplit(url)
        self.page.goto("about:blank")
        with self.page.expect_navigation(wait_until="networkidle"):
            fields = parse_qsl(parts.query, keep_blank_values=True)
            self.page.evaluate(_SEND, [urlunsplit(parts._replace(query="")), fields])

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
        """Return the last of our pages, or else what is on the screen, as a `data:` address."""
        picture = base64.b64encode(self.seen or self.page.screenshot()).decode()
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
