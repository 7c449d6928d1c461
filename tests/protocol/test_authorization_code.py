"""RFC 6749 §4.1.3 and RFC 7636 §4.6: a code becomes tokens, once."""

import asyncio

import pytest

from gatelodge.crypto.digest import digest_of
from gatelodge.model.application import Platform
from gatelodge.model.audit import EventName
from gatelodge.model.directory import Switches
from tests.protocol.world import (
    API,
    FULL_SCOPE,
    NATIVE,
    REDIRECT,
    SPA,
    WEB,
    Form,
    World,
    credentials,
    refusal,
)

VERIFIER = "v" * 43


async def test_a_code_gives_every_property_with_numbers_as_numbers(world: World) -> None:
    response = await world.redeem(await world.code(), client_info="1")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert set(body) == {
        "access_token",
        "id_token",
        "token_type",
        "not_before",
        "expires_in",
        "expires_on",
        "resource",
        "client_info",
        "scope",
        "refresh_token",
        "refresh_token_expires_in",
    }
    now = int(world.clock().timestamp())
    assert body["token_type"] == "Bearer"
    assert (body["not_before"], body["expires_in"], body["expires_on"]) == (now, 3600, now + 3600)
    assert body["resource"] == API.app_id
    assert body["scope"] == FULL_SCOPE
    assert body["refresh_token_expires_in"] == 14 * 86_400


async def test_openid_alone_gives_an_access_token_for_the_client_itself(world: World) -> None:
    body = (await world.redeem(await world.code(scope="openid"))).json()
    assert body["resource"] == WEB.app_id
    assert "refresh_token" not in body
    claims = await world.claims(body["access_token"])
    assert claims["aud"] == WEB.app_id
    assert "scp" not in claims


async def test_without_openid_there_is_no_id_token(world: World) -> None:
    body = (await world.redeem(await world.code(scope=f"{WEB.app_id}"))).json()
    assert "id_token" not in body
    assert body["scope"] == WEB.app_id


async def test_a_code_used_twice_is_refused_and_ends_what_the_first_use_gave(
    world: World,
) -> None:
    code = await world.code()
    first = (await world.redeem(code)).json()
    assert refusal(await world.redeem(code)) == (400, "invalid_grant", "AADB2C90129")
    refreshed = await world.refresh(first["refresh_token"])
    assert refusal(refreshed) == (400, "invalid_grant", "AADB2C90129")


async def test_a_second_use_ends_the_grant_however_late_or_wrong_it_is(world: World) -> None:
    code = await world.code()
    first = (await world.redeem(code)).json()
    world.clock.move(hours=1)
    assert (await world.redeem(code, redirect_uri="https://evil.example")).status_code == 400
    assert (await world.refresh(first["refresh_token"])).status_code == 400


async def test_fifty_redemptions_at_once_have_one_winner(world: World) -> None:
    code = await world.code()
    answers = await asyncio.gather(*(world.redeem(code) for _ in range(50)))
    assert sorted(each.status_code for each in answers) == [200] + [400] * 49
    refused = {refusal(each) for each in answers if each.status_code != 200}
    assert refused == {(400, "invalid_grant", "AADB2C90129")}
    winner = next(each for each in answers if each.status_code == 200).json()
    assert (await world.refresh(winner["refresh_token"])).status_code == 400


async def test_a_code_at_another_client_is_refused_and_dead_for_its_own(world: World) -> None:
    code = await world.code(SPA, verifier=VERIFIER)
    form: Form = {"redirect_uri": REDIRECT["spa"], "code_verifier": VERIFIER}
    stolen = await world.redeem(code, WEB, **form)
    assert refusal(stolen) == (400, "invalid_grant", "AADB2C90279")
    own = await world.redeem(code, SPA, **form)
    assert refusal(own) == (400, "invalid_grant", "AADB2C90129")


async def test_a_code_at_another_user_flow_is_refused_by_naming_both(world: World) -> None:
    code = await world.code()
    response = await world.redeem(code, flow="B2C_1_Edit")
    assert refusal(response) == (400, "invalid_grant", "AADB2C90088")
    description = response.json()["error_description"]
    assert "B2C_1_Edit" in description
    assert "B2C_1_SuSi" in description
    assert (await world.redeem(code)).status_code == 200


