"""Two directories of one installation share nothing, not even where every id is the same."""

from dataclasses import replace

import pytest

from gatelodge.crypto.key_set import generate_private_key, new_signing_key
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm
from gatelodge.storage.stores import Stores
from tests.protocol.world import FLOWS, WEB, World, credentials, refusal
from tests.world.makers import a_directory, an_account

OTHER = DirectoryId("2222bbbb-bbbb-4bbb-8bbb-22222222bbbb")
PLACE = "/other.example/B2C_1_SuSi"


@pytest.fixture
async def two(world: World) -> World:
    """Give another directory the same user flow, application and account, and an elliptic key."""

    async def plant(stores: Stores) -> None:
        now = world.clock()
        await stores.directories.add(a_directory(id=OTHER, domain="other.example"))
        await stores.signing_keys.add(
            new_signing_key(
                generate_private_key(Algorithm.ES256),
                directory_id=OTHER,
                sealer=world.sealer,
                randomness=world.randomness,
                now=now,
                active_at=now,
            )
        )
        await stores.user_flows.add(replace(FLOWS[0], directory_id=OTHER))
        await stores.applications.add(replace(WEB, directory_id=OTHER))
        await stores.accounts.add(an_account(directory_id=OTHER))

    await world.database.write(OTHER, plant)
    return world


async def test_a_code_of_one_is_unknown_to_the_other(two: World) -> None:
    code = await two.code()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": WEB.redirect_uris[0][1],
        **credentials(WEB),
    }
    response = await two.http.post(f"{PLACE}/oauth2/v2.0/token", data=form)
    assert refusal(response) == (400, "invalid_grant", "AADB2C90128")
    assert (await two.redeem(code)).status_code == 200


async def test_a_refresh_token_of_one_is_unknown_to_the_other(two: World) -> None:
    token = await two.refresh_token()
    form = {"grant_type": "refresh_token", "refresh_token": token, **credentials(WEB)}
    response = await two.http.post(f"{PLACE}/oauth2/v2.0/token", data=form)
    assert refusal(response) == (400, "invalid_grant", "AADB2C90128")
    assert (await two.refresh(token)).status_code == 200


async def test_an_access_token_of_one_says_nothing_to_the_other(two: World) -> None:
    token = (await two.redeem(await two.code())).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    response = await two.http.get(f"{PLACE}/openid/v2.0/userinfo", headers=headers)
    assert response.status_code == 401


async def test_each_says_which_algorithm_its_keys_are_for(two: World) -> None:
    document = "v2.0/.well-known/openid-configuration"
    body = (await two.http.get(f"{PLACE}/{document}")).json()
    assert body["issuer"].endswith(f"/{OTHER}/v2.0/")
    assert body["id_token_signing_alg_values_supported"] == ["ES256"]
    (key,) = (await two.http.get(body["jwks_uri"])).json()["keys"]
    assert (key["kty"], key["crv"], key["alg"]) == ("EC", "P-256", "ES256")
