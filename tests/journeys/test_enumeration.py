"""Who has an account is told by no answer: not by its words, and not by the work it took."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import httpx
import pytest

from gatelodge.crypto.passwords import Passwords
from gatelodge.model.account import SignInName, SignInType
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.user_flow import AuthenticationMethod
from gatelodge.storage.sqlite import SqliteConnection
from gatelodge.storage.stores import Stores
from tests.journeys.people import (
    SEND,
    VERIFY,
    Person,
    a_new_address,
    a_person,
    change_account,
)
from tests.journeys.second_factor import restored
from tests.world.browser import Browser, Shown, page
from tests.world.furnished import configure, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.traces import a_passkey, a_second_factor

MAILED = AuthenticationMethod.EMAIL_WITH_ONE_TIME_PASSWORD
PHONED = AuthenticationMethod.PHONE_WITH_ONE_TIME_PASSWORD
NAMED = AuthenticationMethod.USER_NAME
ONE_OR_THE_OTHER = ("INSERT INTO message ", "UPDATE message SET sent_at")
"""A message is queued for whom it is meant, and for nobody else something of the same length."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer without what is random in every one, and the work it took."""

    status: int
    headers: list[str]
    text: str
    work: list[str]


@pytest.fixture
def house(sqlite_house: House) -> Iterator[House]:
    """Return the house on SQLite: the statements are the same on either database."""
    with restored(sqlite_house):
        configure(sqlite_house, "signIn", authentication_methods=MAILED)
        yield sqlite_house
    assert sqlite_house.failures() == []


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what was asked of the database and how many hashes were made, in order."""
    done: list[str] = []

    def spied(owner: Any, name: str, said: Callable[..., str]) -> None:
        original = getattr(owner, name)

        def spy(self: Any, *given: Any) -> Any:
            done.append(said(*given))
            return original(self, *given)

        monkeypatch.setattr(owner, name, spy)

    spied(SqliteConnection, "_execute", lambda compiled, _: str(compiled.text))
    spied(Passwords, "_verify", lambda *_: "a hash")
    return done


def _nobody(_house: House) -> str:
    return a_new_address()


def _number_of(email: str) -> str:
    return f"+49176{crc32(email.encode()) % 10**8:08}"


def _name_of(email: str) -> str:
    return f"name{crc32(email.encode()) % 10**8:08}"


def _known(house: House) -> str:
    return _with_more_names(house, a_person(house))


def _with_more_names(house: House, person: Person) -> str:
    """Let the person sign in with a number and a name as well; return the address."""
    more = ((SignInType.PHONE_NUMBER, _number_of), (SignInType.USER_NAME, _name_of))
    account = house.stores(lambda stores: stores.accounts.require(AccountId(person.id)))
    names = [
        SignInName(
            sign_in_type=kind,
            issuer=account.identities[0].issuer,
            issuer_assigned_id=made(person.email),
        )
        for kind, made in more
    ]
    change_account(house, person, identities=(*account.identities, *names))
    return person.email


def _disabled(house: House) -> str:
    return _with_more_names(house, a_person(house, is_enabled=False))


def _unproved(house: House) -> str:
    person = a_person(house)
    change_account(house, person, is_email_proved=False)
    return _with_more_names(house, person)


def _without_password(house: House) -> str:
    person = a_person(house)
    house.stores(lambda stores: stores.passwords.remove(AccountId(person.id)))
    return _with_more_names(house, person)


def _with_factors(house: House) -> str:
    person = a_person(house)
    account_id, directory_id = AccountId(person.id), DirectoryId(house.facts["tenant_id"])
    passkey = a_passkey(id=f"of-{person.id}", account_id=account_id, directory_id=directory_id)

    async def work(stores: Stores) -> None:
        await stores.second_factors.add(a_second_factor(account_id, directory_id=directory_id))
        await stores.passkeys.add(passkey)

    house.stores(work)
    return _with_more_names(house, person)


def _must_change(house: House) -> str:
    person = a_person(house)

    async def work(stores: Stores) -> None:
        now = await stores.passwords.require(AccountId(person.id))
        await stores.passwords.put(replace(now, force_change_next_sign_in=True))

    house.stores(work)
    return _with_more_names(house, person)


STATES: dict[str, Callable[[House], str]] = {
    "nobody": _nobody,
    "somebody": _known,
    "disabled": _disabled,
    "unproved": _unproved,
    "without a password": _without_password,
    "with factors": _with_factors,
    "with a password to be changed": _must_change,
}
Answers = Iterator[httpx.Response]


def _first(house: House, browser: Browser, flow: str) -> Shown:
    return page(browser.open(RelyingParty(house, flow).link()))


def _passwords(house: House, browser: Browser, email: str) -> Answers:
    shown = _first(house, browser, "signUpOrSignIn")
    yield browser.send(shown, "next", email=email, password="wrong")


def _token_endpoint(house: House, browser: Browser, email: str) -> Answers:
    party = RelyingParty(house, "resourceOwner", "native")
    form = {
        "grant_type": "password",
        "client_id": party.client_id,
        "username": email,
        "password": "wrong",
        "scope": "openid",
    }
    yield browser.client.post(f"{party.provider}/oauth2/v2.0/token", data=form)


def _codes(house: House, browser: Browser, email: str) -> Answers:
    shown = _first(house, browser, "signIn")
    answer = browser.send(shown, "sendCode", email=email)
    yield answer
    shown = page(browser.follow(answer))
    yield browser.send(shown, VERIFY, emailVerificationCode="000000")


def _proving(house: House, browser: Browser, email: str, shown: Shown) -> Answers:
    answer = browser.send(shown, SEND, email=email)
    yield answer
    yield browser.send(page(browser.follow(answer)), VERIFY, emailVerificationCode="000000")


def _reset(house: House, browser: Browser, email: str) -> Answers:
    yield from _proving(house, browser, email, _first(house, browser, "passwordReset"))


def _forgot(house: House, browser: Browser, email: str) -> Answers:
    shown = page(browser.press(_first(house, browser, "signUpOrSignIn"), "forgotPassword"))
    yield from _proving(house, browser, email, shown)


def _sign_up(house: House, browser: Browser, email: str) -> Answers:
    yield from _proving(house, browser, email, _first(house, browser, "signUp"))


def _phones(house: House, browser: Browser, email: str) -> Answers:
    configure(house, "signIn", authentication_methods=PHONED)
    number = _number_of(email)
    answer = browser.send(_first(house, browser, "signIn"), "sendCode", phoneNumber=number)
    yield answer
    yield browser.send(page(browser.follow(answer)), VERIFY, emailVerificationCode="000000")


def _user_names(house: House, browser: Browser, email: str) -> Answers:
    configure(house, "signIn", authentication_methods=NAMED)
    shown = _first(house, browser, "signIn")
    yield browser.send(shown, "next", UserId=_name_of(email), password="wrong")


def _name_and_address(house: House, browser: Browser, email: str) -> Answers:
    configure(house, "passwordReset", authentication_methods=NAMED)
    shown = _first(house, browser, "passwordReset")
    answer = browser.send(shown, SEND, email=email, UserId=_name_of(email))
    yield answer
    yield browser.send(page(browser.follow(answer)), VERIFY, emailVerificationCode="000000")


def _from_known_browser(house: House, browser: Browser, email: str) -> Answers:
    signed_in(browser, RelyingParty(house))
    shown = page(browser.open(RelyingParty(house).link(prompt="login")))
    yield browser.send(shown, "next", email=email, password="wrong")
    yield from _reset(house, browser, email)


def _another_address(house: House, browser: Browser, email: str) -> Answers:
    allowed = AccountConfiguration(is_email_change_allowed=True)
    configure(house, "profileUpdate", account_configuration=allowed)
    owner = house.facts["users"][0]
    shown = _first(house, browser, "profileUpdate")
    form = {"email": owner["email"], "password": owner["password"]}
    shown = page(browser.press(page(browser.press(shown, "next", **form)), "changeEmail"))
    yield from _proving(house, browser, email, shown)


def _hint(house: House, browser: Browser, email: str) -> Answers:
    yield browser.client.get(RelyingParty(house, "signIn").link(login_hint=email))


SURFACES: dict[str, Callable[[House, Browser, str], Answers]] = {
    "a wrong password": _passwords,
    "the token endpoint": _token_endpoint,
    "a code in place of a password": _codes,
    "a reset": _reset,
    "a forgotten password": _forgot,
    "a sign-up": _sign_up,
    "a code to a phone": _phones,
    "a user name": _user_names,
    "a user name and its address": _name_and_address,
    "a browser somebody else signed in with": _from_known_browser,
    "another address in profile edit": _another_address,
    "a hint": _hint,
}


def _without_chance(text: str, email: str) -> str:
    text = html.unescape(text)
    for name in (email, _number_of(email), _name_of(email)):
        text = text.replace(name, "")
    text = re.sub(r"/interaction/[\w-]+", "", text)
    text = re.sub(r'value="\w+\.[\w-]+"|"(csrf|transId)":"[^"]+"', "", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", "", text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)


def _seen(browser: Browser, answer: httpx.Response, email: str, work: list[str]) -> Seen:
    done = ["a message" if each.startswith(ONE_OR_THE_OTHER) else each for each in work]
    final = answer
    while final.is_redirect:
        final = browser.client.get(final.headers["location"])
    return Seen(
        answer.status_code,
        sorted(answer.headers) + sorted(final.headers),
        _without_chance(final.text, email),
        done,
    )


def _all_seen(house: House, surface: str, state: str, work: list[str]) -> list[Seen]:
    """Ask once, so that everything is compiled and loaded, then with somebody else of the kind."""
    for email in (STATES[state](house), STATES[state](house)):
        browser, found = Browser(house.new_client()), []
        work.clear()
        for answer in SURFACES[surface](house, browser, email):
            found.append(_seen(browser, answer, email, work))
            work.clear()
    return found


@pytest.mark.parametrize("surface", SURFACES)
def test_no_answer_tells_who_has_an_account(house: House, work: list[str], surface: str) -> None:
    nobody = _all_seen(house, surface, "nobody", work)
    assert [each.status for each in nobody]
    for state in STATES:
        seen = _all_seen(house, surface, state, work)
        assert [each.text for each in seen] == [each.text for each in nobody], state
        assert [each.headers for each in seen] == [each.headers for each in nobody], state
        assert [each.work for each in seen] == [each.work for each in nobody], state
