"""A user flow that asks for ages: whom it lets in, whom it does not, and who is told."""

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest

from gatelodge.model.account import Account
from gatelodge.model.age import AgeGating, AgeGroup, ConsentForMinor, MinorsPolicy, OnBlock
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, VERIFY, passwords
from tests.journeys.test_settings import settled
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

__all__ = ["settled"]
FLOW = "signUpOrSignIn"
CLAIMS = (
    "objectId",
    "emails",
    "ageGroup",
    "consentProvidedForMinor",
    "legalAgeGroupClassification",
)
_numbers = count(1)


def gate(
    house: House,
    policy: MinorsPolicy = MinorsPolicy.BLOCK_UNDER_AGE_OF_CONSENT,
    on_block: OnBlock = OnBlock.SHOW_ERROR_PAGE,
    **changes: Any,
) -> None:
    settings = AgeGating(is_age_gating_enabled=True, minors_policy=policy, on_block=on_block)
    configure(house, FLOW, age_gating_configuration=settings, application_claims=CLAIMS, **changes)


def born(house: House, years: int) -> str:
    today = house.clock().date()
    return date(today.year - years, today.month, 1).isoformat()


def at_age(house: House, browser: Browser) -> tuple[Shown, str]:
    """Sign up as far as the page that asks for the age."""
    answer, email = with_password(house, browser)
    return page(answer), email


def sign_up(
    house: House, browser: Browser, years: int, country: str
) -> tuple[Arrived | Shown, str]:
    shown, email = at_age(house, browser)
    answer = browser.press(shown, "continue", dateOfBirth=born(house, years), country=country)
    return answer, email


def account(house: House, email: str) -> Account | None:
    domain = house.facts["tenant_domain"]
    return house.stores(lambda stores: stores.accounts.by_sign_in_name(domain, key_of(email)))


def change(house: House, email: str, **changes: Any) -> None:
    async def work(stores: Stores) -> None:
        found = await stores.accounts.by_sign_in_name(house.facts["tenant_domain"], key_of(email))
        assert found is not None
        await stores.accounts.save(replace(found, **changes))

    house.stores(work)


def sign_in(house: House, browser: Browser, email: str) -> Arrived | Shown:
    shown = page(browser.open(RelyingParty(house, FLOW).link(prompt="login")))
    return browser.press(shown, "next", email=email, password=PASSWORD)


def test_an_adult_gets_an_account_and_the_tokens_say_so(house: House, visit: OpenVisit) -> None:
    gate(house)
    answer, email = sign_up(house, visit(), 30, "DE")
    claims = RelyingParty(house, FLOW).claims(arrival(answer))
    assert claims["ageGroup"] == "Adult"
    assert claims["consentProvidedForMinor"] == "NotRequired"
    assert claims["legalAgeGroupClassification"] == "Adult"
    found = account(house, email)
    assert found is not None
    assert (found.age_group, found.country, found.date_of_birth) == (
        AgeGroup.ADULT,
        "DE",
        born(house, 30),
    )


@pytest.mark.parametrize(
    ("policy", "years", "country", "is_in"),
    [
        (MinorsPolicy.ALLOW_MINORS, 10, "DE", True),
        (MinorsPolicy.BLOCK_UNDER_AGE_OF_CONSENT, 10, "DE", False),
        (MinorsPolicy.BLOCK_UNDER_AGE_OF_CONSENT, 16, "DE", True),
        (MinorsPolicy.BLOCK_UNDER_AGE_OF_CONSENT, 10, "ZZ", True),
        (MinorsPolicy.BLOCK_ALL_MINORS, 17, "DE", False),
        (MinorsPolicy.BLOCK_ALL_MINORS, 10, "ZZ", False),
        (MinorsPolicy.BLOCK_ALL_MINORS, 18, "ZZ", True),
    ],
)
def test_who_is_let_in_gets_an_account_and_who_is_not_gets_none(
    house: House, visit: OpenVisit, policy: MinorsPolicy, years: int, country: str, is_in: bool
) -> None:
    gate(house, policy)
    answer, email = sign_up(house, visit(), years, country)
    assert isinstance(answer, Arrived) is is_in
    assert (account(house, email) is not None) is is_in


