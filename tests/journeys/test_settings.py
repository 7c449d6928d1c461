"""What each setting of a user flow does: seen on the page, in the cookie, in the token."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from gatelodge.model.account import Account
from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.identifier import AccountId
from gatelodge.model.user_flow import (
    AuthenticationMethod,
    CustomPassword,
    OneTimeCodeConfiguration,
    PasswordComplexity,
    PasswordConfiguration,
    PolicyClaim,
    SessionConfiguration,
    SessionScope,
    TokenClaims,
    UserFlow,
)
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, SEND_NEW, VERIFY, passwords
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

NEW = "Velvet-Compass-29"
EMAIL = AttributeAssignment(id="email", requires_verification=True)
UNVERIFIED = AttributeAssignment(id="email")
_numbers = count(1)


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Put every user flow back as it was."""
    before = house.stores(lambda stores: _flows(stores, house))
    house.run(house.forget_sent_codes())
    yield
    house.stores(lambda stores: _put_back(stores, before))


async def _flows(stores: Stores, house: House) -> list[UserFlow]:
    names = house.facts["user_flows"].values()
    return [await stores.user_flows.require(each) for each in names]


async def _put_back(stores: Stores, flows: list[UserFlow]) -> None:
    for each in flows:
        now = await stores.user_flows.require(each.id)
        await stores.user_flows.save(replace(each, revision=now.revision))


def a_name() -> str:
    return f"setting{next(_numbers)}"


def at_form(
    house: House, browser: Browser, email: str, flow: str = "signUp", **values: str
) -> Shown:
    """Come to the form with the password, through the code where one is asked for."""
    shown = page(browser.open(RelyingParty(house, flow).link()))
    if SEND not in shown.form.buttons:
        return shown
    shown = page(browser.press(shown, SEND, email=email, **values))
    return page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))


def sign_up(house: House, browser: Browser, email: str, **values: str) -> dict[str, Any]:
    """Create an account and return the claims of its ID token."""
    shown = at_form(house, browser, email)
    if "email" in shown.form.names:
        values["email"] = email
    arrived = arrival(browser.press(shown, "continue", **passwords(), **values))
    return RelyingParty(house, "signUp").claims(arrived)


def account(house: House, claims: dict[str, Any]) -> Account:
    return house.stores(lambda stores: stores.accounts.require(AccountId(claims["oid"])))


def enter(
    house: House, browser: Browser, name: str, password: str = PASSWORD, flow: str = "signIn"
) -> Any:
    """Fill in the sign-in page; return where that leads."""
    shown = page(browser.open(RelyingParty(house, flow).link()))
    field = "email" if "email" in shown else "UserId"
    return browser.press(shown, "next", **{field: name, "password": password})


def is_known(house: House, browser: Browser, flow: str = "signIn", app: str = "web") -> bool:
    return not isinstance(browser.open(RelyingParty(house, flow, app).link()), Shown)


