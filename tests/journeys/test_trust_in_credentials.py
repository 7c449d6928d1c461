"""What one credential is good for: a password, a mailbox or a trap never stands for a factor."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.account import Account, SignInName, SignInType
from gatelodge.model.identifier import AccountId
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.passkey import Passkey
from gatelodge.model.second_factor import EnrolledFactor, FactorKind
from gatelodge.model.user_flow import (
    OneTimeCodeConfiguration,
    PasskeyConfiguration,
    SecondFactor,
    SecondFactorState,
)
from gatelodge.storage.stores import Stores
from tests.journeys.people import (
    NEW_PASSWORD,
    PASSWORD,
    SEND,
    VERIFY,
    Person,
    a_person,
    change_account,
    passwords,
)
from tests.journeys.second_factor import demand, restored, with_app, with_password
from tests.journeys.test_passkeys import ON, a_device, answered, kept, question
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.passkey_device import PasskeyDevice
from tests.world.relying_party import RelyingParty

APP, MAIL, EDIT = SecondFactor.AUTHENTICATOR, SecondFactor.EMAIL, "profileUpdate"
MANAGEABLE = AccountConfiguration(are_passkeys_manageable=True)
OFF = SecondFactorState.OFF


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Take passkeys everywhere, and put every user flow back as it was afterwards."""
    with restored(house):
        for flow in ("signUpOrSignIn", EDIT):
            configure(house, flow, passkey_configuration=ON, account_configuration=MANAGEABLE)
        yield


def at_passkeys(house: House, browser: Browser, person: Person) -> Shown:
    """Give the password in profile edit, and ask for the page of one's passkeys."""
    shown = page(with_password(browser, RelyingParty(house, EDIT), person, prompt="login"))
    return page(browser.press(shown, "managePasskeys"))


def with_passkey(house: House, browser: Browser, person: Person) -> PasskeyDevice:
    """Give an account that has nothing but its password a passkey."""
    device = a_device()
    shown = at_passkeys(house, browser, person)
    page(answered(browser, shown, device.create(question(shown))))
    assert len(kept(house, person.id)) == 1
    return device


def factors(house: House, person: Person) -> list[FactorKind]:
    found = house.stores(lambda stores: stores.second_factors.of_account(AccountId(person.id)))
    return [each.kind for each in found]


def add_mailbox(house: House, person: Person) -> None:
    """Make the mailbox the account's only factor."""
    mailbox = EnrolledFactor(
        directory_id=house.world_stores.directory_id,
        account_id=AccountId(person.id),
        id="3ddfcfc8-9383-446f-83cc-3ab9be4be18f",
        kind=FactorKind.EMAIL,
        created_at=house.clock(),
        address=person.email,
    )
    house.stores(lambda stores: stores.second_factors.add(mailbox))


def test_whoever_has_a_factor_shows_it_before_a_passkey_is_added(
    house: House, visit: OpenVisit
) -> None:
    person, browser, device = a_person(house), visit(), a_device()
    app = with_app(house, visit(), person)
    house.clock.move(minutes=5)
    shown = at_passkeys(house, browser, person)
    assert "otpCode" in shown
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    asked = question(shown)
    house.clock.move(minutes=6)
    late = page(answered(browser, shown, device.create(asked)))
    assert "otpCode" in late
    assert kept(house, person.id) == []
    shown = page(browser.press(late, "continue", otpCode=app.code(house.clock())))
    added = page(answered(browser, shown, device.create(question(shown))))
    assert "The passkey was added" in added.text


