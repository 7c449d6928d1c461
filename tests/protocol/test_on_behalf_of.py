"""RFC 7523 §2.1 as Microsoft's libraries use it: an API calls another API for the same user."""

from typing import Any

import httpx
import pytest

from gatelodge.model.application import GrantKind, PreAuthorizedApplication
from gatelodge.oidc.grants.on_behalf_of import JWT_BEARER
from tests.protocol.test_revocation import introspect, revoke
from tests.protocol.world import (
    API,
    API_URI,
    ORIGIN,
    OTHER_API,
    OTHER_API_URI,
    SPA,
    WEB,
    World,
    a_permission,
    refusal,
)
from tests.world.makers import SECRET, TENANT, a_secret
from tests.world.signatures import OTHER_EC, a_proof

TOKEN = f"{ORIGIN}/{TENANT}/B2C_1_SuSi/oauth2/v2.0/token"

SCOPE = f"{OTHER_API_URI}/look"


@pytest.fixture(autouse=True)
async def middle(world: World) -> None:
    """Let the API have a secret and a permission at the other API."""
    await world.change_application(API, password_credentials=(a_secret(),))
    permission = a_permission(API, OTHER_API.app_id, GrantKind.SCOPE, "look")
    await world.write(lambda stores: stores.permission_grants.add(permission))


async def tokens(world: World, application: Any = SPA, **more: Any) -> dict[str, str]:
    response = await world.redeem(await world.code(application, **more), application)
    body: dict[str, str] = response.json()
    return body


async def exchange(world: World, token: str, **changes: Any) -> httpx.Response:
    form = {
        "grant_type": JWT_BEARER,
        "requested_token_use": "on_behalf_of",
        "assertion": token,
        "scope": SCOPE,
        "client_id": API.app_id,
        "client_secret": SECRET,
        **changes,
    }
    return await world.token(**{name: each for name, each in form.items() if each is not None})


async def test_an_api_calls_another_for_the_same_user(world: World) -> None:
    response = await exchange(world, (await tokens(world))["access_token"])
    assert response.status_code == 200, response.text
    body = response.json()
    assert {"refresh_token", "id_token"} & set(body) == set()
    claims = await world.claims(body["access_token"])
    assert claims["aud"] == OTHER_API.app_id
    assert (claims["azp"], claims["scp"]) == (API.app_id, "look")
    assert claims["sub"] == world.account.id


async def test_it_ends_when_what_went_in_ends_and_cannot_be_renewed(world: World) -> None:
    assertion = (await tokens(world))["access_token"]
    world.clock.move(minutes=50)
    scope = f"openid profile offline_access {SCOPE}"
    body = (await exchange(world, assertion, scope=scope)).json()
    assert body["expires_in"] == 600
    assert "refresh_token" not in body
    claims, before = await world.claims(body["access_token"]), await world.claims(assertion)
    assert claims["exp"] == before["exp"]
    world.clock.move(minutes=10)
    assert refusal(await exchange(world, assertion))[1] == "invalid_grant"


async def test_what_the_api_may_not_do_it_may_not_do_for_a_user(world: World) -> None:
    assertion = (await tokens(world))["access_token"]
    touch = await exchange(world, assertion, scope=f"{OTHER_API_URI}/touch")
    assert refusal(touch)[1:] == ("invalid_scope", "AADB2C90205")
    for scope in ("openid", API.app_id, f"{API.app_id} openid", "https://nowhere.example/x"):
        response = await exchange(world, assertion, scope=scope)
        assert refusal(response)[1] == "invalid_scope", scope
    nothing = await exchange(world, assertion, scope="openid")
    assert refusal(nothing)[1:] == ("invalid_scope", "AADB2C90055")


async def test_only_the_api_the_token_is_for_can_exchange_it(world: World) -> None:
    await world.change_application(
        OTHER_API,
        pre_authorized_applications=(
            PreAuthorizedApplication(app_id=WEB.app_id, delegated_permission_ids=("id-of-look",)),
        ),
    )
    body = await tokens(world)
    own = await tokens(world, WEB, scope=f"openid {WEB.app_id}")
    for assertion in (body["access_token"], body["id_token"], own["access_token"], "x", "a.b.c"):
        response = await exchange(world, assertion, client_id=WEB.app_id)
        assert refusal(response)[1] == "invalid_grant"
    for assertion in (body["id_token"], body["refresh_token"]):
        assert refusal(await exchange(world, assertion))[1] == "invalid_grant"