@pytest.mark.parametrize(
    ("configuration", "password", "told"),
    [
        (PasswordConfiguration(), "abcdefgh", "at least 3 of these four"),
        (PasswordConfiguration(), "Qwxz6rty", None),
        (
            PasswordConfiguration(complexity_level=PasswordComplexity.SIMPLE),
            "qwxzvrty",
            None,
        ),
        (
            PasswordConfiguration(complexity_level=PasswordComplexity.SIMPLE),
            "qwxzvrt",
            "at least 8 characters",
        ),
        (
            PasswordConfiguration(complexity_level=PasswordComplexity.NIST),
            "Qwxz6rty",
            "at least 15 characters",
        ),
        (
            PasswordConfiguration(complexity_level=PasswordComplexity.NIST),
            "lantern marble harbour",
            None,
        ),
        (
            PasswordConfiguration(
                complexity_level=PasswordComplexity.CUSTOM,
                custom_configuration=CustomPassword(
                    minimum_length=4, maximum_length=6, restrict_to_numbers_only=True
                ),
            ),
            "74a2",
            "digits only",
        ),
        (
            PasswordConfiguration(
                complexity_level=PasswordComplexity.CUSTOM,
                custom_configuration=CustomPassword(
                    minimum_length=4, maximum_length=6, restrict_to_numbers_only=True
                ),
            ),
            "7402",
            None,
        ),
        (
            PasswordConfiguration(
                complexity_level=PasswordComplexity.CUSTOM,
                custom_configuration=CustomPassword(
                    minimum_length=4, maximum_length=6, minimum_character_classes_required=4
                ),
            ),
            "Ab1!xyz",
            "at most 6 characters",
        ),
    ],
)
def test_a_new_password_follows_the_rules_of_the_user_flow(
    house: House,
    visitor: Browser,
    configuration: PasswordConfiguration,
    password: str,
    told: str | None,
) -> None:
    configure(house, "signUp", password_complexity_configuration=configuration)
    shown = at_form(house, visitor, f"{a_name()}@people.example")
    answer = visitor.press(shown, "continue", **passwords(password))
    if told is None:
        arrival(answer)
    else:
        assert told in page(answer).text


def test_a_password_that_is_short_and_mistyped_hears_of_both(
    house: House, visitor: Browser
) -> None:
    shown = at_form(house, visitor, f"{a_name()}@people.example")
    shown = page(visitor.press(shown, "continue", **passwords("short", "other")))
    assert "at least 8 characters" in shown.text_of("newPassword_error")
    assert "differ" in shown.text_of("reenterPassword_error")


@pytest.mark.parametrize("is_supported", [True, False])
def test_the_subject_is_the_account_unless_it_is_not_supported(
    house: House, visitor: Browser, is_supported: bool
) -> None:
    configure(
        house,
        "signUp",
        token_claims_configuration=TokenClaims(is_subject_claim_supported=is_supported),
        application_claims=("displayName",),
    )
    party = RelyingParty(house, "signUp")
    shown = at_form(house, visitor, f"{a_name()}@people.example")
    tokens = party.tokens(arrival(visitor.press(shown, "continue", **passwords())))
    claims = party.verified(tokens["id_token"])
    expected = "Not supported currently. Use oid claim."
    assert (claims["sub"] == expected) is not is_supported
    assert ("oid" in claims) is not is_supported
    answer = house.client.get(
        f"{party.provider}/openid/v2.0/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
    )
    assert answer.status_code == 200
    assert answer.json()["sub"] == claims["sub"]


@pytest.mark.parametrize("name", list(PolicyClaim))
def test_one_claim_names_the_user_flow(house: House, visitor: Browser, name: PolicyClaim) -> None:
    configure(
        house, "signUp", token_claims_configuration=TokenClaims(claim_type_for_user_flow_id=name)
    )
    claims = sign_up(house, visitor, f"{a_name()}@people.example")
    flow = house.facts["user_flows"]["signUp"]
    assert {each: claims.get(each) for each in PolicyClaim if each in claims} == {name: flow}


def keeping(days: int = 7, **more: Any) -> SessionConfiguration:
    return SessionConfiguration(
        is_keep_me_signed_in_enabled=True, keep_me_signed_in_days=days, **more
    )


def session_cookie(answer: Any) -> str:
    """Return what the last answer said about the session's cookie."""
    return next(
        each
        for each in answer.headers.get_list("set-cookie")
        if each.startswith("__Host-gatelodge-session-")
    )


def kept_sign_in(house: House, browser: Browser, email: str, *ticked: str) -> str:
    shown = page(browser.open(RelyingParty(house, "signIn").link()))
    values: dict[str, Any] = {"rememberMe": list(ticked)} if ticked else {}
    answer = browser.send(shown, "next", email=email, password=PASSWORD, **values)
    return session_cookie(answer)


