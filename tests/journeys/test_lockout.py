"""Guessing passwords: by name, by address, and apart from both on the owner's own device."""

from collections.abc import Iterator

import pytest

from gatelodge.crypto.digest import digest_of
from gatelodge.model.failed_source import MOST_FAILURES_OF_SOURCE, SOURCE_WINDOW
from gatelodge.model.lockout import MAX_FAILURES
from gatelodge.storage.stores import Stores
from tests.world.browser import Browser, page
from tests.world.furnished import OpenVisit, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

PAUSED, NO_MATCH = "paused for a short while", "does not match any account"
HERE = "127.0.0.1"


@pytest.fixture(autouse=True)
def forgotten(house: House) -> Iterator[None]:
    house.run(house.forget_sent_codes())
    yield
    house.run(house.forget_sent_codes())


def guess(house: House, browser: Browser, password: str, email: str = "") -> str | None:
    """Try a password; return what the page says, None when it is right."""
    shown = page(browser.open(RelyingParty(house).link(prompt="login")))
    user = house.facts["users"][0]
    answer = browser.press(shown, "next", email=email or user["email"], password=password)
    return getattr(answer, "text", None)


def told(house: House, browser: Browser, password: str, email: str = "") -> str:
    text = guess(house, browser, password, email)
    return "in" if text is None else PAUSED if PAUSED in text else NO_MATCH


def right(house: House) -> str:
    return str(house.facts["users"][0]["password"])


def note_failures_of_source(house: House, count: int) -> None:
    async def work(stores: Stores) -> None:
        for _ in range(count):
            await stores.failed_sources.note(HERE, house.clock())

    house.stores(work)


def test_who_locks_a_name_does_not_lock_its_owner_s_device_and_is_not_let_in_by_it(
    house: House, visit: OpenVisit
) -> None:
    owner, attacker = visit(), visit()
    signed_in(owner, RelyingParty(house))
    for number in range(MAX_FAILURES):
        assert told(house, attacker, f"guess {number}") == NO_MATCH
    assert told(house, attacker, right(house)) == PAUSED
    assert told(house, owner, "mistyped") == NO_MATCH
    assert told(house, owner, right(house)) == "in"
    assert told(house, attacker, right(house)) == PAUSED
    house.clock.move(milliseconds=61_000)
    assert told(house, attacker, right(house)) == "in"


def test_guesses_with_the_owner_s_device_lock_that_device_and_nobody_else(
    house: House, visit: OpenVisit
) -> None:
    device, another = visit(), visit()
    signed_in(device, RelyingParty(house))
    for number in range(MAX_FAILURES):
        assert told(house, device, f"guess {number}") == NO_MATCH
    assert told(house, device, right(house)) == PAUSED
    assert told(house, another, right(house)) == "in"
    house.clock.move(milliseconds=61_000)
    assert told(house, device, right(house)) == "in"


def test_a_device_is_known_to_its_own_account_only(house: House, visit: OpenVisit) -> None:
    attacker = visit()
    shown = page(attacker.open(RelyingParty(house).link()))
    other = house.facts["users"][1]
    attacker.press(shown, "next", email=other["email"], password=other["password"])
    for number in range(MAX_FAILURES):
        told(house, attacker, f"guess {number}")
    assert told(house, attacker, right(house)) == PAUSED


def test_the_same_wrong_password_again_is_counted_once(house: House, visitor: Browser) -> None:
    for _ in range(3 * MAX_FAILURES):
        assert told(house, visitor, "caps lock") == NO_MATCH
    for number in range(MAX_FAILURES - 1):
        assert told(house, visitor, f"guess {number}") == NO_MATCH
    assert told(house, visitor, "caps lock") == PAUSED


def test_what_was_tried_is_not_stored(house: House, visitor: Browser) -> None:
    email = house.facts["users"][0]["email"]
    guess(house, visitor, "a password of another place")
    kept = house.stores(lambda stores: stores.lockouts.require(email))
    assert kept.fingerprint is not None
    assert kept.fingerprint != digest_of("a password of another place")
    assert "password" not in kept.fingerprint


def test_an_address_that_tried_many_names_is_refused_for_all_of_them_for_a_while(
    house: House, visit: OpenVisit
) -> None:
    owner, sprayer = visit(), visit()
    signed_in(owner, RelyingParty(house))
    note_failures_of_source(house, MOST_FAILURES_OF_SOURCE - 2)
    assert told(house, sprayer, "Summer2026!", "one@people.example") == NO_MATCH
    assert told(house, sprayer, right(house)) == "in"
    assert told(house, visit(), "Summer2026!", "two@people.example") == NO_MATCH
    assert told(house, visit(), "Summer2026!", "three@people.example") == PAUSED
    assert told(house, visit(), right(house)) == PAUSED
    assert told(house, owner, right(house)) == "in"
    house.clock.now += SOURCE_WINDOW
    assert told(house, visit(), right(house)) == "in"


def test_passwords_tried_at_the_token_endpoint_count_for_name_and_address(house: House) -> None:
    party = RelyingParty(house, "resourceOwner", "native")
    user = house.facts["users"][0]

    def ask(password: str) -> int:
        return house.client.post(
            f"{party.provider}/oauth2/v2.0/token",
            data={
                "grant_type": "password",
                "client_id": house.facts["apps"]["native"]["client_id"],
                "scope": "openid",
                "username": user["email"],
                "password": password,
            },
        ).status_code

    assert ask(user["password"]) == 200
    note_failures_of_source(house, MOST_FAILURES_OF_SOURCE - 1)
    assert ask("wrong") == 400
    assert ask(user["password"]) == 400
    house.clock.now += SOURCE_WINDOW
    assert ask(user["password"]) == 200
