"""Whoever has a second factor shows it before the own account changes, and again after a while."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from gatelodge.model.identifier import AccountId
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.user_flow import PasskeyConfiguration, SecondFactor, SecondFactorState
from gatelodge.storage.stores import Stores
from tests.journeys.people import NEW_PASSWORD, PASSWORD, Person, a_person, passwords
from tests.journeys.second_factor import demand, restored, with_app, with_password
from tests.journeys.test_own_account import ALL, TASKS
from tests.journeys.test_passkeys import a_device, answered, question
from tests.world.authenticator import Authenticator
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.passkey_device import PasskeyDevice
from tests.world.relying_party import RelyingParty

EDIT, APP = "profileUpdate", SecondFactor.AUTHENTICATOR
CONDITIONAL = SecondFactorState.CONDITIONAL
GUARDED = [each for each in TASKS.values() if each != "manageSessions"]
INTERVAL = ALL.reauthentication_interval_in_minutes
LINKING = replace(ALL, is_identity_linking_allowed=True)


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Offer every task; profile edit itself asks for no factor."""
    with restored(house):
        configure(house, EDIT, account_configuration=LINKING)
        yield


def with_passkey(house: House, browser: Browser, person: Person) -> PasskeyDevice:
    demand(house, SecondFactor.PASSKEY, are_recovery_codes_issued=False)
    device, shown = a_device(), page(with_password(browser, RelyingParty(house), person))
    arrival(answered(browser, shown, device.create(question(shown))))
    house.clock.move(minutes=1)
    return device


def with_code(house: House, visit: OpenVisit, person: Person) -> Authenticator:
    app = with_app(house, visit(), person)
    house.clock.move(minutes=1)
    return app


def at_profile(house: House, browser: Browser, person: Person) -> Shown:
    return page(with_password(browser, RelyingParty(house, EDIT), person, prompt="login"))


def is_there(house: House, person: Person) -> bool:
    async def work(stores: Stores) -> bool:
        return await stores.accounts.get(AccountId(person.id)) is not None

    return house.stores(work)


@pytest.mark.parametrize("task", TASKS.values())
def test_every_task_but_signing_out_asks_for_the_factor_first(
    house: House, visit: OpenVisit, task: str
) -> None:
    person, browser = a_person(house), visit()
    app = with_code(house, visit, person)
    profile = at_profile(house, browser, person)
    shown = page(browser.press(profile, task))
    assert ("otpCode" in shown) is (task in GUARDED)
    if task not in GUARDED:
        return
    back = page(browser.press(shown, "cancel"))
    assert task in back.form.buttons
    shown = page(browser.press(back, task))
    shown = page(browser.press(shown, "continue", otpCode="000000"))
    assert "otpCode" in shown
    house.clock.move(minutes=1)
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    assert "otpCode" not in shown
    assert task not in shown.form.buttons
    shown = page(browser.press(page(browser.press(shown, "cancel")), task))
    assert "otpCode" not in shown


@pytest.mark.parametrize("task", GUARDED)
def test_neither_a_session_nor_a_known_device_stands_for_it(
    house: House, visit: OpenVisit, task: str
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house)
    app = with_app(house, browser, person)
    assert "mfa" in party.claims(arrival(browser.open(party.link())))["amr"]
    demand(house, APP, flow=EDIT, state=CONDITIONAL)
    profile = page(browser.open(RelyingParty(house, EDIT).link()))
    house.clock.move(minutes=1)
    shown = page(browser.press(profile, task))
    assert "otpCode" in shown
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    assert "otpCode" not in shown


@pytest.mark.parametrize("task", GUARDED)
def test_whoever_has_none_is_asked_for_none(house: House, visitor: Browser, task: str) -> None:
    shown = page(visitor.press(at_profile(house, visitor, a_person(house)), task))
    assert "otpCode" not in shown
    assert "cancel" in shown.form.buttons


@pytest.mark.parametrize("task", ["deleteAccount", "changePassword"])
def test_what_was_filled_in_too_late_changes_nothing_until_the_factor_is_shown_again(
    house: House, visit: OpenVisit, task: str
) -> None:
    person, browser = a_person(house), visit()
    app = with_code(house, visit, person)
    shown = page(browser.press(at_profile(house, browser, person), task))
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    house.clock.move(minutes=INTERVAL + 1)
    press: dict[str, Callable[[Shown], Shown | Arrived]] = {
        "deleteAccount": lambda at: browser.press(at, "delete", isDeletionMeant="true"),
        "changePassword": lambda at: browser.press(
            at, "continue", password=PASSWORD, **passwords(NEW_PASSWORD)
        ),
    }
    asked = page(press[task](shown))
    assert "otpCode" in asked
    assert is_there(house, person)
    # A form of the task that was kept from before gets no further either.
    assert "otpCode" in page(press[task](shown))
    assert is_there(house, person)
    asked = page(browser.press(asked, "continue", otpCode=app.code(house.clock())))
    assert "Is it still you?" in asked.text
    shown = page(browser.press(asked, "continue", password=PASSWORD))
    answer = press[task](shown)
    if task == "deleteAccount":
        assert arrival(answer).parameters["error"] == "access_denied"
        assert not is_there(house, person)
    else:
        assert "Your password was changed" in page(answer).text


