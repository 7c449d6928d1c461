"""Reloading, going back, clicking twice, two tabs, and two people at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin

import httpx
import pytest

from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import (
    NEW_PASSWORD,
    PASSWORD,
    SEND,
    VERIFY,
    a_new_address,
    a_person,
    account_of,
    at_new_password,
    at_sign_up,
    begin,
    grants_of,
    passwords,
    prove,
    proved_sign_up,
    sign_in,
)
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

CLICKS = 5


def at_once(*work: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(work)) as threads:
        return [each.result() for each in [threads.submit(one) for one in work]]


def clicked_together(
    browser: Browser, shown: Shown, button: str, **values: str
) -> list[Shown | Arrived]:
    """Press a button several times at the same moment; return where each click leads."""
    answers = at_once(*[lambda: browser.send(shown, button, **values)] * CLICKS)
    assert {each.status_code for each in answers} <= {200, 303}
    return [browser.follow(each) for each in answers]


def the_one_arrival(ends: list[Shown | Arrived]) -> Arrived:
    """Demand that every click led to the application, with the same answer."""
    assert {each.url for each in ends} == {ends[0].url}
    return arrival(ends[0])


def test_reloading_sends_no_second_code(site: Server, browser: Browser) -> None:
    email = a_new_address()
    shown = page(browser.press(at_sign_up(browser, RelyingParty(site)), SEND, email=email))
    for _ in range(3):
        shown = page(browser.open(shown.url))
    code = site.code_for(email)
    sent = site.stores(lambda stores: stores.messages.latest())
    assert [each.code for each in sent if each.to == email] == [code]
    assert "newPassword" in page(browser.press(shown, VERIFY, emailVerificationCode=code))


def test_sending_twice_from_the_same_page_sends_one_code(site: Server, browser: Browser) -> None:
    email = a_new_address()
    asked = at_sign_up(browser, RelyingParty(site))
    ends = clicked_together(browser, asked, SEND, email=email)
    ends.append(browser.press(asked, SEND, email=email))
    assert all("emailVerificationCode" in page(each) for each in ends)
    sent = site.stores(lambda stores: stores.messages.latest())
    assert len([each for each in sent if each.to == email]) == 1


def test_confirming_twice_counts_once(site: Server, browser: Browser) -> None:
    email = a_new_address()
    shown = page(browser.press(at_sign_up(browser, RelyingParty(site)), SEND, email=email))
    code = site.code_for(email)
    for each in clicked_together(browser, shown, VERIFY, emailVerificationCode=code):
        assert "newPassword" in page(each)


def test_wrong_codes_typed_side_by_side_count_one_by_one(site: Server, browser: Browser) -> None:
    email = a_new_address()
    shown = page(browser.press(at_sign_up(browser, RelyingParty(site)), SEND, email=email))
    code = site.code_for(email)
    wrong = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, 31)]
    at_once(
        *(
            lambda each=each: browser.send(shown, VERIFY, emailVerificationCode=each)
            for each in wrong
        )
    )
    for each in wrong[:5]:
        browser.press(shown, VERIFY, emailVerificationCode=each)
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=code))
    assert "newPassword" not in shown


def test_signing_up_twice_makes_one_account_and_one_grant(site: Server, browser: Browser) -> None:
    email, party = a_new_address(), RelyingParty(site)
    shown = proved_sign_up(browser, site, party, email)
    arrived = the_one_arrival(clicked_together(browser, shown, "continue", **passwords()))
    account = account_of(site, email)
    assert account is not None
    assert grants_of(site, account.id) == 1
    assert party.claims(arrived)["sub"] == account.id


def test_signing_in_twice_makes_one_grant(site: Server, browser: Browser) -> None:
    person, party = a_person(site), RelyingParty(site, "signIn")
    shown = begin(browser, party)
    known = {"email": person.email, "password": PASSWORD}
    arrived = the_one_arrival(clicked_together(browser, shown, "next", **known))
    assert grants_of(site, person.id) == 1
    assert party.claims(arrived)["sub"] == person.id


def test_resetting_twice_makes_one_grant(site: Server, browser: Browser) -> None:
    person, party = a_person(site), RelyingParty(site, "passwordReset")
    shown = at_new_password(browser, site, begin(browser, party), person.email)
    new = passwords(NEW_PASSWORD)
    arrived = the_one_arrival(clicked_together(browser, shown, "continue", **new))
    assert grants_of(site, person.id) == 1
    assert party.claims(arrived)["sub"] == person.id


def test_saving_a_profile_twice_makes_one_grant(site: Server, browser: Browser) -> None:
    person, party = a_person(site), RelyingParty(site, "profileUpdate")
    shown = begin(browser, party)
    shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
    changed = {"displayName": "Twice"}
    arrived = the_one_arrival(clicked_together(browser, shown, "continue", **changed))
    assert grants_of(site, person.id) == 1
    assert party.claims(arrived)["name"] == "Twice"


def test_cancelling_twice_gets_the_same_answer(site: Server, browser: Browser) -> None:
    shown = at_sign_up(browser, RelyingParty(site))
    arrived = the_one_arrival(clicked_together(browser, shown, "cancel"))
    assert arrived.error_code == "AADB2C90091"


def test_the_last_form_again_gets_the_same_answer_until_the_code_is_redeemed(
    site: Server, browser: Browser
) -> None:
    person, party = a_person(site), RelyingParty(site)
    shown = begin(browser, party)
    known = {"email": person.email, "password": PASSWORD}
    arrived = arrival(browser.press(shown, "next", **known))
    assert browser.press(shown, "next", **known) == arrived
    assert browser.open(shown.url) == arrived
    party.tokens(arrived)
    assert "AADB2C90046" in page(browser.press(shown, "next", **known)).text
    assert "AADB2C90046" in page(browser.open(shown.url)).text
    assert grants_of(site, person.id) == 1


def test_the_last_form_gets_nothing_a_minute_later(site: Server, browser: Browser) -> None:
    person, party = a_person(site), RelyingParty(site)
    shown = begin(browser, party)
    known = {"email": person.email, "password": PASSWORD}
    arrival(browser.press(shown, "next", **known))
    site.move_clock(61)
    assert "AADB2C90046" in page(browser.press(shown, "next", **known)).text


def test_going_back_to_the_first_page_begins_anew(site: Server, browser: Browser) -> None:
    person, party = a_person(site), RelyingParty(site)
    first = begin(browser, party)
    prove(browser, site, page(browser.press(first, "createAccount")), a_new_address())
    shown = page(browser.press(first, "forgotPassword"))
    assert "forgot" in shown.text.lower() or SEND in shown
    arrived = arrival(browser.press(first, "next", email=person.email, password=PASSWORD))
    assert party.claims(arrived)["sub"] == person.id


def test_a_proof_for_signing_up_does_not_skip_the_code_of_a_reset(
    site: Server, browser: Browser
) -> None:
    first = begin(browser, RelyingParty(site))
    email = a_new_address()
    prove(browser, site, page(browser.press(first, "createAccount")), email)
    shown = page(browser.press(first, "forgotPassword"))
    assert "newPassword" not in shown
    assert SEND in shown
    assert "continue" not in shown.form.buttons


def test_the_form_of_an_earlier_step_leads_to_the_current_one(
    site: Server, browser: Browser
) -> None:
    email = a_new_address()
    asked = at_sign_up(browser, RelyingParty(site))
    shown = prove(browser, site, asked, email)
    again = page(browser.press(asked, SEND, email=a_new_address()))
    assert again.form.buttons == shown.form.buttons
    assert email in again.response.text


def test_two_tabs_are_two_journeys(site: Server, browser: Browser) -> None:
    person, email, party = a_person(site), a_new_address(), RelyingParty(site)
    one = begin(browser, party)
    two = proved_sign_up(browser, site, party, email)
    first = arrival(browser.press(one, "next", email=person.email, password=PASSWORD))
    assert party.claims(first)["sub"] == person.id
    second = arrival(browser.press(two, "continue", **passwords()))
    assert party.claims(second)["emails"] == [email]


def test_who_comes_second_with_an_address_is_told(site: Server, open_browser: OpenBrowser) -> None:
    email, party = a_new_address(), RelyingParty(site)
    one, other = open_browser(), open_browser()
    first = proved_sign_up(one, site, party, email)
    second = proved_sign_up(other, site, party, email)
    arrival(one.press(first, "continue", **passwords()))
    shown = page(other.press(second, "continue", **passwords(NEW_PASSWORD)))
    assert "There is an account with this name already" in shown.text
    assert "newPassword" not in shown
    fresh = a_new_address()
    shown = prove(other, site, shown, fresh)
    claims = party.claims(arrival(other.press(shown, "continue", **passwords())))
    assert claims["emails"] == [fresh]
    sign_in_again = open_browser()
    account = account_of(site, email)
    assert account is not None
    shown = begin(sign_in_again, party)
    arrival(sign_in_again.press(shown, "next", email=email, password=PASSWORD))


def test_several_who_finish_together_with_an_address_make_one_account(
    site: Server, open_browser: OpenBrowser
) -> None:
    email, party = a_new_address(), RelyingParty(site)
    begun = [
        (each, proved_sign_up(each, site, party, email))
        for each in (open_browser() for _ in range(4))
    ]
    answers = at_once(
        *(
            lambda each=each, shown=shown: each.send(shown, "continue", **passwords())
            for each, shown in begun
        )
    )
    ends = [each.follow(answer) for (each, _), answer in zip(begun, answers, strict=True)]
    arrived = [each for each in ends if isinstance(each, Arrived)]
    assert len(arrived) == 1
    assert all("already" in each.text for each in ends if isinstance(each, Shown))
    assert party.claims(arrived[0])["emails"] == [email]


def test_codes_asked_for_side_by_side_are_ten_in_all(
    site: Server, open_browser: OpenBrowser
) -> None:
    email, party = a_new_address(), RelyingParty(site)
    begun = [(each, at_sign_up(each, party)) for each in (open_browser() for _ in range(16))]
    answers = at_once(
        *(
            lambda each=each, shown=shown: each.send(shown, SEND, email=email)
            for each, shown in begun
        )
    )
    assert {each.status_code for each in answers} <= {200, 303}
    sent = site.stores(lambda stores: stores.messages.latest())
    assert len([each for each in sent if each.to == email]) == 10


def test_guesses_side_by_side_lock_a_name(site: Server, open_browser: OpenBrowser) -> None:
    person, party = a_person(site), RelyingParty(site)
    begun = [(each, begin(each, party)) for each in (open_browser() for _ in range(12))]
    for turn in range(3):
        at_once(
            *(
                lambda each=each, shown=shown, guess=f"{turn} {number}": each.send(
                    shown, "next", email=person.email, password=guess
                )
                for number, (each, shown) in enumerate(begun)
            )
        )
    browser, shown = begun[0]
    shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
    assert "paused for a short while" in shown.text


@pytest.mark.parametrize("button", ["next", "createAccount"])
def test_a_form_is_answered_with_a_redirect_that_drops_it(
    site: Server, browser: Browser, button: str
) -> None:
    person = a_person(site)
    shown = begin(browser, RelyingParty(site))
    known = {"email": person.email, "password": PASSWORD} if button == "next" else {}
    answer = browser.send(shown, button, **known)
    assert answer.status_code == 303
    assert PASSWORD not in str(answer.headers)
    assert urljoin(shown.url, answer.headers["location"])


def test_a_sign_in_in_another_tab_does_not_disturb_this_one(site: Server, browser: Browser) -> None:
    person, other, party = a_person(site), a_person(site), RelyingParty(site)
    shown = begin(browser, party)
    sign_in(browser, party, other)
    arrived = arrival(browser.press(shown, "next", email=person.email, password=PASSWORD))
    assert party.claims(arrived)["sub"] == person.id
