"""RFC 7517 and key rollover: new keys are published first, old ones verify until they are gone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws

from gatelodge.crypto.key_set import generate_private_key, new_signing_key
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm
from gatelodge.operations.key_rotation import FAREWELL, OVERLAP, AlreadyWaiting, Rotation
from gatelodge.randomness import SystemRandomness
from gatelodge.storage.stores import Stores
from tests.world.browser import Browser
from tests.world.furnished import configure, signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty


@pytest.fixture(autouse=True)
def the_usual_key(house: House) -> Iterator[None]:
    """Give the house back the one key it had."""
    before = house.run(house.world_stores.signing_keys.every())
    yield

    async def restore(stores: Stores) -> None:
        for key in await stores.signing_keys.every():
            await stores.signing_keys.remove(key.id)
        for key in before:
            await stores.signing_keys.add(key)

    house.stores(restore)


def rotate(
    house: House, *, is_emergency: bool = False, algorithm: Algorithm = Algorithm.ES256
) -> None:
    rotation = Rotation(house.database, house.world.sealer, SystemRandomness(), house.clock)
    house.run(
        rotation(
            DirectoryId(house.facts["tenant_id"]),
            is_emergency=is_emergency,
            algorithm=algorithm,
        )
    )


def later(house: House, duration: timedelta) -> None:
    """Let time pass; whatever is written lets the keys be looked at again."""
    house.clock.move(seconds=duration.total_seconds())
    configure(house, "signIn")


def published(house: House) -> dict[str, Any]:
    response = house.client.get(f"{RelyingParty(house).provider}/discovery/v2.0/keys")
    assert response.headers["cache-control"] == "public, max-age=300"
    return {key["kid"]: key for key in response.json()["keys"]}


def header(token: str) -> dict[str, Any]:
    return dict(jws.extract_compact(token.encode()).headers())


def userinfo(house: House, token: str) -> int:
    address = f"{RelyingParty(house).provider}/openid/v2.0/userinfo"
    answer = house.client.get(address, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


def metadata(house: House) -> dict[str, Any]:
    address = f"{RelyingParty(house).provider}/v2.0/.well-known/openid-configuration"
    found: dict[str, Any] = house.client.get(address).json()
    return found


def test_a_directory_changes_to_another_algorithm_and_nobody_notices(
    house: House, visitor: Browser
) -> None:
    party = RelyingParty(house)
    (old,) = published(house)
    rotate(house)
    assert len(published(house)) == 2
    first = party.tokens(signed_in(visitor, party))
    assert header(first["id_token"])["kid"] == old
    later(house, OVERLAP - timedelta(minutes=30))
    waiting = party.tokens(signed_in(visitor, party, prompt="login"))
    assert header(waiting["access_token"])["kid"] == old
    later(house, timedelta(minutes=30))
    new = party.tokens(signed_in(visitor, party, prompt="login"))
    assert header(new["access_token"])["alg"] == "ES256"
    assert metadata(house)["id_token_signing_alg_values_supported"] == ["ES256"]
    assert userinfo(house, waiting["access_token"]) == 200
    assert userinfo(house, new["access_token"]) == 200
    key = published(house)[header(new["id_token"])["kid"]]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    later(house, FAREWELL)
    assert old not in published(house)


def test_in_an_emergency_what_the_old_key_signed_is_void_at_once(
    house: House, visitor: Browser
) -> None:
    party = RelyingParty(house)
    before = party.tokens(signed_in(visitor, party))
    assert userinfo(house, before["access_token"]) == 200
    rotate(house, is_emergency=True)
    assert userinfo(house, before["access_token"]) == 401
    (only,) = published(house)
    after = party.refresh(before["refresh_token"]).json()
    assert header(after["access_token"])["kid"] == only
    assert userinfo(house, after["access_token"]) == 200


def test_a_second_key_does_not_wait_beside_the_first(house: House) -> None:
    rotate(house)
    with pytest.raises(AlreadyWaiting):
        rotate(house)
    rotate(house, is_emergency=True)
    assert len(published(house)) == 1


def test_a_key_of_another_tenant_verifies_nothing_here(house: House, visitor: Browser) -> None:
    foreign = new_signing_key(
        generate_private_key(Algorithm.ES256),
        directory_id=DirectoryId("another"),
        sealer=house.world.sealer,
        randomness=SystemRandomness(),
        now=house.clock(),
        active_at=house.clock(),
    )
    assert foreign.id not in published(house)
    token = RelyingParty(house).tokens(signed_in(visitor, RelyingParty(house)))["access_token"]
    head, body, _ = token.split(".")
    assert userinfo(house, f"{head}.{body}.{'A' * 86}") == 401
