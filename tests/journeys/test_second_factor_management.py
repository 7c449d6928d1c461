"""People see and change the second factors of their accounts in profile edit."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.identifier import AccountId, ClientId, DirectoryId
from gatelodge.model.second_factor import FactorKind
from gatelodge.model.user_flow import SecondFactor, SecondFactorState
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, VERIFY, Person, a_person
from tests.journeys.second_factor import demand, restored, scan, with_app, with_password
from tests.world.authenticator import Authenticator
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.traces import a_second_factor

APP, MAIL = SecondFactor.AUTHENTICATOR, SecondFactor.EMAIL
EDIT = "profileUpdate"


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Put every user flow back as it was, and let profile edit ask for factors."""
    with restored(house):
        demand(house, APP, MAIL, flow=EDIT, state=SecondFactorState.CONDITIONAL)
        yield


def kinds(house: House, person: Person) -> list[FactorKind]:
    found = house.stores(lambda stores: stores.second_factors.of_account(AccountId(person.id)))
    return [each.kind for each in found]


def at_desk(house: House, browser: Browser, person: Person, app: Authenticator) -> Shown:
    """Come to the list of factors, by the password and the authenticator's code."""
    house.clock.move(minutes=1)
    shown = page(with_password(browser, RelyingParty(house, EDIT), person))
    if "otpCode" in shown:
        shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    house.clock.move(minutes=1)
    shown = page(browser.press(shown, "manageFactors"))
    if "otpCode" in shown:
        shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    return shown


def test_a_factor_is_added_and_another_removed_and_the_profile_goes_on(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    app = with_app(house, visit(), person)
    shown = at_desk(house, browser, person, app)
    assert "Authenticator app" in shown.text
    shown = page(browser.press(shown, "addFactor"))
    shown = page(browser.press(page(browser.press(shown, "factor_email")), SEND))
    code = house.code_for(person.email)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert kinds(house, person) == [FactorKind.AUTHENTICATOR, FactorKind.EMAIL]
    assert person.email not in shown.response.text
    shown = page(browser.press(shown, "remove_1"))
    assert "was removed" in shown.text
    assert kinds(house, person) == [FactorKind.EMAIL]
    shown = page(browser.press(shown, "continue"))
    assert "displayName" in shown
    arrived = arrival(browser.press(shown, "continue", displayName="Still here"))
    claims = RelyingParty(house, EDIT).claims(arrived)
    assert (claims["sub"], claims["name"]) == (person.id, "Still here")


def test_a_second_click_removes_no_second_factor(house: House, visit: OpenVisit) -> None:
    person, browser = a_person(house), visit()
    app = with_app(house, visit(), person)
    shown = at_desk(house, browser, person, app)
    phone = a_second_factor(
        AccountId(person.id),
        directory_id=DirectoryId(house.facts["tenant_id"]),
        kind=FactorKind.PHONE,
        address="+4915123456709",
        sealed_secret=None,
    )
    mail = replace(phone, id="factor-2", kind=FactorKind.EMAIL, address=person.email)

    async def add(stores: Stores) -> None:
        await stores.second_factors.add(phone)
        await stores.second_factors.add(mail)

    house.stores(add)
    desk = page(browser.open(shown.url))
    for _ in range(2):
        page(browser.press(desk, "remove_1"))
    assert len(kinds(house, person)) == 2


def test_the_last_factor_stays_while_it_is_asked_for(house: House, visit: OpenVisit) -> None:
    person, browser = a_person(house), visit()
    app = with_app(house, visit(), person)
    shown = at_desk(house, browser, person, app)
    shown = page(browser.press(shown, "remove_1"))
    assert "cannot remove the only one" in shown.text
    assert kinds(house, person) == [FactorKind.AUTHENTICATOR]


def test_removing_a_factor_ends_what_rested_on_it_elsewhere_and_tells_the_owner(
    house: House, visit: OpenVisit
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house, "signIn")
    app = with_app(house, visit(), person)
    elsewhere = visit()
    tokens = party.tokens(arrival(with_password(elsewhere, party, person)))
    shown = at_desk(house, browser, person, app)
    shown = page(browser.press(shown, "addFactor"))
    shown = page(browser.press(page(browser.press(shown, "factor_email")), SEND))
    code = house.code_for(person.email)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    page(browser.press(shown, "remove_1"))
    assert "password" in page(elsewhere.open(party.link()))
    assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    told = house.run(house.world_stores.messages.latest())[0]
    assert (told.to, "was removed" in told.text) == (person.email, True)


def test_a_browser_left_open_is_not_enough(house: House, visit: OpenVisit) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house, EDIT)
    app = with_app(house, browser, person)
    house.clock.move(minutes=6)
    shown = page(browser.open(party.link()))
    assert "displayName" in shown
    shown = page(browser.press(shown, "manageFactors"))
    assert "otpCode" in shown
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    assert "remove_1" in shown.form.buttons
    house.clock.move(minutes=6)
    late = page(browser.press(shown, "addFactor"))
    assert "otpCode" in late
    assert kinds(house, person) == [FactorKind.AUTHENTICATOR]


