"""The user flow `profileUpdate`."""

from typing import Any

import pytest

from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import (
    NEW_PASSWORD,
    PASSWORD,
    Person,
    a_person,
    account_of,
    at_new_password,
    begin,
    change_account,
    passwords,
    sign_in,
)
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

NUMBER = "LoyaltyNumber"


def at_profile(browser: Browser, party: RelyingParty, person: Person) -> Shown:
    shown = begin(browser, party)
    return page(browser.press(shown, "next", email=person.email, password=PASSWORD))


def number_field(shown: Shown) -> str:
    (found,) = [each for each in shown.form.names if each.endswith(NUMBER)]
    return found


def test_it_needs_a_sign_in_first(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    shown = begin(browser, party)
    assert "password" in shown
    assert "displayName" not in shown
    assert "createAccount" not in shown
    shown = page(browser.press(shown, "next", email=person.email, password="wrong"))
    assert "displayName" not in shown


def test_a_session_is_enough(site: Server, browser: Browser) -> None:
    person = a_person(site)
    sign_in(browser, RelyingParty(site), person)
    shown = begin(browser, RelyingParty(site, "profileUpdate"))
    assert shown.value_of("displayName").startswith("Person")


def test_new_values_are_kept_and_in_the_token(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    shown = at_profile(browser, party, person)
    assert shown.value_of("givenName") == "Given"
    changed = {"displayName": "New Name", "givenName": "", "surname": "Münster"}
    arrived = arrival(browser.press(shown, "continue", **changed, **{number_field(shown): "0042"}))
    claims = party.claims(arrived)
    assert claims["sub"] == person.id
    assert claims["name"] == "New Name"
    assert claims["family_name"] == "Münster"
    assert claims[f"extension_{NUMBER}"] == "0042"
    assert "given_name" not in claims
    account = account_of(site, person.email)
    assert account is not None
    assert (account.given_name, account.surname) == (None, "Münster")
    shown = begin(browser, party)
    assert shown.value_of(number_field(shown)) == "0042"


def test_cancelling_writes_nothing(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    shown = at_profile(browser, party, person)
    before = account_of(site, person.email)
    assert arrival(browser.press(shown, "cancel", displayName="Other")).error_code == "AADB2C90091"
    assert account_of(site, person.email) == before


def test_what_the_page_does_not_ask_is_not_taken(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    shown = at_profile(browser, party, person)
    before = account_of(site, person.email)
    forged = {
        "email": "other@people.example",
        "mail": "other@people.example",
        "identities": "x",
        "objectId": "11111111-1111-4111-8111-111111111111",
        "accountEnabled": "false",
        "city": "Forged",
        "extension_other": "x",
        "newPassword": NEW_PASSWORD,
        "reenterPassword": NEW_PASSWORD,
    }
    shown.form.names.update({name: name for name in forged})
    claims = party.claims(arrival(browser.press(shown, "continue", **forged)))
    after = account_of(site, person.email)
    assert before is not None
    assert after is not None
    assert claims["emails"] == [person.email]
    assert (after.identities, after.mail, after.city, after.extensions) == (
        before.identities,
        before.mail,
        before.city,
        before.extensions,
    )
    sign_in(browser, RelyingParty(site), person, prompt="login")


def test_a_value_that_cannot_be_kept_is_told(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    shown = at_profile(browser, party, person)
    shown = page(browser.press(shown, "continue", displayName="x" * 300, surname="Kept"))
    assert "characters long" in shown.text
    assert shown.value_of("surname") == "Kept"


@pytest.mark.parametrize(
    "changes", [{"account_enabled": False}, {"sign_in_sessions_valid_from": 1}]
)
def test_nothing_is_saved_for_an_account_whose_sign_ins_ended_meanwhile(
    site: Server, browser: Browser, changes: dict[str, Any]
) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    shown = at_profile(browser, party, person)
    if "sign_in_sessions_valid_from" in changes:
        account = account_of(site, person.email)
        assert account is not None
        changes = {"sign_in_sessions_valid_from": account.created_at.replace(year=2099)}
    change_account(site, person, **changes)
    arrived = arrival(browser.press(shown, "continue", displayName="Too late"))
    assert arrived.parameters["error"] == "access_denied"
    account = account_of(site, person.email)
    assert account is not None
    assert account.display_name != "Too late"


def test_a_reset_elsewhere_ends_the_journey_of_whoever_knew_the_old_password(
    site: Server, open_browser: OpenBrowser
) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    thief, owner = open_browser(), open_browser()
    shown = at_profile(thief, party, person)
    reset = at_new_password(
        owner, site, begin(owner, RelyingParty(site, "passwordReset")), person.email
    )
    arrival(owner.press(reset, "continue", **passwords(NEW_PASSWORD)))
    arrived = arrival(thief.press(shown, "continue", displayName="Thief"))
    assert arrived.parameters["error"] == "access_denied"


def test_somebody_else_s_change_in_between_is_not_lost(site: Server, browser: Browser) -> None:
    party, person = RelyingParty(site, "profileUpdate"), a_person(site)
    shown = at_profile(browser, party, person)
    change_account(site, person, job_title="Baker")
    arrival(browser.press(shown, "continue", surname="Changed"))
    account = account_of(site, person.email)
    assert account is not None
    assert (account.job_title, account.surname) == ("Baker", "Changed")
    assert account.updated_at is not None