def test_whoever_has_only_a_passkey_shows_it_before_passkeys_change(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    assert "remove-0" not in at_passkeys(house, browser, person)
    party = RelyingParty(house, EDIT)
    shown = page(browser.open(party.link(prompt="login")))
    shown = page(answered(browser, shown, device.get(question(shown), device.made[0])))
    shown = page(browser.press(shown, "managePasskeys"))
    assert "remove-0" in shown.form.buttons
    house.clock.move(minutes=6)
    shown = page(browser.press(shown, "remove-0"))
    assert "passkey" in shown.form.buttons
    assert len(kept(house, person.id)) == 1
    shown = page(answered(browser, shown, device.get(question(shown))))
    assert "remove-0" in shown.form.buttons


def test_a_mailbox_read_in_place_of_the_password_adds_no_passkey(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    add_mailbox(house, person)
    by_code = OneTimeCodeConfiguration(is_offered_at_sign_in=True)
    configure(house, EDIT, one_time_code_configuration=by_code)
    shown = page(browser.open(RelyingParty(house, EDIT).link()))
    shown = page(browser.press(shown, "sendCode", email=person.email))
    code = house.code_for(person.email)
    profile = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert "password" in page(browser.press(profile, "managePasskeys"))


def test_where_nobody_signs_in_with_passkeys_one_is_shown_beside_the_password(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    device = with_passkey(house, visit(), person)
    configure(house, EDIT, passkey_configuration=PasskeyConfiguration())
    shown = at_passkeys(house, browser, person)
    shown = page(answered(browser, shown, device.get(question(shown))))
    assert "remove-0" in shown.form.buttons


@pytest.mark.parametrize("flow", ["signUpOrSignIn", EDIT])
def test_a_password_alone_puts_no_factor_beside_a_passkey(
    house: House, visit: OpenVisit, flow: str
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house, flow)
    device = with_passkey(house, visit(), person)
    demand(house, APP, flow=flow)
    shown = page(with_password(browser, party, person))
    assert "totpQrCodeControl" not in shown
    done = answered(browser, shown, device.get(question(shown)))
    claims = party.claims(arrival(browser.press(done, "continue") if flow == EDIT else done))  # type: ignore[arg-type]
    assert (claims["sub"], "mfa" in claims["amr"]) == (person.id, True)
    assert factors(house, person) == []


@pytest.mark.parametrize("how", ["no passkeys taken", "reset", "reset that asks nobody"])
def test_who_cannot_show_the_passkey_gets_no_further(
    house: House, visit: OpenVisit, how: str
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house)
    device = with_passkey(house, visit(), person)
    if how == "no passkeys taken":
        demand(house, APP)
        configure(house, "signUpOrSignIn", passkey_configuration=PasskeyConfiguration())
        shown = page(with_password(browser, party, person))
    else:
        state = OFF if how == "reset that asks nobody" else SecondFactorState.ON
        demand(house, APP, flow="passwordReset", state=state)
        shown = page(browser.press(verified(house, browser, person), "continue"))
    assert sorted(shown.form.buttons) == ["", "cancel", "passkey"]
    answer = answered(browser, shown, device.get(question(shown)))
    if how == "no passkeys taken":
        assert "mfa" in party.claims(arrival(answer))["amr"]
    else:
        assert "newPassword" in page(answer)


def test_the_password_given_again_does_not_open_the_desk_of_factors(
    house: House, visit: OpenVisit
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house, EDIT)
    device = with_passkey(house, visit(), person)
    both = replace(MANAGEABLE, is_password_change_allowed=True)
    configure(house, EDIT, account_configuration=both)
    demand(house, APP, flow=EDIT, state=SecondFactorState.CONDITIONAL)
    shown = page(browser.open(party.link()))
    shown = page(answered(browser, shown, device.get(question(shown))))
    desk = page(browser.press(shown, "manageFactors"))
    assert "addFactor" in desk.form.buttons
    shown = page(browser.press(desk, "continue"))
    house.clock.move(minutes=both.reauthentication_interval_in_minutes + 6)
    shown = page(browser.press(shown, "changePassword"))
    shown = page(answered(browser, shown, device.get(question(shown))))
    shown = page(browser.press(shown, "cancel"))
    house.clock.move(minutes=6)
    shown = page(browser.press(shown, "manageFactors"))
    assert "addFactor" not in shown.form.buttons
    assert "passkey" in shown.form.buttons


def verified(house: House, browser: Browser, person: Person) -> Shown:
    """Prove the address in place of a forgotten password."""
    house.run(house.forget_sent_codes())
    shown = page(browser.open(RelyingParty(house, "passwordReset").link()))
    shown = page(browser.press(shown, SEND, email=person.email))
    code = house.code_for(person.email)
    return page(browser.press(shown, VERIFY, emailVerificationCode=code))


def trapped(house: House, visit: OpenVisit) -> Person:
    """Prepare an account for an address that was not proved, with every way in there is."""
    person = a_person(house)
    with_passkey(house, visit(), person)
    linked = SignInName(
        sign_in_type=SignInType.FEDERATED, issuer="google.com", issuer_assigned_id=person.id
    )
    factor = EnrolledFactor(
        directory_id=house.world_stores.directory_id,
        account_id=AccountId(person.id),
        id="3179e48a-750b-4051-897c-87b9720928f7",
        kind=FactorKind.PHONE,
        created_at=house.clock(),
        address="+4915123456789",
    )

    async def work(stores: Stores) -> None:
        account = await stores.accounts.require(AccountId(person.id))
        names = (*account.identities, linked)
        await stores.accounts.save(replace(account, identities=names, is_email_proved=False))
        await stores.second_factors.add(factor)

    house.stores(work)
    house.clock.move(seconds=1)
    return person


def left(house: House, person: Person) -> tuple[list[Passkey], list[FactorKind], int, bool]:
    account: Account = house.stores(lambda stores: stores.accounts.require(AccountId(person.id)))
    return (
        kept(house, person.id),
        factors(house, person),
        len(account.identities),
        account.is_email_proved is True,
    )


def test_who_signs_in_by_a_code_from_the_mail_springs_every_trap(
    house: House, visit: OpenVisit
) -> None:
    person, browser = trapped(house, visit), visit()
    by_code = OneTimeCodeConfiguration(is_offered_at_sign_in=True)
    configure(house, "signUpOrSignIn", one_time_code_configuration=by_code)
    shown = page(browser.open(RelyingParty(house).link()))
    shown = page(browser.press(shown, "sendCode", email=person.email))
    code = house.code_for(person.email)
    arrival(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert left(house, person) == ([], [], 1, True)


@pytest.mark.parametrize("state", [OFF, SecondFactorState.ON])
def test_who_resets_the_password_springs_every_trap(
    house: House, visit: OpenVisit, state: SecondFactorState
) -> None:
    person, browser = trapped(house, visit), visit()
    demand(house, APP, flow="passwordReset", state=state)
    shown = page(browser.press(verified(house, browser, person), "continue"))
    assert "newPassword" in shown
    answer = browser.press(shown, "continue", **passwords(NEW_PASSWORD))
    assert left(house, person) == ([], [], 1, True)
    if state is OFF:
        arrival(answer)
    else:
        assert "totpQrCodeControl" in page(answer)


def test_a_reset_of_a_proved_account_leaves_its_credentials(house: House, visit: OpenVisit) -> None:
    person, browser = trapped(house, visit), visit()
    change_account(house, person, is_email_proved=True)
    assert "newPassword" not in page(browser.press(verified(house, browser, person), "continue"))
    assert [len(left(house, person)[0]), left(house, person)[1]] == [1, [FactorKind.PHONE]]


@pytest.mark.parametrize("methods", [(APP,), (MAIL,), (APP, MAIL)])
@pytest.mark.parametrize("state", [OFF, SecondFactorState.ON])
def test_a_mailbox_is_both_proofs_of_a_reset_only_where_it_is_taken_as_a_factor(
    house: House, visit: OpenVisit, methods: tuple[SecondFactor, ...], state: SecondFactorState
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house, "passwordReset")
    add_mailbox(house, person)
    demand(house, *methods, flow="passwordReset", state=state)
    shown = page(browser.press(verified(house, browser, person), "continue"))
    answer = browser.press(shown, "continue", **passwords(NEW_PASSWORD))
    if state is not OFF and MAIL not in methods:
        assert "totpQrCodeControl" in page(answer)
        return
    claims = party.claims(arrival(answer))
    assert claims.get("amr") == (None if state is OFF else ["pwd", "email", "mfa"])
    devices = house.stores(lambda stores: stores.known_devices.all_of(AccountId(person.id)))
    assert [each.factor_at for each in devices] == [None]


@pytest.mark.parametrize("flow", ["signUpOrSignIn", EDIT])
def test_a_session_does_not_make_one_mailbox_two_proofs(
    house: House, visit: OpenVisit, flow: str
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house)
    add_mailbox(house, person)
    by_code = OneTimeCodeConfiguration(is_offered_at_sign_in=True)
    configure(house, "signUpOrSignIn", one_time_code_configuration=by_code)
    shown = page(browser.press(page(browser.open(party.link())), "sendCode", email=person.email))
    code = house.code_for(person.email)
    arrival(browser.press(shown, VERIFY, emailVerificationCode=code))
    if flow != EDIT:
        demand(house, MAIL)
        assert "password" in page(browser.open(party.link())).form.names
        return
    profile = page(browser.open(RelyingParty(house, EDIT).link()))
    asked = page(browser.press(profile, "managePasskeys"))
    assert "password" in asked.form.names
    shown = page(browser.press(asked, "next", email=person.email, password=PASSWORD))
    shown = page(browser.press(shown, SEND))
    code = house.code_for(person.email)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert "passkey" in shown.form.buttons


def test_a_passkey_that_was_made_at_an_open_browser_stands_for_no_password(
    house: House, visit: OpenVisit
) -> None:
    person, browser, device = a_person(house), visit(), a_device()
    arrival(with_password(browser, RelyingParty(house), person))
    house.clock.move(minutes=MANAGEABLE.reauthentication_interval_in_minutes + 1)
    demand(house, SecondFactor.PASSKEY, flow=EDIT, are_recovery_codes_issued=False)
    making = page(browser.open(RelyingParty(house, EDIT).link()))
    profile = page(answered(browser, making, device.create(question(making))))
    assert "Is it still you?" in page(browser.press(profile, "managePasskeys")).text
