"""Whoever signed in completely is recognised by that browser the next time."""

from dataclasses import replace

import pytest

from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.perform.recognise_device import RecogniseDevice
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.device import DEVICE_LIFETIME_S, Device, KnownDevice
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Facts
from tests.world.browser import Browser, page
from tests.world.furnished import OpenVisit, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.traces import an_interaction

WHOSE = 0


def account(house: House) -> Account:
    account_id = AccountId(house.facts["users"][WHOSE]["object_id"])
    return house.stores(lambda stores: stores.accounts.require(account_id))


def devices(house: House) -> list[KnownDevice]:
    who = account(house).id
    return house.stores(lambda stores: stores.known_devices.all_of(who))


@pytest.fixture(autouse=True)
def unknown(house: House) -> None:
    who = account(house).id
    house.stores(lambda stores: stores.known_devices.forget_all_of(who))


def cookie(house: House, browser: Browser) -> str | None:
    return browser.client.cookies.get(f"__Host-gatelodge-device-{house.facts['tenant_id']}")


def test_a_browser_gets_a_handle_nobody_can_read_once_somebody_signed_in(
    house: House, visitor: Browser
) -> None:
    shown = page(visitor.open(RelyingParty(house).link()))
    assert cookie(house, visitor) is None
    user = house.facts["users"][WHOSE]
    sent = visitor.send(shown, "next", email=user["email"], password=user["password"])
    found = [each for each in sent.headers.get_list("set-cookie") if "gatelodge-device" in each]
    assert len(found) == 1
    name, *attributes = found[0].split("; ")
    assert name.startswith("__Host-gatelodge-device-")
    assert {each.lower() for each in attributes} == {
        "httponly",
        "secure",
        "path=/",
        "samesite=lax",
        f"max-age={DEVICE_LIFETIME_S}",
    }
    handle = name.partition("=")[2]
    assert [(each.device_id, each.network) for each in devices(house)] == [
        (digest_of(handle), "127.0.0.0/24")
    ]


def test_a_wrong_password_makes_no_device_known(house: House, visitor: Browser) -> None:
    shown = page(visitor.open(RelyingParty(house).link()))
    user = house.facts["users"][WHOSE]
    page(visitor.press(shown, "next", email=user["email"], password="something else"))
    assert (cookie(house, visitor), devices(house)) == (None, [])


def test_signing_in_again_is_the_same_device_and_a_resumed_session_changes_nothing(
    house: House, visitor: Browser
) -> None:
    party = RelyingParty(house)
    signed_in(visitor, party)
    handle, (first,) = cookie(house, visitor), devices(house)
    house.clock.move(milliseconds=60_000)
    visitor.open(party.link())
    assert devices(house) == [first]
    signed_in(visitor, party, prompt="login")
    (again,) = devices(house)
    assert (cookie(house, visitor), again.device_id) == (handle, first.device_id)
    assert again.first_seen_at == first.first_seen_at < again.last_seen_at


def test_a_cookie_that_could_be_guessed_is_replaced(house: House, visitor: Browser) -> None:
    name = f"__Host-gatelodge-device-{house.facts['tenant_id']}"
    visitor.client.cookies.set(name, "short", domain="login.acme.example", path="/")
    signed_in(visitor, RelyingParty(house))
    assert [each.device_id for each in devices(house)] != [digest_of("short")]


HERE = Device(id="digest", address="192.0.2.9")


@pytest.mark.parametrize(
    ("device", "session_id", "is_revoked", "expected"),
    [
        (HERE, None, False, (True, True)),
        (replace(HERE, address="192.0.2.200"), None, False, (True, True)),
        (replace(HERE, address="198.51.100.1"), None, False, (True, False)),
        (replace(HERE, id="another"), None, False, (False, True)),
        (Device(), None, False, (False, False)),
        (Device(address="198.51.100.1"), "resumed", False, (False, False)),
        (HERE, None, True, (False, False)),
        (replace(HERE, id=None, is_known=True), None, False, (False, True)),
    ],
)
def test_the_step_says_what_is_known_of_device_and_network(
    house: House,
    visit: OpenVisit,
    device: Device,
    session_id: str | None,
    is_revoked: bool,
    expected: tuple[bool, bool],
) -> None:
    who, now = account(house), house.clock()
    seen_at = who.sign_in_sessions_valid_from
    seen = KnownDevice(
        directory_id=who.directory_id,
        account_id=who.id,
        device_id="digest",
        network="192.0.2.0/24",
        first_seen_at=seen_at,
        last_seen_at=seen_at.replace(year=2000) if is_revoked else seen_at,
        expires_at=now.replace(year=now.year + 1),
        factor_at=seen_at,
    )
    house.stores(lambda stores: stores.known_devices.note(seen))
    facts = Facts(account_id=who.id, session_id=session_id, device=device)
    interaction = an_interaction(directory_id=who.directory_id, facts=facts)
    step = RecogniseDevice(house.database, house.clock)
    directory = house.stores(lambda stores: stores.directories.find(house.facts["tenant_domain"]))
    place = Place(directory=directory, user_flow=None, strings=None, origin="")  # type: ignore[arg-type]
    answer = house.run(step.enter(place, interaction))
    assert answer.facts is not None
    found = answer.facts.device
    assert (found.is_known, found.is_known_network) == expected
