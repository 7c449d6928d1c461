"""Signing in, and up, with a telephone number and a code in a text message."""

from collections.abc import Iterator
from itertools import count

import pytest

from gatelodge.model.account import SignInType
from gatelodge.model.identifier import AccountId
from gatelodge.model.message import Channel, Message
from gatelodge.model.user_flow import AuthenticationMethod
from tests.journeys.people import CHANGE, SEND, SEND_NEW, VERIFY
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

PHONE = AuthenticationMethod.PHONE_WITH_ONE_TIME_PASSWORD
FLOWS = ("signIn", "signUp", "signUpOrSignIn")
_numbers = count(1)


@pytest.fixture(autouse=True)
def by_phone(house: House) -> Iterator[None]:
    house.run(house.forget_sent_codes())
    before = {each: configure(house, each, authentication_methods=PHONE) for each in FLOWS}
    yield
    house.run(house.forget_sent_codes())
    for flow, each in before.items():
        configure(house, flow, authentication_methods=each.authentication_methods)


def a_number() -> str:
    return f"+4917612345{next(_numbers):03}"


def texts_to(house: House, number: str) -> list[Message]:
    sent = house.stores(lambda stores: stores.messages.latest())
    return [each for each in sent if each.to == number]


def ask(house: House, browser: Browser, number: str, flow: str = "signUpOrSignIn") -> Shown:
    shown = page(browser.open(RelyingParty(house, flow).link()))
    if SEND in shown:
        return page(browser.press(shown, SEND, phoneNumber=number))
    return page(browser.press(shown, "sendCode", phoneNumber=number))


def type_code(house: House, browser: Browser, shown: Shown, number: str) -> Shown | Arrived:
    return browser.press(shown, VERIFY, emailVerificationCode=house.code_for(number))


def sign_up(house: House, browser: Browser, number: str, flow: str = "signUpOrSignIn") -> AccountId:
    shown = page(type_code(house, browser, ask(house, browser, number, flow), number))
    assert not {"email", "newPassword"} & set(shown.form.names)
    arrived = arrival(browser.press(shown, "continue", displayName="Somebody"))
    return AccountId(RelyingParty(house, flow).claims(arrived)["oid"])


@pytest.mark.parametrize("flow", ["signUp", "signUpOrSignIn"])
def test_somebody_new_signs_up_and_then_in(house: House, visit: OpenVisit, flow: str) -> None:
    number = a_number()
    account_id = sign_up(house, visit(), number, flow)
    assert {each.channel for each in texts_to(house, number)} == {Channel.SMS}
    account = house.stores(lambda stores: stores.accounts.require(account_id))
    name = account.identities[0]
    assert (name.sign_in_type, name.issuer_assigned_id) == (SignInType.PHONE_NUMBER, number)
    assert (account.mail, account.is_email_proved) == (None, None)
    browser = visit()
    shown = ask(house, browser, f"{number[:3]} {number[3:7]} {number[7:]}", "signIn")
    arrived = arrival(type_code(house, browser, shown, number))
    assert RelyingParty(house, "signIn").claims(arrived)["oid"] == account_id


def test_an_unknown_number_gets_the_same_pages_and_no_message(
    house: House, visit: OpenVisit
) -> None:
    known, unknown, seen = a_number(), a_number(), []
    sign_up(house, visit(), known)
    for number in (known, unknown):
        browser = visit()
        shown = ask(house, browser, number, "signIn")
        wrong = page(browser.press(shown, VERIFY, emailVerificationCode="000000"))
        again = page(browser.press(wrong, SEND_NEW))
        seen.append([each.text.replace(number, "") for each in (shown, wrong, again)])
    assert seen[0] == seen[1]
    assert texts_to(house, unknown) == []


def test_a_number_that_has_an_account_signs_nobody_up(house: House, visit: OpenVisit) -> None:
    number, browser = a_number(), visit()
    sign_up(house, visit(), number)
    shown = page(type_code(house, browser, ask(house, browser, number, "signUp"), number))
    assert "an account with this number already" in shown.text


@pytest.mark.parametrize("typed", ["017612345", "+49", "+4990012345678", "not a number", ""])
def test_what_is_no_number_for_people_is_refused(
    house: House, visitor: Browser, typed: str
) -> None:
    shown = ask(house, visitor, typed)
    assert VERIFY not in shown
    assert house.stores(lambda stores: stores.messages.latest()) == []


def test_another_number_can_be_given(house: House, visitor: Browser) -> None:
    number = a_number()
    shown = page(visitor.press(ask(house, visitor, a_number()), CHANGE))
    shown = page(visitor.press(shown, SEND, phoneNumber=number))
    shown = page(type_code(house, visitor, shown, number))
    arrival(visitor.press(shown, "continue", displayName="Somebody"))


def test_a_number_is_sent_no_more_codes_than_an_address(house: House, visitor: Browser) -> None:
    number = a_number()
    shown = ask(house, visitor, number)
    for _ in range(9):
        shown = page(visitor.press(shown, SEND_NEW))
    shown = page(visitor.press(shown, SEND_NEW))
    assert "Many codes went to this number" in shown.text
    assert len(texts_to(house, number)) == 10
