"""Somebody else writes between what a step read and what it writes, every time exactly there."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from gatelodge.model.account import PasswordCredential, SignInName, SignInType
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.lockout import MAX_FAILURES
from gatelodge.model.one_time_code import SEND_WINDOW_S
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, SEND, VERIFY, passwords
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.makers import an_account, numbered
from tests.world.relying_party import RelyingParty

Write = Callable[[Stores], Coroutine[Any, Any, None]]
Interleave = Callable[..., None]
_numbers = count(4000)


@pytest.fixture
def interleave(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Interleave]:
    """Give coming transactions predecessors that nobody had read anything of; None gives none."""
    waiting: list[Write | None] = []
    write = house.database.write

    async def behind(directory_id: DirectoryId, work: Any) -> Any:
        first = waiting.pop(0) if waiting else None
        if first is not None:
            await write(directory_id, first)
        return await write(directory_id, work)

    monkeypatch.setattr(house.database, "write", behind)
    yield lambda *works: waiting.extend(works)
    assert waiting == []


def person(house: House) -> dict[str, str]:
    found: dict[str, str] = house.facts["users"][1]
    return found


def with_proof(house: House, browser: Browser, email: str) -> Shown:
    shown = page(browser.open(RelyingParty(house, "signUp").link()))
    shown = page(browser.press(shown, SEND, email=email))
    return page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))


def at_profile(house: House, browser: Browser) -> Shown:
    user = person(house)
    shown = page(browser.open(RelyingParty(house, "profileUpdate").link()))
    return page(browser.press(shown, "next", email=user["email"], password=user["password"]))


def test_a_profile_keeps_what_somebody_else_changed(
    house: House, visitor: Browser, interleave: Interleave
) -> None:
    user, title = AccountId(person(house)["object_id"]), f"Baker {next(_numbers)}"

    async def promote(stores: Stores) -> None:
        account = await stores.accounts.require(user)
        await stores.accounts.save(replace(account, job_title=title))

    shown = at_profile(house, visitor)
    interleave(promote)
    arrival(visitor.press(shown, "continue", surname=title[::-1]))
    account = house.stores(lambda stores: stores.accounts.require(user))
    assert (account.job_title, account.surname) == (title, title[::-1])


def test_an_account_deleted_at_the_last_moment_gets_no_answer(
    house: House, visitor: Browser, interleave: Interleave
) -> None:
    number = next(_numbers)
    email = f"leaving{number}@people.example"
    shown = with_proof(house, visitor, email)
    arrival(visitor.press(shown, "continue", **passwords()))
    domain = house.facts["tenant_domain"]

    async def leave(stores: Stores) -> None:
        account = await stores.accounts.by_sign_in_name(domain, email)
        assert account is not None
        await stores.accounts.remove(account.id)

    shown = page(visitor.open(RelyingParty(house, "profileUpdate").link()))
    interleave(leave)
    arrived = arrival(visitor.press(shown, "continue", displayName="Gone"))
    assert arrived.parameters["error"] == "access_denied"
    assert arrived.error_code == "AADB2C90128"


def test_an_address_taken_at_the_last_moment_is_told(
    house: House, visitor: Browser, interleave: Interleave
) -> None:
    number = next(_numbers)
    email = f"taken{number}@people.example"
    directory_id = DirectoryId(house.facts["tenant_id"])
    name = SignInName(
        sign_in_type=SignInType.EMAIL_ADDRESS,
        issuer=house.facts["tenant_domain"],
        issuer_assigned_id=email,
    )
    other = an_account(
        number,
        id=AccountId(numbered(number)),
        directory_id=directory_id,
        identities=(name,),
    )

    async def take(stores: Stores) -> None:
        await stores.accounts.add(other)

    shown = with_proof(house, visitor, email)
    interleave(None, take)  # the answers are kept first, then the account is made
    shown = page(visitor.press(shown, "continue", **passwords()))
    assert "There is an account with this name already" in shown.text
    found = house.stores(lambda stores: stores.accounts.by_sign_in_name(name.issuer, email))
    assert found is not None
    assert found.id == other.id


def test_a_code_that_would_be_one_too_many_is_not_sent(
    house: House, visitor: Browser, interleave: Interleave
) -> None:
    email = f"often{next(_numbers)}@people.example"
    since = house.clock() - timedelta(seconds=SEND_WINDOW_S)

    async def send_all(stores: Stores) -> None:
        for _ in range(10):
            await stores.sent_codes.note(email, now=house.clock(), since=since)

    shown = page(visitor.open(RelyingParty(house, "signUp").link()))
    interleave(send_all)
    shown = page(visitor.press(shown, SEND, email=email))
    assert "Many codes went to this address" in shown.text
    sent = house.stores(lambda stores: stores.messages.latest())
    assert [each for each in sent if each.to == email] == []


def test_a_right_guess_behind_ten_wrong_ones_is_not_told(
    house: House, visitor: Browser, interleave: Interleave
) -> None:
    user = person(house)

    async def guess(stores: Stores) -> None:
        for _ in range(MAX_FAILURES):
            await stores.lockouts.note_failure(user["email"], house.clock())

    shown = page(visitor.open(RelyingParty(house).link()))
    interleave(guess)
    try:
        shown = page(visitor.press(shown, "next", email=user["email"], password=user["password"]))
    finally:
        house.run(house.forget_sent_codes())
    assert "paused for a short while" in shown.text
    assert PASSWORD not in shown.response.text


def test_a_right_guess_of_the_old_password_behind_ten_wrong_ones_sets_no_new_one(
    house: House, visitor: Browser, interleave: Interleave
) -> None:
    user, allowed = person(house), AccountConfiguration(is_password_change_allowed=True)

    async def guess(stores: Stores) -> None:
        for _ in range(MAX_FAILURES):
            await stores.lockouts.note_failure(user["email"], house.clock())

    def credential() -> PasswordCredential | None:
        return house.stores(lambda stores: stores.passwords.get(AccountId(user["object_id"])))

    configuration = configure(house, "profileUpdate", account_configuration=allowed)
    shown = page(visitor.press(at_profile(house, visitor), "changePassword"))
    house.stores(lambda stores: stores.known_devices.forget_all_of(AccountId(user["object_id"])))
    before = credential()
    interleave(guess)
    try:
        new = passwords("Velvet-Compass-29")
        shown = page(visitor.press(shown, "continue", password=user["password"], **new))
    finally:
        house.run(house.forget_sent_codes())
        kept = configuration.account_configuration
        configure(house, "profileUpdate", account_configuration=kept)
    assert credential() == before
    assert "paused for a short while" in shown.text or "locked" in shown.text
