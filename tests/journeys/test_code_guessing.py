"""Codes sent to an address are guessed at most so often, however many are sent and by whom."""

import pytest

from tests.journeys.people import SEND, VERIFY
from tests.world.browser import page
from tests.world.furnished import OpenVisit
from tests.world.house import House
from tests.world.relying_party import RelyingParty

SPENT, WRONG = "mistyped too often", "not the code"


@pytest.fixture(autouse=True)
def forgiven(house: House) -> None:
    house.run(house.forget_sent_codes())


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