def test_whoever_has_no_factor_gives_the_password_again_first(
    house: House, visit: OpenVisit
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house, EDIT)
    demand(house, APP, flow=EDIT, state=SecondFactorState.OFF)
    arrival(with_password(browser, RelyingParty(house, "signIn"), person))
    house.clock.move(minutes=6)
    shown = page(browser.open(party.link()))
    assert "manageFactors" not in shown.form.buttons
    demand(house, APP, flow=EDIT, state=SecondFactorState.CONDITIONAL)
    assert "totpQrCodeControl" in page(browser.open(party.link()))


def test_new_recovery_codes_are_made_at_the_desk(house: House, visit: OpenVisit) -> None:
    person, browser = a_person(house), visit()
    app = with_app(house, visit(), person)
    shown = at_desk(house, browser, person, app)
    shown = page(browser.press(shown, "newCodes"))
    assert "Your codes" in shown.text
    assert house.run(house.world_stores.recovery_codes.unused(AccountId(person.id))) == 10
    shown = page(browser.press(shown, "continue"))
    assert "Recovery codes left" in shown.text
    assert PASSWORD not in shown.response.text


def test_setting_another_one_up_can_be_given_up(house: House, visit: OpenVisit) -> None:
    person, browser = a_person(house), visit()
    app = with_app(house, visit(), person)
    shown = at_desk(house, browser, person, app)
    shown = page(browser.press(shown, "addFactor"))
    first = scan(page(browser.press(shown, "factor_authenticator")))
    assert first.secret != app.secret
    shown = page(browser.press(page(browser.open(shown.url)), "cancel"))
    assert "remove_1" in shown.form.buttons
    assert kinds(house, person) == [FactorKind.AUTHENTICATOR]


def test_an_application_that_waits_to_be_told_is_told_once_of_a_session(
    house: House, visit: OpenVisit
) -> None:
    client_id = ClientId(house.facts["apps"]["web"]["client_id"])
    person, browser, party = a_person(house), visit(), RelyingParty(house, "signIn")

    async def listen(stores: Stores, url: str | None) -> None:
        found = await stores.applications.by_app_id(client_id)
        assert found is not None
        await stores.applications.save(replace(found, web_back_channel_logout_url=url))

    arrival(with_password(visit(), party, person))
    house.stores(lambda stores: listen(stores, "https://app.example/ended"))
    app = with_app(house, visit(), person)
    shown = at_desk(house, browser, person, app)
    shown = page(browser.press(shown, "addFactor"))
    shown = page(browser.press(page(browser.press(shown, "factor_email")), SEND))
    code = house.code_for(person.email)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    removed = page(browser.press(shown, "remove_1"))
    house.stores(lambda stores: listen(stores, None))
    assert "was removed" in removed.text
