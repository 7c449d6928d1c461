"""Codes by phone and mail, recovery codes, and what replaces a forgotten password."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.crypto.digest import digest_of
from gatelodge.model.account import PasswordCredential
from gatelodge.model.identifier import AccountId
from gatelodge.model.message import Channel
from gatelodge.model.second_factor import EMAIL_ID, EnrolledFactor, FactorKind
from gatelodge.model.user_flow import (
    AuthenticationMethod,
    OneTimeCodeConfiguration,
    PasswordConfiguration,
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
    a_new_address,
    a_person,
    passwords,
)
from tests.journeys.second_factor import demand, restored, scan, with_app, with_password
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.clock import BEGINNING
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

APP, MAIL, PHONE = SecondFactor.AUTHENTICATOR, SecondFactor.EMAIL, SecondFactor.PHONE_CALL_OR_SMS
NUMBER = "+4915123456789"


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Put every user flow back as it was."""
    with restored(house):
        yield


def newest(house: House, to: str) -> tuple[Channel, str]:
    sent = [each for each in house.run(house.world_stores.messages.latest()) if each.to == to]
    return sent[0].channel, sent[0].text


def with_phone(house: House, browser: Browser, person: Person) -> None:
    """Set a phone up at the first sign-in that asks for one."""
    demand(house, PHONE)
    shown = page(with_password(browser, RelyingParty(house), person))
    shown = page(browser.press(shown, "sendCode", countryCode="DE", number="0151 23456789"))
    arrival(browser.press(shown, "verifyCode", verificationCode=house.code_for(NUMBER)))


def with_mail(house: House, browser: Browser, person: Person) -> None:
    """Set the mailbox up at the first sign-in that asks for it."""
    demand(house, MAIL)
    shown = page(browser.press(page(with_password(browser, RelyingParty(house), person)), SEND))
    code = house.code_for(person.email)
    arrival(browser.press(shown, VERIFY, emailVerificationCode=code))


@pytest.mark.parametrize(
    ("button", "channel", "method"),
    [("sendCode", Channel.SMS, "sms"), ("verifyPhone", Channel.VOICE, "tel")],
)
def test_a_phone_is_set_up_and_then_hears_a_code_every_time(
    house: House, visit: OpenVisit, button: str, channel: Channel, method: str
) -> None:
    person, party, browser = a_person(house), RelyingParty(house), visit()
    with_phone(house, visit(), person)
    shown = page(with_password(browser, party, person))
    assert 'id="strongAuthenticationPhoneNumber" value="XXX-XXX-6789"' in shown.response.text
    assert NUMBER not in shown.response.text
    before = len(house.run(house.world_stores.messages.latest()))
    page(browser.open(shown.url))
    assert len(house.run(house.world_stores.messages.latest())) == before
    shown = page(browser.press(shown, button))
    assert newest(house, NUMBER)[0] is channel
    wrong = page(browser.press(shown, "verifyCode", verificationCode="000000"))
    assert "not the code we sent" in wrong.text
    code = house.code_for(NUMBER)
    arrived = arrival(browser.press(shown, "verifyCode", verificationCode=code))
    assert party.claims(arrived)["amr"] == ["pwd", method, "mfa"]


def test_a_code_goes_to_the_number_on_record_whatever_a_form_says(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    with_phone(house, visit(), person)
    shown = page(with_password(browser, RelyingParty(house), person))
    house.stores(lambda stores: stores.messages.clear())
    names = ("number", "strongAuthenticationPhoneNumber", "id", "countryCode", "address")
    shown.form.names |= {name: name for name in names}
    page(browser.press(shown, "sendCode", **dict.fromkeys(names, "+4915199999999")))
    assert [each.to for each in house.run(house.world_stores.messages.latest())] == [NUMBER]


def test_a_code_that_went_to_another_number_proves_nothing(house: House, visit: OpenVisit) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house)
    with_phone(house, visit(), person)
    begun = page(with_password(browser, party, person))
    shown = page(browser.press(begun, "sendCode"))
    code, handle = house.code_for(NUMBER), digest_of(shown.url.rpartition("/")[2])
    elsewhere = "+4915199999999"

    async def move(stores: Stores) -> None:
        [factor] = await stores.second_factors.of_account(AccountId(person.id))
        await stores.second_factors.save(replace(factor, address=elsewhere))
        found = await stores.interactions.require(handle)
        facts = replace(found.facts, factor=replace(found.facts.factor, address=elsewhere))
        await stores.interactions.save(found.after(None, facts))

    house.stores(move)
    stray = page(browser.press(shown, "verifyCode", verificationCode=code))
    assert "too old" in stray.text
    shown = page(browser.press(page(browser.open(stray.url)), "sendCode"))
    arrival(browser.press(shown, "verifyCode", verificationCode=house.code_for(elsewhere)))


