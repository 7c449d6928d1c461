"""OIDC Core §5.3 and RFC 6750: claims for the bearer of an access token."""

from datetime import timedelta

import httpx
import pytest

from tests.protocol.world import API_URI, WEB, World, credentials
from tests.world.makers import TENANT, Anything, an_account

PATH = f"/{TENANT}/B2C_1_SuSi/openid/v2.0/userinfo"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def answer(world: World, **more: Anything) -> dict[str, str]:
    body: dict[str, str] = (await world.redeem(await world.code(**more))).json()
    return body


@pytest.mark.parametrize("scope", ["openid", f"openid {API_URI}/read"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_claims_are_those_of_the_id_token_as_they_are_now(
    world: World, method: str, scope: str
) -> None:
    token = (await answer(world, scope=scope))["access_token"]
    await world.change_account(given_name="Augusta")
    response = await world.http.request(method, PATH, headers=bearer(token))
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json() == {
        "sub": world.account.id,
        "oid": world.account.id,
        "name": "Ada",
        "given_name": "Augusta",
        "emails": ["ada7@example.com"],
    }


async def test_a_token_in_a_form_is_understood(world: World) -> None:
    token = (await answer(world))["access_token"]
    response = await world.http.post(PATH, data={"access_token": token})
    assert response.json()["sub"] == world.account.id


def is_refused(response: httpx.Response, error: str = "invalid_token") -> bool:
    challenge = response.headers["www-authenticate"]
    return response.status_code == 401 and challenge.startswith(
        f'Bearer realm="userinfo", error="{error}"'
    )


async def test_without_a_token_the_challenge_names_no_error(world: World) -> None:
    response = await world.http.get(PATH)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="userinfo"'
    assert response.headers["access-control-allow-origin"] == "*"


async def test_a_token_in_the_query_is_not_looked_at(world: World) -> None:
    token = (await answer(world))["access_token"]
    response = await world.http.get(PATH, params={"access_token": token})
    assert response.status_code == 401


async def test_a_token_sent_twice_is_refused(world: World) -> None:
    token = (await answer(world))["access_token"]
    response = await world.http.post(PATH, headers=bearer(token), data={"access_token": token})
    assert response.status_code == 400
    assert 'error="invalid_request"' in response.headers["www-authenticate"]


async def test_a_form_that_is_no_form_is_refused(world: World) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await world.http.post(PATH, content=b"a=1&a=2", headers=headers)
    assert response.status_code == 400
    assert 'error="invalid_request"' in response.headers["www-authenticate"]


async def test_no_other_token_of_ours_is_accepted(world: World) -> None:
    body = await answer(world)
    own = await world.token(
        grant_type="client_credentials", scope=f"{API_URI}/.default", **credentials(WEB)
    )
    for value in (
        body["id_token"],
        body["refresh_token"],
        own.json()["access_token"],
        "x",
        "a.b.c",
    ):
        assert is_refused(await world.http.get(PATH, headers=bearer(value)))


async def test_an_application_is_not_taken_for_the_user_with_its_id(world: World) -> None:
    namesake = an_account(1)
    assert str(namesake.id) == str(WEB.id)
    await world.write(lambda stores: stores.accounts.add(namesake))
    own = await world.token(
        grant_type="client_credentials", scope=f"{API_URI}/.default", **credentials(WEB)
    )
    token = own.json()["access_token"]
    assert is_refused(await world.http.get(PATH, headers=bearer(token)))


async def test_a_token_of_another_user_flow_is_refused(world: World) -> None:
    token = (await answer(world))["access_token"]
    place = f"/{TENANT}/B2C_1_Edit/openid/v2.0/userinfo"
    assert is_refused(await world.http.get(place, headers=bearer(token)))


async def test_a_changed_token_is_refused(world: World) -> None:
    header, payload, signature = (await answer(world))["access_token"].split(".")
    other = (await answer(world, scope="openid"))["access_token"].split(".")
    for forged in (
        f"{header}.{other[1]}.{signature}",
        f"{header}.{payload}.",
        f"eyJhbGciOiJub25lIn0.{payload}.",
        f"{header}.{payload}.{signature[:-4]}AAAA",
    ):
        assert is_refused(await world.http.get(PATH, headers=bearer(forged)))


@pytest.mark.parametrize(("age_s", "status"), [(3599, 200), (3600, 401), (-1, 401)])
async def test_a_token_counts_from_its_first_to_its_last_second(
    world: World, age_s: int, status: int
) -> None:
    token = (await answer(world))["access_token"]
    world.clock.move(seconds=age_s)
    assert (await world.http.get(PATH, headers=bearer(token))).status_code == status


async def test_a_token_of_an_account_that_may_not_sign_in_is_refused(world: World) -> None:
    token = (await answer(world))["access_token"]
    await world.change_account(account_enabled=False)
    assert is_refused(await world.http.get(PATH, headers=bearer(token)))


async def test_a_token_from_before_sessions_were_revoked_is_refused(world: World) -> None:
    token = (await answer(world))["access_token"]
    later = world.clock() + timedelta(seconds=2)
    await world.change_account(sign_in_sessions_valid_from=later)
    assert is_refused(await world.http.get(PATH, headers=bearer(token)))


async def test_a_token_of_a_deleted_account_is_refused(world: World) -> None:
    token = (await answer(world))["access_token"]
    await world.write(lambda stores: stores.accounts.remove(world.account.id))
    assert is_refused(await world.http.get(PATH, headers=bearer(token)))


async def test_a_token_of_a_disabled_application_is_refused(world: World) -> None:
    token = (await answer(world))["access_token"]
    await world.change_application(WEB, is_enabled=False)
    assert is_refused(await world.http.get(PATH, headers=bearer(token)))


@pytest.mark.parametrize(
    "place", [f"/{TENANT}/openid/v2.0/userinfo", f"/{TENANT}/B2C_1_None/openid/v2.0/userinfo"]
)
async def test_there_is_no_userinfo_without_a_user_flow(world: World, place: str) -> None:
    assert (await world.http.get(place)).status_code == 404


async def test_a_page_may_ask_whether_it_may_send_the_header(world: World) -> None:
    response = await world.http.options(
        PATH,
        headers={
            "Origin": "https://anywhere.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert response.status_code == 204
    assert response.headers["access-control-allow-headers"] == "authorization"
