"""Every form of a journey is sent several times at once, and all of them again when it is over."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from sqlalchemy import func, select

from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.user_flow import AuthenticationMethod, SecondFactor, SecondFactorState
from gatelodge.storage import tables
from gatelodge.storage.statement import Query
from tests.journeys.people import (
    NEW_PASSWORD,
    PASSWORD,
    SEND,
    VERIFY,
    a_new_address,
    a_person,
    passwords,
)
from tests.journeys.second_factor import demand, restored, scan
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

CLICKS = 3
NUMBER = "+4915123456701"
COUNTED = {
    each.name: Query(select(func.count()).select_from(each))
    for each in (
        *(tables.account, tables.grant, tables.second_factor, tables.recovery_code),
        *(tables.passkey, tables.message, tables.consent, tables.session),
    )
}
_TRACES = Query(select(tables.interaction.c.trace))
_HASHES = Query(select(tables.password_credential.c.hash).order_by("hash"))


class Impatient(Browser):
    """Clicks several times at once, and keeps every form it sent."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__(client)
        self.sent: list[tuple[str, dict[str, list[str]]]] = []

    def send(self, page: Shown, button_id: str, **values: str | list[str]) -> httpx.Response:
        """Fill in, press again and again, and return the last answer."""
        filled = self.filled(page, button_id, **values)
        address = urljoin(page.url, page.form.action)
        self.sent.append((address, filled))
        with ThreadPoolExecutor(CLICKS) as clicks:
            waiting = [clicks.submit(self.client.post, address, data=filled) for _ in range(CLICKS)]
            sent = [each.result() for each in waiting]
        assert {each.status_code for each in sent} <= {200, 303}
        ends = {end.url for end in map(self.follow, sent) if isinstance(end, Arrived)}
        assert len(ends) <= 1
        return sent[-1]

    def typed(self) -> set[str]:
        """Return everything that was filled in."""
        filled = [
            value
            for _, form in self.sent
            for name, values in form.items()
            for value in values
            if name not in {"action", "seal"}
        ]
        return {each for each in filled if len(each) > len("true")}


@pytest.fixture(autouse=True)
def settled(house: House) -> Iterator[None]:
    """Put every user flow back as it was; nothing may go wrong inside."""
    with restored(house):
        yield
    assert house.failures() == []


def stored(house: House) -> dict[str, Any]:
    """Return how much there is of everything a form may make."""

    async def look() -> dict[str, Any]:
        connection = house.world_stores.accounts.connection
        rows = {name: await connection.one(query) for name, query in COUNTED.items()}
        return {
            **{name: row[0] for name, row in rows.items() if row is not None},
            "hashes": [each[0] for each in await connection.all(_HASHES)],
        }

    return house.run(look())


def traces(house: House) -> str:
    """Return all that the inspector of journeys is told."""
    rows = house.run(house.world_stores.accounts.connection.all(_TRACES))
    assert any(row[0] for row in rows)
    return repr([row[0] for row in rows])


def more(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """Return of what there is more, and how much."""
    return {name: after[name] - before[name] for name in COUNTED if after[name] != before[name]}


def _first(house: House, browser: Browser, flow: str) -> Shown:
    return page(browser.open(RelyingParty(house, flow).link()))


def _proved(house: House, browser: Browser, shown: Shown, email: str) -> Shown:
    shown = page(browser.press(shown, SEND, email=email))
    return page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))


def _sign_up(house: House, browser: Browser) -> Arrived:
    demand(house, SecondFactor.AUTHENTICATOR, flow="signUp")
    shown = _proved(house, browser, _first(house, browser, "signUp"), a_new_address())
    shown = page(browser.press(shown, "continue", **passwords()))
    code = scan(shown).code(house.clock())
    return arrival(browser.press(page(browser.press(shown, "continue", otpCode=code)), "continue"))


