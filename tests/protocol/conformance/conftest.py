"""A user flow with an issuer of its own, a person with an address, and the suite's variants."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gatelodge.model.account import Account
from gatelodge.model.user_flow import TokenClaims
from gatelodge.storage.stores import Stores
from tests.protocol.conformance.registering import CODE, HOME, Register, initial_token, switch
from tests.protocol.conformance.strict import Client, Variant
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.relying_party import RelyingParty

BASIC = [Variant("code", "query"), Variant("code", "form_post")]
IMPLICIT = [
    Variant("id_token", "fragment"),
    Variant("id_token token", "fragment"),
    Variant("id_token token", "form_post"),
]
HYBRID = [
    Variant("code id_token", "fragment"),
    Variant("code token", "fragment"),
    Variant("code id_token token", "fragment"),
    Variant("code id_token token", "form_post"),
]
EVERY = [*BASIC, *IMPLICIT, *HYBRID]
PERSON = {
    "given_name": "Ada",
    "surname": "Lovelace",
    "street_address": "12 St James's Square",
    "city": "London",
    "country": "United Kingdom",
    "mobile_phone": "+44 20 7946 0000",
}


@pytest.fixture
def strict_house(house: House) -> Iterator[House]:
    """Give the sign-in flow an issuer of its own and the first person an address."""
    claims = TokenClaims(is_issuer_entity_user_flow=True)
    before = configure(house, "signUpOrSignIn", token_claims_configuration=claims)
    person = change_person(house, **PERSON)
    yield house
    change_person(house, **{name: getattr(person, name) for name in PERSON})
    configure(
        house,
        "signUpOrSignIn",
        token_claims_configuration=before.token_claims_configuration,
    )


def change_person(house: House, **changes: Any) -> Account:
    """Change the first person; return who that was before."""

    async def work(stores: Stores) -> Account:
        before = await stores.accounts.require(house.facts["users"][0]["object_id"])
        await stores.accounts.save(replace(before, **changes))
        return before

    return house.stores(work)


@pytest.fixture(params=EVERY, ids=" ".join)
def variant(request: pytest.FixtureRequest) -> Variant:
    """Run a module with every response type and mode."""
    found: Variant = request.param
    return found


@pytest.fixture
def client(strict_house: House, variant: Variant) -> Client:
    """Return the client of the suite."""
    return Client(strict_house, variant, RelyingParty(strict_house, name="implicit"))


@pytest.fixture
def register(strict_house: House) -> Iterator[Register]:
    """Register clients by what discovery says, and delete them again."""
    switch(strict_house, registers_applications=True)
    bearer = {"Authorization": f"Bearer {initial_token(strict_house)}"}
    made: list[dict[str, Any]] = []

    def work(**metadata: Any) -> Client:
        known = Client(strict_house, CODE, RelyingParty(strict_house)).metadata
        body = {"redirect_uris": [HOME], "client_name": "Suite", **metadata}
        url = known["registration_endpoint"]
        answer = strict_house.client.post(url, json=body, headers=bearer)
        assert answer.status_code == 201, answer.text
        assert answer.headers["cache-control"] == "no-store"
        made.append(answer.json())
        strict_house.facts["apps"]["registered"] = answer.json()
        return Client(strict_house, CODE, RelyingParty(strict_house, name="registered"))

    yield work
    for each in made:
        own = {"Authorization": f"Bearer {each['registration_access_token']}"}
        gone = strict_house.client.delete(each["registration_client_uri"], headers=own)
        assert gone.status_code == 204
    switch(strict_house)