@pytest.mark.parametrize(
    "typed", ["0900 1234567", "110", "+49 800 1234567", "abc", "+4915123456789;ext=5", "1" * 40]
)
def test_a_number_nobody_carries_along_is_refused(
    house: House, visitor: Browser, typed: str
) -> None:
    demand(house, PHONE)
    shown = page(with_password(visitor, RelyingParty(house), a_person(house)))
    shown = page(visitor.press(shown, "sendCode", countryCode="DE", number=typed))
    assert "not a phone number" in shown.text or "at most 32" in shown.text
    assert house.run(house.world_stores.messages.latest()) == []


def test_a_mistyped_number_is_changed_and_the_code_sent_before_counts_no_more(
    house: House, visitor: Browser
) -> None:
    demand(house, PHONE)
    shown = page(with_password(visitor, RelyingParty(house), a_person(house)))
    shown = page(visitor.press(shown, "sendCode", number="+1 206 555 0100"))
    old = house.code_for("+12065550100")
    shown = page(visitor.press(shown, "changeNumber"))
    shown = page(visitor.press(shown, "sendCode", number=NUMBER))
    if old != house.code_for(NUMBER):
        shown = page(visitor.press(shown, "verifyCode", verificationCode=old))
        assert "not the code" in shown.text
    arrival(visitor.press(shown, "verifyCode", verificationCode=house.code_for(NUMBER)))


def test_a_code_is_too_old_after_its_time_and_a_new_one_replaces_it(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    with_phone(house, visit(), person)
    shown = page(
        browser.press(page(with_password(browser, RelyingParty(house), person)), "sendCode")
    )
    old = house.code_for(NUMBER)
    house.clock.move(minutes=10)
    late = page(browser.press(shown, "verifyCode", verificationCode=old))
    assert "too old" in late.text
    shown = page(browser.press(late, "retryCode"))
    assert "too old" not in shown.text
    arrival(browser.press(shown, "verifyCode", verificationCode=house.code_for(NUMBER)))


def test_a_number_and_an_account_are_sent_only_so_many_codes(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    with_phone(house, visit(), person)
    shown = page(with_password(browser, RelyingParty(house), person))
    shown = page(browser.press(shown, "sendCode"))
    for _ in range(8):
        shown = page(browser.press(shown, "retryCode"))
        assert "Many codes" not in shown.text
    assert "Many codes" in page(browser.press(shown, "retryCode")).text
    sent = house.run(house.world_stores.messages.latest())
    assert len([each for each in sent if each.to == NUMBER]) == 10
    house.clock.move(hours=1, seconds=1)
    assert "Many codes" not in page(browser.press(shown, "retryCode")).text


def test_strangers_who_spend_an_address_s_codes_spend_none_of_its_owner_s_factor(
    house: House, visit: OpenVisit
) -> None:
    person = a_person(house)
    with_mail(house, visit(), person)
    for _ in range(11):
        stranger = visit()
        shown = page(stranger.open(RelyingParty(house, "passwordReset").link()))
        shown = page(stranger.press(shown, SEND, email=person.email))
    assert "Many codes" in shown.text
    browser = visit()
    shown = page(browser.press(page(with_password(browser, RelyingParty(house), person)), SEND))
    arrival(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(person.email)))


def test_who_has_the_password_spends_no_codes_of_a_device_that_showed_the_factor(
    house: House, visit: OpenVisit
) -> None:
    person, owner = a_person(house), visit()
    with_phone(house, owner, person)
    guesser = visit()
    shown = page(with_password(guesser, RelyingParty(house), person))
    shown = page(guesser.press(shown, "sendCode"))
    for _ in range(9):
        shown = page(guesser.press(shown, "retryCode"))
    assert "Many codes" in shown.text
    shown = page(with_password(owner, RelyingParty(house), person, prompt="login"))
    shown = page(owner.press(shown, "sendCode"))
    arrival(owner.press(shown, "verifyCode", verificationCode=house.code_for(NUMBER)))


def test_a_new_mailbox_that_was_just_read_is_not_read_again(house: House, visit: OpenVisit) -> None:
    email, browser, party = a_new_address(), visit(), RelyingParty(house)
    demand(house, MAIL)
    shown = page(browser.press(page(browser.open(party.link())), "createAccount"))
    shown = page(browser.press(shown, SEND, email=email))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))
    claims = party.claims(arrival(browser.press(shown, "continue", **passwords())))
    assert claims["newUser"] is True
    assert claims["amr"] == ["pwd", "email", "mfa"]
    later = visit()
    shown = page(later.open(party.link()))
    shown = page(later.press(shown, "next", email=email, password=PASSWORD))
    assert email not in shown.response.text
    shown = page(later.press(shown, SEND))
    arrival(later.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))


