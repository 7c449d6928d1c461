"""A passkey beside a password: set up at first need, shown from then on, nobody else's counts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.own_host import OwnHost, OwnHosts
from gatelodge.model.user_flow import PasskeyConfiguration, SecondFactor, SecondFactorState
from gatelodge.storage.stores import Stores
from tests.journeys.people import Person, a_person
from tests.journeys.second_factor import demand, restored, scan, with_password
from tests.journeys.test_passkeys import a_device, answered, kept, offered, question
from tests.journeys.test_second_factor_codes import codes_on
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import ORIGIN, House
from tests.world.makers import a_directory, an_account
from tests.world.passkey_device import PasskeyDevice
from tests.world.relying_party import RelyingParty
from tests.world.traces import a_passkey

PASSKEY, APP, MAIL = SecondFactor.PASSKEY, SecondFactor.AUTHENTICATOR, SecondFactor.EMAIL
CONDITIONAL = SecondFactorState.CONDITIONAL
OWN = "https://sign-in.acme.example:8443"


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Ask for passkeys beside the password, and nowhere in its place."""
    with restored(house):
        demand(house, PASSKEY, are_recovery_codes_issued=False)
        yield


def at_factor(
    house: House, browser: Browser, person: Person, flow: str = "signUpOrSignIn", **changes: str
) -> Shown:
    """Give the password, and be asked for more."""
    return page(with_password(browser, RelyingParty(house, flow), person, **changes))


def with_passkey(house: House, browser: Browser, person: Person, **traits: Any) -> PasskeyDevice:
    """Set a passkey up at the first sign-in that asks for one."""
    device, shown = a_device(**traits), at_factor(house, browser, person)
    arrival(answered(browser, shown, device.create(question(shown))))
    return device


def amr(house: House, answer: Shown | Arrived) -> list[str]:
    found: list[str] = RelyingParty(house).claims(arrival(answer))["amr"]
    return found


def reasons(house: House) -> list[str | None]:
    events = house.stores(lambda stores: stores.audit_events.latest())
    return [each.detail.get("reason") for each in events]


@pytest.mark.parametrize("is_synced", [False, True])
def test_a_passkey_is_set_up_at_first_need_and_asked_for_from_then_on(
    house: House, visit: OpenVisit, is_synced: bool
) -> None:
    person, device, browser = a_person(house), a_device(is_synced=is_synced), visit()
    shown = at_factor(house, browser, person)
    asked = question(shown)
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert "may run scripts" in shown.text
    expected = ["pwd", "swk" if is_synced else "hwk", "user", "mfa"]
    assert amr(house, answered(browser, shown, device.create(asked))) == expected
    assert amr(house, browser.open(RelyingParty(house).link())) == expected
    again = visit()
    shown = at_factor(house, again, person)
    asked = question(shown)
    assert [each["id"] for each in asked["allowCredentials"]] == [kept(house, person.id)[0].id]
    assert asked["userVerification"] == "preferred"
    assert amr(house, answered(again, shown, device.get(asked))) == expected
    assert kept(house, person.id)[0].sign_count == 1


def test_who_signs_up_sets_one_up_on_the_way(house: House, visitor: Browser) -> None:
    device, party = a_device(), RelyingParty(house)
    shown = offered(house, visitor, party)
    claims = party.claims(arrival(answered(visitor, shown, device.create(question(shown)))))
    assert (claims["newUser"], claims["amr"]) == (True, ["pwd", "hwk", "user", "mfa"])


def test_the_owner_need_not_be_verified_beside_a_password_but_is_to_do_without_one(
    house: House, visit: OpenVisit
) -> None:
    person, browser, other = a_person(house), visit(), visit()
    device = with_passkey(house, visit(), person)
    device.verifies_user = False
    shown = at_factor(house, browser, person)
    assert amr(house, answered(browser, shown, device.get(question(shown)))) == [
        "pwd",
        "hwk",
        "mfa",
    ]
    allowed = PasskeyConfiguration(is_sign_in_allowed=True)
    configure(house, "signUpOrSignIn", passkey_configuration=allowed)
    first = page(other.open(RelyingParty(house).link()))
    assert "does not open" in page(answered(other, first, device.get(question(first)))).text


