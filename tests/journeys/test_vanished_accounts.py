"""An account that is switched off, signed out or deleted while a page waits gets no further."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from gatelodge.model.account import Account
from gatelodge.model.age import AgeGating
from gatelodge.model.identifier import AccountId
from gatelodge.model.terms_of_use import TermsOfUse
from gatelodge.model.user_flow import SecondFactor
from gatelodge.storage.stores import Stores
from tests.journeys.people import NEW_PASSWORD, Person, a_person, change_account, passwords
from tests.journeys.second_factor import demand, restored, scan, with_password
from tests.journeys.test_own_account import ALL, TASKS
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.furnished import OpenVisit, configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

pytestmark = pytest.mark.parametrize("furnished_house", ["sqlite"], indirect=True)
Come = Callable[[House, Browser, Person], tuple[Shown, dict[str, str]]]
End = Callable[[House, Person], None]
FLOW, EDIT = "signUpOrSignIn", "profileUpdate"


@pytest.fixture(autouse=True)
def flows(house: House) -> Iterator[None]:
    with restored(house):
        yield


def entered(
    browser: Browser, house: House, person: Person, flow: str = FLOW, **changes: str
) -> Shown:
    return page(with_password(browser, RelyingParty(house, flow), person, **changes))


def at_terms(house: House, browser: Browser, person: Person) -> tuple[Shown, dict[str, str]]:
    terms = TermsOfUse(is_acceptance_required=True, terms_of_use_url="https://acme.example/terms")
    configure(house, FLOW, terms_of_use_configuration=terms)
    return entered(browser, house, person), {"termsOfUse": "true"}


def at_age(house: House, browser: Browser, person: Person) -> tuple[Shown, dict[str, str]]:
    configure(house, FLOW, age_gating_configuration=AgeGating(is_age_gating_enabled=True))
    return entered(browser, house, person), {"dateOfBirth": "1980-01-02", "country": "NO"}


def at_consent(house: House, browser: Browser, person: Person) -> tuple[Shown, dict[str, str]]:
    return entered(browser, house, person, prompt="consent"), {}


def at_new_factor(house: House, browser: Browser, person: Person) -> tuple[Shown, dict[str, str]]:
    demand(house, SecondFactor.AUTHENTICATOR, are_recovery_codes_issued=False)
    shown = entered(browser, house, person)
    return shown, {"otpCode": scan(shown).code(house.clock())}


def at_new_password(house: House, browser: Browser, person: Person) -> tuple[Shown, dict[str, str]]:
    rules = configure(house, FLOW).password_complexity_configuration
    taking = replace(rules, allow_expired_password_reset=True)
    configure(house, FLOW, password_complexity_configuration=taking)

    async def expire(stores: Stores) -> None:
        known = await stores.passwords.require(AccountId(person.id))
        await stores.passwords.put(replace(known, force_change_next_sign_in=True))

    house.stores(expire)
    return entered(browser, house, person), passwords(NEW_PASSWORD)


def at_profile(house: House, browser: Browser, person: Person) -> tuple[Shown, dict[str, str]]:
    return entered(browser, house, person, EDIT), {"displayName": "Mallory"}


def at_task(button: str) -> Come:
    def come(house: House, browser: Browser, person: Person) -> tuple[Shown, dict[str, str]]:
        configure(house, EDIT, account_configuration=ALL)
        profile = entered(browser, house, person, EDIT)
        return page(browser.press(profile, button)), passwords(NEW_PASSWORD)

    return come


PLACES: dict[str, Come] = {
    "terms": at_terms,
    "age": at_age,
    "consent": at_consent,
    "new factor": at_new_factor,
    "new password": at_new_password,
    "profile": at_profile,
    **{button: at_task(button) for button in TASKS.values()},
}


def switched_off(house: House, person: Person) -> None:
    change_account(house, person, account_enabled=False)


def signed_out(house: House, person: Person) -> None:
    later = house.clock() + timedelta(seconds=1)
    change_account(house, person, sign_in_sessions_valid_from=later)


def deleted(house: House, person: Person) -> None:
    async def work(stores: Stores) -> None:
        found = await stores.accounts.require(AccountId(person.id))
        await stores.accounts.delete(found, house.clock())

    house.stores(work)


def state(house: House, person: Person) -> object:
    async def look(stores: Stores) -> tuple[Account | None, object]:
        account_id = AccountId(person.id)
        return await stores.accounts.get(account_id), await stores.passwords.get(account_id)

    return house.stores(look)


@pytest.mark.parametrize("end", [switched_off, signed_out, deleted], ids=lambda it: it.__name__)
@pytest.mark.parametrize("place", PLACES)
def test_nobody_goes_on_without_the_account(
    house: House, visit: OpenVisit, place: str, end: End
) -> None:
    person, browser = a_person(house), visit()
    shown, values = PLACES[place](house, browser, person)
    end(house, person)
    before = state(house, person)
    button = "continue" if "continue" in shown.form.buttons else next(iter(shown.form.buttons))
    given = {name: value for name, value in values.items() if name in shown.form.names}
    for answer in (browser.press(shown, button, **given), browser.open(shown.url)):
        told = arrival(answer)
        assert told.error_code in {"AADB2C90111", "AADB2C90128", "AADB2C90129"}
        assert "code" not in told.parameters
    assert state(house, person) == before
