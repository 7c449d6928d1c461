"""Scripts at the pages of second factors and of identity providers."""

from collections.abc import Iterator

import pytest

from gatelodge.model.user_flow import SecondFactor
from tests.journeys.federation_world import offer, preset_provider
from tests.journeys.people import PASSWORD, Person, a_person
from tests.journeys.second_factor import demand, restored, with_app
from tests.protocol.page_protocol.conftest import OpenScript
from tests.protocol.page_protocol.script import OK, Script, error_of, parameters
from tests.world.browser import Browser
from tests.world.house import House

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
NUMBER = "+4915123456789"


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Put every user flow back as it was."""
    with restored(house):
        yield


def at_factor(script: OpenScript, person: Person) -> Script:
    """Sign in by password and read the page of the factor."""
    run = script(prompt="login")
    assert run.respond(email=person.email, password=PASSWORD) == OK
    run.read(run.confirm())
    return run


def phone(run: Script, kind: str, **body: str) -> str:
    """Ask the page about a phone, and return its number for what became of it."""
    return run.post("Phonefactor/verify", request_type=f"{kind}_REQUEST", **body)["status"]


def test_a_phone_is_set_up_and_then_asked(house: House, script: OpenScript) -> None:
    demand(house, SecondFactor.PHONE_CALL_OR_SMS)
    person = a_person(house)
    run = at_factor(script, person)
    assert run.settings["api"] == "Phonefactor"
    new = {"auth_type": "onewaysms", "countryCode": "DE", "number": "0151 23456789"}
    assert phone(run, "VERIFICATION", **{**new, "number": "110"}) == "448"
    assert phone(run, "VERIFICATION", **new) == "200"
    assert phone(run, "VALIDATION", verification_code="000000") == "449"
    assert phone(run, "VALIDATION", verification_code=house.code_for(NUMBER)) == "200"
    assert "code" in parameters(run.confirm())
    again = at_factor(script, person)
    assert again.page is not None
    assert '"MaskedNumber":"XXX-XXX-6789"' in again.page.text
    house.stores(lambda stores: stores.messages.clear())
    thief = {"auth_type": "onewaysms", "id": "1", "number": "+4915199999999"}
    assert phone(again, "VERIFICATION", **thief) == "200"
    assert phone(again, "VALIDATION", verification_code=house.code_for(NUMBER)) == "200"
    assert again.claims(again.confirm())["amr"] == ["pwd", "sms", "mfa"]


def test_a_second_factor_is_not_passed_over(house: House, script: OpenScript) -> None:
    demand(house, SecondFactor.PHONE_CALL_OR_SMS)
    run = at_factor(script, a_person(house))
    assert run.post_raw("Phonefactor/verify", request_type="VALIDATION_REQUEST").is_error
    assert run.post_raw(email="x", password=PASSWORD).json()["status"] == "400"
    assert error_of(run.confirm())[1] == "AADB2C90255"


def test_a_mailed_factor_is_proved_by_the_control(house: House, script: OpenScript) -> None:
    demand(house, SecondFactor.EMAIL)
    person = a_person(house)
    for _ in range(2):
        run = at_factor(script, person)
        assert run.control("SendCode", displayEmailAddress=person.email) == OK
        wrong = run.control("VerifyCode", verificationCode="000000")
        assert wrong["status"] == "400"
        assert run.respond(verificationCode="000000")["status"] == "400"
        code = house.code_for(person.email)
        assert run.control("VerifyCode", verificationCode=code) == OK
        assert run.respond(verificationCode=code) == OK
        assert run.claims(run.confirm())["amr"][0] == "pwd"


def test_codes_tried_too_often_end_the_journey(
    house: House, script: OpenScript, visitor: Browser
) -> None:
    person = a_person(house)
    app = with_app(house, visitor, person)
    house.clock.move(minutes=5)
    run = at_factor(script, person)
    assert run.fields == ["otpCode"]
    for _ in range(5):
        assert run.respond(otpCode="000000")["status"] == "400"
    right = app.code(house.clock())
    assert run.respond(otpCode=right)["errorCode"] == "AADB2C90151"
    assert error_of(run.confirm()) == ("access_denied", "AADB2C90151")


def test_a_provider_is_a_claims_exchange(house: House, script: OpenScript) -> None:
    provider = preset_provider(house, "GitHub", "GitHub-OAUTH")
    offer(house, provider, flow="signUpOrSignIn")
    run = script()
    assert run.page is not None
    assert 'var CP = {"list":[{"id":"GitHubExchange","description":"GitHub"}]};' in run.page.text
    for name in ("claimsexchange", "social"):
        answer = run.get("unified", **{name: "GitHubExchange"})
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("https://github.com/login/oauth/authorize?")
    assert run.get("unified", claimsexchange="GoogleExchange").status_code == 400
