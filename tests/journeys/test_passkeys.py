"""Passkeys: made at sign-up, used in place of name and password, and no way around them."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gatelodge.journeys.passkeys import ANSWER
from gatelodge.model.identifier import AccountId
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.passkey import Passkey
from gatelodge.model.user_flow import PasskeyConfiguration, SecondFactor
from gatelodge.storage.stores import Stores
from tests.journeys.people import (
    SEND,
    VERIFY,
    a_new_address,
    at_sign_up,
    passwords,
)
from tests.journeys.second_factor import demand, restored
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import ORIGIN, House
from tests.world.passkey_device import PasskeyDevice
from tests.world.relying_party import RelyingParty

HOST = "login.acme.example"
MANAGEABLE = AccountConfiguration(are_passkeys_manageable=True)
ON = PasskeyConfiguration(is_sign_in_allowed=True, is_offered_at_sign_up=True)


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Take passkeys, and put every user flow back as it was afterwards."""
    with restored(house):
        configure(house, "signUpOrSignIn", passkey_configuration=ON)
        yield


def a_device(**changes: Any) -> PasskeyDevice:
    return PasskeyDevice(origin=ORIGIN, rp_id=HOST, **changes)


def question(shown: Shown) -> dict[str, Any]:
    """Return what a page asks the browser."""
    found = re.search(r'data-question="([^"]+)"', shown.response.text)
    assert found, shown.text
    asked: dict[str, Any] = json.loads(html.unescape(found[1]))
    return asked


def offered(house: House, browser: Browser, party: RelyingParty) -> Shown:
    """Sign up as far as the offer of a passkey."""
    address = a_new_address()
    sent = page(browser.press(at_sign_up(browser, party), SEND, email=address))
    code = house.code_for(address)
    form = page(browser.press(sent, VERIFY, emailVerificationCode=code))
    return page(browser.press(form, "continue", **passwords()))


def owner(house: House, visit: OpenVisit, device: PasskeyDevice) -> str:
    """Sign somebody up with a passkey on the device; return the account's id."""
    browser, party = visit(), RelyingParty(house)
    shown = offered(house, browser, party)
    made = browser.press(shown, "passkey", **{ANSWER: device.create(question(shown))})
    return str(party.claims(arrival(made))["sub"])


def kept(house: House, account_id: str) -> list[Passkey]:
    async def work(stores: Stores) -> list[Passkey]:
        return list(await stores.passkeys.of_account(AccountId(account_id)))

    return house.stores(work)


def at_sign_in(browser: Browser, party: RelyingParty) -> Shown:
    return page(browser.open(party.link()))


def answered(browser: Browser, shown: Shown, answer: str) -> Shown | Arrived:
    return browser.press(shown, "passkey", **{ANSWER: answer})


@pytest.mark.parametrize("is_synced", [False, True])
def test_a_passkey_made_at_sign_up_signs_in_without_a_name(
    house: House, visit: OpenVisit, is_synced: bool
) -> None:
    device, party, browser = a_device(is_synced=is_synced), RelyingParty(house), visit()
    account_id = owner(house, visit, device)
    (passkey,) = kept(house, account_id)
    assert (passkey.sign_count, passkey.is_synced) == (0, is_synced)
    shown = at_sign_in(browser, party)
    asked = question(shown)
    assert (asked["allowCredentials"], asked["userVerification"]) == ([], "required")
    assert "script-src 'self'" in shown.response.headers["content-security-policy"]
    claims = party.claims(arrival(answered(browser, shown, device.get(asked))))
    assert claims["sub"] == account_id
    assert claims["amr"] == ["swk" if is_synced else "hwk", "user", "mfa"]
    assert kept(house, account_id)[0].sign_count == 1


def test_a_passkey_is_both_factors_here_and_in_the_session(house: House, visit: OpenVisit) -> None:
    device, party, browser = a_device(), RelyingParty(house), visit()
    account_id = owner(house, visit, device)
    demand(house, SecondFactor.AUTHENTICATOR)
    shown = at_sign_in(browser, party)
    first = party.claims(arrival(answered(browser, shown, device.get(question(shown)))))
    again = party.claims(arrival(browser.open(party.link())))
    assert {first["sub"], again["sub"]} == {account_id}
    assert "mfa" in again["amr"]


