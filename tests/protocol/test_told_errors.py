"""Whoever is told an error can quote an id, and an administrator finds the error by it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gatelodge.journeys.retries import MOST_REFUSED_FORMS
from tests.journeys.people import CHANGE, SEND, VERIFY, a_new_address
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
_CORRELATION = re.compile(r"Correlation ID: ([0-9a-f-]{36})")
Told = tuple[str, str]
"""The code, and the text it was told in."""


def shown(browser: Browser, url: str) -> Told:
    seen = page(browser.open(url))
    found = re.search(r"AADB2C\d+", seen.text)
    assert found, seen.text
    return found[0], seen.text


def redirected(browser: Browser, url: str) -> Told:
    arrived = arrival(browser.open(url))
    return arrived.error_code, arrived.parameters["error_description"]


def refused(answer: httpx.Response) -> Told:
    told = answer.json()["error_description"]
    return told.partition(":")[0], told


def displayed_request(**changes: str | None) -> Callable[[House, Browser], Told]:
    return lambda house, browser: shown(browser, RelyingParty(house).link(**changes))


def redirected_request(**changes: str | None) -> Callable[[House, Browser], Told]:
    return lambda house, browser: redirected(browser, RelyingParty(house).link(**changes))


def token_request(**form: str) -> Callable[[House, Browser], Told]:
    return lambda house, _browser: refused(RelyingParty(house).token(**form))


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


def front_channel(house: House, browser: Browser) -> Told:
    party = RelyingParty(house, name="no-front-channel")
    return redirected(browser, party.link(response_type="id_token"))


ERRORS: tuple[tuple[str, Callable[[House, Browser], Told]], ...] = (
    ("AADB2C90005", displayed_request(redirect_uri="/callback")),
    ("AADB2C90006", displayed_request(redirect_uri="https://evil.example/")),
    ("AADB2C90008", displayed_request(client_id=None)),
    ("AADB2C90010", redirected_request(scope=None)),
    ("AADB2C90013", redirected_request(response_type="nonsense")),
    ("AADB2C90015", another_method),
    ("AADB2C90018", displayed_request(client_id="nobody")),
    ("AADB2C90043", redirected_request(prompt="create")),
    ("AADB2C90057", redirected_request(response_type="token")),
    ("AADB2C90077", redirected_request(prompt="none")),
    ("AADB2C90083", token_request(grant_type="authorization_code")),
    ("AADB2C90086", token_request(grant_type="nonsense")),
    ("AADB2C90091", cancelled),
    ("AADB2C90107", front_channel),
    ("AADB2C90118", forgotten),
    ("AADB2C90128", token_request(grant_type="refresh_token", refresh_token="unknown")),
    ("AADB2C90157", tried_too_often),
    ("AADB2C90235", old_hint),
    ("AADB2C90287", displayed_request(redirect_uri="https://app.example/#part")),
)


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


@pytest.mark.parametrize(("code", "cause"), ERRORS, ids=[code for code, _ in ERRORS])
def test_an_error_is_found_by_its_correlation_id(
    house: House, visitor: Browser, code: str, cause: Callable[[House, Browser], Told]
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