def test_nobody_is_offered_to_stay_signed_in_unless_that_is_configured(
    house: House, visit: OpenVisit
) -> None:
    email = f"{a_name()}@people.example"
    sign_up(house, visit(), email)
    assert "rememberMe" not in page(visit().open(RelyingParty(house, "signIn").link()))
    assert "max-age" not in kept_sign_in(house, visit(), email).lower()
    configure(house, "signIn", single_sign_on_session_configuration=keeping(7))
    assert "rememberMe" in page(visit().open(RelyingParty(house, "signIn").link()))
    assert "max-age" not in kept_sign_in(house, visit(), email).lower()
    assert f"max-age={7 * 86_400}" in kept_sign_in(house, visit(), email, "true").lower()


@pytest.mark.parametrize("days", [1, 90])
def test_who_ticked_the_box_stays_signed_in_for_those_days(
    house: House, visit: OpenVisit, days: int
) -> None:
    email = f"{a_name()}@people.example"
    sign_up(house, visit(), email)
    configure(house, "signIn", single_sign_on_session_configuration=keeping(days))
    ticked, unticked = visit(), visit()
    kept_sign_in(house, ticked, email, "true")
    kept_sign_in(house, unticked, email)
    house.clock.move(hours=days * 24 - 1)
    assert is_known(house, ticked)
    assert is_known(house, unticked) is (days == 1)
    house.clock.move(hours=2)
    assert not is_known(house, ticked)


def test_the_box_stays_ticked_beside_a_wrong_password(house: House, visitor: Browser) -> None:
    configure(house, "signIn", single_sign_on_session_configuration=keeping())
    shown = page(visitor.open(RelyingParty(house, "signIn").link()))
    shown = page(visitor.press(shown, "next", email="a@b.example", password="x", rememberMe="true"))
    assert shown.value_of("rememberMe") == "true"


def test_a_user_flow_that_keeps_nobody_takes_the_lasting_cookie_away(
    house: House, visit: OpenVisit
) -> None:
    email, browser = f"{a_name()}@people.example", visit()
    sign_up(house, visit(), email)
    configure(house, "signIn", single_sign_on_session_configuration=keeping(7))
    kept_sign_in(house, browser, email, "true")
    answer = browser.client.get(RelyingParty(house, "signUpOrSignIn").link())
    assert "max-age" not in session_cookie(answer).lower()
    house.clock.move(hours=25)
    assert not is_known(house, browser)


def test_a_kept_session_that_is_too_old_for_a_plain_user_flow_asks_there(
    house: House, visit: OpenVisit
) -> None:
    email, browser = f"{a_name()}@people.example", visit()
    sign_up(house, visit(), email)
    configure(house, "signIn", single_sign_on_session_configuration=keeping(7))
    kept_sign_in(house, browser, email, "true")
    house.clock.move(hours=25)
    assert not is_known(house, browser, "signUpOrSignIn")
    assert is_known(house, browser)


@pytest.mark.parametrize(("is_absolute", "is_known_at_28"), [(False, True), (True, False)])
def test_a_session_of_15_minutes_rolls_or_ends(
    house: House, visitor: Browser, is_absolute: bool, is_known_at_28: bool
) -> None:
    session = SessionConfiguration(
        session_lifetime_in_minutes=15, is_session_lifetime_absolute=is_absolute
    )
    configure(house, "signUp", single_sign_on_session_configuration=session)
    configure(house, "signIn", single_sign_on_session_configuration=session)
    sign_up(house, visitor, f"{a_name()}@people.example")
    house.clock.move(minutes=14)
    assert is_known(house, visitor)
    house.clock.move(minutes=14)
    assert is_known(house, visitor) is is_known_at_28