def test_the_offer_may_be_left_and_a_page_without_passkeys_runs_no_script(
    house: House, visit: OpenVisit
) -> None:
    browser, party = visit(), RelyingParty(house)
    shown = offered(house, browser, party)
    account_id = party.claims(arrival(browser.press(shown, "skip")))["sub"]
    assert kept(house, account_id) == []
    configure(house, "signUpOrSignIn", passkey_configuration=PasskeyConfiguration())
    plain = at_sign_in(visit(), party)
    assert "passkey" not in plain.response.text
    assert "script-src" not in plain.response.headers["content-security-policy"]


WRONG: dict[str, dict[str, Any]] = {
    "inside a page of another site": {"is_cross_origin": True},
    "inside a list": {"is_cross_origin": [False]},
    "another origin": {"origin": "https://evil.example"},
    "a subdomain": {"origin": f"https://x.{HOST}:8443"},
    "plain http": {"origin": f"http://{HOST}:8443"},
    "another ceremony": {"kind": "webauthn.create"},
    "somebody else's handle": {"user_handle": b"00000000-0000-4000-8000-000000000001"},
    "no handle": {"user_handle": b""},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_an_answer_that_proves_something_else_signs_nobody_in(
    house: House, visit: OpenVisit, changes: dict[str, Any]
) -> None:
    device, party, browser = a_device(), RelyingParty(house), visit()
    owner(house, visit, device)
    shown = at_sign_in(browser, party)
    refused = page(answered(browser, shown, device.get(question(shown), **changes)))
    assert "does not open any account" in refused.text
    assert arrival(answered(browser, refused, device.get(question(refused)))).code


DEVICES: dict[str, dict[str, Any]] = {
    "nobody verified": {"verifies_user": False},
    "nobody there": {"is_present": False},
    "another host": {"rp_id": "acme.example"},
}


@pytest.mark.parametrize("changes", DEVICES.values(), ids=DEVICES)
def test_what_a_device_did_not_verify_or_made_for_another_host_does_not_count(
    house: House, visit: OpenVisit, changes: dict[str, Any]
) -> None:
    device, party, browser = a_device(), RelyingParty(house), visit()
    owner(house, visit, device)
    for name, value in changes.items():
        setattr(device, name, value)
    shown = at_sign_in(browser, party)
    assert "does not open" in page(answered(browser, shown, device.get(question(shown)))).text
    fresh = visit()
    shown = offered(house, fresh, party)
    wrong = page(answered(fresh, shown, device.create(question(shown))))
    assert "could not be checked" in wrong.text


def test_an_answer_counts_once_and_in_its_own_browser_only(house: House, visit: OpenVisit) -> None:
    device, party = a_device(), RelyingParty(house)
    owner(house, visit, device)
    browser, other = visit(), visit()
    shown, elsewhere = at_sign_in(browser, party), at_sign_in(other, party)
    answer = device.get(question(shown))
    assert "out of date" in page(answered(other, elsewhere, answer)).text
    arrival(answered(browser, shown, answer))
    third = visit()
    assert "out of date" in page(answered(third, at_sign_in(third, party), answer)).text


def test_each_page_asks_anew_and_what_was_answered_is_not_taken_again(
    house: House, visit: OpenVisit
) -> None:
    device, party, browser = a_device(counts=False), RelyingParty(house, "profileUpdate"), visit()
    configure(house, "profileUpdate", passkey_configuration=ON, account_configuration=MANAGEABLE)
    account_id = owner(house, visit, device)
    first, second = at_sign_in(browser, party), at_sign_in(browser, party)
    reloaded = page(browser.open(first.url))
    asked = [question(each)["challenge"] for each in (first, reloaded, second)]
    assert len(set(asked)) == 3
    answer = device.get(question(first))
    profile = page(answered(browser, reloaded, answer))
    shown = page(browser.press(profile, "managePasskeys"))
    house.clock.move(minutes=11)
    # Without a password there is nothing to ask for but another sign-in.
    house.stores(lambda stores: stores.passwords.drop(AccountId(account_id)))
    shown = page(browser.press(shown, "remove-0"))
    again = page(answered(browser, shown, answer))
    assert "out of date" in again.text
    assert "remove-0" in page(answered(browser, again, device.get(question(again))))


def test_a_page_the_back_button_brings_back_still_counts_or_says_why_not(
    house: House, visit: OpenVisit
) -> None:
    device, party, browser = a_device(), RelyingParty(house), visit()
    owner(house, visit, device)
    before = at_sign_in(browser, party)
    refused = page(answered(browser, before, device.get(question(before), origin="https://e.ex")))
    assert "does not open" in refused.text
    told = page(answered(browser, before, device.get(question(before))))
    assert "out of date" in told.text
    arrival(answered(browser, refused, device.get(question(told))))


def test_a_synced_passkey_does_not_become_one_that_stays_in_a_device(
    house: House, visit: OpenVisit
) -> None:
    device, party, browser = a_device(is_synced=True), RelyingParty(house), visit()
    owner(house, visit, device)
    device.is_synced = False
    shown = at_sign_in(browser, party)
    assert "does not open" in page(answered(browser, shown, device.get(question(shown)))).text


def test_a_count_that_goes_back_is_a_copy_and_refused(house: House, visit: OpenVisit) -> None:
    device, party = a_device(), RelyingParty(house)
    account_id = owner(house, visit, device)
    for _ in range(2):
        browser = visit()
        shown = at_sign_in(browser, party)
        arrival(answered(browser, shown, device.get(question(shown))))
    device.made[-1].count = 1
    browser = visit()
    shown = at_sign_in(browser, party)
    assert "does not open" in page(answered(browser, shown, device.get(question(shown)))).text
    assert kept(house, account_id)[0].sign_count == 2
    events = house.stores(lambda stores: stores.audit_events.latest())
    assert "passkeyCopied" in [each.detail.get("reason") for each in events]


def test_a_passkey_of_a_blocked_or_deleted_account_opens_nothing(
    house: House, visit: OpenVisit
) -> None:
    device, party, browser = a_device(), RelyingParty(house), visit()
    account_id = AccountId(owner(house, visit, device))

    async def block(stores: Stores) -> None:
        account = await stores.accounts.require(account_id)
        await stores.accounts.save(replace(account, account_enabled=False))

    house.stores(block)
    shown = at_sign_in(browser, party)
    assert "does not open" in page(answered(browser, shown, device.get(question(shown)))).text


def test_nobody_gets_another_persons_credential_as_their_own(
    house: House, visit: OpenVisit
) -> None:
    device, party, browser = a_device(), RelyingParty(house), visit()
    first = owner(house, visit, device)
    shown = offered(house, browser, party)
    before, credential_id = kept(house, first), device.made[-1].id
    own = device.create(question(shown), credential_id=credential_id)
    refused = page(answered(browser, shown, own))
    assert "could not be checked" in refused.text
    assert kept(house, first) == before


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id":1}', "x" * 20_000, '{"id":"AA","rawId":"AA"}', "\x7f"]
)
def test_what_is_no_answer_is_told_so(house: House, visit: OpenVisit, answer: str) -> None:
    browser, party = visit(), RelyingParty(house)
    shown = at_sign_in(browser, party)
    assert "does not open" in page(answered(browser, shown, answer)).text