@pytest.mark.parametrize("is_verified", [True, False], ids=["unlocked", "touched"])
def test_a_passkey_that_knows_its_owner_stands_for_the_password_as_well(
    house: House, visit: OpenVisit, is_verified: bool
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    device.verifies_user = is_verified
    profile = at_profile(house, browser, person)
    house.clock.move(minutes=INTERVAL + 1)
    shown = page(browser.press(profile, "deleteAccount"))
    shown = page(answered(browser, shown, device.get(question(shown))))
    assert ("isDeletionMeant" in shown.form.names) is is_verified
    assert ("password" in shown.form.names) is not is_verified


def test_whoever_signed_in_with_the_passkey_just_now_is_asked_for_nothing_more(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    allowed = PasskeyConfiguration(is_sign_in_allowed=True)
    configure(house, EDIT, passkey_configuration=allowed)
    shown = page(browser.open(RelyingParty(house, EDIT).link(prompt="login")))
    profile = page(answered(browser, shown, device.get(question(shown))))
    for task in GUARDED:
        shown = page(browser.press(profile, task))
        assert "allowCredentials" not in shown.response.text
        profile = page(browser.press(shown, "cancel"))


def test_the_desk_of_factors_shows_passkeys_among_the_rest_and_keeps_the_last_one(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    methods = (APP, SecondFactor.PASSKEY)
    demand(house, *methods, flow=EDIT, state=CONDITIONAL, are_recovery_codes_issued=False)
    profile = at_profile(house, browser, person)
    if "passkey" in profile.form.buttons:
        profile = page(answered(browser, profile, device.get(question(profile))))
    desk = page(browser.press(profile, "manageFactors"))
    assert "Passkey, set up on" in desk.text
    assert "newCodes" in desk.form.buttons
    kept = page(browser.press(desk, "remove_1"))
    assert "cannot remove the only one" in kept.text
    choice = page(browser.press(kept, "addFactor"))
    making = page(browser.press(choice, "factor_passkey"))
    second = a_device()
    desk = page(answered(browser, making, second.create(question(making))))
    assert desk.text.count("Passkey, set up on") == 2
    assert len(question(making)["excludeCredentials"]) == 1
    gone = page(browser.press(desk, "remove_1"))
    assert "was removed" in gone.text
    assert gone.text.count("Passkey, set up on") == 1


SWITCHES = {**TASKS, "is_identity_linking_allowed": "link-nobody"}


@pytest.mark.parametrize(("setting", "action"), SWITCHES.items())
def test_what_is_switched_off_is_not_shown_and_no_form_brings_it_about(
    house: House, visitor: Browser, setting: str, action: str
) -> None:
    person, browser = a_person(house), visitor
    shown = page(browser.press(at_profile(house, browser, person), "deleteAccount"))
    others = replace(LINKING, **{setting: False})
    configure(house, EDIT, account_configuration=others)
    profile = at_profile(house, browser, person)
    assert action not in profile.form.buttons
    profile.form.buttons[action] = ("action", action)
    assert page(browser.press(profile, action)).url == profile.url
    assert "displayName" in page(browser.open(profile.url)).form.names
    if setting == "is_account_deletion_allowed":
        late = page(browser.press(shown, "delete", isDeletionMeant="true"))
        assert "displayName" in late.form.names
    configure(house, EDIT, account_configuration=AccountConfiguration())
    assert "displayName" in page(browser.open(shown.url)).form.names
    assert is_there(house, person)


def test_a_form_sealed_for_the_task_does_nothing_once_the_task_was_left(
    house: House, visitor: Browser
) -> None:
    person = a_person(house)
    profile = at_profile(house, visitor, person)
    asked = page(visitor.press(profile, "deleteAccount"))
    page(visitor.press(asked, "cancel"))
    late = page(visitor.press(asked, "delete", isDeletionMeant="true"))
    assert "displayName" in late.form.names
    assert is_there(house, person)


def test_factors_are_looked_after_only_where_that_is_switched_on(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    app = with_code(house, visit, person)
    demand(house, APP, flow=EDIT)
    shown = page(with_password(browser, RelyingParty(house, EDIT), person))
    profile = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    desk = page(browser.press(profile, "manageFactors"))
    assert "remove_1" in desk.form.buttons
    off = replace(LINKING, are_factors_manageable=False)
    configure(house, EDIT, account_configuration=off)
    for at, action in ((desk, "addFactor"), (desk, "newCodes"), (profile, "manageFactors")):
        shown = page(browser.press(at, action))
        assert "displayName" in shown.form.names
        assert "manageFactors" not in shown.form.buttons
    arrival(browser.press(shown, "continue", displayName="Still Here"))


@pytest.mark.parametrize("task", TASKS.values())
def test_a_second_click_on_who_is_still_there_finds_nothing_wrong_with_the_task(
    house: House, visitor: Browser, task: str
) -> None:
    profile = at_profile(house, visitor, a_person(house))
    house.clock.move(minutes=INTERVAL + 1)
    asked = page(visitor.press(profile, task))
    first = page(visitor.press(asked, "continue", password=PASSWORD))
    assert "Is it still you?" not in first.text
    assert page(visitor.press(asked, "continue", password=PASSWORD)).text == first.text
