"""RFC 9449: tokens that only the holder of a key can use."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey

from gatelodge.model.directory import Switches
from gatelodge.model.identifier import DirectoryId
from gatelodge.oidc.proof_nonces import WINDOW_S, ProofNonces
from tests.protocol.test_revocation import api_introspects
from tests.protocol.world import API_URI, ORIGIN, SPA, WEB, World, credentials
from tests.world.makers import TENANT, Anything, a_directory
from tests.world.signatures import EC, OTHER_EC, RSA, a_proof, signed

TOKEN = f"{ORIGIN}/{TENANT}/B2C_1_SuSi/oauth2/v2.0/token"
USERINFO = f"{ORIGIN}/{TENANT}/B2C_1_SuSi/openid/v2.0/userinfo"
Proof = dict[str, Any]


def shown(world: World, **changes: Anything) -> dict[str, str]:
    return {"DPoP": a_proof("POST", TOKEN, world.clock(), **changes)}


async def redeem(world: World, application: Any = WEB, **changes: Anything) -> httpx.Response:
    code = await world.code(application)
    return await world.redeem(code, application, headers=shown(world, **changes))


async def userinfo(
    world: World, token: str, scheme: str = "DPoP", **changes: Anything
) -> httpx.Response:
    headers = {"Authorization": f"{scheme} {token}"}
    if changes.pop("has_proof", True):
        values: Proof = {"access_token": token, **changes}
        headers["DPoP"] = a_proof("GET", USERINFO, world.clock(), **values)
    return await world.http.get(USERINFO, headers=headers)


async def test_a_token_is_bound_to_the_key_that_was_shown(world: World) -> None:
    body = (await redeem(world)).json()
    assert body["token_type"] == "DPoP"
    claims = await world.claims(body["access_token"])
    assert claims["cnf"] == {"jkt": EC.thumbprint()}
    assert "cnf" not in await world.claims(body["id_token"])
    told = await api_introspects(world, body["access_token"])
    assert (told["token_type"], told["cnf"]) == ("DPoP", {"jkt": EC.thumbprint()})


async def test_userinfo_wants_the_key_the_token_is_bound_to(world: World) -> None:
    token = (await redeem(world)).json()["access_token"]
    assert (await userinfo(world, token)).status_code == 200
    refused = (
        await userinfo(world, token, has_proof=False),
        await userinfo(world, token, "Bearer", has_proof=False),
        await userinfo(world, token, "Bearer"),
        await userinfo(world, token, key=OTHER_EC),
        await userinfo(world, token, ath=None),
        await userinfo(world, token, access_token="another"),
        await userinfo(world, token, htm="POST"),
        await userinfo(world, token, htu=TOKEN),
        await world.http.post(USERINFO, data={"access_token": token}),
    )
    for response in refused:
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith(("Bearer ", "DPoP "))


async def test_a_plain_token_does_not_become_a_bound_one(world: World) -> None:
    token = (await world.redeem(await world.code())).json()["access_token"]
    assert (await userinfo(world, token)).status_code == 401
    assert (await userinfo(world, token, "Bearer", has_proof=False)).status_code == 200


async def test_a_proof_counts_once(world: World) -> None:
    headers = shown(world)
    assert (await world.redeem(await world.code(), WEB, headers=headers)).status_code == 200
    again = await world.redeem(await world.code(), WEB, headers=headers)
    assert again.json()["error"] == "invalid_dpop_proof"


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htm": None},
        {"htu": USERINFO},
        {"htu": "https://evil.example/"},
        {"htu": None},
        {"htu": "http://[bad"},
        {"jti": None},
        {"jti": ""},
        {"iat": None},
        {"iat": "now"},
        {"iat": 0},
        {"iat": 10**12},
        {"header": {"typ": "JWT"}},
        {"header": {"typ": None}},
        {"header": {"kid": "x"}},
        {"header": {"jwk": OTHER_EC.as_dict(private=False)}},
        {"header": {"jwk": EC.as_dict(private=True)}},
        {"header": {"jwk": {"kty": "oct", "k": "eHg"}}},
    ],
)
async def test_a_proof_that_is_not_right_is_refused(world: World, changes: Proof) -> None:
    response = await redeem(world, **changes)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize(("seconds", "status"), [(-60, 200), (-61, 400), (30, 200), (31, 400)])
async def test_a_proof_is_fresh(world: World, seconds: int, status: int) -> None:
    at = int(world.clock().timestamp()) + seconds
    response = await redeem(world, iat=at)
    assert response.status_code == status, response.text


async def test_a_proof_with_a_shared_secret_or_two_proofs_are_refused(world: World) -> None:
    secret = OctKey.import_key(b"x" * 32)
    header = {"typ": "dpop+jwt", "jwk": EC.as_dict(private=False)}
    forged = signed({"htm": "POST", "htu": TOKEN}, secret, "HS256", **header)
    response = await world.redeem(await world.code(), WEB, headers={"DPoP": forged})
    assert response.json()["error"] == "invalid_dpop_proof"
    pairs = [("DPoP", a_proof("POST", TOKEN, world.clock())) for _ in range(2)]
    twice = await world.http.post(TOKEN, data=credentials(WEB), headers=pairs)
    assert twice.json()["error"] == "invalid_dpop_proof"


async def test_the_query_of_the_address_does_not_matter(world: World) -> None:
    assert (await redeem(world, htu=f"{TOKEN}?x=1")).status_code == 200
    address = TOKEN.replace("https://login.acme", "HTTPS://LOGIN.acme")
    assert (await redeem(world, htu=address)).status_code == 200


async def test_a_refresh_token_of_a_public_client_is_bound_to_its_key(world: World) -> None:
    body = (await redeem(world, SPA)).json()
    token = body["refresh_token"]
    for headers in ({}, shown(world, key=OTHER_EC)):
        response = await world.refresh(token, SPA, headers=headers)
        assert response.json()["error"] == "invalid_dpop_proof"
    again = await world.refresh(token, SPA, headers=shown(world))
    assert again.json()["token_type"] == "DPoP"


async def test_a_confidential_client_may_change_its_key(world: World) -> None:
    body = (await redeem(world)).json()
    headers = shown(world, key=RSA, algorithm="PS256")
    response = await world.refresh(body["refresh_token"], headers=headers)
    assert response.status_code == 200, response.text
    again = response.json()
    claims = await world.claims(again["access_token"])
    assert claims["cnf"] == {"jkt": RSA.thumbprint()}


async def test_a_code_asked_for_with_a_key_is_redeemed_with_it(world: World) -> None:
    code = await world.code(SPA, key_thumbprint=EC.thumbprint())
    for headers in ({}, shown(world, key=OTHER_EC)):
        response = await world.redeem(code, SPA, headers=headers)
        assert response.json()["error"] == "invalid_dpop_proof"
    assert (await world.redeem(code, SPA, headers=shown(world))).status_code == 200


async def test_an_application_binds_its_own_tokens_too(world: World) -> None:
    response = await world.token(
        grant_type="client_credentials",
        scope=f"{API_URI}/.default",
        headers=shown(world),
        **credentials(WEB),
    )
    assert response.json()["token_type"] == "DPoP"
    claims = await world.claims(response.json()["access_token"])
    assert claims["cnf"] == {"jkt": EC.thumbprint()}


async def test_a_directory_can_demand_its_own_nonce_in_every_proof(world: World) -> None:
    plain = (await redeem(world)).json()["access_token"]
    await world.change_directory(switches=Switches(demands_proof_nonces=True))
    for wrong in ({}, {"nonce": "x"}, {"nonce": 7}):
        refused = await redeem(world, **wrong)
        assert (refused.status_code, refused.json()["error"]) == (400, "use_dpop_nonce")
    nonce = refused.headers["dpop-nonce"]
    assert "DPoP-Nonce" in refused.headers["access-control-expose-headers"]
    body = (await redeem(world, nonce=nonce)).json()
    assert body["token_type"] == "DPoP"
    for token in (plain, body["access_token"]):
        challenged = await userinfo(world, token)
        assert challenged.status_code == 401
        assert 'error="use_dpop_nonce"' in challenged.headers["www-authenticate"]
        again = await userinfo(world, token, nonce=challenged.headers["dpop-nonce"])
        assert again.status_code == 200
    assert (await world.redeem(await world.code())).json()["token_type"] == "Bearer"
    world.clock.move(seconds=2 * WINDOW_S)
    late = await redeem(world, nonce=nonce)
    assert late.json()["error"] == "use_dpop_nonce"
    assert late.headers["dpop-nonce"] != nonce


async def test_a_nonce_of_another_directory_or_a_wrong_proof_gains_nothing(world: World) -> None:
    await world.change_directory(switches=Switches(demands_proof_nonces=True))
    other = replace(await world.provider(), directory=a_directory(id=DirectoryId("other")))
    other = replace(
        other, directory=replace(other.directory, switches=Switches(demands_proof_nonces=True))
    )
    nonce = ProofNonces(world.sealer).demanded(other, None, world.clock())
    assert (await redeem(world, nonce=nonce)).json()["error"] == "use_dpop_nonce"
    refused = await redeem(world, htm="GET")
    assert refused.json()["error"] == "invalid_dpop_proof"
    assert "dpop-nonce" not in refused.headers
