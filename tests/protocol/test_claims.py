"""OIDC Core §2 and runtime claims: what tokens say, property by property."""

import base64
import json
from hashlib import sha256

import pytest

from gatelodge.model.attribute import BUILT_IN_ATTRIBUTES, AttributeAssignment
from gatelodge.model.user_flow import PolicyClaim, TokenClaims, TokenLifetimes
from gatelodge.oidc.token_id import grant_of
from gatelodge.oidc.tokens import id_token_claims
from tests.protocol.world import API, API_URI, FULL_SCOPE, ORIGIN, OTHER_API_URI, WEB, World
from tests.world.makers import OWNER, TENANT, Anything, a_scope

EXTENSION = f"extension_{OWNER.replace('-', '')}"
JsonObject = dict[str, object]


async def tokens(world: World, **more: Anything) -> tuple[JsonObject, JsonObject]:
    """Sign in and return the claims of the ID token and of the access token."""
    body = (await world.redeem(await world.code(**more))).json()
    return await world.claims(body["id_token"]), await world.claims(body["access_token"])


async def test_an_id_token_has_these_claims_and_no_others(world: World) -> None:
    await world.change_account(given_name="Ada")
    claims, _ = await tokens(world, nonce="n-1", is_new_account=True)
    assert claims.pop("at_hash")
    now = int(world.clock().timestamp())
    assert claims == {
        "iss": f"{ORIGIN}/{TENANT}/v2.0/",
        "aud": WEB.app_id,
        "sub": world.account.id,
        "oid": world.account.id,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "auth_time": now,
        "ver": "1.0",
        "tfp": "B2C_1_SuSi",
        "nonce": "n-1",
        "name": "Ada",
        "given_name": "Ada",
        "emails": ["ada7@example.com"],
        "newUser": True,
    }


async def test_an_access_token_has_these_claims_and_no_others(world: World) -> None:
    _, claims = await tokens(world, scope=f"{FULL_SCOPE} {API_URI}/write", nonce="n-1")
    now = int(world.clock().timestamp())
    assert grant_of(claims.pop("uti")) is not None
    assert claims == {
        "iss": f"{ORIGIN}/{TENANT}/v2.0/",
        "aud": API.app_id,
        "sub": world.account.id,
        "oid": world.account.id,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "ver": "1.0",
        "tfp": "B2C_1_SuSi",
        "scp": "read write",
        "azp": WEB.app_id,
        "name": "Ada",
        "emails": ["ada7@example.com"],
    }


async def test_a_nonce_is_there_only_when_one_was_sent(world: World) -> None:
    claims, _ = await tokens(world)
    assert "nonce" not in claims


async def test_a_later_sign_in_is_not_that_of_a_new_user(world: World) -> None:
    for claims in await tokens(world):
        assert "newUser" not in claims


async def test_what_the_user_flow_does_not_select_stays_out(world: World) -> None:
    await world.change_flow(application_claims=())
    await world.change_account(city="London")
    for claims in await tokens(world, is_new_account=True):
        assert claims.keys().isdisjoint({"oid", "name", "emails", "city", "newUser"})
        assert claims["sub"] == world.account.id


async def test_every_built_in_attribute_has_its_name(world: World) -> None:
    await world.change_flow(
        application_claims=(*(each.id for each in BUILT_IN_ATTRIBUTES), "objectid", "nothing")
    )
    values = {
        "city": "London",
        "country": "GB",
        "given_name": "Ada",
        "surname": "Lovelace",
        "job_title": "Analyst",
        "postal_code": "SW1",
        "state": "Greater London",
        "street_address": "12 St James's Square",
        "mail": "ada@work.example",
    }
    await world.change_account(**values)
    claims, _ = await tokens(world)
    assert {name: claims[name] for name in claims.keys() - PROTOCOL} == {
        "oid": world.account.id,
        "name": "Ada",
        "emails": ["ada7@example.com", "ada@work.example"],
        "city": "London",
        "country": "GB",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "jobTitle": "Analyst",
        "postalCode": "SW1",
        "state": "Greater London",
        "streetAddress": "12 St James's Square",
    }


PROTOCOL = {"iss", "aud", "sub", "iat", "nbf", "exp", "auth_time", "ver", "tfp", "at_hash"}


async def test_custom_attributes_keep_their_type_and_lose_the_application(world: World) -> None:
    names = {"Number": 7, "Agrees": False, "Note": "hello", "Empty": "", "Unset": None}
    await world.change_flow(
        application_claims=(f"{EXTENSION}_Number",),
        attributes=tuple(AttributeAssignment(id=f"{EXTENSION}_{name}") for name in names),
    )
    await world.change_account(
        extensions={f"{EXTENSION}_{name}": each for name, each in names.items()}
    )
    claims, _ = await tokens(world)
    assert {name: each for name, each in claims.items() if name.startswith("extension_")} == {
        "extension_Number": 7,
        "extension_Agrees": False,
        "extension_Note": "hello",
    }


