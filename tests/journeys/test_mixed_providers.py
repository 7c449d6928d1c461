"""Providers that could pass another's answer off as their own, and cannot."""

from collections.abc import Iterator

import pytest

from gatelodge.app.operating import examine
from gatelodge.settings import Settings
from gatelodge.storage.stores import Stores
from tests.journeys.federation_world import (
    PEOPLE,
    account_from,
    at_provider,
    back,
    offer,
    people_provider,
    preset_provider,
    somebody,
)
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import ISSUER, Upstream

FLOW, LINKED_IN = "signUpOrSignIn", "LinkedInExchange"
INVALID = "AADB2C90273"


@pytest.fixture
def mixed(home: House) -> Iterator[House]:
    """Return the house with a provider whose codes count anywhere beside one that was added."""
    known = preset_provider(home, "LinkedIn", "LinkedIn-OAUTH")
    offer(home, known, people_provider(home), flow=FLOW)
    yield home
    forget(home, known.id)


def forget(home: House, *provider_ids: str) -> None:
    """Take providers out of the directory."""

    async def work(stores: Stores) -> None:
        for each in provider_ids:
            if await stores.identity_providers.get(each) is not None:
                await stores.identity_providers.remove(each)

    home.stores(work)


def callback(home: House, *own: str) -> str:
    """Return the address providers share, or one's own."""
    return "/".join((home.origin, home.facts["tenant_domain"], "oauth2/authresp", *own))


def test_a_code_that_counts_anywhere_never_reaches_a_provider_that_asked_for_it(
    mixed: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    at = at_provider(guest, party)
    assert at.parameters["redirect_uri"] == callback(mixed, PEOPLE)
    # The provider sends the browser on, with the state of this sign-in, as if we had.
    linked_in = at_provider(Browser(mixed.new_client()), party, LINKED_IN)
    assert linked_in.parameters["redirect_uri"] == callback(mixed)
    sent_on = {**linked_in.parameters, "state": at.parameters["state"]}
    answer = upstream.identify(Arrived(linked_in.url, sent_on), somebody())
    upstream.asked.clear()
    arrived = arrival(guest.open(callback(mixed), **answer))
    assert (arrived.error_code, upstream.asked) == (INVALID, [])


@pytest.mark.parametrize(("exchange", "issuer"), [(PEOPLE, ISSUER), (LINKED_IN, "linkedin.com")])
def test_each_of_them_signs_people_in(
    mixed: House,
    guest: Browser,
    party: RelyingParty,
    upstream: Upstream,
    exchange: str,
    issuer: str,
) -> None:
    at, person = at_provider(guest, party, exchange), somebody()
    shown = page(back(guest, at, upstream.identify(at, person)))
    arrival(guest.press(shown, "continue"))
    assert account_from(mixed, person["sub"], issuer) is not None


def test_an_answer_counts_at_its_own_address_only(
    mixed: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    def come(exchange: str, *own: str) -> Shown | Arrived:
        at = at_provider(guest, party, exchange)
        return guest.open(callback(mixed, *own), **upstream.identify(at, somebody()))

    assert arrival(come(LINKED_IN, PEOPLE)).error_code == INVALID
    assert arrival(come(PEOPLE, "OIDC-V1-Other")).error_code == INVALID
    page(come(PEOPLE, PEOPLE.lower()))


def test_a_provider_that_names_itself_keeps_the_address_all_share(
    mixed: House, guest: Browser, party: RelyingParty, upstream: Upstream
) -> None:
    upstream.mischief.metadata = {"authorization_response_iss_parameter_supported": True}
    mixed.clock.move(minutes=11)
    at = at_provider(guest, party)
    assert at.parameters["redirect_uri"] == callback(mixed)
    assert arrival(back(guest, at, upstream.identify(at, somebody()))).error_code == INVALID
    upstream.start_over()
    mixed.clock.move(minutes=11)


@pytest.mark.parametrize(
    ("kind", "is_beside_own", "is_named"),
    [("LinkedIn", True, True), ("LinkedIn", False, False), ("GitHub", True, False)],
)
def test_the_doctor_names_the_addresses_to_register(
    home: House, kind: str, is_beside_own: bool, is_named: bool
) -> None:
    known = preset_provider(home, kind, f"{kind}-OAUTH")
    if not is_beside_own:
        forget(home, PEOPLE)
    offer(home, known, *(people_provider(home),) * is_beside_own, flow=FLOW)
    settings = Settings(public_url="", database=home.database_url, key_file="", hash_memory_kib=64)

    async def said() -> list[str]:
        return [each async for each in examine(settings)]

    named = [each for each in home.run(said()) if f"oauth2/authresp/{PEOPLE}" in each]
    forget(home, known.id)
    assert bool(named) is is_named
    assert all(each.startswith("info: ") for each in named)
