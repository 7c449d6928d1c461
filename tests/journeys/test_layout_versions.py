"""Versions of page layouts: older templates and browser tests find their names again."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from tests.journeys.people import PASSWORD, a_new_address, at_sign_up, passwords
from tests.world.browser import Browser, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

Ask = Callable[..., httpx.Response]
NEW = {
    "emailVerificationControl_but_send_code": "email_ver_but_send",
    "emailVerificationControl_but_verify_code": "email_ver_but_verify",
    "emailVerificationControl_but_send_new_code": "email_ver_but_resend",
    "emailVerificationControl_but_change_claims": "email_ver_but_edit",
    "emailVerificationCode": "email_ver_input",
}
_numbers = count(1)


@pytest.fixture
def layout(server: Server) -> Iterator[Callable[..., Any]]:
    """Return how to ask for the layout of the sign-up page of a new user flow."""
    headers = {"Authorization": f"Bearer {server.token()}"}
    below = f"{server.origin}/beta/identity/b2cUserFlows"
    body = {
        "id": f"Versions{next(_numbers)}",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 3,
    }
    server.client.post(below, headers=headers, json=body).raise_for_status()
    address = f"{below}/B2C_1_{body['id']}"

    def asked(method: str, more: str = "", **arguments: Any) -> httpx.Response:
        path = f"{address}/pageLayouts/api.localaccountsignup{more}"
        return server.client.request(method, path, headers=headers, **arguments)

    asked.flow = f"B2C_1_{body['id']}"  # type: ignore[attr-defined]
    yield asked
    server.client.delete(address, headers=headers)


def test_a_first_layout_asks_for_the_code_under_its_old_names(server: Server, layout: Any) -> None:
    offered = layout("GET", "/availableVersions").json()["value"]
    assert [each[0] for each in offered] == ["1", "2", "2"]
    layout("PATCH", json={"version": offered[0]}).raise_for_status()
    party, email = RelyingParty(server, layout.flow), a_new_address()
    with server.new_client() as client:
        browser = Browser(client)
        first = at_sign_up(browser, party)
        shown = page(browser.press(first, "email_ver_but_send", email=email))
        html = first.response.text + shown.response.text
        assert 'class="buttons verify" claim_id="email"' in html
        for new, old in NEW.items():
            assert f'id="{new}"' not in html
            assert f'id="{old}"' in html or old == "email_ver_but_edit"
        wrong = page(browser.press(shown, "email_ver_but_verify", email_ver_input="000000"))
        assert 'id="email_fail_retry"' in wrong.response.text
        code = server.code_for(email)
        proved = page(browser.press(wrong, "email_ver_but_verify", email_ver_input=code))
        assert 'id="email_success"' in proved.response.text
        assert 'id="email_ver_but_edit"' in proved.response.text
        done = browser.press(proved, "continue", **passwords(PASSWORD))
        assert arrival(done).code


def test_a_version_between_has_the_names_of_the_newest(server: Server, layout: Any) -> None:
    offered = layout("GET", "/availableVersions").json()["value"]
    layout("PATCH", json={"version": offered[1]}).raise_for_status()
    with server.new_client() as client:
        shown = at_sign_up(Browser(client), RelyingParty(server, layout.flow))
    assert "emailVerificationControl_but_send_code" in shown
    answer = layout("PATCH", json={"version": "2.1.27"})
    assert answer.status_code == 400
    assert all(each in answer.json()["error"]["message"] for each in offered)
    assert layout("GET").json()["version"] == offered[1]
