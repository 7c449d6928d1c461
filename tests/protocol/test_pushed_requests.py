"""RFC 9126: authorization requests that do not pass through the browser."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from gatelodge.storage.stores import Stores
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.furnished import signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty


def push(party: RelyingParty, **changes: str | None) -> httpx.Response:
    form = party.parameters(**changes)
    secret = (
        {"client_secret": party.facts["client_secret"]} if "client_secret" in party.facts else {}
    )
    address = f"{party.provider}/oauth2/v2.0/par"
    return party.installation.client.post(address, data={**form, **secret})


def link(party: RelyingParty, request_uri: str, **more: str) -> str:
    query = urlencode({"client_id": party.client_id, "request_uri": request_uri, **more})
    return f"{party.provider}/oauth2/v2.0/authorize?{query}"


def pushed(party: RelyingParty, **changes: str | None) -> str:
    response = push(party, **changes)
    assert response.status_code == 201, response.text
    assert response.json()["expires_in"] == 60
    assert response.headers["cache-control"] == "no-store"
    found: str = response.json()["request_uri"]
    return found


def sign_in(browser: Browser, party: RelyingParty, address: str) -> Any:
    user = party.installation.facts["users"][0]
    shown = page(browser.open(address))
    return arrival(browser.press(shown, "next", email=user["email"], password=user["password"]))


@pytest.mark.parametrize("name", ["web", "spa"])
def test_a_pushed_request_signs_a_person_in(house: House, visitor: Browser, name: str) -> None:
    party = RelyingParty(house, name=name)
    request_uri = pushed(party)
    assert request_uri.startswith("urn:ietf:params:oauth:request_uri:")
    arrived = sign_in(visitor, party, link(party, request_uri))
    assert arrived.parameters["state"] == "kept as it is"
    assert party.claims(arrived)["nonce"] == party.nonce


def test_what_the_browser_says_beside_it_does_not_count(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    address = link(
        party,
        pushed(party),
        state="forged",
        scope="openid",
        nonce="forged",
        redirect_uri="https://evil.example/",
        prompt="none",
    )
    arrived = sign_in(visitor, party, address)
    assert arrived.url.startswith(party.redirect_uri)
    assert arrived.parameters["state"] == "kept as it is"


def is_shown(browser: Browser, address: str) -> bool:
    shown = browser.open(address)
    return isinstance(shown, Shown) and shown.response.status_code == 400


def test_a_request_uri_is_good_once(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    address = link(party, pushed(party))
    assert "password" in page(visitor.open(address))
    assert is_shown(visitor, address)


def test_a_request_uri_is_good_for_a_minute(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    first, second = pushed(party), pushed(party)
    house.clock.move(seconds=58)
    assert "password" in page(visitor.open(link(party, first)))
    house.clock.move(seconds=2)
    assert is_shown(visitor, link(party, second))


def test_a_request_uri_is_good_for_who_pushed_it_and_where(house: House, visitor: Browser) -> None:
    party = RelyingParty(house)
    request_uri = pushed(party)
    assert is_shown(visitor, link(RelyingParty(house, name="spa"), request_uri))
    assert is_shown(visitor, link(RelyingParty(house, flow="signIn"), request_uri))
    assert is_shown(visitor, f"{party.provider}/oauth2/v2.0/authorize?request_uri={request_uri}")
    assert "password" in page(visitor.open(link(party, request_uri)))


@pytest.mark.parametrize(
    "request_uri",
    ["urn:ietf:params:oauth:request_uri:", "urn:ietf:params:oauth:request_uri:made-up"],
)
def test_nobody_makes_one_up(house: House, visitor: Browser, request_uri: str) -> None:
    assert is_shown(visitor, link(RelyingParty(house), request_uri))


def test_the_request_is_judged_when_it_is_pushed(house: House) -> None:
    party = RelyingParty(house)
    wrong: dict[str, dict[str, str | None]] = {
        "AADB2C90006": {"redirect_uri": "https://evil.example/"},
        "AADB2C90013": {"response_type": "magic"},
        "AADB2C90117": {"scope": "openid https://nowhere.example/read"},
        "AADB2C90043": {"prompt": "magic"},
        "AADB2C90122": {"request_uri": "urn:ietf:params:oauth:request_uri:another"},
    }
    for code, changes in wrong.items():
        response = push(party, **changes)
        assert response.status_code == 400
        assert response.json()["error_description"].startswith(code), response.text


def test_only_the_client_itself_pushes_its_requests(house: House) -> None:
    party = RelyingParty(house)
    address = f"{party.provider}/oauth2/v2.0/par"
    for secret in ({}, {"client_secret": "guessed"}):
        response = house.client.post(address, data={**party.parameters(), **secret})
        assert response.json()["error"] == "invalid_client"
    assert house.client.get(address).status_code == 400


def test_an_application_can_be_made_to_push_all_its_requests(
    house: House, visitor: Browser
) -> None:
    party = RelyingParty(house, name="one")

    async def demand(stores: Stores, *, is_required: bool) -> None:
        found = await stores.applications.by_app_id(party.client_id)  # type: ignore[arg-type]
        assert found is not None
        await stores.applications.save(replace(found, requires_pushed_requests=is_required))

    house.stores(lambda stores: demand(stores, is_required=True))
    try:
        refused = arrival(visitor.open(party.link()))
        assert refused.parameters["error"] == "invalid_request"
        assert "code" in sign_in(visitor, party, link(party, pushed(party))).parameters
    finally:
        house.stores(lambda stores: demand(stores, is_required=False))
    assert "code" in signed_in(visitor, party, prompt="login").parameters