def _phone(house: House, browser: Browser) -> Arrived:
    email = a_person(house).email
    demand(house, SecondFactor.PHONE_CALL_OR_SMS, are_recovery_codes_issued=False)
    shown = _first(house, browser, "signUpOrSignIn")
    shown = page(browser.press(shown, "next", email=email, password=PASSWORD))
    shown = page(browser.press(shown, "sendCode", countryCode="DE", number=f"0{NUMBER[3:]}"))
    return arrival(browser.press(shown, "verifyCode", verificationCode=house.code_for(NUMBER)))


def _code(house: House, browser: Browser) -> Arrived:
    mailed, email = AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD, a_new_address()
    configure(house, "signUpOrSignIn", authentication_methods=mailed)
    shown = page(browser.press(_first(house, browser, "signUpOrSignIn"), "sendCode", email=email))
    shown = page(browser.press(shown, VERIFY, emailVerificationCode=house.code_for(email)))
    return arrival(browser.press(shown, "continue", displayName="Somebody"))


def _reset(house: House, browser: Browser) -> Arrived:
    demand(house, SecondFactor.EMAIL, flow="passwordReset", state=SecondFactorState.OFF)
    email = a_person(house).email
    shown = _proved(house, browser, _first(house, browser, "passwordReset"), email)
    shown = page(browser.press(shown, "continue"))
    return arrival(browser.press(shown, "continue", **passwords(NEW_PASSWORD)))


def _own_account(house: House, browser: Browser) -> Arrived:
    allowed = AccountConfiguration(is_email_change_allowed=True, is_password_change_allowed=True)
    configure(house, "profileUpdate", account_configuration=allowed)
    email = a_person(house).email
    shown = _first(house, browser, "profileUpdate")
    shown = page(browser.press(shown, "next", email=email, password=PASSWORD))
    shown = page(browser.press(shown, "changePassword"))
    new = passwords(NEW_PASSWORD)
    shown = page(browser.press(shown, "continue", password=PASSWORD, **new))
    shown = page(browser.press(shown, "changeEmail"))
    shown = _proved(house, browser, shown, a_new_address())
    return arrival(browser.press(shown, "continue", displayName="Renamed"))


def _deletion(house: House, browser: Browser) -> Arrived:
    configure(
        house,
        "profileUpdate",
        account_configuration=AccountConfiguration(is_account_deletion_allowed=True),
    )
    shown = _first(house, browser, "profileUpdate")
    person = a_person(house)
    shown = page(browser.press(shown, "next", email=person.email, password=PASSWORD))
    shown = page(browser.press(shown, "deleteAccount"))
    return arrival(browser.press(shown, "delete", isDeletionMeant="true"))


ONE = {"oauth_grant": 1, "session": 1}
JOURNEYS: dict[str, tuple[Callable[[House, Browser], Arrived], dict[str, int]]] = {
    "signing up with an authenticator": (
        _sign_up,
        {**ONE, "account": 1, "message": 1, "second_factor": 1, "recovery_code": 10},
    ),
    "setting a phone up": (_phone, {**ONE, "account": 1, "second_factor": 1, "message": 2}),
    "a code in place of a password": (_code, {**ONE, "account": 1, "message": 1}),
    "a forgotten password": (_reset, {**ONE, "account": 1, "message": 1}),
    "a new password and address": (_own_account, {**ONE, "account": 1, "message": 3}),
    "deleting an account": (_deletion, {"account": 1, "message": 1}),
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_however_often_its_forms_are_sent_a_journey_happens_once(house: House, name: str) -> None:
    work, expected = JOURNEYS[name]
    browser, before = Impatient(house.new_client()), stored(house)
    end = work(house, browser)
    after = stored(house)
    assert more(before, after) == expected
    inspected = traces(house)
    assert not [each for each in browser.typed() if each in inspected]
    house.clock.move(minutes=2)
    for address, form in reversed(browser.sent):
        again = browser.follow(browser.client.post(address, data=form))
        assert not isinstance(again, Arrived) or again.parameters.get("code") in {
            None,
            end.parameters.get("code"),
        }
    assert stored(house) == after
