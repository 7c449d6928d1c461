"""RFC 6749 §6 and RFC 9700 §4.14: rotation, reuse, and answers that got lost."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatelodge.crypto.digest import digest_of
from gatelodge.crypto.key_set import KeySet
from gatelodge.model.application import GrantKind, Platform
from gatelodge.model.audit import EventName
from gatelodge.model.user_flow import TokenLifetimes
from gatelodge.oidc.client_authentication import Client
from gatelodge.oidc.errors import Code, TokenRefused
from gatelodge.oidc.grants.refresh_token import Refresh
from gatelodge.oidc.parameters import Parameters
from gatelodge.oidc.token_answer import TokenAnswers
from gatelodge.oidc.token_request import TokenRequest
from tests.protocol.world import API, FULL_SCOPE, NATIVE, SPA, WEB, World, refusal

REVOKED = (400, "invalid_grant", "AADB2C90129")
DAY_S = 86_400


async def test_a_refresh_gives_new_tokens_of_every_kind(world: World) -> None:
    old = await world.refresh_token()
    world.clock.move(hours=1)
    body = (await world.refresh(old)).json()
    assert body["refresh_token"] != old
    assert body["scope"] == FULL_SCOPE
    assert body["resource"] == API.app_id
    assert body["refresh_token_expires_in"] == 14 * DAY_S
    assert (await world.claims(body["id_token"]))["sub"] == world.account.id


async def test_the_successor_works_and_so_does_its_own(world: World) -> None:
    token = await world.refresh_token()
    for _ in range(4):
        token = (await world.refresh(token)).json()["refresh_token"]
    assert (await world.refresh(token)).status_code == 200


async def test_a_lost_answer_is_given_again_octet_for_octet(world: World) -> None:
    token = await world.refresh_token()
    first = await world.refresh(token)
    world.clock.move(seconds=30)
    again = await world.refresh(token)
    assert again.status_code == 200
    assert again.content == first.content


async def test_after_thirty_seconds_the_second_use_is_theft(world: World) -> None:
    token = await world.refresh_token()
    successor = (await world.refresh(token)).json()["refresh_token"]
    world.clock.move(seconds=31)
    assert refusal(await world.refresh(token)) == REVOKED
    assert refusal(await world.refresh(successor)) == REVOKED


async def test_once_the_successor_was_used_the_second_use_is_theft(world: World) -> None:
    first = await world.refresh_token()
    second = (await world.refresh(first)).json()["refresh_token"]
    third = (await world.refresh(second)).json()["refresh_token"]
    assert refusal(await world.refresh(first)) == REVOKED
    assert refusal(await world.refresh(third)) == REVOKED
    recorded = [event.name for event in await world.read().audit_events.latest()]
    assert recorded.count(EventName.TOKEN_REUSED) == 1


async def test_twenty_refreshes_at_once_give_one_successor(world: World) -> None:
    token = await world.refresh_token()
    answers = await asyncio.gather(*(world.refresh(token) for _ in range(20)))
    assert {each.status_code for each in answers} == {200}
    assert len({each.content for each in answers}) == 1
    successor = answers[0].json()["refresh_token"]
    assert (await world.refresh(successor)).status_code == 200


async def test_what_is_kept_for_a_lost_answer_cannot_be_read_from_the_database(
    world: World,
) -> None:
    token = await world.refresh_token()
    body = (await world.refresh(token)).json()
    stored = await world.read().refresh_tokens.require(digest_of(token))
    assert stored.replay is not None
    assert body["refresh_token"] not in stored.replay
    assert token not in repr(stored)
    assert stored.successor_id == digest_of(body["refresh_token"])


async def test_a_lost_answer_is_not_given_to_a_disabled_account(world: World) -> None:
    token = await world.refresh_token()
    await world.refresh(token)
    await world.change_account(account_enabled=False)
    assert refusal(await world.refresh(token)) == (400, "invalid_grant", "AADB2C90111")


async def test_a_lost_answer_is_not_given_to_another_client(world: World) -> None:
    token = await world.refresh_token()
    await world.refresh(token)
    assert refusal(await world.refresh(token, NATIVE)) == (400, "invalid_grant", "AADB2C90279")


async def test_a_token_of_another_client_is_refused(world: World) -> None:
    token = await world.refresh_token()
    assert refusal(await world.refresh(token, NATIVE)) == (400, "invalid_grant", "AADB2C90279")


async def test_a_token_of_another_user_flow_is_refused(world: World) -> None:
    response = await world.refresh(await world.refresh_token(), flow="B2C_1_Edit")
    assert refusal(response) == (400, "invalid_grant", "AADB2C90088")


async def test_no_damaged_or_borrowed_value_passes_for_a_token(world: World) -> None:
    token, code = await world.refresh_token(), await world.code()
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    body = (await world.redeem(await world.code())).json()
    for value in (
        flipped,
        token[:40],
        f"{token}A",
        f"{token}=",
        digest_of(token),
        code,
        body["id_token"],
        body["access_token"],
    ):
        assert refusal(await world.refresh(value)) == (400, "invalid_grant", "AADB2C90128")
    assert (await world.refresh(token)).status_code == 200


async def test_a_token_past_its_lifetime_is_refused_with_the_moments(world: World) -> None:
    token = await world.refresh_token()
    begun = int(world.clock().timestamp())
    world.clock.move(days=14)
    response = await world.refresh(token)
    assert refusal(response) == (400, "invalid_grant", "AADB2C90080")
    description = response.json()["error_description"]
    assert f"Current time: {begun + 14 * DAY_S}" in description
    assert f"Grant issued time: {begun}" in description
    assert f"Grant expiration time: {begun + 14 * DAY_S}" in description


async def test_refreshing_does_not_reach_beyond_the_sliding_window(world: World) -> None:
    lifetimes = TokenLifetimes(
        refresh_token_lifetime_in_days=1, rolling_refresh_token_lifetime_in_days=1
    )
    await world.change_flow(token_lifetime_configuration=lifetimes)
    token = await world.refresh_token()
    for hour in range(1, 24):
        world.clock.move(hours=1)
        body = (await world.refresh(token)).json()
        assert body["refresh_token_expires_in"] == DAY_S - hour * 3600
        token = body["refresh_token"]
    world.clock.move(hours=1)
    assert refusal(await world.refresh(token)) == (400, "invalid_grant", "AADB2C90080")


async def test_without_an_end_refreshing_goes_on_for_ever(world: World) -> None:
    lifetimes = TokenLifetimes(rolling_refresh_token_lifetime_in_days=-1)
    await world.change_flow(token_lifetime_configuration=lifetimes)
    token = await world.refresh_token(NATIVE)
    for _ in range(30):
        world.clock.move(days=13)
        token = (await world.refresh(token, NATIVE)).json()["refresh_token"]


async def test_a_window_that_is_shortened_counts_for_tokens_that_are_out(world: World) -> None:
    token = await world.refresh_token()
    world.clock.move(days=2)
    lifetimes = TokenLifetimes(
        refresh_token_lifetime_in_days=1, rolling_refresh_token_lifetime_in_days=1
    )
    await world.change_flow(token_lifetime_configuration=lifetimes)
    assert refusal(await world.refresh(token)) == (400, "invalid_grant", "AADB2C90080")


async def test_a_browser_application_has_to_sign_in_again_after_a_day(world: World) -> None:
    token = await world.refresh_token(SPA)
    world.clock.move(hours=23)
    body = (await world.refresh(token, SPA)).json()
    assert body["refresh_token_expires_in"] == 3600
    world.clock.move(hours=1)
    refused = await world.refresh(body["refresh_token"], SPA)
    assert refusal(refused) == (400, "invalid_grant", "AADB2C90080")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(f"{API.identifier_uris[0]}/read", "read"), ("openid", None), ("", "read write")],
)
async def test_the_scope_can_shrink(world: World, scope: str, expected: str | None) -> None:
    uri = API.identifier_uris[0]
    token = await world.refresh_token(scope=f"openid offline_access {uri}/read {uri}/write")
    body = (await world.refresh(token, scope=scope)).json()
    assert (await world.claims(body["access_token"])).get("scp") == expected
    assert "refresh_token" in body


@pytest.mark.parametrize("word", ["write", "admin", "nothing"])
async def test_the_scope_cannot_grow(world: World, word: str) -> None:
    token = await world.refresh_token()
    response = await world.refresh(token, scope=f"{FULL_SCOPE} {API.identifier_uris[0]}/{word}")
    assert refusal(response) == (400, "invalid_scope", "AADB2C90082")
    assert (await world.refresh(token)).status_code == 200


async def test_the_account_is_read_again(world: World) -> None:
    token = await world.refresh_token()
    await world.change_account(display_name="Ada Lovelace", given_name="Ada")
    claims = await world.claims((await world.refresh(token)).json()["id_token"])
    assert (claims["name"], claims["given_name"]) == ("Ada Lovelace", "Ada")


async def test_what_belongs_to_the_sign_in_itself_is_not_repeated(world: World) -> None:
    token = await world.refresh_token(nonce="n-1", is_new_account=True)
    begun = int(world.clock().timestamp())
    world.clock.move(hours=1)
    claims = await world.claims((await world.refresh(token)).json()["id_token"])
    assert claims.keys().isdisjoint({"nonce", "newUser"})
    assert claims["auth_time"] == begun


async def test_revoked_sessions_end_the_grant_at_once(world: World) -> None:
    token = await world.refresh_token()
    await world.change_account(
        sign_in_sessions_valid_from=world.clock() + timedelta(microseconds=1)
    )
    assert refusal(await world.refresh(token)) == REVOKED


async def test_a_deleted_account_ends_the_grant_at_once(world: World) -> None:
    token = await world.refresh_token()
    await world.write(lambda stores: stores.accounts.remove(world.account.id))
    assert refusal(await world.refresh(token)) == (400, "invalid_grant", "AADB2C90128")


async def test_a_permission_that_is_taken_away_is_gone_from_the_next_token(world: World) -> None:
    uri = API.identifier_uris[0]
    token = await world.refresh_token(scope=f"openid offline_access {uri}/read {uri}/write")
    await take_away(world, "write")
    body = (await world.refresh(token)).json()
    assert (await world.claims(body["access_token"]))["scp"] == "read"
    await take_away(world, "read")
    refused = refusal(await world.refresh(body["refresh_token"]))
    assert refused == (400, "invalid_grant", "AADB2C90205")


async def take_away(world: World, value: str) -> None:
    key = (WEB.app_id, API.app_id, GrantKind.SCOPE, value)
    await world.write(lambda stores: stores.permission_grants.remove(*key))


async def test_an_api_that_is_switched_off_gets_no_more_tokens(world: World) -> None:
    token = await world.refresh_token()
    await world.change_application(API, is_enabled=False)
    assert refusal(await world.refresh(token)) == (400, "invalid_grant", "AADB2C90117")


async def test_a_confidential_client_needs_its_secret(world: World) -> None:
    response = await world.refresh(await world.refresh_token(), client_secret="")
    assert refusal(response) == (400, "invalid_client", "AADB2C90079")


async def test_a_public_part_does_not_free_the_server_part_of_its_secret(world: World) -> None:
    await world.change_application(WEB, spa_redirect_uris=("http://localhost:3001/",))
    for platform, status in ((Platform.SPA, 200), (Platform.WEB, 400)):
        token = await world.refresh_token(platform=platform)
        assert (await world.refresh(token, client_secret="")).status_code == status


async def test_another_secret_than_the_one_at_sign_in_is_as_good(world: World) -> None:
    # A rotated secret must not sign anybody out.
    assert WEB.password_credentials
    assert (await world.refresh(await world.refresh_token())).status_code == 200


async def test_a_grant_that_is_revoked_while_its_tokens_are_signed_gives_none(
    world: World,
) -> None:
    token = await world.refresh_token()

    async def revoke_then_sign(key_set: KeySet, claims: Mapping[str, Any]) -> str:
        stored = await world.read().refresh_tokens.require(digest_of(token))
        now = world.clock()
        await world.write(lambda stores: stores.grants.revoke(stored.grant_id, now))
        return key_set.sign(claims)

    answers = TokenAnswers(revoke_then_sign, world.randomness, world.sealer)
    refresh = Refresh(world.database, answers)
    with pytest.raises(TokenRefused) as refused:
        await refresh(await asked(world, token))
    assert refused.value.code is Code.GRANT_REVOKED


async def asked(world: World, token: str) -> TokenRequest:
    """Return the request the token endpoint would make of a refresh token."""
    return TokenRequest(
        providers=world.providers,
        provider=await world.provider(),
        client=Client(WEB, is_authenticated=True),
        parameters=Parameters({"refresh_token": token}),
        now=world.clock(),
        correlation_id="c-1",
    )


async def test_a_kept_answer_that_was_tampered_with_is_not_given(world: World) -> None:
    token = await world.refresh_token()
    await world.refresh(token)
    stored = await world.read().refresh_tokens.require(digest_of(token))
    tampered = replace(stored, replay="A" * len(stored.replay or ""))
    await world.write(lambda stores: stores.refresh_tokens.save(tampered))
    assert refusal(await world.refresh(token)) == (400, "invalid_grant", "AADB2C90085")


async def test_without_offline_access_a_refresh_token_is_worth_nothing(world: World) -> None:
    token = await world.refresh_token(scope="openid")
    assert refusal(await world.refresh(token)) == REVOKED
