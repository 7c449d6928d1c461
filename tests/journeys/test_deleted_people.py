"""Somebody whose account was deleted is nobody, until it is brought back."""

from typing import Any

import httpx

from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import PASSWORD, a_person, begin, sign_in
from tests.world.browser import page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server


def asked(site: Server, method: str, path: str) -> httpx.Response:
    """Ask Graph as the administrator."""
    headers = {"Authorization": f"Bearer {site.token()}"}
    return site.client.request(method, f"{site.origin}/v1.0/{path}", headers=headers)


def test_a_deleted_account_ends_everything_and_comes_back_with_its_password(
    site: Server, open_browser: OpenBrowser
) -> None:
    party, person, browser = RelyingParty(site), a_person(site), open_browser()
    tokens = party.tokens(sign_in(browser, party, person))
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    userinfo = f"{party.provider}/openid/v2.0/userinfo"
    assert site.client.get(userinfo, headers=bearer).status_code == 200

    assert asked(site, "DELETE", f"users/{person.id}").status_code == 204
    refused = party.token(**refresh)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert site.client.get(userinfo, headers=bearer).status_code == 401
    # The browser was signed in, and is asked again.
    assert "password" in page(browser.open(party.link()))
    shown = begin(open_browser(), party)
    wrong = open_browser()
    again = page(wrong.press(begin(wrong, party), "next", email=person.email, password=PASSWORD))
    assert "password" in again
    assert "password" in shown

    restored = asked(site, "POST", f"directory/deletedItems/{person.id}/restore")
    assert restored.status_code == 200, restored.text
    claims: dict[str, Any] = party.claims(sign_in(open_browser(), party, person))
    assert claims["sub"] == person.id
    # What ended stays ended.
    assert party.token(**refresh).status_code == 400
