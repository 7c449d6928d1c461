"""The optional claim `ipaddr`: kept and said where an application asks for it, nowhere else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.application import Application
from gatelodge.model.application_details import ApplicationDetails, OptionalClaim, OptionalClaims
from gatelodge.model.identifier import AccountId, ClientId
from gatelodge.storage.stores import Stores
from tests.world.browser import Browser
from tests.world.furnished import signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

ASKED = (OptionalClaim(name="ipaddr"),)


def change(house: House, name: str, details: ApplicationDetails) -> ApplicationDetails:
    """Change what an application is registered with; return what that was before."""

    async def work(stores: Stores) -> Application:
        client_id = ClientId(house.facts["apps"][name]["client_id"])
        before = await stores.applications.by_app_id(client_id)
        assert before is not None
        await stores.applications.save(replace(before, details=details))
        return before

    return house.stores(work).details


def addresses(house: House) -> dict[str, str | None]:
    """Return from where the person signed in, by the id of each grant."""
    account_id = AccountId(house.facts["users"][0]["object_id"])
    grants = house.run(house.world_stores.grants.all_of(account_id))
    return {each.id: each.ip_address for each in grants}


@pytest.fixture(params=[None, "web", "api"])
def asking(house: House, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Let nobody, the client or the API ask."""
    name: str | None = request.param
    if name is None:
        yield name
        return
    claims = OptionalClaims(id_token=ASKED) if name == "web" else OptionalClaims(access_token=ASKED)
    before = change(house, name, ApplicationDetails(optional_claims=claims))
    yield name
    change(house, name, before)


def test_from_where_somebody_came_is_kept_where_a_token_says_it(
    house: House, visitor: Browser, asking: str | None
) -> None:
    party = RelyingParty(house)
    earlier = addresses(house)
    tokens = party.tokens(signed_in(visitor, party))
    kept = next(address for id, address in addresses(house).items() if id not in earlier)
    assert (kept is None) == (asking is None)
    said = party.verified(tokens["id_token"]).get("ipaddr")
    assert said == (kept if asking == "web" else None)
    again = party.refresh(tokens["refresh_token"]).json()
    assert party.verified(again["id_token"]).get("ipaddr") == said
