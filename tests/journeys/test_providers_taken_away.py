"""What the word of an identity provider is worth once a user flow does not offer it any more."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.own_account import AccountConfiguration
from tests.journeys.federation_world import (
    PEOPLE,
    account_from,
    at_provider,
    back,
    come_from,
    offer,
    people_provider,
    signed_up,
    somebody,
)
from tests.world.browser import Browser, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import Upstream

FLOW = "signUpOrSignIn"


@pytest.fixture
def linking(home: House) -> Iterator[House]:
    """Return the house where people connect a provider to the account they have."""
    allowed = AccountConfiguration(is_identity_linking_allowed=True)
    offer(home, people_provider(home), flow=FLOW, account_configuration=allowed)
    yield home
    offer(home, people_provider(home), flow=FLOW, account_configuration=AccountConfiguration())


@pytest.mark.parametrize("button", ["continue", "linkAccount", "cancel"])
def test_who_arrived_before_it_was_taken_away_makes_no_account(
    linking: House, guest: Browser, party: RelyingParty, upstream: Upstream, button: str
) -> None:
    person = somebody()
    shown = page(come_from(guest, party, upstream, person))
    offer(linking, flow=FLOW)
    again = page(guest.press(shown, button))
    assert "password" in again
    assert not {PEOPLE, "linkAccount"} & again.ids
    assert account_from(linking, person["sub"]) is None
    known = linking.facts["users"][1]
    values = {"email": known["email"], "password": known["password"]}
    claims = party.claims(arrival(guest.press(again, "next", **values)))
    assert claims["sub"] == known["object_id"]
    assert account_from(linking, person["sub"]) is None


def test_a_page_that_is_opened_again_leads_back_to_the_choice(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    shown = page(come_from(guest, party, upstream, somebody()))
    offer(home, flow=FLOW)
    again = page(guest.open(shown.url))
    assert "password" in again
    assert "displayName" not in again


def test_a_provider_that_is_taken_away_is_linked_to_nobody(
    linking: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    known, person = linking.facts["users"][1], somebody()
    shown = page(guest.press(page(come_from(guest, party, upstream, person)), "linkAccount"))
    offer(linking, flow=FLOW)
    values = {"email": known["email"], "password": known["password"]}
    claims = party.claims(arrival(guest.press(shown, "next", **values)))
    assert claims["sub"] == known["object_id"]
    assert account_from(linking, person["sub"]) is None


def test_neither_code_nor_refresh_token_outlives_the_provider_they_rest_on(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    tokens = party.tokens(signed_up(guest, party, upstream, person))
    renewed = party.refresh(tokens["refresh_token"])
    assert renewed.status_code == 200
    arrived = arrival(come_from(Browser(home.new_client()), party, upstream, person))
    offer(home, flow=FLOW)
    for refused in (
        party.refresh(renewed.json()["refresh_token"]),
        party.redeem(arrived),
    ):
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    offer(home, people_provider(home), flow=FLOW)
    assert party.refresh(renewed.json()["refresh_token"]).status_code == 200


def test_who_comes_back_too_late_begins_anew(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    answer = upstream.identify(at, somebody())
    home.clock.move(hours=2)
    shown = page(back(guest, at, answer))
    assert "AADB2C90046" in shown.text
    assert shown.response.status_code == 400


def test_who_comes_back_to_a_user_flow_that_is_gone_is_told_so(
    home: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    answer = upstream.identify(at, somebody())
    flow_id = home.facts["user_flows"][FLOW]
    kept = home.stores(lambda stores: stores.user_flows.require(flow_id))
    home.stores(lambda stores: stores.user_flows.remove(flow_id))
    try:
        shown = page(back(guest, at, answer))
    finally:
        home.stores(lambda stores: stores.user_flows.add(replace(kept, revision=0)))
    assert "AADB2C90066" in shown.text
    assert shown.response.status_code == 404
