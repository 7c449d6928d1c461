"""Whoever is told an error can quote an id, and an administrator finds the error by it."""

import re
from dataclasses import replace
from typing import Any

import pytest

from gatelodge.journeys.retries import MOST_REFUSED_FORMS
from gatelodge.model.user_flow import SessionConfiguration
from tests.journeys.people import CHANGE, SEND, VERIFY, a_new_address
from tests.protocol.told import (
    ASSERTION,
    Cause,
    Told,
    begun_by_a_browser_s_application,
    contradicting,
    displayed_request,
    got,
    hinting,
    lost,
    redeemed,
    redirected_request,
    shown,
    signed_in_long_ago,
    signing_out,
    token_request,
    without_user_flow,
)
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import HOME, OpenVisit, configure, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
_CORRELATION = re.compile(r"Correlation ID: ([0-9a-f-]{36})")


def another_method(house: House, browser: Browser) -> Told:
    answer = browser.client.put(RelyingParty(house).link())
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    return "AADB2C90015", Shown(answer).text


def cancelled(house: House, browser: Browser) -> Told:
    seen = page(browser.open(RelyingParty(house, "signUp").link()))
    arrived = arrival(browser.press(seen, "cancel"))
    return arrived.error_code, arrived.parameters["error_description"]


def forgotten(house: House, browser: Browser) -> Told:
    passwords = configure(house, "signIn").password_complexity_configuration
    off = replace(passwords, is_self_service_password_reset_allowed=False)
    configure(house, "signIn", password_complexity_configuration=off)
    try:
        seen = page(browser.open(RelyingParty(house, "signIn").link()))
        arrived = arrival(browser.press(seen, "forgotPassword"))
    finally:
        configure(house, "signIn", password_complexity_configuration=passwords)
    return arrived.error_code, arrived.parameters["error_description"]


def tried_too_often(house: House, browser: Browser) -> Told:
    seen = page(browser.open(RelyingParty(house, "signUp").link()))
    for _ in range(MOST_REFUSED_FORMS):
        seen = page(browser.press(seen, SEND, email="no address"))
        assert "does not look right" in seen.text
    arrived = arrival(browser.press(seen, SEND, email="no address"))
    assert arrived.parameters["error"] == "access_denied"
    return arrived.error_code, arrived.parameters["error_description"]


def old_hint(house: House, browser: Browser) -> Told:
    """Sign out with an old ID token of somebody who is not the one signed in."""
    party = RelyingParty(house)
    hint = str(party.tokens(signed_in(Browser(house.new_client()), party))["id_token"])
    house.clock.move(hours=2)
    other = house.facts["users"][1]
    seen = page(browser.open(party.link()))
    arrival(browser.press(seen, "next", email=other["email"], password=other["password"]))
    return shown(browser, f"{party.provider}/oauth2/v2.0/logout?id_token_hint={hint}")


def without_a_hint(house: House, browser: Browser) -> Told:
    strict = SessionConfiguration(enforce_id_token_hint_on_logout=True)
    name = "single_sign_on_session_configuration"
    before = configure(house, "signUpOrSignIn", **{name: strict})
    try:
        return shown(browser, f"{RelyingParty(house).provider}/oauth2/v2.0/logout")
    finally:
        configure(house, "signUpOrSignIn", **{name: getattr(before, name)})


NOBODY = {
    "grant_type": "password",
    "username": "nobody@people.example",
    "password": "Wrong-Password-1",
    "scope": "openid",
}
API = "https://acme.example/api"
NONE = "11111111-2222-4333-8444-555555555555"
MADE_UP = {"grant_type": "client_credentials", "client_assertion": "e30.e30.e30"}