@pytest.mark.parametrize(
    ("scope", "other_application", "other_flow"),
    [
        (SessionScope.TENANT, True, True),
        (SessionScope.APPLICATION, False, True),
        (SessionScope.POLICY, True, False),
        (SessionScope.DISABLED, False, False),
    ],
)
def test_a_session_serves_what_its_scope_says(
    house: House, visitor: Browser, scope: SessionScope, other_application: bool, other_flow: bool
) -> None:
    email = f"{a_name()}@people.example"
    sign_up(house, visitor, email)
    for flow in ("signIn", "signUpOrSignIn"):
        configure(
            house,
            flow,
            single_sign_on_session_configuration=SessionConfiguration(session_scope=scope),
        )
    visitor.client.cookies.clear()
    arrival(enter(house, visitor, email))
    assert is_known(house, visitor) is (scope is not SessionScope.DISABLED)
    assert is_known(house, visitor, app="one") is other_application
    assert is_known(house, visitor, "signUpOrSignIn") is other_flow


def by_name(house: House, *flows: str, **changes: Any) -> None:
    for flow in flows:
        configure(house, flow, authentication_methods=AuthenticationMethod.USER_NAME, **changes)


def test_people_sign_up_and_in_with_a_name_of_their_own(house: House, visit: OpenVisit) -> None:
    by_name(house, "signUp", "signIn")
    name, email = a_name(), f"{a_name()}@people.example"
    claims = sign_up(house, visit(), email, UserId=name.title())
    found = account(house, claims)
    assert [(each.sign_in_type, each.issuer_assigned_id) for each in found.identities] == [
        ("userName", name.title())
    ]
    assert (found.mail, found.is_email_proved) == (email, True)
    assert claims["emails"] == [email]
    arrived = arrival(enter(house, visit(), name))
    assert RelyingParty(house, "signIn").claims(arrived)["sub"] == found.id


@pytest.mark.parametrize("name", ["admin", "Root", "a@b.example", "-x", "ümlaut", "a b", "a" * 65])
def test_a_name_that_could_be_taken_for_another_is_refused(
    house: House, visitor: Browser, name: str
) -> None:
    by_name(house, "signUp")
    shown = at_form(house, visitor, f"{a_name()}@people.example")
    shown = page(visitor.press(shown, "continue", **passwords(), UserId=name))
    assert shown.text_of("UserId_error")


def test_a_name_has_one_owner(house: House, visit: OpenVisit) -> None:
    by_name(house, "signUp")
    name, browser = a_name(), visit()
    sign_up(house, visit(), f"{a_name()}@people.example", UserId=name)
    shown = at_form(house, browser, f"{a_name()}@people.example")
    shown = page(browser.press(shown, "continue", **passwords(), UserId=name.upper()))
    assert "already" in shown.text_of("UserId_error")
    arrival(browser.press(shown, "continue", **passwords(), UserId=f"{name}b"))


def test_a_password_is_reset_with_the_name_and_the_address_it_belongs_to(
    house: House, visit: OpenVisit
) -> None:
    by_name(house, "signUp", "signIn", "passwordReset")
    name, email = a_name(), f"{a_name()}@people.example"
    claims = sign_up(house, visit(), email, UserId=name)
    browser = visit()
    shown = at_form(house, browser, email, "passwordReset", UserId=name)
    shown = page(browser.press(shown, "continue"))
    arrived = arrival(browser.press(shown, "continue", **passwords(NEW)))
    assert RelyingParty(house, "passwordReset").claims(arrived)["sub"] == claims["sub"]
    assert "does not match" in page(enter(house, visit(), name)).text
    arrival(enter(house, visit(), name, NEW))


@pytest.mark.parametrize("is_name_right", [True, False])
def test_no_code_leaves_for_a_name_and_an_address_that_do_not_belong_together(
    house: House, visit: OpenVisit, is_name_right: bool
) -> None:
    by_name(house, "signUp", "passwordReset")
    name, email = a_name(), f"{a_name()}@people.example"
    sign_up(house, visit(), email, UserId=name)
    house.stores(lambda stores: stores.messages.clear())
    browser = visit()
    shown = page(browser.open(RelyingParty(house, "passwordReset").link()))
    typed = (name, "other@people.example") if is_name_right else (a_name(), email)
    shown = page(browser.press(shown, SEND, UserId=typed[0], email=typed[1]))
    assert "emailVerificationCode" in shown
    assert house.run(house.world_stores.messages.latest()) == []


