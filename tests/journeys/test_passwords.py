"""Passwords exactly as they were typed, and none that is guessed first."""

from collections.abc import Iterator
from itertools import count

import pytest

from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.user_flow import (
    PasswordComplexity,
    PasswordConfiguration,
    SecondFactorConfiguration,
    SecondFactorState,
)
from tests.journeys.people import passwords
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

SIMPLE = PasswordConfiguration(complexity_level=PasswordComplexity.SIMPLE)
NIST = PasswordConfiguration(complexity_level=PasswordComplexity.NIST)
_numbers = count(1)


@pytest.fixture(autouse=True)
def unverified(house: House) -> Iterator[None]:
    """Sign people up on one page, and put the user flow back afterwards."""
    house.run(house.forget_sent_codes())
    only = (AttributeAssignment(id="email"),)
    before = configure(house, "signUp", attributes=only, password_complexity_configuration=SIMPLE)
    yield
    configure(
        house,
        "signUp",
        attributes=before.attributes,
        password_complexity_configuration=before.password_complexity_configuration,
        multifactor_authentication_configuration=before.multifactor_authentication_configuration,
    )


def an_address() -> str:
    return f"typist{next(_numbers)}@people.example"


def choose(house: House, browser: Browser, password: str, email: str = "") -> Shown | Arrived:
    shown = page(browser.open(RelyingParty(house, "signUp").link()))
    return browser.press(shown, "continue", email=email or an_address(), **passwords(password))


def enter(house: House, browser: Browser, email: str, password: str) -> Shown | Arrived:
    shown = page(browser.open(RelyingParty(house, "signIn").link()))
    return browser.press(shown, "next", email=email, password=password)


@pytest.mark.parametrize(
    ("chosen", "typed", "is_right"),
    [
        ("café lantern", "cafe\u0301 lantern", True),
        ("  two blanks  ", "  two blanks  ", True),
        ("  two blanks  ", "two blanks", False),
        ("Lantern-Harbour", "lantern-harbour", False),
        ("marble lantern harbour", "marble lantern harbou", False),
        ("ключ от сторожки", "ключ от сторожки", True),
        ("🗝🗝🗝🗝🗝🗝🗝🗝", "🗝🗝🗝🗝🗝🗝🗝", False),
        ("x" * 63 + "y", "x" * 63 + "z", False),
    ],
)
def test_a_password_is_right_exactly_as_it_was_chosen(
    house: House, visit: OpenVisit, chosen: str, typed: str, is_right: bool
) -> None:
    email = an_address()
    arrival(choose(house, visit(), chosen, email))
    assert isinstance(enter(house, visit(), email, typed), Arrived) is is_right


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("password1", "Many people use this"),
        ("Iloveyou", "Many people use this"),
        ("x" * 65, "at most 64"),
        ("x" * 257, ""),
        ("nul\0byte-lantern", "cannot read"),
        ("Acme-Acme", ""),
        ("typist99", ""),
    ],
)
def test_a_password_that_is_guessed_first_or_cannot_be_kept_is_refused(
    house: House, visitor: Browser, password: str, told: str
) -> None:
    email = "typist99@people.example"
    answer = page(choose(house, visitor, password, email))
    assert "newPassword" in answer
    assert told in answer.text


def test_a_long_password_may_be_shorter_where_it_is_never_enough_alone(
    house: House, visitor: Browser
) -> None:
    configure(house, "signUp", password_complexity_configuration=NIST)
    assert "at least 15" in page(choose(house, visitor, "lantern harb")).text
    always = SecondFactorConfiguration(multifactor_authentication_state=SecondFactorState.ON)
    configure(house, "signUp", multifactor_authentication_configuration=always)
    assert "at least 8" in page(choose(house, visitor, "lantern")).text
    assert "newPassword" not in page(choose(house, visitor, "lantern harb"))


def test_a_short_password_is_told_of_together_with_what_is_missing_in_the_order_of_the_page(
    house: House, visitor: Browser
) -> None:
    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    answer = page(visitor.press(shown, "continue", email="", **passwords("short", "")))
    assert "at least 8" in answer.text_of("newPassword_error")
    assert "is missing" in answer.text_of("reenterPassword_error")
    told = answer.text_of("pageError")
    places = [told.index(each) for each in ("Email address", "at least 8", "again is missing")]
    assert places == sorted(places)