def test_a_new_account_exists_before_its_factor_is_set_up(house: House, visit: OpenVisit) -> None:
    email, browser, party = a_new_address(), visit(), RelyingParty(house)
    demand(house, PHONE)
    shown = page(browser.press(page(browser.open(party.link())), "createAccount"))
    shown = page(browser.press(shown, SEND, email=email))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))
    shown = page(browser.press(shown, "continue", **passwords()))
    assert {"countryCode", "number", "sendCode", "verifyPhone", "cancel"} <= shown.ids
    later = visit()
    shown = page(later.open(party.link()))
    shown = page(later.press(shown, "next", email=email, password=PASSWORD))
    assert "number" in shown


def codes_on(shown: Shown) -> list[str]:
    return re.findall(r"\b[2-9a-z]{5}-[2-9a-z]{5}\b", shown.text)


def with_codes(house: House, browser: Browser, person: Person) -> list[str]:
    """Set an authenticator up and keep the recovery codes."""
    demand(house, APP)
    shown = page(with_password(browser, RelyingParty(house), person))
    code = scan(shown).code(house.clock())
    shown = page(browser.press(shown, "continue", otpCode=code))
    found = codes_on(shown)
    assert codes_on(page(browser.open(shown.url))) == []
    arrival(browser.press(shown, "continue"))
    return found


def use(browser: Browser, house: House, person: Person, code: str) -> Shown | Arrived:
    shown = page(with_password(browser, RelyingParty(house), person))
    shown = page(browser.press(shown, "useRecoveryCode"))
    return browser.press(shown, "continue", recoveryCode=code)


def test_recovery_codes_are_shown_once_and_each_counts_once(house: House, visit: OpenVisit) -> None:
    person, other = a_person(house), a_person(house)
    codes = with_codes(house, visit(), person)
    theirs = with_codes(house, visit(), other)
    assert len(set(codes)) == 10
    claims = RelyingParty(house).claims(arrival(use(visit(), house, person, codes[0])))
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    told = house.run(house.world_stores.messages.latest())[0]
    assert (told.to, "recovery code was used" in told.text) == (person.email, True)
    assert "used already" in page(use(visit(), house, person, codes[0])).text
    assert "used already" in page(use(visit(), house, person, theirs[1])).text
    arrival(use(visit(), house, person, codes[1].upper().replace("-", " ")))
    stored = house.run(house.world_stores.recovery_codes.unused(AccountId(person.id)))
    assert stored == 8