def test_without_verification_the_address_is_taken_as_it_is_typed(
    house: House, visit: OpenVisit
) -> None:
    configure(house, "signUp", attributes=(UNVERIFIED,))
    email, browser = f"{a_name()}@people.example", visit()
    shown = page(browser.open(RelyingParty(house, "signUp").link()))
    assert SEND not in shown.form.buttons
    claims = RelyingParty(house, "signUp").claims(
        arrival(browser.press(shown, "continue", email=email, **passwords()))
    )
    assert claims["emails"] == [email]
    assert claims["email_verified"] is False
    assert account(house, claims).is_email_proved is False
    assert house.run(house.world_stores.messages.latest()) == []
    shown = page(browser.open(RelyingParty(house, "signUp").link()))
    shown = page(browser.press(shown, "continue", email=email, **passwords()))
    assert "already" in shown.text_of("email_error")


def test_whoever_reads_the_address_s_mail_takes_an_unproved_account_over(
    house: House, visit: OpenVisit
) -> None:
    configure(house, "signUp", attributes=(UNVERIFIED,))
    email, intruder, owner = f"{a_name()}@people.example", visit(), visit()
    sign_up(house, intruder, email)
    assert is_known(house, intruder)
    shown = at_form(house, owner, email, "passwordReset")
    shown = page(owner.press(shown, "continue"))
    claims = RelyingParty(house, "passwordReset").claims(
        arrival(owner.press(shown, "continue", **passwords(NEW)))
    )
    assert "email_verified" not in claims
    assert not is_known(house, intruder)
    assert "does not match" in page(enter(house, visit(), email)).text


def test_an_address_nobody_proved_resets_no_name_s_password(house: House, visit: OpenVisit) -> None:
    by_name(house, "signUp", attributes=(UNVERIFIED,))
    by_name(house, "passwordReset")
    name, email, browser = a_name(), f"{a_name()}@people.example", visit()
    sign_up(house, visit(), email, UserId=name)
    shown = page(browser.open(RelyingParty(house, "passwordReset").link()))
    page(browser.press(shown, SEND, UserId=name, email=email))
    assert house.run(house.world_stores.messages.latest()) == []


def test_verification_that_is_switched_on_meanwhile_is_asked_for(
    house: House, visitor: Browser
) -> None:
    configure(house, "signUp", attributes=(UNVERIFIED,))
    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    configure(house, "signUp", attributes=(EMAIL,))
    email = f"{a_name()}@people.example"
    shown = page(visitor.press(shown, "continue", email=email, **passwords()))
    assert SEND in shown.form.buttons


@pytest.mark.parametrize("reason", ["forced", "too old"])
@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_password_that_has_to_be_changed(
    house: House, visit: OpenVisit, reason: str, is_allowed: bool
) -> None:
    email, browser = f"{a_name()}@people.example", visit()
    claims = sign_up(house, visit(), email)
    _expire(house, claims, reason)
    configure(
        house,
        "signIn",
        password_complexity_configuration=PasswordConfiguration(
            allow_expired_password_reset=is_allowed
        ),
    )
    shown = page(enter(house, browser, email))
    if not is_allowed:
        assert "too old" in shown.text
        assert not is_known(house, browser)
        return
    assert not is_known(house, browser)
    assert "Time for a new password" in shown.text
    same = page(browser.press(shown, "continue", **passwords(PASSWORD)))
    assert "password you have now" in same.text
    arrived = arrival(browser.press(same, "continue", **passwords(NEW)))
    assert RelyingParty(house, "signIn").claims(arrived)["sub"] == claims["sub"]
    arrival(enter(house, visit(), email, NEW))