def test_who_signed_in_with_the_passkey_is_not_asked_for_it_again(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    allowed = PasskeyConfiguration(is_sign_in_allowed=True)
    configure(house, "signUpOrSignIn", passkey_configuration=allowed)
    shown = page(browser.open(RelyingParty(house).link()))
    done = answered(browser, shown, device.get(question(shown)))
    assert amr(house, done) == ["hwk", "user", "mfa"]


def test_a_new_passkey_needs_a_device_that_knows_its_owner(house: House, visitor: Browser) -> None:
    person, device = a_person(house), a_device(verifies_user=False)
    shown = at_factor(house, visitor, person)
    shown = page(answered(visitor, shown, device.create(question(shown))))
    assert "could not be checked" in shown.text
    assert kept(house, person.id) == []
    refused = arrival(visitor.press(shown, "cancel"))
    assert refused.parameters["error"] == "access_denied"
    assert "AADB2C90091" in refused.parameters["error_description"]


def test_another_factor_or_a_recovery_code_may_stand_in_for_it(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    demand(house, APP, PASSKEY)
    choice = at_factor(house, browser, person)
    assert {"factor_authenticator", "factor_passkey"} <= set(choice.form.buttons)
    making = page(browser.press(choice, "factor_passkey"))
    assert question(making)["user"]["name"] == person.email
    choice = page(browser.press(making, "useAnother"))
    shown = page(browser.press(choice, "factor_authenticator"))
    app = scan(shown)
    told = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    codes = codes_on(told)
    arrival(browser.press(told, "continue"))
    passkey = a_passkey(
        id=f"of-{person.id}",
        account_id=AccountId(person.id),
        directory_id=house.facts["tenant_id"],
    )
    house.stores(lambda stores: stores.passkeys.add(passkey))
    house.clock.move(minutes=1)
    browser = visit()
    choice = at_factor(house, browser, person)
    assert "Use a passkey" in choice.text
    shown = page(browser.press(choice, "factor_2"))
    assert [each["id"] for each in question(shown)["allowCredentials"]] == [passkey.id]
    again = page(browser.press(page(browser.press(shown, "useAnother")), "factor_1"))
    code = app.code(house.clock())
    assert amr(house, browser.press(again, "continue", otpCode=code)) == ["pwd", "otp", "mfa"]
    browser = visit()
    shown = page(browser.press(at_factor(house, browser, person), "factor_2"))
    shown = page(browser.press(shown, "useRecoveryCode"))
    done = browser.press(shown, "continue", recoveryCode=codes[0])
    assert amr(house, done) == ["pwd", "otp", "mfa"]


def test_recovery_codes_come_with_a_passkey_once_and_end_with_the_last_factor(
    house: House, visit: OpenVisit
) -> None:
    person, browser, device = a_person(house), visit(), a_device()
    demand(house, PASSKEY)
    shown = at_factor(house, browser, person)
    told = page(answered(browser, shown, device.create(question(shown))))
    codes = codes_on(told)
    assert len(codes) == 10
    assert amr(house, browser.press(told, "continue")) == ["pwd", "hwk", "user", "mfa"]
    browser = visit()
    shown = page(browser.press(at_factor(house, browser, person), "useRecoveryCode"))
    assert amr(house, browser.press(shown, "continue", recoveryCode=codes[0]))[-1] == "mfa"
    managed = AccountConfiguration(are_passkeys_manageable=True)
    configure(house, "profileUpdate", account_configuration=managed)
    browser = visit()
    profile = page(with_password(browser, RelyingParty(house, "profileUpdate"), person))
    shown = page(browser.press(profile, "managePasskeys"))
    shown = page(answered(browser, shown, device.get(question(shown))))
    assert "was removed" in page(browser.press(shown, "remove-0")).text
    left = house.run(house.world_stores.recovery_codes.unused(AccountId(person.id)))
    assert left == 0


def test_a_session_without_a_factor_is_asked_for_the_passkey_alone(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    house.clock.move(minutes=1)
    weak, strong = RelyingParty(house, "signIn"), RelyingParty(house)
    assert "amr" not in weak.claims(arrival(with_password(browser, weak, person)))
    silent = arrival(browser.open(strong.link(prompt="none")))
    assert silent.parameters["error"] == "interaction_required"
    shown = page(browser.open(strong.link()))
    assert "password" not in shown
    done = answered(browser, shown, device.get(question(shown)))
    assert amr(house, done) == ["pwd", "hwk", "user", "mfa"]
    assert amr(house, browser.open(strong.link(prompt="none"))) == ["pwd", "hwk", "user", "mfa"]


def test_conditional_asks_for_it_where_it_was_not_shown_before(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    demand(house, PASSKEY, state=CONDITIONAL, are_recovery_codes_issued=False)
    device = with_passkey(house, browser, person)
    arrival(with_password(browser, RelyingParty(house), person, prompt="login"))
    elsewhere = visit()
    shown = at_factor(house, elsewhere, person)
    arrival(answered(elsewhere, shown, device.get(question(shown))))
    arrival(with_password(elsewhere, RelyingParty(house), person, prompt="login"))


def test_a_count_that_goes_back_is_a_copy_and_no_factor(house: House, visit: OpenVisit) -> None:
    person = a_person(house)
    device = with_passkey(house, visit(), person)
    for _ in range(2):
        browser = visit()
        shown = at_factor(house, browser, person)
        arrival(answered(browser, shown, device.get(question(shown))))
    device.made[-1].count = 1
    browser = visit()
    shown = at_factor(house, browser, person)
    refused = page(answered(browser, shown, device.get(question(shown))))
    assert "could not be checked" in refused.text
    assert kept(house, person.id)[0].sign_count == 2
    assert "passkeyCopied" in reasons(house)


def test_only_a_passkey_of_this_account_counts(house: House, visit: OpenVisit) -> None:
    person, other, browser = a_person(house), a_person(house), visit()
    own, theirs = (with_passkey(house, visit(), each) for each in (person, other))
    shown = at_factor(house, browser, person)
    for device, handle in (
        (theirs, other.id),
        (theirs, person.id),
        (theirs, ""),
        (own, other.id),
    ):
        answer = device.get(question(shown), user_handle=handle.encode())
        shown = page(answered(browser, shown, answer))
        assert "could not be checked" in shown.text
    arrival(answered(browser, shown, own.get(question(shown), user_handle=b"")))


def test_a_passkey_of_another_directory_counts_for_nobody_here(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    (here,) = kept(house, person.id)
    there = replace(here, directory_id=DirectoryId("2222bbbb-bbbb-4bbb-8bbb-22222222bbbb"))
    spare = replace(here, id=f"of-{person.id}")

    async def move(stores: Stores) -> None:
        await stores.passkeys.remove(here.id)
        await stores.passkeys.add(spare)

    async def elsewhere(stores: Stores) -> None:
        if await stores.directories.find(there.directory_id) is None:
            await stores.directories.add(a_directory(id=there.directory_id, domain="other.example"))
        account = an_account(int(here.account_id[-12:]), directory_id=there.directory_id)
        await stores.accounts.add(account)
        await stores.passkeys.add(there)

    house.stores(move)
    house.run(house.database.write(there.directory_id, elsewhere))
    shown = at_factor(house, browser, person)
    refused = page(answered(browser, shown, device.get(question(shown))))
    assert "could not be checked" in refused.text


def test_an_answer_counts_once_for_its_own_page_and_its_own_person(
    house: House, visit: OpenVisit
) -> None:
    person, browser, other = a_person(house), visit(), visit()
    device = with_passkey(house, visit(), person, counts=False)
    shown, elsewhere = at_factor(house, browser, person), at_factor(house, other, person)
    answer = device.get(question(shown))
    assert "out of date" in page(answered(other, elsewhere, answer)).text
    arrival(answered(browser, shown, answer))
    shown = at_factor(house, browser, person, prompt="login")
    assert "out of date" in page(answered(browser, shown, answer)).text
    allowed = PasskeyConfiguration(is_sign_in_allowed=True)
    configure(house, "signUpOrSignIn", passkey_configuration=allowed)
    first = page(browser.open(RelyingParty(house).link(prompt="login")))
    of_first = device.get(question(first))
    shown = page(with_password(browser, RelyingParty(house), person, prompt="login"))
    assert "out of date" in page(answered(browser, shown, of_first)).text
    made = device.get({"challenge": question(shown)["challenge"]}, kind="webauthn.create")
    assert "could not be checked" in page(answered(browser, shown, made)).text


@pytest.mark.parametrize(
    "changes",
    [{"origin": "https://evil.example"}, {"is_cross_origin": True}, {"origin": OWN}],
    ids=["another origin", "inside another site", "another host of ours"],
)
def test_an_answer_given_elsewhere_is_no_factor(
    house: House, visit: OpenVisit, changes: dict[str, Any]
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    shown = at_factor(house, browser, person)
    refused = page(answered(browser, shown, device.get(question(shown), **changes)))
    assert "could not be checked" in refused.text
    # What was answered once, even wrongly, is not answered again.
    assert "out of date" in page(answered(browser, shown, device.get(question(shown)))).text
    arrival(answered(browser, refused, device.get(question(refused))))


@pytest.fixture
def own_host(house: House) -> Iterator[House]:
    """Give the directory a host of its own."""
    before = house.database.own_hosts
    host = OwnHost(name="sign-in.acme.example", origin=OWN, directory="acme.example")
    house.database.own_hosts = OwnHosts([host])
    yield house
    house.database.own_hosts = before


def test_at_a_host_of_the_directory_s_own_passkeys_are_for_that_host(own_host: House) -> None:
    house = own_host
    person, browser, shared = a_person(house), Browser(house.new_client(OWN)), a_device()
    party = RelyingParty(house)
    shown = page(with_password(browser, party, person))
    asked = question(shown)
    assert asked["rp"]["id"] == "sign-in.acme.example"
    wrong = page(answered(browser, shown, shared.create(asked)))
    assert "could not be checked" in wrong.text
    device = PasskeyDevice(origin=OWN, rp_id="sign-in.acme.example")
    arrival(answered(browser, wrong, device.create(question(wrong))))
    shown = page(with_password(browser, party, person, prompt="login"))
    asked = question(shown)
    assert asked["rpId"] == "sign-in.acme.example"
    assert (
        "could not be checked"
        in page(answered(browser, shown, device.get(asked, origin=ORIGIN))).text
    )
    shown = page(browser.open(shown.url))
    arrival(answered(browser, shown, device.get(question(shown))))


def test_of_two_who_set_the_first_passkey_up_only_one_does(house: House, visit: OpenVisit) -> None:
    person, first, second = a_person(house), visit(), visit()
    shown, late = at_factor(house, first, person), at_factor(house, second, person)
    device, thief = a_device(), a_device()
    arrival(answered(first, shown, device.create(question(shown))))
    asked = page(answered(second, late, thief.create(question(late))))
    assert "allowCredentials" in question(asked)
    assert len(kept(house, person.id)) == 1


def test_wrong_answers_lock_nothing_and_locked_codes_leave_the_passkey(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    shown = at_factor(house, browser, person)
    for _ in range(6):
        shown = page(answered(browser, shown, device.get(question(shown), origin="https://e.ex")))
    assert amr(house, answered(browser, shown, device.get(question(shown))))[-1] == "mfa"
