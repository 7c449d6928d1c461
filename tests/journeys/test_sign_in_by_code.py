"""Signing in, and up, with a code or a link from a mail in place of a password."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import count

import pytest

from gatelodge.model.account import Account
from gatelodge.model.identifier import AccountId
from gatelodge.model.lockout import MAX_FAILURES
from gatelodge.model.message import Message
from gatelodge.model.user_flow import AuthenticationMethod, OneTimeCodeConfiguration
from gatelodge.storage.stores import Stores
from tests.journeys.people import CHANGE, SEND, SEND_NEW, VERIFY
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

ONLY = AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD
BESIDE = OneTimeCodeConfiguration(is_offered_at_sign_in=True)
LINKED = replace(BESIDE, is_link_included=True)
_numbers = count(1)


@pytest.fixture(autouse=True)
def put_back(house: House) -> Iterator[None]:
    house.run(house.forget_sent_codes())
    before = {flow: configure(house, flow) for flow in ("signIn", "signUpOrSignIn", "signUp")}
    yield
    house.run(house.forget_sent_codes())
    for flow, each in before.items():
        configure(
            house,
            flow,
            authentication_methods=each.authentication_methods,
            one_time_code_configuration=each.one_time_code_configuration,
        )


def user(house: House) -> dict[str, str]:
    found: dict[str, str] = house.facts["users"][0]
    return found


def a_stranger() -> str:
    return f"stranger{next(_numbers)}@people.example"


def mails_to(house: House, address: str) -> list[Message]:
    sent = house.stores(lambda stores: stores.messages.latest())
    return [each for each in sent if each.to == address]


def ask(house: House, browser: Browser, email: str, flow: str = "signIn", **values: str) -> Shown:
    shown = page(browser.open(RelyingParty(house, flow).link()))
    return page(browser.press(shown, "sendCode", email=email, **values))


def type_code(browser: Browser, shown: Shown, code: str) -> Shown | Arrived:
    return browser.press(shown, VERIFY, emailVerificationCode=code)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize(
    "changes",
    [{"authentication_methods": ONLY}, {"one_time_code_configuration": BESIDE}],
    ids=["only", "beside the password"],
)
@pytest.mark.parametrize("flow", ["signIn", "signUpOrSignIn"])
def test_a_code_from_the_mail_signs_in(
    house: House, visitor: Browser, flow: str, changes: dict[str, object]
) -> None:
    configure(house, flow, **changes)
    shown = page(visitor.open(RelyingParty(house, flow).link()))
    assert ("password" in shown) is ("one_time_code_configuration" in changes)
    shown = ask(house, visitor, user(house)["email"], flow)
    assert user(house)["email"] in shown.text
    arrived = arrival(type_code(visitor, shown, house.code_for(user(house)["email"])))
    claims = RelyingParty(house, flow).claims(arrived)
    assert claims["oid"] == user(house)["object_id"]
    arrival(visitor.open(RelyingParty(house, flow).link()))


def test_without_the_setting_no_code_is_offered_and_none_is_taken(
    house: House, visitor: Browser
) -> None:
    shown = page(visitor.open(RelyingParty(house, "signIn").link()))
    assert "sendCode" not in shown
    shown.form.buttons["sendCode"] = ("action", "sendCode")
    shown = page(visitor.press(shown, "sendCode", email=user(house)["email"]))
    assert "password" in shown
    assert mails_to(house, user(house)["email"]) == []


def test_switching_it_off_ends_who_is_at_it(house: House, visitor: Browser) -> None:
    configure(house, "signIn", one_time_code_configuration=BESIDE)
    shown = ask(house, visitor, user(house)["email"])
    configure(house, "signIn", one_time_code_configuration=OneTimeCodeConfiguration())
    answer = arrival(type_code(visitor, shown, house.code_for(user(house)["email"])))
    assert "error" in answer.parameters


def test_an_unknown_address_gets_the_same_pages_and_no_mail(house: House, visit: OpenVisit) -> None:
    configure(house, "signIn", authentication_methods=ONLY)
    seen = []
    for email in (user(house)["email"], a_stranger()):
        browser = visit()
        shown = ask(house, browser, email)
        wrong = page(type_code(browser, shown, "000000"))
        again = page(browser.press(wrong, SEND_NEW))
        seen.append([each.text.replace(email, "") for each in (shown, wrong, again)])
    assert seen[0] == seen[1]
    assert mails_to(house, email) == []


def test_somebody_new_signs_up_without_a_password(house: House, visitor: Browser) -> None:
    configure(house, "signUpOrSignIn", authentication_methods=ONLY)
    email, party = a_stranger(), RelyingParty(house, "signUpOrSignIn")
    shown = page(type_code(visitor, ask(house, visitor, email, party.flow), house.code_for(email)))
    assert "newPassword" not in shown
    assert email in shown.response.text
    claims = party.claims(arrival(visitor.press(shown, "continue", displayName="Someone New")))
    assert claims["newUser"] is True
    account_id = AccountId(claims["oid"])
    assert house.stores(lambda stores: stores.passwords.get(account_id)) is None
    found = house.stores(lambda stores: stores.accounts.require(account_id))
    assert (found.emails, found.is_email_proved) == ((email,), True)
    shown = page(visitor.open(party.link(prompt="login")))
    shown = page(visitor.press(shown, "sendCode", email=email))
    again = party.claims(arrival(type_code(visitor, shown, house.code_for(email))))
    assert (again["oid"], "newUser" in again) == (account_id, False)


def test_signing_up_only_needs_the_code_even_where_addresses_are_not_proved(
    house: House, visitor: Browser
) -> None:
    flow = configure(house, "signUp", authentication_methods=ONLY)
    configure(house, "signUp", attributes=flow.with_email_verification(False).attributes)
    email = a_stranger()
    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    shown = page(visitor.press(shown, SEND, email=email))
    shown = page(type_code(visitor, shown, house.code_for(email)))
    assert "newPassword" not in shown
    arrival(visitor.press(shown, "continue", displayName="Someone New"))
    configure(house, "signUp", attributes=flow.attributes)


@pytest.mark.parametrize("how", ["used", "replaced", "expired", "spent", "of another interaction"])
def test_a_code_that_counts_no_more_is_refused(
    house: House, visit: OpenVisit, visitor: Browser, how: str
) -> None:
    configure(house, "signIn", authentication_methods=ONLY)
    email = user(house)["email"]
    shown = ask(house, visitor, email)
    code = house.code_for(email)
    match how:
        case "used":
            arrival(type_code(visitor, shown, code))
            shown = ask(house, visit(), email)
        case "replaced":
            shown = page(visitor.press(shown, SEND_NEW))
        case "expired":
            house.clock.move(milliseconds=10 * 60 * 1000)
        case "spent":
            for _ in range(5):
                shown = page(type_code(visitor, shown, another(code)))
        case _:
            visitor = visit()
            shown = ask(house, visitor, email)
    if house.code_for(email) == code and how in {"replaced", "of another interaction"}:
        pytest.skip("the same six digits twice")
    answer = type_code(visitor, shown, code)
    assert VERIFY in page(answer) if how != "used" else isinstance(answer, Shown)


def test_wrong_codes_lock_an_address_over_all_interactions(house: House, visit: OpenVisit) -> None:
    configure(house, "signIn", authentication_methods=ONLY)
    email, wrong = user(house)["email"], 0
    while wrong < MAX_FAILURES:
        browser = visit()
        shown = ask(house, browser, email)
        for _ in range(5):
            shown = page(type_code(browser, shown, another(house.code_for(email))))
            wrong += 1
    browser = visit()
    shown = ask(house, browser, email)
    assert "a lot of attempts" in page(type_code(browser, shown, house.code_for(email))).text
    house.clock.move(milliseconds=61_000)
    arrival(type_code(browser, shown, house.code_for(email)))


def test_another_address_can_be_given(house: House, visitor: Browser) -> None:
    configure(house, "signIn", authentication_methods=ONLY)
    shown = page(visitor.press(ask(house, visitor, a_stranger()), CHANGE))
    shown = page(visitor.press(shown, SEND, email=user(house)["email"]))
    arrival(type_code(visitor, shown, house.code_for(user(house)["email"])))


def test_who_proves_an_address_ends_what_was_left_in_its_account(
    house: House, visitor: Browser
) -> None:
    configure(house, "signIn", one_time_code_configuration=BESIDE)
    who = house.facts["users"][1]
    account_id = AccountId(who["object_id"])

    async def unproved(stores: Stores) -> tuple[Account, object]:
        account = await stores.accounts.require(account_id)
        await stores.accounts.save(replace(account, is_email_proved=False))
        return account, await stores.passwords.require(account_id)

    before, password = house.stores(unproved)
    house.clock.move(milliseconds=1)
    shown = ask(house, visitor, who["email"])
    arrival(type_code(visitor, shown, house.code_for(who["email"])))

    async def back(stores: Stores) -> tuple[Account, object]:
        account = await stores.accounts.require(account_id)
        left = await stores.passwords.get(account_id)
        await stores.accounts.save(replace(before, revision=account.revision))
        await stores.passwords.put(password)  # type: ignore[arg-type]
        return account, left

    after, left = house.stores(back)
    assert (after.is_email_proved, left) == (True, None)
    assert after.sign_in_sessions_valid_from > before.sign_in_sessions_valid_from


def link_in(house: House, address: str) -> str:
    found = re.search(r"https://\S+/signinlink\S+", mails_to(house, address)[0].text)
    assert found
    return found[0]


def test_a_link_shows_the_page_to_confirm_and_confirming_signs_in(
    house: House, visitor: Browser
) -> None:
    configure(house, "signIn", one_time_code_configuration=LINKED)
    email = user(house)["email"]
    ask(house, visitor, email)
    link = link_in(house, email)
    assert link in unescape(mails_to(house, email)[0].html)
    for _ in range(3):
        shown = page(visitor.open(link))
        assert shown.value_of("emailVerificationCode") == house.code_for(email)
    arrival(visitor.press(shown, VERIFY))
    assert page(visitor.open(link)).response.status_code == 400


def test_a_link_opened_elsewhere_signs_nobody_in_and_shows_the_code(
    house: House, visit: OpenVisit
) -> None:
    configure(house, "signIn", one_time_code_configuration=LINKED)
    email, here, elsewhere = user(house)["email"], visit(), visit()
    waiting = ask(house, here, email)
    shown = page(elsewhere.open(link_in(house, email)))
    code = house.code_for(email)
    assert code in shown.text
    assert VERIFY not in shown
    assert not [each for each in elsewhere.client.cookies if "session" in each]
    arrival(type_code(here, waiting, code))


@pytest.mark.parametrize("how", ["changed", "of another flow", "replaced", "expired", "none"])
def test_a_link_that_counts_no_more_leads_nowhere(house: House, visitor: Browser, how: str) -> None:
    configure(house, "signIn", one_time_code_configuration=LINKED)
    email = user(house)["email"]
    shown = ask(house, visitor, email)
    link, code = link_in(house, email), house.code_for(email)
    match how:
        case "changed":
            link = link[:-1] + ("A" if link[-1] != "A" else "B")
        case "of another flow":
            flows = house.facts["user_flows"]
            link = link.replace(flows["signIn"].lower(), flows["signUpOrSignIn"].lower())
        case "replaced":
            page(visitor.press(shown, SEND_NEW))
        case "expired":
            house.clock.move(milliseconds=10 * 60 * 1000)
        case _:
            link = link.partition("?")[0]
    answer = page(visitor.open(link))
    assert answer.response.status_code == 400
    assert code not in answer.text


def test_a_mail_has_no_link_unless_it_is_wanted(house: House, visitor: Browser) -> None:
    configure(house, "signIn", one_time_code_configuration=BESIDE)
    ask(house, visitor, user(house)["email"])
    assert "signinlink" not in mails_to(house, user(house)["email"])[0].text