async def test_the_policy_of_the_path_wins_over_one_in_the_query(world: World) -> None:
    form: Form = {
        "grant_type": "authorization_code",
        "code": await world.code(),
        "redirect_uri": REDIRECT["web"],
        **credentials(WEB),
    }
    path = f"/{world.directory.id}/B2C_1_Edit/oauth2/v2.0/token"
    response = await world.http.post(path, params={"p": "B2C_1_SuSi"}, data=form)
    assert refusal(response) == (400, "invalid_grant", "AADB2C90088")


async def test_a_code_at_the_directory_itself_is_refused(world: World) -> None:
    response = await world.redeem(await world.code(), flow=None)
    assert refusal(response) == (400, "unsupported_grant_type", "AADB2C90086")


@pytest.mark.parametrize(
    "redirect_uri", ["", "https://app.example/callback/", "https://APP.example/callback"]
)
async def test_another_redirect_uri_is_refused(world: World, redirect_uri: str) -> None:
    code = await world.code()
    response = await world.redeem(code, redirect_uri=redirect_uri)
    assert refusal(response) == (400, "invalid_grant", "AADB2C90122")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, "AADB2C90183"),
        ({"code_verifier": ""}, "AADB2C90183"),
        ({"code_verifier": VERIFIER + "\n"}, "AADB2C90183"),
        ({"code_verifier": "v" * 42}, "AADB2C90183"),
        ({"code_verifier": "v" * 129}, "AADB2C90183"),
        ({"code_verifier": "w" * 43}, "AADB2C90182"),
        ({"code_verifier": "v" * 44}, "AADB2C90182"),
    ],
)
async def test_a_code_needs_its_verifier(world: World, sent: Form, expected: str) -> None:
    code = await world.code(SPA, verifier=VERIFIER)
    assert refusal(await world.redeem(code, SPA, **sent)) == (400, "invalid_grant", expected)
    assert (await world.redeem(code, SPA, code_verifier=VERIFIER)).status_code == 200


async def test_a_verifier_nobody_announced_is_refused(world: World) -> None:
    response = await world.redeem(await world.code(), code_verifier=VERIFIER)
    assert refusal(response) == (400, "invalid_grant", "AADB2C90183")


@pytest.mark.parametrize(("is_allowed", "status"), [(True, 200), (False, 400)])
async def test_a_plain_challenge_counts_only_where_the_directory_allows_it(
    world: World, is_allowed: bool, status: int
) -> None:
    await world.change_directory(switches=Switches(allows_pkce_plain=is_allowed))
    code = await world.code(SPA, verifier=VERIFIER, is_plain=True)
    response = await world.redeem(code, SPA, code_verifier=VERIFIER)
    assert response.status_code == status


@pytest.mark.parametrize(("age_s", "status"), [(299, 200), (300, 400), (86_400, 400)])
async def test_a_code_lives_for_300_seconds(world: World, age_s: int, status: int) -> None:
    code = await world.code()
    world.clock.move(seconds=age_s)
    response = await world.redeem(code)
    assert response.status_code == status
    if status == 400:
        assert refusal(response)[1:] == ("invalid_grant", "AADB2C90080")


@pytest.mark.parametrize("code", ["nonsense", "x" * 5000, "' OR 1=1 --", "\u00e9"])
async def test_a_code_nobody_issued_is_refused(world: World, code: str) -> None:
    assert refusal(await world.redeem(code)) == (400, "invalid_grant", "AADB2C90128")


async def test_no_other_value_of_ours_passes_for_a_code(world: World) -> None:
    refresh_token = await world.refresh_token()
    for value in (refresh_token, digest_of(refresh_token)):
        assert refusal(await world.redeem(value)) == (400, "invalid_grant", "AADB2C90128")


