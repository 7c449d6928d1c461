"""Codes sent to an address are guessed at most so often, however many are sent and by whom."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from gatelodge.journeys.send_budgets import PROVED_FROM_ONE_PLACE
from gatelodge.model.lockout import MAX_FAILURES
from gatelodge.model.user_flow import AuthenticationMethod
from gatelodge.storage.stores import Stores
from tests.journeys.people import SEND, VERIFY, a_new_address
from tests.journeys.second_factor import restored
from tests.world.browser import Arrived, Browser, Shown, page
from tests.world.furnished import OpenVisit, configure, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

SPENT, WRONG, THROTTLED = "mistyped too often", "not the code", "Many codes"
HERE = "127.0.0.1"


@pytest.fixture(autouse=True)
def forgiven(house: House) -> Iterator[None]:
    with restored(house):
        yield
    house.run(house.forget_sent_codes())


def by_reset(house: House, browser: Browser, email: str) -> Shown:
    """Have a code sent for a new password."""
    shown = page(browser.open(RelyingParty(house, "passwordReset").link()))
    return page(browser.press(shown, SEND, email=email))


def by_code(house: House, browser: Browser, email: str) -> Shown:
    """Have a code sent in place of a password."""
    mailed = AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD
    configure(house, "signIn", authentication_methods=mailed)
    shown = page(browser.open(RelyingParty(house, "signIn").link(prompt="login")))
    return page(browser.press(shown, "sendCode", email=email))


Ask = Callable[[House, Browser, str], Shown]


def typed(house: House, browser: Browser, shown: Shown, email: str) -> Shown | Arrived:
    """Type the code that was sent last."""
    return browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email))


def is_proved(answer: Shown | Arrived) -> bool:
    """Return whether a code was taken."""
    return isinstance(answer, Arrived) or "continue" in answer.form.buttons


def test_wrong_codes_are_counted_over_every_interaction_and_code(
    house: House, visit: OpenVisit
) -> None:
    email = house.facts["users"][0]["email"]
    reset = RelyingParty(house, "passwordReset")
    told = []
    for _ in range(2):
        browser = visit()
        shown = page(browser.press(page(browser.open(reset.link())), SEND, email=email))
        for _ in range(5):
            shown = page(browser.press(shown, VERIFY, emailVerificationCode="000000"))
            told.append(shown.text)
    assert all(WRONG in each or SPENT in each for each in told)
    browser = visit()
    shown = page(browser.press(page(browser.open(reset.link())), SEND, email=email))
    right = house.code_for(email)
    for code in ("000000", right):
        refused = page(browser.press(shown, VERIFY, emailVerificationCode=code))
        assert WRONG not in refused.text
        assert "newPassword" not in refused
        assert VERIFY in refused.form.buttons
    house.clock.move(seconds=61)
    proved = page(browser.press(refused, VERIFY, emailVerificationCode=right))
    assert "continue" in proved.form.buttons


def test_a_right_code_forgives_the_wrong_ones_before_it(house: House, visit: OpenVisit) -> None:
    email = house.facts["users"][0]["email"]
    reset = RelyingParty(house, "passwordReset")
    for _ in range(3):
        browser = visit()
        shown = page(browser.press(page(browser.open(reset.link())), SEND, email=email))
        for _ in range(4):
            shown = page(browser.press(shown, VERIFY, emailVerificationCode="000000"))
        proved = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))
        assert "continue" in proved.form.buttons


@pytest.mark.parametrize("ask", [by_reset, by_code])
def test_who_locks_an_address_does_not_lock_its_owner_s_device(
    house: House, visit: OpenVisit, ask: Ask
) -> None:
    email, owner = house.facts["users"][0]["email"], visit()
    signed_in(owner, RelyingParty(house))
    for _ in range(MAX_FAILURES // 5):
        attacker = visit()
        shown = ask(house, attacker, email)
        for _ in range(5):
            shown = page(attacker.press(shown, VERIFY, emailVerificationCode="000000"))
    stranger = visit()
    assert not is_proved(typed(house, stranger, ask(house, stranger, email), email))
    assert is_proved(typed(house, owner, ask(house, owner, email), email))


@pytest.mark.parametrize("ask", [by_reset, by_code])
def test_who_spends_an_address_s_codes_does_not_spend_those_of_its_owner_s_device(
    house: House, visit: OpenVisit, ask: Ask
) -> None:
    email, owner = house.facts["users"][0]["email"], visit()
    signed_in(owner, RelyingParty(house))
    for _ in range(11):
        shown = ask(house, visit(), email)
    assert THROTTLED in shown.text
    assert is_proved(typed(house, owner, ask(house, owner, email), email))


def test_guesses_with_an_owner_s_devices_lock_them_all_and_nobody_else(
    house: House, visit: OpenVisit
) -> None:
    email = house.facts["users"][0]["email"]
    for _ in range(MAX_FAILURES // 5):
        # Whoever knows the password makes devices known, and gains no guesses by it.
        device = visit()
        signed_in(device, RelyingParty(house))
        shown = by_reset(house, device, email)
        for _ in range(5):
            shown = page(device.press(shown, VERIFY, emailVerificationCode="000000"))
    fresh, stranger = visit(), visit()
    signed_in(fresh, RelyingParty(house))
    assert not is_proved(typed(house, fresh, by_reset(house, fresh, email), email))
    assert is_proved(typed(house, stranger, by_reset(house, stranger, email), email))


@pytest.mark.parametrize("flow", ["signUp", "passwordReset"])
def test_one_place_does_not_have_mail_sent_without_end(
    house: House, visit: OpenVisit, flow: str
) -> None:
    def asked() -> str:
        browser = visit()
        shown = page(browser.open(RelyingParty(house, flow).link()))
        return page(browser.press(shown, SEND, email=a_new_address())).text

    async def work(stores: Stores) -> None:
        now = house.clock()
        for _ in range(PROVED_FROM_ONE_PLACE - 1):
            await stores.sent_codes.note(f"proofs|{HERE}", now=now, since=now - timedelta(hours=1))

    house.stores(work)
    assert [THROTTLED in asked(), THROTTLED in asked()] == [False, True]
