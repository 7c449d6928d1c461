"""What the policies of a directory forbid is on no page."""

from collections.abc import Callable, Iterator

import pytest

from tests.world.asking import Ask, asking
from tests.world.browser import Browser, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

POLICIES = "policies/b2cAuthenticationMethodsPolicy"
SELF_SERVICE = "policies/authenticationFlowsPolicy"


@pytest.fixture
def ask(site: Server) -> Iterator[Ask]:
    """Ask Graph as the administrator, below `/beta/`; the policies are as before afterwards."""
    asked = asking(site)
    yield asked
    asked("PATCH", POLICIES, json={"isEmailPasswordAuthenticationEnabled": True})
    asked("PATCH", POLICIES, json={"isUserNameAuthenticationEnabled": True})
    asked("PATCH", POLICIES, json={"isPhoneOneTimePasswordAuthenticationEnabled": True})
    asked("PATCH", SELF_SERVICE, json={"selfServiceSignUp": {"isEnabled": True}})


def test_no_page_asks_for_a_kind_of_account_the_directory_does_not_have(
    site: Server, ask: Ask, open_browser: Callable[[], Browser]
) -> None:
    party = RelyingParty(site)
    assert "password" in page(open_browser().open(party.link()))
    forbidden = {"isEmailPasswordAuthenticationEnabled": False}
    assert ask("PATCH", POLICIES, json=forbidden).status_code == 204
    assert "password" not in page(open_browser().open(party.link()))


@pytest.mark.parametrize(
    ("flag", "method"),
    [
        ("isUserNameAuthenticationEnabled", "userName"),
        ("isPhoneOneTimePasswordAuthenticationEnabled", "phoneWithOneTimePassword"),
    ],
)
def test_a_user_flow_cannot_be_given_a_kind_the_directory_does_not_have(
    site: Server, ask: Ask, flag: str, method: str
) -> None:
    flow = f"identity/b2cUserFlows/{site.facts['user_flows']['signUpOrSignIn']}"
    body = {"authenticationMethods": method}
    assert ask("PATCH", POLICIES, json={flag: False}).is_success
    refused = ask("PATCH", flow, json=body)
    assert (refused.status_code, refused.json()["error"]["target"]) == (
        400,
        "authenticationMethods",
    )


def test_where_nobody_signs_up_by_oneself_partners_only_sign_in(
    site: Server, ask: Ask, open_browser: Callable[[], Browser]
) -> None:
    body = {"id": "Guests", "userFlowType": "signUpOrSignIn", "userFlowTypeVersion": 1}
    flows = "identity/b2xUserFlows"
    assert ask("POST", flows, json=body).status_code == 201
    party = RelyingParty(site, "B2X_1_Guests")
    assert "createAccount" in page(open_browser().open(party.link()))
    off = {"selfServiceSignUp": {"isEnabled": False}}
    assert ask("PATCH", SELF_SERVICE, json=off).status_code == 204
    assert "createAccount" not in page(open_browser().open(party.link()))
    refused = ask("POST", flows, json={**body, "id": "Others"})
    assert refused.status_code == 400
    assert "self service sign up" in refused.json()["error"]["message"]
    assert ask("DELETE", f"{flows}/B2X_1_Guests").status_code == 204