def test_a_second_click_does_not_pass_over_the_recovery_codes(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    demand(house, APP)
    shown = page(with_password(browser, RelyingParty(house), person))
    code = scan(shown).code(house.clock())
    for _ in range(2):
        clicked = page(browser.press(shown, "continue", otpCode=code))
        assert "newCodes" in clicked.form.buttons
    arrival(browser.press(clicked, "continue"))


def test_new_recovery_codes_put_an_end_to_the_old_ones(house: House, visit: OpenVisit) -> None:
    person, browser = a_person(house), visit()
    demand(house, APP)
    shown = page(with_password(browser, RelyingParty(house), person))
    code = scan(shown).code(house.clock())
    first = page(browser.press(shown, "continue", otpCode=code))
    second = page(browser.press(first, "newCodes"))
    old, new = codes_on(first), codes_on(second)
    assert not set(old) & set(new)
    arrival(browser.press(second, "continue"))
    assert isinstance(use(visit(), house, person, old[0]), Shown)
    arrival(use(visit(), house, person, new[0]))


def test_who_has_several_factors_chooses(house: House, visit: OpenVisit) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house)
    with_phone(house, visit(), person)
    app_factor = EnrolledFactor(
        directory_id=house.world_stores.directory_id,
        account_id=AccountId(person.id),
        id=EMAIL_ID,
        kind=FactorKind.EMAIL,
        created_at=house.clock(),
        address=person.email,
    )
    house.stores(lambda stores: stores.second_factors.add(app_factor))
    demand(house, PHONE, MAIL)
    shown = page(with_password(browser, party, person))
    assert "XXX\u2011XXX\u20116789" in shown.text
    assert person.email not in shown.text
    shown = page(browser.press(shown, "factor_2"))
    assert SEND in shown.form.buttons
    shown = page(browser.press(shown, "useAnother"))
    shown = page(browser.press(page(browser.press(shown, "factor_1")), "sendCode"))
    arrival(browser.press(shown, "verifyCode", verificationCode=house.code_for(NUMBER)))


def test_a_new_person_chooses_which_factor_to_set_up(house: House, visitor: Browser) -> None:
    demand(house, APP, PHONE, MAIL)
    shown = page(with_password(visitor, RelyingParty(house), a_person(house)))
    assert {"factor_authenticator", "factor_phone", "factor_email"} <= set(shown.form.buttons)
    first = scan(page(visitor.press(shown, "factor_authenticator")))
    shown = page(visitor.press(page(visitor.open(shown.url)), "useAnother"))
    shown = page(visitor.press(shown, "factor_phone"))
    shown = page(visitor.press(shown, "useAnother"))
    assert scan(page(visitor.press(shown, "factor_authenticator"))) != first


def forgotten(house: House, browser: Browser, person: Person) -> Shown:
    """Come past the code that proves the address."""
    shown = page(browser.open(RelyingParty(house, "passwordReset").link()))
    shown = page(browser.press(shown, SEND, email=person.email))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(person.email)))
    return page(browser.press(shown, "continue"))


@pytest.mark.parametrize("state", [SecondFactorState.OFF, SecondFactorState.ON])
def test_a_forgotten_password_is_replaced_only_after_the_factor(
    house: House, visit: OpenVisit, state: SecondFactorState
) -> None:
    person, browser, party = a_person(house), visit(), RelyingParty(house, "passwordReset")
    app = with_app(house, visit(), person)
    demand(house, APP, flow="passwordReset", state=state)
    house.clock.move(minutes=5)
    shown = forgotten(house, browser, person)
    assert "otpCode" in shown
    assert "newPassword" not in shown
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    arrived = arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))
    assert party.claims(arrived)["amr"] == ["pwd", "otp", "mfa"]
    factors = house.stores(lambda stores: stores.second_factors.of_account(AccountId(person.id)))
    assert len(factors) == 1


def test_the_mailbox_that_was_read_is_not_asked_for_twice_and_a_stronger_factor_is(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    with_mail(house, visit(), person)
    demand(house, MAIL, flow="passwordReset")
    shown = forgotten(house, browser, person)
    assert "newPassword" in shown
    arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))
    with_second = EnrolledFactor(
        directory_id=house.world_stores.directory_id,
        account_id=AccountId(person.id),
        id="3179e48a-750b-4051-897c-87b9720928f7",
        kind=FactorKind.PHONE,
        created_at=house.clock(),
        address=NUMBER,
    )
    house.stores(lambda stores: stores.second_factors.add(with_second))
    house.run(house.forget_sent_codes())
    assert "sendCode" in forgotten(house, visit(), person)


