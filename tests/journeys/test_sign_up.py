"""The user flow `signUp`, and signing up inside `signUpOrSignIn`."""

import pytest

from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import (
    CHANGE,
    CONTROL,
    PASSWORD,
    SEND,
    SEND_NEW,
    VERIFY,
    Person,
    a_new_address,
    a_person,
    account_of,
    ask_again,
    at_sign_up,
    passwords,
    prove,
    proved_sign_up,
    sign_in,
    sign_up,
)
from tests.world.browser import Browser, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

BOTH = pytest.mark.parametrize("flow", ["signUp", "signUpOrSignIn"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@BOTH
def test_a_new_person_gets_an_account_and_the_application_a_token(
    site: Server, browser: Browser, flow: str
) -> None:
    party, email = RelyingParty(site, flow), a_new_address()
    claims = party.claims(sign_up(browser, site, party, email, displayName="New Person"))
    account = account_of(site, email)
    assert account is not None
    assert claims["sub"] == claims["oid"] == account.id
    assert claims["emails"] == [email]
    assert claims["name"] == account.display_name == "New Person"
    assert claims["newUser"] is True
    assert claims["nonce"] == party.nonce
    assert claims["tfp"] == site.facts["user_flows"][flow]


def test_only_the_run_that_signs_up_says_that_the_user_is_new(
    site: Server, browser: Browser, open_browser: OpenBrowser
) -> None:
    party, email = RelyingParty(site), a_new_address()
    claims = party.claims(sign_up(browser, site, party, email))
    again = arrival(browser.open(party.link()))
    assert "newUser" not in party.claims(again)
    person = Person(id=claims["sub"], email=email)
    assert "newUser" not in party.claims(sign_in(open_browser(), party, person))


@BOTH
def test_nothing_is_in_the_directory_before_the_end(
    site: Server, browser: Browser, flow: str
) -> None:
    email = a_new_address()
    shown = proved_sign_up(browser, site, RelyingParty(site, flow), email)
    assert account_of(site, email) is None
    shown = page(browser.press(shown, "continue", **passwords("short")))
    assert account_of(site, email) is None
    arrival(browser.press(shown, "continue", **passwords()))
    assert account_of(site, email) is not None


def test_a_wrong_code_is_told_and_the_right_one_still_counts(
    site: Server, browser: Browser
) -> None:
    email = a_new_address()
    shown = page(
        browser.press(at_sign_up(browser, RelyingParty(site, "signUp")), SEND, email=email)
    )
    code = site.code_for(email)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=wrong(code)))
    assert "not the code we sent" in shown.text
    assert "newPassword" not in shown
    assert "newPassword" in page(browser.press(shown, VERIFY, emailVerificationCode=code))


def test_a_code_pasted_in_groups_counts(site: Server, browser: Browser) -> None:
    email = a_new_address()
    shown = page(
        browser.press(at_sign_up(browser, RelyingParty(site, "signUp")), SEND, email=email)
    )
    code = site.code_for(email)
    grouped = f" {code[:3]} {code[3:]} "
    assert "newPassword" in page(browser.press(shown, VERIFY, emailVerificationCode=grouped))


def test_after_five_wrong_codes_the_right_one_does_not_count(
    site: Server, browser: Browser
) -> None:
    email = a_new_address()
    shown = page(
        browser.press(at_sign_up(browser, RelyingParty(site, "signUp")), SEND, email=email)
    )
    code = site.code_for(email)
    for _ in range(5):
        shown = page(browser.press(shown, VERIFY, emailVerificationCode=wrong(code)))
    assert "no longer counts" in shown.text
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert "newPassword" not in shown
    shown, code = ask_again(browser, site, shown, email)
    assert "newPassword" in page(browser.press(shown, VERIFY, emailVerificationCode=code))


def test_a_code_is_too_old_after_ten_minutes(site: Server, browser: Browser) -> None:
    email = a_new_address()
    shown = page(
        browser.press(at_sign_up(browser, RelyingParty(site, "signUp")), SEND, email=email)
    )
    code = site.code_for(email)
    site.move_clock(601)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert "too old" in shown.text
    assert "newPassword" not in shown