async def test_no_attribute_takes_the_place_of_a_protocol_claim(world: World) -> None:
    reserved = ("sub", "aud", "iss", "exp", "extension", "extension_", "roles", "extension__sub")
    await world.change_flow(
        application_claims=reserved,
        attributes=tuple(AttributeAssignment(id=each) for each in reserved),
    )
    await world.change_account(extensions=dict.fromkeys(reserved, "forged"))
    claims, _ = await tokens(world)
    assert "forged" not in [claims[name] for name in claims if not name.startswith("extension_")]
    assert claims["sub"] == world.account.id


async def test_the_policy_can_be_named_by_acr(world: World) -> None:
    await world.change_flow(
        token_claims_configuration=TokenClaims(claim_type_for_user_flow_id=PolicyClaim.ACR)
    )
    for claims in await tokens(world):
        assert claims["acr"] == "B2C_1_SuSi"
        assert "tfp" not in claims


@pytest.mark.parametrize("minutes", [5, 1440])
async def test_the_lifetime_is_the_user_flows(world: World, minutes: int) -> None:
    await world.change_flow(
        token_lifetime_configuration=TokenLifetimes(access_and_id_token_lifetime_in_minutes=minutes)
    )
    body = (await world.redeem(await world.code())).json()
    assert body["expires_in"] == minutes * 60
    for token in (body["id_token"], body["access_token"]):
        claims = await world.claims(token)
        assert claims["exp"] - claims["iat"] == minutes * 60


async def test_hashes_bind_what_travels_together(world: World) -> None:
    body = (await world.redeem(await world.code())).json()
    claims = await world.claims(body["id_token"])
    assert claims["at_hash"] == half_hash(body["access_token"])
    grant = await world.grant()
    provider = await world.provider()
    hybrid = id_token_claims(provider, WEB, world.account, grant, world.clock(), code="c-1")
    assert hybrid["c_hash"] == half_hash("c-1")
    assert "at_hash" not in hybrid


def half_hash(value: str) -> str:
    half = sha256(value.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


async def test_auth_time_is_when_the_user_signed_in_not_when_the_code_came(world: World) -> None:
    signed_in = int(world.clock().timestamp())
    code = await world.code()
    world.clock.move(seconds=200)
    body = (await world.redeem(code)).json()
    claims = await world.claims(body["id_token"])
    assert (claims["auth_time"], claims["iat"]) == (signed_in, signed_in + 200)


@pytest.mark.parametrize("flow", ["B2C_1_SuSi", "B2C_1_Edit"])
async def test_client_info_keeps_the_users_of_each_user_flow_apart(world: World, flow: str) -> None:
    body = (await world.redeem(await world.code(flow=flow), flow=flow, client_info="1")).json()
    assert decoded(body["client_info"]) == {
        "uid": f"{world.account.id}-{flow.lower()}",
        "utid": TENANT,
    }
    assert "profile_info" not in body


async def test_profile_info_is_for_clients_that_do_not_ask_for_client_info(world: World) -> None:
    body = (await world.redeem(await world.code())).json()
    assert decoded(body["profile_info"]) == {
        "ver": "1.0",
        "tid": TENANT,
        "sub": None,
        "name": "Ada",
        "preferred_username": None,
        "idp": "LocalAccount",
    }


def decoded(text: str) -> JsonObject:
    found: JsonObject = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


class TestScopes:
    """What a request may have of what it asks for."""

    async def test_one_granted_permission_of_two_is_enough(self, world: World) -> None:
        _, claims = await tokens(world, scope=f"openid {API_URI}/read {API_URI}/admin")
        assert claims["scp"] == "read"

    async def test_an_api_may_trust_a_client_with_some_of_its_permissions(
        self, world: World
    ) -> None:
        scope = f"openid {OTHER_API_URI}/touch {OTHER_API_URI}/look"
        _, claims = await tokens(world, scope=scope)
        assert claims["scp"] == "look"

    async def test_everything_granted_can_be_asked_for_at_once(self, world: World) -> None:
        _, claims = await tokens(world, scope=f"openid {API_URI}/.default")
        assert claims["scp"] == "read write"

    async def test_words_every_client_sends_change_nothing(self, world: World) -> None:
        with_them = await tokens(world, scope="openid profile email address phone")
        without = await tokens(world, scope="openid")
        assert [each.keys() for each in with_them] == [each.keys() for each in without]

    async def test_a_permission_given_later_counts_from_the_next_request(
        self, world: World
    ) -> None:
        await world.change_application(
            API, oauth2_permission_scopes=(a_scope("read", is_enabled=False), a_scope("write"))
        )
        _, claims = await tokens(world, scope=f"openid {API_URI}/write")
        assert claims["scp"] == "write"
