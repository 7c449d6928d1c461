"""RFC 7009 and RFC 7662: tokens are given back, and asked about."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.protocol.world import (
    API,
    API_URI,
    FULL_SCOPE,
    NATIVE,
    SPA,
    WEB,
    World,
    basic,
    credentials,
    refusal,
)
from tests.world.makers import SECRET, TENANT, Anything, a_secret

FLOW = f"/{TENANT}/B2C_1_SuSi"
USERINFO = f"{FLOW}/openid/v2.0/userinfo"
INACTIVE = {"active": False}


async def tokens(world: World, application: Any = WEB, **more: Anything) -> dict[str, str]:
    code = await world.code(application, **more)
    body: dict[str, str] = (await world.redeem(code, application)).json()
    return body


async def revoke(world: World, token: str, application: Any = WEB) -> httpx.Response:
    form = {"token": token, **credentials(application)}
    return await world.http.post(f"{FLOW}/oauth2/v2.0/revoke", data=form)


async def introspect(world: World, token: str, application: Any = WEB) -> dict[str, Any]:
    form = {"token": token, **credentials(application)}
    response = await world.http.post(f"{FLOW}/oauth2/v2.0/introspect", data=form)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def api_introspects(world: World, token: str) -> dict[str, Any]:
    await world.change_application(API, password_credentials=(a_secret(),))
    form = {"token": token, "client_id": API.app_id, "client_secret": SECRET}
    response = await world.http.post(f"{FLOW}/oauth2/v2.0/introspect", data=form)
    body: dict[str, Any] = response.json()
    return body


async def userinfo(world: World, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await world.http.get(USERINFO, headers=headers)).status_code


@pytest.mark.parametrize("given_back", ["refresh_token", "access_token"])
async def test_a_token_that_is_given_back_takes_its_whole_grant_with_it(
    world: World, given_back: str
) -> None:
    body = await tokens(world)
    assert await userinfo(world, body["access_token"]) == 200
    assert (await introspect(world, body["access_token"]))["active"] is True
    response = await revoke(world, body[given_back])
    assert (response.status_code, response.json()) == (200, {})
    assert await userinfo(world, body["access_token"]) == 401
    assert await introspect(world, body["access_token"]) == INACTIVE
    assert await introspect(world, body["refresh_token"]) == INACTIVE
    assert refusal(await world.refresh(body["refresh_token"]))[1:] == (
        "invalid_grant",
        "AADB2C90129",
    )


async def test_a_public_client_gives_its_token_back_by_name(world: World) -> None:
    body = await tokens(world, SPA)
    assert (await revoke(world, body["refresh_token"], SPA)).status_code == 200
    assert (await world.refresh(body["refresh_token"], SPA)).status_code == 400


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
async def test_nobody_revokes_the_tokens_of_others_or_learns_about_them(
    world: World, kind: str
) -> None:
    body = await tokens(world)
    unknown = await revoke(world, "unknown", NATIVE)
    response = await revoke(world, body[kind], NATIVE)
    assert (response.status_code, response.content) == (unknown.status_code, unknown.content)
    assert await userinfo(world, body["access_token"]) == 200
    assert (await world.refresh(body["refresh_token"])).status_code == 200


async def test_a_confidential_client_has_to_prove_itself(world: World) -> None:
    body = await tokens(world)
    form = {"token": body["refresh_token"], "client_id": WEB.app_id}
    for endpoint in ("revoke", "introspect"):
        response = await world.http.post(f"{FLOW}/oauth2/v2.0/{endpoint}", data=form)
        assert refusal(response)[1] == "invalid_client"
    assert await userinfo(world, body["access_token"]) == 200


async def test_a_public_client_may_not_ask_about_tokens(world: World) -> None:
    body = await tokens(world, SPA)
    form = {"token": body["access_token"], "client_id": SPA.app_id}
    response = await world.http.post(f"{FLOW}/oauth2/v2.0/introspect", data=form)
    assert refusal(response)[:2] == (401, "invalid_client")


async def test_an_api_learns_what_a_token_it_was_sent_is_worth(world: World) -> None:
    body = await tokens(world)
    told = await api_introspects(world, body["access_token"])
    assert told["active"] is True
    assert told["token_type"] == "Bearer"
    assert (told["client_id"], told["aud"], told["scope"]) == (WEB.app_id, API.app_id, "read")
    assert told["sub"] == world.account.id
    assert told["exp"] - told["iat"] == 3600
    assert "name" not in told
    assert "emails" not in told


async def test_a_refresh_token_is_only_its_clients_business(world: World) -> None:
    body = await tokens(world)
    told = await introspect(world, body["refresh_token"])
    assert (told["active"], told["scope"]) == (True, FULL_SCOPE)
    assert await api_introspects(world, body["refresh_token"]) == INACTIVE
    await world.refresh(body["refresh_token"])
    assert await introspect(world, body["refresh_token"]) == INACTIVE


async def test_a_token_of_an_application_itself_is_known_to_its_api(world: World) -> None:
    response = await world.token(
        grant_type="client_credentials", scope=f"{API_URI}/.default", **credentials(WEB)
    )
    told = await api_introspects(world, response.json()["access_token"])
    assert (told["active"], told["roles"]) == (True, ["Sync"])
    world.clock.move(seconds=3601)
    assert await api_introspects(world, response.json()["access_token"]) == INACTIVE


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ä", "x" * 20_000])
async def test_what_is_no_token_is_inactive(world: World, token: str) -> None:
    if token:
        assert await introspect(world, token) == INACTIVE
        assert (await revoke(world, token)).status_code == 200
    else:
        assert refusal(await revoke(world, token))[2] == "AADB2C90083"


async def test_a_token_ends_with_its_time_its_account_and_its_application(world: World) -> None:
    first = (await tokens(world))["access_token"]
    world.clock.move(hours=1)
    assert await introspect(world, first) == INACTIVE
    second = (await tokens(world))["access_token"]
    await world.change_account(account_enabled=False)
    assert await introspect(world, second) == INACTIVE
    await world.change_account(account_enabled=True)
    assert (await introspect(world, second))["active"] is True
    now = world.clock() + timedelta(minutes=1)
    await world.change_account(sign_in_sessions_valid_from=now)
    assert await introspect(world, second) == INACTIVE


async def test_an_id_token_is_not_active(world: World) -> None:
    assert await introspect(world, (await tokens(world))["id_token"]) == INACTIVE


async def test_a_code_that_comes_twice_makes_its_tokens_inactive(world: World) -> None:
    code = await world.code()
    body = (await world.redeem(code)).json()
    assert (await world.redeem(code)).status_code == 400
    assert await introspect(world, body["access_token"]) == INACTIVE
    assert await userinfo(world, body["access_token"]) == 401


async def test_basic_authentication_works_and_get_does_not(world: World) -> None:
    body = await tokens(world)
    response = await world.http.post(
        f"{FLOW}/oauth2/v2.0/introspect",
        data={"token": body["access_token"]},
        headers=basic(WEB.app_id, SECRET),
    )
    assert response.json()["active"] is True
    for endpoint in ("revoke", "introspect"):
        response = await world.http.get(f"{FLOW}/oauth2/v2.0/{endpoint}")
        assert refusal(response)[2] == "AADB2C90226"