def test_a_new_code_makes_the_old_one_worthless(site: Server, browser: Browser) -> None:
    email = a_new_address()
    shown = page(
        browser.press(at_sign_up(browser, RelyingParty(site, "signUp")), SEND, email=email)
    )
    old = site.code_for(email)
    shown, new = ask_again(browser, site, shown, email)
    assert old != new
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=old))
    assert "newPassword" not in shown
    assert "newPassword" in page(browser.press(shown, VERIFY, emailVerificationCode=new))


def test_a_code_counts_only_in_the_journey_that_asked_for_it(
    site: Server, open_browser: OpenBrowser
) -> None:
    email, party = a_new_address(), RelyingParty(site, "signUp")
    one, other = open_browser(), open_browser()
    first = page(one.press(at_sign_up(one, party), SEND, email=email))
    code = site.code_for(email)
    second = page(other.press(at_sign_up(other, party), SEND, email=email))
    assert "newPassword" not in page(other.press(second, VERIFY, emailVerificationCode=code))
    assert "newPassword" in page(one.press(first, VERIFY, emailVerificationCode=code))


def test_an_address_gets_ten_codes_an_hour_over_all_journeys(
    site: Server, open_browser: OpenBrowser
) -> None:
    email, party = a_new_address(), RelyingParty(site, "signUp")
    for _ in range(5):
        browser = open_browser()
        shown = page(browser.press(at_sign_up(browser, party), SEND, email=email))
        page(browser.press(shown, SEND_NEW))
    browser = open_browser()
    shown = page(browser.press(at_sign_up(browser, party), SEND, email=email.upper()))
    assert "Many codes went to this address" in shown.text
    sent = site.stores(lambda stores: stores.messages.latest())
    assert len([each for each in sent if each.to == email]) == 10
    site.move_clock(3601)
    browser = open_browser()
    shown = page(browser.press(at_sign_up(browser, party), SEND, email=email))
    assert f"{CONTROL}_success_message" in shown


def test_that_an_address_has_an_account_is_told_only_after_the_proof(
    site: Server, open_browser: OpenBrowser
) -> None:
    party, person = RelyingParty(site, "signUp"), a_person(site)
    one, other = open_browser(), open_browser()
    known = page(one.press(at_sign_up(one, party), SEND, email=person.email))
    address = a_new_address()
    unknown = page(other.press(at_sign_up(other, party), SEND, email=address))
    assert known.text.replace(person.email, "") == unknown.text.replace(address, "")
    code = site.code_for(person.email)
    shown = page(one.press(known, VERIFY, emailVerificationCode=code))
    assert "There is an account with this name already" in shown.text
    assert "newPassword" not in shown


def test_the_address_can_be_changed_before_and_after_the_proof(
    site: Server, browser: Browser
) -> None:
    party, wanted = RelyingParty(site, "signUp"), a_new_address()
    shown = page(browser.press(at_sign_up(browser, party), SEND, email=a_new_address()))
    shown = page(browser.press(shown, CHANGE))
    shown = prove(browser, site, shown, a_new_address())
    shown = page(browser.press(shown, CHANGE))
    assert "newPassword" not in shown
    shown = prove(browser, site, shown, wanted)
    claims = party.claims(arrival(browser.press(shown, "continue", **passwords())))
    assert claims["emails"] == [wanted]


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("Sh0rt-a", None, "needs at least 8"),
        ("a" * 60 + "-B123", None, "at most 64"),
        ("abcdefgh", None, "of these four"),
        ("Passw0rd", None, "Many people use"),
        (PASSWORD, "Amber-Lantern-65", "two passwords differ"),
        ("Amber\x07Lantern-64", None, "cannot read"),
        ("", None, "is missing"),
    ],
)
def test_a_password_that_breaks_a_rule_is_told_so(
    site: Server, browser: Browser, password: str, again: str | None, told: str
) -> None:
    email = a_new_address()
    shown = proved_sign_up(browser, site, RelyingParty(site, "signUp"), email)
    shown = page(browser.press(shown, "continue", **passwords(password, again)))
    assert told in shown.text
    assert shown.value_of("newPassword") == ""
    assert account_of(site, email) is None