@pytest.mark.parametrize("missing", ["code", "grant_type"])
async def test_what_is_missing_is_named(world: World, missing: str) -> None:
    response = await world.redeem(await world.code(), **{missing: ""})
    assert refusal(response) == (400, "invalid_request", "AADB2C90083")
    assert f"'{missing}'" in response.json()["error_description"]


@pytest.mark.parametrize(
    ("sent", "expected_scope", "expected_scp"),
    [
        ({}, f"openid offline_access {API.identifier_uris[0]}/read", "read"),
        ({"scope": f"openid {API.identifier_uris[0]}/read profile"}, None, "read"),
        ({"scope": f"{API.identifier_uris[0]}/read openid offline_access"}, None, "read"),
        ({"scope": "openid profile offline_access"}, None, None),
    ],
)
async def test_the_scope_of_the_answer_is_the_one_asked_for_last(
    world: World, sent: Form, expected_scope: str | None, expected_scp: str | None
) -> None:
    body = (await world.redeem(await world.code(), **sent)).json()
    assert body["scope"] == (expected_scope or sent["scope"])
    assert (await world.claims(body["access_token"])).get("scp") == expected_scp


async def test_the_scope_cannot_grow(world: World) -> None:
    code = await world.code(scope="openid")
    response = await world.redeem(code, scope=f"openid {API.identifier_uris[0]}/read")
    assert refusal(response) == (400, "invalid_scope", "AADB2C90082")


async def test_a_browser_application_gets_a_refresh_token_for_a_day(world: World) -> None:
    code = await world.code(SPA, verifier=VERIFIER)
    body = (await world.redeem(code, SPA, code_verifier=VERIFIER)).json()
    assert body["refresh_token_expires_in"] == 86_400


async def test_what_went_to_a_public_redirect_uri_needs_no_secret(world: World) -> None:
    await world.change_application(WEB, spa_redirect_uris=(REDIRECT["spa"],))
    code = await world.code(WEB, platform=Platform.SPA)
    assert (await world.redeem(code, client_secret="")).status_code == 200
    code = await world.code(WEB, platform=Platform.WEB)
    response = await world.redeem(code, client_secret="")
    assert refusal(response) == (400, "invalid_client", "AADB2C90079")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"account_enabled": False}, "AADB2C90111"),
        ({"sign_in_sessions_valid_from": "later"}, "AADB2C90129"),
    ],
)
async def test_an_account_that_may_not_sign_in_any_more_gets_nothing(
    world: World, change: dict[str, object], expected: str
) -> None:
    code = await world.code()
    world.clock.move(seconds=1)
    await world.change_account(
        **{name: world.clock() if each == "later" else each for name, each in change.items()}
    )
    assert refusal(await world.redeem(code)) == (400, "invalid_grant", expected)


async def test_a_deleted_account_gets_nothing(world: World) -> None:
    code = await world.code()
    await world.write(lambda stores: stores.accounts.remove(world.account.id))
    assert refusal(await world.redeem(code)) == (400, "invalid_grant", "AADB2C90128")


async def test_a_disabled_application_gets_nothing(world: World) -> None:
    code = await world.code()
    await world.change_application(WEB, is_enabled=False)
    assert refusal(await world.redeem(code)) == (400, "unauthorized_client", "AADB2C90092")


async def test_a_deleted_user_flow_is_gone_at_once(world: World) -> None:
    code = await world.code()
    await world.write(lambda stores: stores.user_flows.remove("b2c_1_susi"))
    assert refusal(await world.redeem(code)) == (404, "invalid_request", "AADB2C90066")


async def test_reuse_is_recorded_once(world: World) -> None:
    code = await world.code()
    for _ in range(3):
        await world.redeem(code)
    recorded = [event.name for event in await world.read().audit_events.latest()]
    assert recorded.count(EventName.TOKEN_REUSED) == 1


async def test_a_native_application_redeems_with_its_verifier(world: World) -> None:
    code = await world.code(NATIVE, verifier=VERIFIER)
    response = await world.redeem(code, NATIVE, code_verifier=VERIFIER)
    assert response.status_code == 200
    assert NATIVE.app_id == (await world.claims(response.json()["id_token"]))["aud"]
