"""The RP-initiated logout plan, by the suite's names (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import urlencode

import pytest

from tests.protocol.conformance.conftest import BASIC
from tests.protocol.conformance.strict import Client
from tests.world.browser import Arrived, Browser, Shown, arrival, page

pytestmark = pytest.mark.parametrize("variant", BASIC[:1], ids=" ".join, indirect=True)


def leave(client: Client, browser: Browser, **query: str) -> Shown | Arrived:
    address = client.metadata["end_session_endpoint"]
    return browser.open(f"{address}?{urlencode(query)}" if query else address)


def confirmed(browser: Browser, shown: Shown | Arrived) -> Shown | Arrived:
    return browser.press(page(shown), "continue")


def is_signed_in(client: Client, browser: Browser) -> bool:
    return isinstance(client.ask(browser, client.parameters()), Arrived)


def refused(client: Client, browser: Browser, **query: str) -> None:
    """Demand an error page: nobody is sent anywhere, and nothing is ended."""
    shown = page(leave(client, browser, **query))
    assert shown.response.status_code == 400
    assert is_signed_in(client, browser)


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(client: Client) -> None:
    assert client.metadata["end_session_endpoint"].startswith("https://")


def test_oidcc_rp_initiated_logout(client: Client, visitor: Browser) -> None:
    hint, home = client.sign_in(visitor).hint, client.party.redirect_uri
    arrived = arrival(
        leave(client, visitor, id_token_hint=hint, post_logout_redirect_uri=home, state="s")
    )
    assert arrived.url == f"{home}?state=s"
    assert not is_signed_in(client, visitor)


def test_oidcc_rp_initiated_logout_no_state(client: Client, visitor: Browser) -> None:
    hint, home = client.sign_in(visitor).hint, client.party.redirect_uri
    arrived = arrival(leave(client, visitor, id_token_hint=hint, post_logout_redirect_uri=home))
    assert arrived.url == home
    assert not is_signed_in(client, visitor)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(
    client: Client, visitor: Browser
) -> None:
    hint = client.sign_in(visitor).hint
    page(leave(client, visitor, id_token_hint=hint, state="s"))
    assert not is_signed_in(client, visitor)


def test_oidcc_rp_initiated_logout_no_params(client: Client, visitor: Browser) -> None:
    client.sign_in(visitor)
    page(confirmed(visitor, leave(client, visitor)))
    assert not is_signed_in(client, visitor)


def test_oidcc_rp_initiated_logout_only_state(client: Client, visitor: Browser) -> None:
    client.sign_in(visitor)
    page(confirmed(visitor, leave(client, visitor, state="s")))
    assert not is_signed_in(client, visitor)


def test_oidcc_rp_initiated_logout_no_id_token_hint(client: Client, visitor: Browser) -> None:
    client.sign_in(visitor)
    shown = leave(client, visitor, post_logout_redirect_uri=client.party.redirect_uri, state="s")
    assert is_signed_in(client, visitor)
    confirmed(visitor, shown)
    assert not is_signed_in(client, visitor)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(
    client: Client, visitor: Browser
) -> None:
    hint = client.sign_in(visitor).hint
    elsewhere = "https://elsewhere.example/"
    refused(client, visitor, id_token_hint=hint, post_logout_redirect_uri=elsewhere)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(
    client: Client, visitor: Browser
) -> None:
    hint, home = client.sign_in(visitor).hint, client.party.redirect_uri
    refused(client, visitor, id_token_hint=hint, post_logout_redirect_uri=f"{home}?foo=bar")


def test_oidcc_rp_initiated_logout_modified_id_token_hint(client: Client, visitor: Browser) -> None:
    head, body, signature = client.sign_in(visitor).hint.split(".")
    hint, home = f"{head}.{body}.{signature[::-1]}", client.party.redirect_uri
    refused(client, visitor, id_token_hint=hint, post_logout_redirect_uri=home)


def test_oidcc_rp_initiated_logout_bad_id_token_hint(client: Client, visitor: Browser) -> None:
    client.sign_in(visitor)
    home = client.party.redirect_uri
    refused(client, visitor, id_token_hint="bad", post_logout_redirect_uri=home)