def _expire(house: House, claims: dict[str, Any], reason: str) -> None:
    async def work(stores: Stores) -> None:
        account_id = AccountId(claims["oid"])
        if reason == "forced":
            known = await stores.passwords.require(account_id)
            await stores.passwords.put(replace(known, force_change_next_sign_in=True))
        else:
            found = await stores.accounts.require(account_id)
            await stores.accounts.save(replace(found, password_policies=None))

    house.stores(work)
    if reason == "too old":
        house.clock.move(days=90)


def test_who_leaves_instead_of_changing_the_password_is_not_signed_in(
    house: House, visitor: Browser
) -> None:
    email = f"{a_name()}@people.example"
    _expire(house, sign_up(house, visitor, email), "forced")
    visitor.client.cookies.clear()
    configure(
        house,
        "signIn",
        password_complexity_configuration=PasswordConfiguration(allow_expired_password_reset=True),
    )
    shown = page(enter(house, visitor, email))
    assert arrival(visitor.press(shown, "cancel")).error_code == "AADB2C90091"
    assert not is_known(house, visitor)


@pytest.mark.parametrize("minutes", [1, 20])
def test_a_code_counts_as_long_as_is_configured(
    house: House, visitor: Browser, minutes: int
) -> None:
    configure(
        house,
        "signUp",
        one_time_code_configuration=OneTimeCodeConfiguration(code_lifetime_in_minutes=minutes),
    )
    email = f"{a_name()}@people.example"
    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    shown = page(visitor.press(shown, SEND, email=email))
    sent = house.run(house.world_stores.messages.latest())[0]
    assert f"valid for {minutes} minute" in sent.text
    house.clock.move(minutes=minutes)
    code = house.code_for(email)
    assert "too old" in page(visitor.press(shown, VERIFY, emailVerificationCode=code)).text


@pytest.mark.parametrize("tries", [1, 3])
def test_a_code_may_be_typed_as_often_as_is_configured(
    house: House, visitor: Browser, tries: int
) -> None:
    configure(
        house,
        "signUp",
        one_time_code_configuration=OneTimeCodeConfiguration(maximum_verification_attempts=tries),
    )
    email = f"{a_name()}@people.example"
    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    shown = page(visitor.press(shown, SEND, email=email))
    code = house.code_for(email)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(tries):
        assert "no longer counts" not in shown.text
        shown = page(visitor.press(shown, VERIFY, emailVerificationCode=wrong))
    assert "no longer counts" in shown.text
    shown = page(visitor.press(shown, VERIFY, emailVerificationCode=code))
    assert "no longer counts" in shown.text


@pytest.mark.parametrize("most", [1, 3])
def test_an_address_is_sent_as_many_codes_as_is_configured(
    house: House, visitor: Browser, most: int
) -> None:
    configure(
        house,
        "signUp",
        one_time_code_configuration=OneTimeCodeConfiguration(maximum_codes_per_hour=most),
    )
    email = f"{a_name()}@people.example"
    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    shown = page(visitor.press(shown, SEND, email=email))
    for _ in range(most - 1):
        shown = page(visitor.press(shown, SEND_NEW))
    assert "Many codes" not in shown.text
    assert "Many codes" in page(visitor.press(shown, SEND_NEW)).text
    assert len(house.run(house.world_stores.messages.latest())) == most


def test_a_profile_without_a_name_does_not_offer_the_word_it_is_kept_under(
    house: House, visitor: Browser
) -> None:
    sign_up(house, visitor, f"{a_name()}@people.example")
    shown = page(visitor.open(RelyingParty(house, "profileUpdate").link()))
    assert shown.value_of("displayName") == ""
    assert not re.search(r"\bunknown\b", shown.response.text)
