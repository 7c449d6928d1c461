"""The user flow `passwordReset`, and resetting inside `signUpOrSignIn`."""

import pytest

from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import (
    NEW_PASSWORD,
    PASSWORD,
    SEND,
    VERIFY,
    Person,
    a_new_address,
    a_person,
    at_new_password,
    begin,
    change_account,
    passwords,
    prove,
    sign_in,
)
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

INSIDE = pytest.mark.parametrize("flow", ["passwordReset", "signUpOrSignIn"])


def at_reset(browser: Browser, party: RelyingParty) -> Shown:
    shown = begin(browser, party)
    return page(browser.press(shown, "forgotPassword")) if "forgotPassword" in shown else shown


def reset(browser: Browser, site: Server, party: RelyingParty, person: Person) -> Arrived:
    shown = at_new_password(browser, site, at_reset(browser, party), person.email)
    return arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))


@INSIDE
def test_a_proved_address_gets_a_new_password_and_tokens(
    site: Server, browser: Browser, open_browser: OpenBrowser, flow: str
) -> None:
    party, person = RelyingParty(site, flow), a_person(site)
    claims = party.claims(reset(browser, site, party, person))
    assert claims["sub"] == person.id
    assert claims["tfp"] == site.facts["user_flows"][flow]
    assert "newUser" not in claims
    other = open_browser()
    shown = begin(other, RelyingParty(site, "signIn"))
    shown = page(other.press(shown, "next", email=person.email, password=PASSWORD))
    assert "does not match" in shown.text
    arrival(other.press(shown, "next", email=person.email, password=NEW_PASSWORD))


def test_a_new_password_ends_sessions_and_refresh_tokens(
    site: Server, open_browser: OpenBrowser
) -> None:
    party, person = RelyingParty(site), a_person(site)
    elsewhere, here = open_browser(), open_browser()
    tokens = party.tokens(sign_in(elsewhere, party, person))
    code = arrival(elsewhere.open(party.link()))
    reset(here, site, RelyingParty(site, "passwordReset"), person)
    assert party.refresh(tokens["refresh_token"]).status_code == 400
    assert party.redeem(code).status_code == 400
    assert "password" in page(elsewhere.open(party.link()))


@INSIDE
def test_who_reset_is_signed_in_in_that_browser(site: Server, browser: Browser, flow: str) -> None:
    person, other = a_person(site), a_person(site)
    sign_in(browser, RelyingParty(site), other)
    party = RelyingParty(site, flow)
    shown = begin(browser, party, prompt="login")
    shown = page(browser.press(shown, "forgotPassword")) if "forgotPassword" in shown else shown
    shown = at_new_password(browser, site, shown, person.email)
    arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))
    party = RelyingParty(site)
    assert party.claims(arrival(browser.open(party.link())))["sub"] == person.id


@INSIDE
def test_an_unknown_address_looks_the_same_and_gets_no_mail(
    site: Server, open_browser: OpenBrowser, flow: str
) -> None:
    party, person, unknown = RelyingParty(site, flow), a_person(site), a_new_address()
    seen = []
    for email in (person.email, unknown):
        browser = open_browser()
        shown = page(browser.press(at_reset(browser, party), SEND, email=email))
        wrong = page(browser.press(shown, VERIFY, emailVerificationCode="000000"))
        seen.append([each.text.replace(email, "") for each in (shown, wrong)])
    assert seen[0] == seen[1]
    site.code_for(person.email)
    sent = site.stores(lambda stores: stores.messages.latest())
    assert [each.to for each in sent if each.to == unknown] == []


def test_an_unknown_address_is_throttled_like_a_known_one(site: Server, browser: Browser) -> None:
    party, unknown = RelyingParty(site, "passwordReset"), a_new_address()
    shown = page(browser.press(at_reset(browser, party), SEND, email=unknown))
    for _ in range(10):
        shown = page(browser.press(shown, "emailVerificationControl_but_send_new_code"))
    assert "Many codes went to this address" in shown.text


def test_the_proof_counts_once(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "passwordReset"), a_person(site)
    shown = at_new_password(browser, site, at_reset(browser, party), person.email)
    arrived = arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))
    party.tokens(arrived)
    again = page(browser.press(shown, "continue", **passwords("Another-Thing-55")))
    assert "AADB2C90046" in again.text
    sign_in(browser, RelyingParty(site), person, NEW_PASSWORD, prompt="login")


def test_a_new_password_keeps_the_rules(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "passwordReset"), a_person(site)
    shown = at_new_password(browser, site, at_reset(browser, party), person.email)
    shown = page(browser.press(shown, "continue", **passwords("Sh0rt-a")))
    assert "needs at least 8" in shown.text
    shown = page(browser.press(shown, "continue", **passwords(NEW_PASSWORD, "other")))
    assert "two passwords differ" in shown.text
    arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))


def test_a_new_password_lifts_the_lock(site: Server, browser: Browser) -> None:
    person = a_person(site)
    shown = begin(browser, RelyingParty(site))
    for number in range(10):
        shown = page(browser.press(shown, "next", email=person.email, password=f"wrong {number}"))
    reset(browser, site, RelyingParty(site, "passwordReset"), person)
    sign_in(browser, RelyingParty(site), person, NEW_PASSWORD, prompt="login")


@INSIDE
@pytest.mark.parametrize("stage", ["address", "code", "proved", "password"])
def test_cancelling_tells_the_application_and_changes_nothing(
    site: Server, browser: Browser, flow: str, stage: str
) -> None:
    party, person = RelyingParty(site, flow), a_person(site)
    shown = at_reset(browser, party)
    if stage == "code":
        shown = page(browser.press(shown, SEND, email=person.email))
    elif stage == "proved":
        shown = prove(browser, site, shown, person.email)
    elif stage == "password":
        shown = at_new_password(browser, site, shown, person.email)
    assert arrival(browser.press(shown, "cancel")).error_code == "AADB2C90091"
    sign_in(browser, RelyingParty(site), person)


def test_an_account_that_is_switched_off_stays_so(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "passwordReset"), a_person(site, is_enabled=False)
    arrived = reset(browser, site, party, person)
    assert arrived.parameters["error"] == "access_denied"
    assert arrived.error_code == "AADB2C90111"
    change_account(site, person, account_enabled=True)
    sign_in(browser, RelyingParty(site), person)


def test_nobody_s_session_speeds_a_reset_up(site: Server, browser: Browser) -> None:
    person = a_person(site)
    sign_in(browser, RelyingParty(site), person)
    shown = at_reset(browser, RelyingParty(site, "passwordReset"))
    assert SEND in shown
    assert shown.value_of("email") == ""