@pytest.fixture
def own_account(house: House) -> None:
    """Let people look after their passkeys in profile edit."""
    manageable = AccountConfiguration(are_passkeys_manageable=True, are_identities_manageable=True)
    configure(house, "profileUpdate", account_configuration=manageable, passkey_configuration=ON)


def at_passkeys(house: House, browser: Browser, device: PasskeyDevice) -> Shown:
    """Sign in with a passkey and come to the page of one's passkeys."""
    party = RelyingParty(house, "profileUpdate")
    shown = at_sign_in(browser, party)
    profile = page(answered(browser, shown, device.get(question(shown))))
    return page(browser.press(profile, "managePasskeys"))


@pytest.mark.usefixtures("own_account")
def test_passkeys_are_added_and_taken_away_in_profile_edit(house: House, visit: OpenVisit) -> None:
    device, browser = a_device(), visit()
    account_id = owner(house, visit, device)
    shown = at_passkeys(house, browser, device)
    assert [each["id"] for each in question(shown)["excludeCredentials"]] == [
        each.id for each in kept(house, account_id)
    ]
    house.clock.move(minutes=1)
    added = page(answered(browser, shown, device.create(question(shown))))
    assert "The passkey was added" in added.text
    _, second = kept(house, account_id)
    shown = page(browser.press(added, "managePasskeys"))
    gone = page(browser.press(shown, "remove-0"))
    assert "The passkey was removed" in gone.text
    assert kept(house, account_id) == [second]


@pytest.mark.usefixtures("own_account")
def test_the_last_way_in_stays(house: House, visit: OpenVisit) -> None:
    device, browser = a_device(), visit()
    account_id = AccountId(owner(house, visit, device))
    house.stores(lambda stores: stores.passwords.remove(account_id))
    shown = at_passkeys(house, browser, device)
    refused = page(browser.press(shown, "remove-0"))
    assert "the only way you can sign in" in refused.text
    assert len(kept(house, account_id)) == 1
    forged = device.get(question(at_sign_in(visit(), RelyingParty(house))))
    assert "out of date" in page(answered(browser, refused, forged)).text
