"""Terms of use: accepted at sign-up, and again when there are new ones."""

from collections.abc import Callable, Iterator
from html import unescape
from itertools import count
from typing import Any

import pytest

from tests.journeys.people import PASSWORD, a_new_address, proved_sign_up
from tests.world.asking import Ask, asking
from tests.world.browser import Browser, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

URL = "https://acme.example/terms"
FORM = {"newPassword": PASSWORD, "reenterPassword": PASSWORD, "displayName": "Ada"}
_numbers = count(1)


@pytest.fixture
def ask(site: Server) -> Ask:
    """Ask Graph as the administrator, below `/beta/`."""
    return asking(site)


@pytest.fixture
def flow(ask: Ask) -> Iterator[str]:
    """Return the id of a new user flow that asks for version 1."""
    body = {
        "id": f"Terms{next(_numbers)}",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 3,
        "termsOfUseConfiguration": {
            "isAcceptanceRequired": True,
            "version": "1",
            "termsOfUseUrl": URL,
            "privacyStatementUrl": "https://acme.example/privacy",
        },
    }
    made = ask("POST", "identity/b2cUserFlows", json=body)
    assert made.status_code == 201, made.text
    yield made.json()["id"]
    ask("DELETE", f"identity/b2cUserFlows/{made.json()['id']}")


def accepted(ask: Ask, email: str) -> list[str]:
    """Return the versions an account says were accepted."""
    found = ask("GET", f"users?$filter=mail eq '{email}'&$select=id,termsOfUseAcceptances").json()
    (user,) = found["value"]
    assert all(each["acceptedDateTime"] for each in user["termsOfUseAcceptances"])
    return [each["version"] for each in user["termsOfUseAcceptances"]]


def test_nobody_signs_up_without_accepting_and_each_version_is_asked_for_once(
    site: Server, ask: Ask, flow: str, open_browser: Callable[[], Browser]
) -> None:
    browser, party, email = open_browser(), RelyingParty(site, flow), a_new_address()
    shown = proved_sign_up(browser, site, party, email)
    assert f'href="{URL}"' in unescape(shown.response.text)
    refused = page(browser.press(shown, "continue", **FORM))
    assert "Please accept the terms of use to go on." in refused.response.text
    signed_up = browser.press(refused, "continue", **FORM, termsOfUse="true")
    assert arrival(signed_up).code
    assert accepted(ask, email) == ["1"]

    def sign_in(browser: Browser) -> Any:
        first = page(browser.open(party.link(prompt="login")))
        return browser.press(first, "next", email=email, password=PASSWORD)

    assert arrival(sign_in(open_browser())).code, "what was accepted is not asked for again"
    changes = {"termsOfUseConfiguration": {"version": "2"}}
    ask("PATCH", f"identity/b2cUserFlows/{flow}", json=changes).raise_for_status()
    silent = arrival(browser.open(party.link(prompt="none")))
    assert silent.parameters["error"] == "interaction_required"
    asked = page(sign_in(browser))
    assert asked.text_of("api").startswith("Terms of use")
    assert "Please accept" in page(browser.press(asked, "continue")).response.text
    assert accepted(ask, email) == ["1"]
    left = arrival(browser.press(page(sign_in(browser)), "cancel"))
    assert left.parameters["error"] == "access_denied"
    again = page(sign_in(browser))
    assert arrival(browser.press(again, "continue", termsOfUse="true")).code
    assert accepted(ask, email) == ["1", "2"]
    assert arrival(browser.open(party.link(prompt="none"))).code


@pytest.mark.parametrize("any_server", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("flow_type", "terms", "target"),
    [
        ("signUp", {"isAcceptanceRequired": True}, "termsOfUseUrl"),
        ("signUp", {"termsOfUseUrl": "http://acme.example/terms"}, "termsOfUseUrl"),
        ("signUp", {"privacyStatementUrl": "javascript:alert(1)"}, "privacyStatementUrl"),
        ("signUp", {"version": " "}, "version"),
        ("signUp", {"version": "9" * 65}, "version"),
        ("signUp", {"edition": "1"}, "edition"),
        ("resourceOwner", {"isAcceptanceRequired": True, "termsOfUseUrl": URL}, "isAcceptance"),
        ("profileUpdate", {"isAcceptanceRequired": True, "termsOfUseUrl": URL}, "isAcceptance"),
    ],
)
def test_terms_that_cannot_be_are_refused_and_named(
    ask: Ask, flow_type: str, terms: dict[str, Any], target: str
) -> None:
    body = {
        "id": f"Terms{next(_numbers)}",
        "userFlowType": flow_type,
        "userFlowTypeVersion": 1 if flow_type == "resourceOwner" else 3,
        "termsOfUseConfiguration": terms,
    }
    answer = ask("POST", "identity/b2cUserFlows", json=body)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    told = [error.get("target") or "", *(each["target"] for each in error.get("details") or ())]
    assert any(target in each for each in told), error
