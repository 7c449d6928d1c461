"""Sign-in through identity providers: the whole way, there and back."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.journeys.federation_world import (
    ADA,
    PEOPLE,
    account_from,
    at_provider,
    back,
    come_from,
    offer,
    people_provider,
    preset_provider,
    signed_up,
)
from tests.world.browser import Browser, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import CLIENT_ID, ISSUER, Claims, Upstream, new_upstream

_numbers = count(1)


@pytest.fixture(scope="module")
def upstream() -> Upstream:
    """Return the providers of all tests here."""
    return new_upstream(lambda: 0.0)


@pytest.fixture(scope="module")
def federated_house(
    upstream: Upstream, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Build a house that reaches nobody but them."""
    path = tmp_path_factory.mktemp("federation") / "gatelodge.db"
    shutil.copyfile(migrated_file, path)
    house = House(f"sqlite:///{path}", outbound=upstream)
    upstream.state.now = lambda: house.clock.now.timestamp()
    yield house
    house.close()


@pytest.fixture
def home(federated_house: House, upstream: Upstream) -> Iterator[House]:
    """Return the house with one provider beside local accounts; nothing may go wrong inside."""
    upstream.start_over()
    offer(federated_house, people_provider(federated_house), flow="signUpOrSignIn")
    yield federated_house
    assert federated_house.failures() == []


@pytest.fixture
def visitor(home: House) -> Browser:
    """Open a browser."""
    return Browser(home.new_client())


@pytest.fixture
def party(home: House) -> RelyingParty:
    """Return an application at the user flow."""
    return RelyingParty(home)


def somebody(**changes: object) -> Claims:
    """Return a person no test has met."""
    number = next(_numbers)
    return {**ADA, "sub": f"person-{number}", "email": f"p{number}@mail.example", **changes}


def test_the_first_page_offers_providers_beside_local_accounts(
    home: House, visitor: Browser, party: RelyingParty
) -> None:
    offer(
        home,
        people_provider(home),
        preset_provider(home, "Google", "Google-OAUTH"),
        preset_provider(home, "QQ", "QQ-OAUTH"),
        flow="signUpOrSignIn",
    )
    shown = page(visitor.open(party.link()))
    assert {PEOPLE, "GoogleExchange", "email", "password", "next"} <= shown.ids
    assert shown.text_of("GoogleExchange") == "Google"
    assert shown.text.count("QQ") == 0


def test_a_person_leaves_with_a_nonce_a_challenge_and_a_state(
    visitor: Browser, party: RelyingParty, home: House
) -> None:
    at = at_provider(visitor, party)
    asked = at.parameters
    assert at.url.startswith(f"{ISSUER}/authorize?")
    assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
    assert asked["redirect_uri"] == f"{home.origin}/{home.facts['tenant_domain']}/oauth2/authresp"
    assert (asked["code_challenge_method"], asked["response_mode"]) == ("S256", "form_post")
    assert {"nonce", "state", "code_challenge"} <= set(asked)
    again = at_provider(visitor, party).parameters
    assert all(asked[name] != again[name] for name in ("nonce", "state", "code_challenge"))


def test_somebody_new_completes_what_the_provider_said_and_gets_an_account_without_a_password(
    home: House, visitor: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    shown = page(come_from(visitor, party, upstream, person))
    assert "newPassword" not in shown
    assert shown.value_of("displayName") == "Ada Upstream"
    assert shown.value_of("email") == person["email"]
    claims = party.claims(arrival(visitor.press(shown, "continue", givenName="Adele")))
    account = account_from(home, person["sub"])
    assert account is not None
    assert claims["sub"] == claims["oid"] == account.id
    assert claims["newUser"] is True
    assert (claims["given_name"], claims["emails"]) == ("Adele", [person["email"]])
    assert claims["email_verified"] is False
    assert [each.sign_in_type for each in account.identities] == ["federated"]
    assert home.stores(lambda stores: stores.passwords.get(account.id)) is None


def test_who_comes_again_sees_no_page_of_ours(
    home: House, visitor: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    first = party.claims(signed_up(visitor, party, upstream, person))
    again = arrival(come_from(Browser(home.new_client()), party, upstream, person))
    claims = party.claims(again)
    assert claims["sub"] == first["sub"]
    assert "newUser" not in claims


def test_a_resumed_session_needs_no_provider(
    visitor: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    person = somebody()
    first = party.claims(signed_up(visitor, party, upstream, person))
    upstream.asked.clear()
    assert party.claims(arrival(visitor.open(party.link())))["sub"] == first["sub"]
    assert upstream.asked == []


def test_who_cancels_at_the_provider_comes_back_to_the_application_and_can_begin_again(
    visitor: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(visitor, party)
    sent = {"error": "access_denied", "state": at.parameters["state"]}
    arrived = arrival(back(visitor, at, sent))
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", "AADB2C90273")
    assert signed_up(visitor, party, upstream, somebody()).code