def test_a_password_that_holds_the_mailbox_is_refused(site: Server, browser: Browser) -> None:
    email = a_new_address("wilhelmina")
    shown = proved_sign_up(browser, site, RelyingParty(site, "signUp"), email)
    name = email.partition("@")[0].title()
    shown = page(browser.press(shown, "continue", **passwords(f"{name}-99")))
    assert "too close to your name" in shown.text


@pytest.mark.parametrize(
    ("value", "told"),
    [("x" * 257, "characters long"), ("bell\x07", "cannot read"), ("nul\x00", "cannot read")],
)
def test_an_attribute_that_cannot_be_kept_is_told_and_the_rest_stays(
    site: Server, browser: Browser, value: str, told: str
) -> None:
    email = a_new_address()
    shown = proved_sign_up(browser, site, RelyingParty(site, "signUp"), email)
    shown = page(
        browser.press(shown, "continue", **passwords(), displayName=value, givenName="Kept")
    )
    assert told in shown.text
    assert shown.value_of("givenName") == "Kept"
    assert account_of(site, email) is None


def test_what_is_typed_is_kept_and_shown_as_text(site: Server, browser: Browser) -> None:
    email, name = a_new_address(), '"><script>alert(1)</script>'
    party = RelyingParty(site, "signUp")
    shown = proved_sign_up(browser, site, party, email)
    shown = page(browser.press(shown, "continue", **passwords("x"), displayName=name))
    assert "<script>alert" not in shown.response.text
    assert shown.value_of("displayName") == name
    claims = party.claims(
        arrival(browser.press(shown, "continue", **passwords(), displayName=name))
    )
    assert claims["name"] == name


@pytest.mark.parametrize(
    "address",
    [
        "no-at-sign",
        "two@at@signs.example",
        '"quoted"@people.example',
        "a(comment)@people.example",
        "=?utf-8?q?x=40evil.example?=@people.example",
        "a@[127.0.0.1]",
        "one@people.example,two@people.example",
        "bell\x07@people.example",
        "nul\x00@people.example",
        "line\r\nBcc: other@people.example",
        f"{'a' * 300}@people.example",
        "",
    ],
)
def test_an_address_that_is_none_gets_no_code(site: Server, browser: Browser, address: str) -> None:
    shown = at_sign_up(browser, RelyingParty(site, "signUp"))
    shown = page(browser.press(shown, SEND, email=address))
    assert SEND in shown.ids
    assert "emailVerificationCode" not in shown


@BOTH
@pytest.mark.parametrize("stage", ["address", "code", "attributes"])
def test_cancelling_tells_the_application_and_leaves_nothing(
    site: Server, browser: Browser, flow: str, stage: str
) -> None:
    party, email = RelyingParty(site, flow), a_new_address()
    shown = at_sign_up(browser, party)
    if stage == "code":
        shown = page(browser.press(shown, SEND, email=email))
    if stage == "attributes":
        shown = prove(browser, site, shown, email)
    arrived = arrival(browser.press(shown, "cancel"))
    assert arrived.parameters["error"] == "access_denied"
    assert arrived.error_code == "AADB2C90091"
    assert arrived.parameters["state"] == "kept as it is"
    assert account_of(site, email) is None


def test_who_signs_up_is_signed_in_even_where_somebody_else_was(
    site: Server, browser: Browser
) -> None:
    person, email = a_person(site), a_new_address()
    sign_in(browser, RelyingParty(site), person)
    claims = RelyingParty(site, "signUp").claims(
        sign_up(browser, site, RelyingParty(site, "signUp"), email)
    )
    assert claims["emails"] == [email]
    party = RelyingParty(site)
    assert party.claims(arrival(browser.open(party.link())))["emails"] == [email]
