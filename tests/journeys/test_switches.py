"""What the switches of a directory change: less safe behaviour of B2C, and nothing without them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.directory import Switches
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, VERIFY, passwords
from tests.journeys.test_settings import a_name, enter, sign_up
from tests.world.browser import Browser, arrival, page
from tests.world.furnished import OpenVisit
from tests.world.house import House
from tests.world.relying_party import RelyingParty


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Turn every switch off again."""
    house.run(house.forget_sent_codes())
    yield
    switch(house)


def switch(house: House, **on: bool) -> None:
    async def work(stores: Stores) -> None:
        directory = await stores.directories.require(DirectoryId(house.facts["tenant_id"]))
        await stores.directories.save(replace(directory, switches=Switches(**on)))

    house.stores(work)


def a_disabled_person(house: House, browser: Browser) -> str:
    email = f"{a_name()}@people.example"
    claims = sign_up(house, browser, email)

    async def work(stores: Stores) -> None:
        account = await stores.accounts.require(AccountId(claims["oid"]))
        await stores.accounts.save(replace(account, account_enabled=False))

    house.stores(work)
    return email


@pytest.mark.parametrize("is_told", [False, True])
def test_unknown_and_disabled_accounts_are_told_apart_only_with_the_switch(
    house: House, visit: OpenVisit, is_told: bool
) -> None:
    disabled = a_disabled_person(house, visit())
    switch(house, tells_unknown_accounts=is_told)
    unknown = page(enter(house, visit(), f"{a_name()}@people.example")).text
    assert ("There is no account with this name" in unknown) is is_told
    switched_off = page(enter(house, visit(), disabled)).text
    assert ("cannot sign in" in switched_off) is is_told
    wrong = page(enter(house, visit(), disabled, "wrong")).text
    assert "does not match any account" in wrong
    assert ("does not match any account" in switched_off) is not is_told


@pytest.mark.parametrize("is_told", [False, True])
def test_a_reset_and_a_sign_up_say_at_once_what_there_is_only_with_the_switch(
    house: House, visit: OpenVisit, is_told: bool
) -> None:
    email = f"{a_name()}@people.example"
    sign_up(house, visit(), email)
    house.stores(lambda stores: stores.messages.clear())
    switch(house, tells_unknown_accounts=is_told)
    for flow, address in (("passwordReset", f"{a_name()}@people.example"), ("signUp", email)):
        browser = visit()
        shown = page(browser.open(RelyingParty(house, flow).link()))
        shown = page(browser.press(shown, SEND, email=address))
        assert (VERIFY in shown.form.buttons) is not is_told
        assert ("account" in shown.text_of("emailVerificationControl_error_message")) is is_told


@pytest.mark.parametrize("is_trimmed", [False, True])
def test_blanks_around_a_password_count_unless_the_switch_cuts_them_off(
    house: House, visit: OpenVisit, is_trimmed: bool
) -> None:
    email = f"{a_name()}@people.example"
    switch(house, trims_passwords=is_trimmed)
    sign_up(house, visit(), email)
    answer = enter(house, visit(), email, f" {PASSWORD} ")
    if is_trimmed:
        arrival(answer)
    else:
        assert "does not match" in page(answer).text
    assert passwords(PASSWORD)["newPassword"] == PASSWORD


def test_a_disabled_account_is_locked_like_any_other(house: House, visit: OpenVisit) -> None:
    disabled = a_disabled_person(house, visit())
    for number in range(10):
        shown = page(enter(house, visit(), disabled, f"guess {number}"))
    assert "paused" in page(enter(house, visit(), disabled)).text
    assert "does not match" in shown.text
