"""What a test does with a tab that shows a browser application or a page of a user flow."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.witnesses.single_page import Site


def call(tab: Page, command: str, *given: Any) -> Any:
    """Ask the page's application for something that needs no other page."""
    return tab.evaluate(f"given => application.{command}(...given)", list(given))


def leave(tab: Page, command: str, *given: Any) -> None:
    """Ask the page's application for something that leads away from the page."""
    here = urlsplit(tab.url).netloc
    with tab.expect_navigation(url=lambda url: urlsplit(url).netloc != here):
        tab.evaluate(f"given => void application.{command}(...given)", list(given))


def press(tab: Page, button_id: str, **values: str) -> None:
    """Fill in fields by their ids and press a button."""
    for name, value in values.items():
        tab.fill(f"#{name}", value)
    with tab.expect_navigation():
        tab.click(f"#{button_id}")


def arrived(tab: Page, site: Site, heading: str) -> Any:
    """Return what the page was brought, once it has understood it."""
    tab.wait_for_url(f"{site.origin}/**")
    expect(tab.locator("h1")).to_have_text(heading)
    return tab.evaluate("arrived")