def test_who_is_not_let_in_reads_so_and_reloading_changes_nothing(
    house: House, visit: OpenVisit
) -> None:
    gate(house)
    browser = visit()
    answer, email = sign_up(house, browser, 10, "DE")
    shown = page(answer)
    assert "Because of your age" in shown.text
    assert shown.form.buttons == {}
    assert "Because of your age" in page(browser.open(shown.url)).text
    assert account(house, email) is None
    events = house.run(house.world_stores.audit_events.latest())
    assert any(each.name is EventName.MINOR_BLOCKED for each in events)


def test_the_application_is_told_where_the_user_flow_says_so(
    house: House, visit: OpenVisit
) -> None:
    gate(house, on_block=OnBlock.TELL_APPLICATION)
    answer, email = sign_up(house, visit(), 10, "DE")
    assert arrival(answer).parameters["error"] == "access_denied"
    assert arrival(answer).error_code == "AADB2C90278"
    assert account(house, email) is None


def test_who_is_known_is_asked_once_and_judged_every_time(house: House, visit: OpenVisit) -> None:
    answer, email = with_password(house, visit())
    arrival(answer)
    gate(house)
    shown = page(sign_in(house, visit(), email))
    assert "dateOfBirth" in shown
    answer = visit_again(house, visit, email, born(house, 15))
    assert "Because of your age" in page(answer).text
    # The date counts from now on: nobody is asked for another.
    again = page(sign_in(house, visit(), email))
    assert "dateOfBirth" not in again
    assert "Because of your age" in again.text
    change(house, email, consent_provided_for_minor=ConsentForMinor.GRANTED)
    claims = RelyingParty(house, FLOW).claims(arrival(sign_in(house, visit(), email)))
    assert claims["legalAgeGroupClassification"] == "MinorWithParentalConsent"
    house.clock.move(days=366)
    claims = RelyingParty(house, FLOW).claims(arrival(sign_in(house, visit(), email)))
    assert claims["ageGroup"] == "NotAdult"


def with_password(house: House, browser: Browser) -> tuple[Arrived | Shown, str]:
    email = f"young{next(_numbers)}@people.example"
    shown = page(browser.open(RelyingParty(house, FLOW).link()))
    shown = page(browser.press(page(browser.press(shown, "createAccount")), SEND, email=email))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))
    return browser.press(shown, "continue", **passwords(), displayName="Young"), email


def visit_again(house: House, visit: OpenVisit, email: str, when: str) -> Arrived | Shown:
    browser = visit()
    shown = page(sign_in(house, browser, email))
    return browser.press(shown, "continue", dateOfBirth=when, country="DE")


@pytest.mark.parametrize("value", ["2999-01-01", "1850-01-01", "yesterday", ""])
def test_a_date_nobody_was_born_on_is_not_taken(house: House, visit: OpenVisit, value: str) -> None:
    gate(house)
    browser = visit()
    shown, email = at_age(house, browser)
    again = page(browser.press(shown, "continue", dateOfBirth=value, country="DE"))
    assert "dateOfBirth" in again
    assert account(house, email) is None


def test_a_resumed_session_is_judged_too(house: House, visit: OpenVisit) -> None:
    gate(house, MinorsPolicy.ALLOW_MINORS)
    browser = visit()
    answer, _ = sign_up(house, browser, 15, "DE")
    arrival(answer)
    gate(house)
    link = RelyingParty(house, FLOW).link()
    assert "Because of your age" in page(browser.open(link)).text
    silent = arrival(browser.open(RelyingParty(house, FLOW).link(prompt="none")))
    assert silent.parameters["error"] == "interaction_required"


def test_what_a_form_adds_does_not_change_a_known_date(house: House, visit: OpenVisit) -> None:
    gate(house)
    answer, email = sign_up(house, visit(), 10, "DE")
    page(answer)
    browser = visit()
    shown, email = at_age(house, browser)
    shown.form.values.append(("ageGroup", "Adult"))
    shown.form.values.append(("consentProvidedForMinor", "Granted"))
    answer = browser.press(shown, "continue", dateOfBirth=born(house, 10), country="DE")
    assert "Because of your age" in page(answer).text
    assert account(house, email) is None