ERRORS: tuple[tuple[str, Cause], ...] = (
    ("AADB2C90004", displayed_request("two", redirect_uri=None)),
    ("AADB2C90005", displayed_request(redirect_uri="/callback")),
    ("AADB2C90006", displayed_request(redirect_uri="https://evil.example/")),
    ("AADB2C90007", displayed_request("none", redirect_uri=HOME)),
    ("AADB2C90008", displayed_request(client_id=None)),
    ("AADB2C90009", redirected_request(response_type="id_token", nonce=None)),
    ("AADB2C90010", redirected_request(scope=None)),
    ("AADB2C90013", redirected_request(response_type="nonsense")),
    ("AADB2C90014", redirected_request(response_mode="web_message")),
    ("AADB2C90015", another_method),
    ("AADB2C90016", token_request(**MADE_UP, client_assertion_type="a kind", client_secret="")),
    ("AADB2C90017", token_request(**MADE_UP, client_assertion_type=ASSERTION, client_secret="")),
    ("AADB2C90018", displayed_request(client_id="nobody")),
    ("AADB2C90018", token_request(client_id=NONE)),
    ("AADB2C90043", redirected_request(prompt="create")),
    ("AADB2C90046", lost),
    ("AADB2C90057", redirected_request(response_type="token")),
    ("AADB2C90058", begun_by_a_browser_s_application),
    ("AADB2C90067", signing_out(post_logout_redirect_uri="https://evil.example/")),
    ("AADB2C90077", redirected_request(prompt="none")),
    ("AADB2C90077", redirected_request(prompt="none", max_age="60")),
    ("AADB2C90079", token_request(client_secret="")),
    ("AADB2C90080", redeemed(301)),
    ("AADB2C90081", token_request(client_secret="wrong")),
    ("AADB2C90082", redeemed(scope=f"openid {API}/write")),
    ("AADB2C90083", token_request(grant_type="authorization_code")),
    ("AADB2C90084", token_request("spa", client_secret="any")),
    ("AADB2C90086", token_request(grant_type="nonsense")),
    ("AADB2C90088", redeemed(at="signIn")),
    ("AADB2C90091", cancelled),
    ("AADB2C90092", displayed_request("off")),
    ("AADB2C90107", redirected_request("no-front-channel", response_type="id_token")),
    ("AADB2C90110", redirected_request(response_type="id_token", scope=f"{API}/read")),
    ("AADB2C90115", redirected_request(scope="offline_access")),
    ("AADB2C90117", redirected_request(scope=f"openid {API}/fly")),
    ("AADB2C90118", forgotten),
    ("AADB2C90120", redirected_request(max_age="-1")),
    ("AADB2C90077", signed_in_long_ago(200_000)),
    ("AADB2C90121", signed_in_long_ago(100)),
    ("AADB2C90122", contradicting),
    ("AADB2C90122", redirected_request(request="e30.e30.")),
    ("AADB2C90122", redeemed(redirect_uri=f"{HOME}/another")),
    ("AADB2C90123", redirected_request("implicit", response_type="token", scope="openid")),
    ("AADB2C90128", token_request(grant_type="refresh_token", refresh_token="unknown")),
    ("AADB2C90129", redeemed(times=2)),
    ("AADB2C90146", redirected_request(scope=f"{API}/read https://other.example/api/look")),
    ("AADB2C90157", tried_too_often),
    ("AADB2C90182", redeemed(code_verifier="x" * 43)),
    ("AADB2C90183", redeemed(code_verifier="")),
    ("AADB2C90184", redirected_request("spa", code_challenge_method="plain")),
    ("AADB2C90205", redirected_request("one", scope=f"{API}/write")),
    ("AADB2C90209", hinting("{id_token}", "two")),
    ("AADB2C90210", hinting("{access_token}")),
    ("AADB2C90224", token_request("spa", "resourceOwner", grant_type="password")),
    ("AADB2C90225", token_request("native", "resourceOwner", **NOBODY)),
    ("AADB2C90226", got),
    ("AADB2C90233", hinting("{id_token}x")),
    ("AADB2C90235", old_hint),
    ("AADB2C90237", signing_out("{id_token}", client_id=NONE)),
    ("AADB2C90239", signing_out("{id_token}x")),
    ("AADB2C90240", signing_out("{access_token}")),
    ("AADB2C90250", without_user_flow),
    ("AADB2C90272", without_a_hint),
    ("AADB2C90279", redeemed(by="two")),
    ("AADB2C90287", displayed_request(redirect_uri="https://app.example/#part")),
    ("AADB2C99005", redirected_request(scope='openid "')),
    ("AADB2C99059", redirected_request("spa", code_challenge=None)),
)
IDS = [f"{code} {number}" for number, (code, _) in enumerate(ERRORS)]


def found_by(house: House, correlation_id: str) -> list[dict[str, Any]]:
    """Ask the Graph API as an administrator's program would."""
    admin = house.facts["admin"]
    token = house.client.post(
        f"/{house.facts['tenant_id']}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": admin["client_id"],
            "client_secret": admin["client_secret"],
            "scope": "https://graph.microsoft.com/.default",
        },
    ).json()["access_token"]
    answer = house.client.get(
        "/beta/auditLogs/signIns",
        params={"$filter": f"correlationId eq '{correlation_id}'"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["value"]
    return found


@pytest.mark.parametrize(("code", "cause"), ERRORS, ids=IDS)
def test_an_error_is_found_by_its_correlation_id(
    house: House, visitor: Browser, code: str, cause: Cause
) -> None:
    told, text = cause(house, visitor)
    assert told == code
    quoted = _CORRELATION.search(text)
    assert quoted is not None, text
    statuses = [each["status"] for each in found_by(house, quoted[1])]
    assert {"errorCode": int(code[6:]), "failureReason": code} in statuses


def test_an_old_hint_still_ends_the_session_it_tells_of(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    hint = str(party.tokens(signed_in(visitor, party))["id_token"])
    house.clock.move(hours=2)
    seen = page(visitor.open(f"{party.provider}/oauth2/v2.0/logout", id_token_hint=hint))
    assert "signed out" in seen.text


def test_a_step_that_is_done_in_the_end_begins_to_count_anew(
    house: House, visit: OpenVisit
) -> None:
    browser, email = visit(), a_new_address()
    seen = page(browser.open(RelyingParty(house, "signUp").link()))
    for _ in range(MOST_REFUSED_FORMS):
        seen = page(browser.press(seen, SEND, email="no address"))
    seen = page(browser.press(seen, SEND, email=email))
    seen = page(browser.press(seen, VERIFY, emailVerificationCode=house.code_for(email)))
    seen = page(browser.press(seen, "continue", displayName="", newPassword="a"))
    assert CHANGE in seen.form.buttons
    assert not isinstance(seen, Arrived)