def test_an_unknown_address_is_told_nothing_more_where_factors_are_asked_for(
    house: House, visit: OpenVisit
) -> None:
    demand(house, APP, flow="passwordReset")
    shown = page(visit().open(RelyingParty(house, "passwordReset").link()))
    shown = page(visit().press(shown, SEND, email="nobody@people.example"))
    assert "continue" not in shown.form.buttons


def test_a_password_that_is_too_old_is_replaced_only_after_the_factor(
    house: House, visit: OpenVisit
) -> None:
    person, browser = a_person(house), visit()
    app = with_app(house, visit(), person)
    configure(
        house,
        "signUpOrSignIn",
        password_complexity_configuration=PasswordConfiguration(allow_expired_password_reset=True),
    )

    async def expire(stores: Stores) -> None:
        known = await stores.passwords.require(AccountId(person.id))
        await stores.passwords.put(
            PasswordCredential(
                directory_id=known.directory_id,
                account_id=known.account_id,
                hash=known.hash,
                changed_at=BEGINNING,
                force_change_next_sign_in=True,
            )
        )

    house.stores(expire)
    house.clock.move(minutes=5)
    shown = page(with_password(browser, RelyingParty(house), person))
    assert "otpCode" in shown
    shown = page(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    arrived = arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))
    assert RelyingParty(house).claims(arrived)["amr"] == ["pwd", "otp", "mfa"]


@pytest.mark.parametrize("has_mailbox", [True, False])
def test_a_mailbox_read_in_place_of_a_password_is_no_second_factor(
    house: House, visit: OpenVisit, has_mailbox: bool
) -> None:
    person, browser = a_person(house), visit()
    if has_mailbox:
        with_mail(house, visit(), person)
    house.run(house.forget_sent_codes())
    configure(
        house,
        "signUpOrSignIn",
        one_time_code_configuration=OneTimeCodeConfiguration(is_offered_at_sign_in=True),
    )

    def by_code() -> Shown | Arrived:
        shown = page(browser.open(RelyingParty(house).link(prompt="login")))
        shown = page(browser.press(shown, "sendCode", email=person.email))
        code = house.code_for(person.email)
        return browser.press(shown, VERIFY, emailVerificationCode=code)

    demand(house, MAIL)
    assert arrival(by_code()).error_code == "AADB2C90155"
    demand(house, MAIL, APP)
    assert "totpQrCodeControl" in page(by_code())


def test_the_phone_somebody_signs_in_with_is_no_second_factor(
    house: House, visit: OpenVisit
) -> None:
    configure(
        house,
        "signUpOrSignIn",
        authentication_methods=AuthenticationMethod.PHONE_WITH_ONE_TIME_PASSWORD,
    )
    demand(house, PHONE)
    browser, own = visit(), "+4917699999901"
    shown = page(browser.open(RelyingParty(house).link()))
    shown = page(browser.press(shown, "sendCode", phoneNumber=own))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(own)))
    shown = page(browser.press(shown, "continue"))
    shown = page(browser.press(shown, "sendCode", number=own))
    assert "verifyCode" not in shown.form.buttons
    shown = page(browser.press(shown, "sendCode", number=NUMBER))
    arrived = arrival(browser.press(shown, "verifyCode", verificationCode=house.code_for(NUMBER)))
    assert "mfa" in RelyingParty(house).claims(arrived)["amr"]


def test_an_administrator_reads_which_factor_was_shown(house: House, visit: OpenVisit) -> None:
    person, admin = a_person(house), house.facts["admin"]
    with_phone(house, visit(), person)
    arrival(with_password(visit(), RelyingParty(house, "signIn"), person))
    token = house.client.post(
        f"/{house.facts['tenant_id']}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "scope": "https://graph.microsoft.com/.default",
            "client_id": admin["client_id"],
            "client_secret": admin["client_secret"],
        },
    ).json()["access_token"]
    answer = house.client.get(
        "/beta/auditLogs/signIns", headers={"Authorization": f"Bearer {token}"}
    )
    mine = [each for each in answer.json()["value"] if each["userId"] == person.id]
    told = {each["authenticationRequirement"]: each["mfaDetail"] for each in mine}
    assert told == {
        "multiFactorAuthentication": {"authMethod": "phone", "authDetail": None},
        "singleFactorAuthentication": None,
    }
