"""What a provider said is shown and cannot be changed; what has to be accepted is asked."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.attribute import AttributeAssignment, UserInputType
from gatelodge.model.terms_of_use import TermsOfUse
from gatelodge.storage.stores import Stores
from tests.journeys.federation_world import account_from, come_from, somebody
from tests.world.browser import Browser, arrival, page
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import Upstream

FLOW = "signUpOrSignIn"
SHOWN = AttributeAssignment(id="givenName", user_input_type=UserInputType.READ_ONLY)
TOLD = AttributeAssignment(id="surname", user_input_type=UserInputType.PARAGRAPH)
UNKNOWN = AttributeAssignment(id="postalCode", user_input_type=UserInputType.READ_ONLY)
CITY = AttributeAssignment(id="city", is_optional=True)
TERMS = TermsOfUse(
    is_acceptance_required=True, version="7", terms_of_use_url="https://acme.example/terms"
)


@pytest.fixture
def configured(home: House) -> Iterator[House]:
    attributes = (SHOWN, TOLD, UNKNOWN, CITY)
    before = configure(home, FLOW, attributes=attributes, terms_of_use_configuration=TERMS)
    yield home

    async def put_back(stores: Stores) -> None:
        now = await stores.user_flows.require(before.id)
        await stores.user_flows.save(replace(before, revision=now.revision))

    home.stores(put_back)


def test_what_a_provider_said_is_kept_as_it_was_shown(
    configured: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    shown = page(come_from(guest, party, upstream, person))
    assert {"givenName", "surname", "city", "termsOfUse"} <= shown.ids
    assert "postalCode" not in shown.ids
    assert not {"givenName", "surname"} & set(shown.form.names)
    refused = page(guest.press(shown, "continue"))
    assert refused.text_of("termsOfUse_error") == "Please accept the terms of use to go on."
    forged = {"givenName": "Mallory", "surname": "Mallory", "postalCode": "1"}
    form = refused.form
    name, value = form.buttons["continue"]
    sent = {**dict(form.values), **forged, "city": "Oslo", "termsOfUse": "true", name: value}
    answer = guest.client.post(refused.url, data=sent)
    assert arrival(guest.follow(answer)).code
    account = account_from(configured, str(person["sub"]))
    assert account is not None
    assert (account.given_name, account.surname) == (person["given_name"], person["family_name"])
    assert (account.city, account.postal_code) == ("Oslo", None)
    assert [each.version for each in account.terms_of_use_acceptances] == ["7"]
