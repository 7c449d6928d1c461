"""What people with second factors do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

from gatelodge.model.user_flow import (
    SecondFactor,
    SecondFactorConfiguration,
    SecondFactorState,
    UserFlow,
)
from gatelodge.storage.stores import Stores
from tests.journeys.people import PASSWORD, Person
from tests.world.authenticator import Authenticator
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty


@contextmanager
def restored(house: House) -> Iterator[None]:
    """Begin without counted codes, and put every user flow back as it was."""
    names = house.facts["user_flows"].values()

    async def look(stores: Stores) -> list[UserFlow]:
        return [await stores.user_flows.require(each) for each in names]

    async def put_back(stores: Stores) -> None:
        for each in before:
            now = await stores.user_flows.require(each.id)
            await stores.user_flows.save(replace(each, revision=now.revision))

    before = house.stores(look)
    house.run(house.forget_sent_codes())
    yield
    house.stores(put_back)


def demand(
    house: House,
    *methods: SecondFactor,
    flow: str = "signUpOrSignIn",
    state: SecondFactorState = SecondFactorState.ON,
    **more: Any,
) -> None:
    """Have a user flow ask for one of these factors."""
    configuration = SecondFactorConfiguration(
        multifactor_authentication_state=state,
        multifactor_authentication_method=methods[0],
        alternative_methods=methods[1:],
        **more,
    )
    configure(house, flow, multifactor_authentication_configuration=configuration)


def with_password(
    browser: Browser, party: RelyingParty, person: Person, **changes: str | None
) -> Shown | Arrived:
    """Begin, and give the right password."""
    shown = page(browser.open(party.link(**changes)))
    return browser.press(shown, "next", email=person.email, password=PASSWORD)


def scan(shown: Shown) -> Authenticator:
    """Scan the picture on a page."""
    found = re.search(r'title="(otpauth:[^"]+)"', shown.response.text)
    assert found, shown.text
    return Authenticator.scanning(unescape(found[1]))


def with_app(house: House, browser: Browser, person: Person, **changes: Any) -> Authenticator:
    """Set an authenticator up at the first sign-in that asks for one."""
    demand(house, SecondFactor.AUTHENTICATOR, are_recovery_codes_issued=False, **changes)
    shown = page(with_password(browser, RelyingParty(house), person))
    app = scan(shown)
    arrival(browser.press(shown, "continue", otpCode=app.code(house.clock())))
    return app