async def test_what_no_user_stands_behind_any_more_is_not_exchanged(world: World) -> None:
    first, second = await tokens(world), await tokens(world)
    await revoke(world, first["refresh_token"], SPA)
    assert refusal(await exchange(world, first["access_token"]))[1] == "invalid_grant"
    await world.change_account(account_enabled=False)
    assert refusal(await exchange(world, second["access_token"]))[1] == "invalid_grant"


async def test_the_new_token_is_a_grant_of_its_own(world: World) -> None:
    token = (await exchange(world, (await tokens(world))["access_token"])).json()["access_token"]
    told = await introspect_as_middle(world, token)
    assert (told["active"], told["client_id"]) == (True, API.app_id)
    assert await introspect(world, token) == {"active": False}


async def introspect_as_middle(world: World, token: str) -> dict[str, Any]:
    form = {"token": token, "client_id": API.app_id, "client_secret": SECRET}
    provider = await world.provider()
    place = f"/{provider.directory.id}/B2C_1_SuSi/oauth2/v2.0/introspect"
    told: dict[str, Any] = (await world.http.post(place, data=form)).json()
    return told


async def test_an_api_has_to_prove_itself_and_say_what_it_wants(world: World) -> None:
    assertion = (await tokens(world))["access_token"]
    assert refusal(await exchange(world, assertion, client_secret=None))[1] == "invalid_client"
    for missing in ("assertion", "scope", "requested_token_use"):
        response = await exchange(world, assertion, **{missing: None})
        assert refusal(response)[1] == "invalid_request"
    other = await exchange(world, assertion, requested_token_use="something")
    assert refusal(other)[1] == "invalid_request"


async def test_a_public_client_cannot_act_on_behalf_of_anybody(world: World) -> None:
    assertion = (await tokens(world))["access_token"]
    response = await exchange(world, assertion, client_id=SPA.app_id, client_secret=None)
    assert refusal(response)[:2] == (401, "invalid_client")


async def test_what_came_out_ends_when_what_went_in_is_revoked(world: World) -> None:
    await world.change_application(OTHER_API, password_credentials=(a_secret(),))
    back = a_permission(OTHER_API, API.app_id, GrantKind.SCOPE, "read")
    await world.write(lambda stores: stores.permission_grants.add(back))
    first = await tokens(world)
    middle = (await exchange(world, first["access_token"])).json()["access_token"]
    last = await exchange(world, middle, client_id=OTHER_API.app_id, scope=f"{API_URI}/read")
    assert last.status_code == 200, last.text
    headers = [
        {"Authorization": f"Bearer {each}"} for each in (middle, last.json()["access_token"])
    ]
    userinfo = f"/{TENANT}/B2C_1_SuSi/openid/v2.0/userinfo"
    for each in headers:
        assert (await world.http.get(userinfo, headers=each)).status_code == 200
    await revoke(world, first["refresh_token"], SPA)
    for each in headers:
        assert (await world.http.get(userinfo, headers=each)).status_code == 401
    assert (await introspect_as_middle(world, middle)) == {"active": False}


async def test_a_token_bound_to_a_key_is_exchanged_by_its_holder_alone(world: World) -> None:
    proof = {"DPoP": a_proof("POST", TOKEN, world.clock())}
    body = (await world.redeem(await world.code(SPA), SPA, headers=proof)).json()
    assert body["token_type"] == "DPoP"
    bound = body["access_token"]
    assert refusal(await exchange(world, bound))[1] == "invalid_grant"
    other = {"DPoP": a_proof("POST", TOKEN, world.clock(), key=OTHER_EC)}
    assert refusal(await exchange(world, bound, headers=other))[1] == "invalid_grant"
    holder = {"DPoP": a_proof("POST", TOKEN, world.clock())}
    response = await exchange(world, bound, headers=holder)
    assert response.json()["token_type"] == "DPoP"
