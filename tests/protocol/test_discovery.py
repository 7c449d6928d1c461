"""OIDC Discovery §4 and RFC 7517: what a provider says of itself, at every address of it."""

import re

import pytest
from joserfc.jwk import KeySet as JoseKeySet
from joserfc.jws import deserialize_compact

from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.identifier import UserFlowId
from gatelodge.model.user_flow import PolicyClaim, TokenClaims
from tests.protocol.world import ORIGIN, World
from tests.world.makers import DOMAIN, OWNER, TENANT, a_user_flow

DOCUMENT = "v2.0/.well-known/openid-configuration"
KEYS = "discovery/v2.0/keys"
TFP = TokenClaims(is_issuer_entity_user_flow=True)


@pytest.mark.parametrize(
    ("asked", "issued"),
    [
        (f"/{DOMAIN}/B2C_1_SuSi/{{}}", f"/{DOMAIN}/b2c_1_susi/{{}}"),
        (f"/{DOMAIN.upper()}/b2c_1_SUSI/{{}}", f"/{DOMAIN}/b2c_1_susi/{{}}"),
        (f"/{TENANT}/B2C_1_SuSi/{{}}", f"/{TENANT}/b2c_1_susi/{{}}"),
        (f"/{TENANT.upper()}/B2C_1_SuSi/{{}}", f"/{TENANT}/b2c_1_susi/{{}}"),
        (f"/{DOMAIN}/{{}}?p=B2C_1_SuSi", f"/{DOMAIN}/{{}}?p=b2c_1_susi"),
        (f"/{TENANT}/{{}}?p=b2c_1_susi&x=1", f"/{TENANT}/{{}}?p=b2c_1_susi"),
        (f"/tfp/{DOMAIN}/B2C_1_SuSi/{{}}", f"/tfp/{DOMAIN}/b2c_1_susi/{{}}"),
        (f"/tfp/{DOMAIN}/{{}}?p=B2C_1_SuSi", f"/{DOMAIN}/{{}}?p=b2c_1_susi"),
        (f"/te/{DOMAIN}/B2C_1_SuSi/{{}}", f"/{DOMAIN}/b2c_1_susi/{{}}"),
    ],
)
async def test_endpoints_come_back_the_way_they_were_asked_for(
    world: World, asked: str, issued: str
) -> None:
    response = await world.http.get(asked.format(DOCUMENT))
    assert response.status_code == 200
    body = response.json()
    found = {name: body[name] for name in body if name.endswith(("_endpoint", "_uri"))}
    assert found == {
        "authorization_endpoint": ORIGIN + issued.format("oauth2/v2.0/authorize"),
        "token_endpoint": ORIGIN + issued.format("oauth2/v2.0/token"),
        "end_session_endpoint": ORIGIN + issued.format("oauth2/v2.0/logout"),
        "jwks_uri": ORIGIN + issued.format("discovery/v2.0/keys"),
        "device_authorization_endpoint": ORIGIN + issued.format("oauth2/v2.0/devicecode"),
        "pushed_authorization_request_endpoint": ORIGIN + issued.format("oauth2/v2.0/par"),
        "revocation_endpoint": ORIGIN + issued.format("oauth2/v2.0/revoke"),
        "introspection_endpoint": ORIGIN + issued.format("oauth2/v2.0/introspect"),
        "userinfo_endpoint": ORIGIN + issued.format("openid/v2.0/userinfo"),
    }
    assert body["issuer"] == f"{ORIGIN}/{TENANT}/v2.0/"


async def test_every_endpoint_that_is_announced_answers(world: World) -> None:
    for place in (f"/{DOMAIN}/b2c_1_susi/{DOCUMENT}", f"/{DOMAIN}/{DOCUMENT}?p=b2c_1_susi"):
        body = (await world.http.get(place)).json()
        for name in body:
            if name.endswith(("_endpoint", "_uri")):
                assert (await world.http.get(body[name])).status_code != 404, name


async def test_the_rest_of_the_document(world: World) -> None:
    response = await world.http.get(f"/{TENANT}/B2C_1_SuSi/{DOCUMENT}")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=60"
    assert response.headers["access-control-allow-origin"] == "*"
    body = response.json()
    assert len(body["response_types_supported"]) == 8
    assert body["response_modes_supported"] == ["query", "fragment", "form_post"]
    assert body["subject_types_supported"] == ["pairwise"]
    assert body["id_token_signing_alg_values_supported"] == ["RS256"]
    assert body["code_challenge_methods_supported"] == ["S256"]
    assert body["scopes_supported"] == ["openid", "offline_access"]
    assert body["token_endpoint_auth_methods_supported"] == [
        "client_secret_post",
        "client_secret_basic",
        "private_key_jwt",
    ]
    assert body["authorization_response_iss_parameter_supported"] is True
    assert body["claims_parameter_supported"] is False
    assert body["request_parameter_supported"] is False
    assert body["request_uri_parameter_supported"] is False


async def claims_supported(world: World) -> set[str]:
    return set(
        (await world.http.get(f"/{TENANT}/b2c_1_susi/{DOCUMENT}")).json()["claims_supported"]
    )


async def test_the_claims_are_those_of_the_user_flow_as_it_is_now(world: World) -> None:
    protocol = {"sub", "iss", "iat", "exp", "nbf", "aud", "nonce", "auth_time", "ver", "tfp", "sid"}
    selected = {"oid", "name", "emails", "newUser", "given_name"}
    assert await claims_supported(world) == protocol | selected
    attribute = f"extension_{OWNER.replace('-', '')}_Loyalty"
    await world.change_flow(
        application_claims=("city",), attributes=(AttributeAssignment(id=attribute),)
    )
    assert await claims_supported(world) == protocol | {"city", "extension_Loyalty"}


async def test_the_claim_that_names_the_user_flow_can_be_acr(world: World) -> None:
    await world.change_flow(
        token_claims_configuration=TokenClaims(claim_type_for_user_flow_id=PolicyClaim.ACR)
    )
    claims = await claims_supported(world)
    assert "acr" in claims
    assert "tfp" not in claims


async def test_an_issuer_of_its_own_is_found_below_itself(world: World) -> None:
    await world.change_flow(token_claims_configuration=TFP)
    issuer = f"{ORIGIN}/tfp/{TENANT}/b2c_1_susi/v2.0/"
    body = (await world.http.get(f"{issuer}.well-known/openid-configuration")).json()
    assert body["issuer"] == issuer
    answer = (await world.redeem(await world.code())).json()
    for token in (answer["id_token"], answer["access_token"]):
        assert (await world.claims(token))["iss"] == issuer


async def test_a_user_flow_is_a_provider_from_the_moment_it_exists(world: World) -> None:
    place = f"/{TENANT}/B2C_1_New/{DOCUMENT}"
    assert (await world.http.get(place)).status_code == 404
    flow = a_user_flow(id=UserFlowId("B2C_1_New"))
    await world.write(lambda stores: stores.user_flows.add(flow))
    assert (await world.http.get(place)).status_code == 200
    await world.write(lambda stores: stores.user_flows.remove("B2C_1_New"))
    assert (await world.http.get(place)).status_code == 404


async def test_a_user_flow_made_again_under_its_name_says_what_it_is_now(world: World) -> None:
    before = await claims_supported(world)
    world.clock.move(seconds=1)
    again = a_user_flow(application_claims=("city",), created_at=world.clock())
    await world.write(lambda stores: stores.user_flows.remove("b2c_1_susi"))
    await world.write(lambda stores: stores.user_flows.add(again))
    assert await claims_supported(world) != before


@pytest.mark.parametrize(
    "place",
    [
        f"/{TENANT}/B2C_1_None/{DOCUMENT}",
        f"/{TENANT}/{DOCUMENT}?p=B2C_1_None",
        f"/{TENANT}/{DOCUMENT}?p=",
        f"/{TENANT}/{DOCUMENT}?p=B2C_1_SuSi&p=B2C_1_Edit",
        f"/other.example/B2C_1_SuSi/{DOCUMENT}",
        f"/other.example/{DOCUMENT}",
        f"/{TENANT}/%00/{DOCUMENT}",
        f"/{TENANT}/B2C_1_None/discovery/v2.0/keys",
        "/other.example/discovery/v2.0/keys",
    ],
)
async def test_what_does_not_exist_is_not_found_in_json(world: World, place: str) -> None:
    response = await world.http.get(place)
    assert response.status_code == 404
    assert response.json()["error"] == "invalid_request"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "no-store"


async def test_the_directory_itself_serves_graphs_audience(world: World) -> None:
    body = (await world.http.get(f"/{DOMAIN}/{DOCUMENT}")).json()
    assert body["issuer"] == f"{ORIGIN}/{TENANT}/v2.0"
    assert body["token_endpoint"] == f"{ORIGIN}/{DOMAIN}/oauth2/v2.0/token"
    assert body["jwks_uri"] == f"{ORIGIN}/{DOMAIN}/discovery/v2.0/keys"
    # MSAL does not start without one.
    assert body["authorization_endpoint"] == f"{ORIGIN}/{DOMAIN}/oauth2/v2.0/authorize"


@pytest.mark.parametrize(
    "place", [f"/{TENANT}/b2c_1_susi/discovery/v2.0/keys", f"/{TENANT}/discovery/v2.0/keys"]
)
async def test_every_token_can_be_verified_with_the_published_keys(
    world: World, place: str
) -> None:
    response = await world.http.get(place)
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "public, max-age=300"
    (key,) = response.json()["keys"]
    assert set(key) == {"kid", "nbf", "use", "alg", "kty", "e", "n"}
    assert (key["use"], key["alg"], key["kty"]) == ("sig", "RS256", "RSA")
    answer = (await world.redeem(await world.code())).json()
    keys = JoseKeySet.import_key_set(response.json())
    for token in (answer["id_token"], answer["access_token"]):
        verified = deserialize_compact(token, keys)
        assert verified.headers() == {"typ": "JWT", "alg": "RS256", "kid": key["kid"]}


async def test_nothing_private_is_published(world: World) -> None:
    text = (await world.http.get(f"/{TENANT}/discovery/v2.0/keys")).text
    assert not re.search(r'"(d|p|q|dp|dq|qi)"', text)


@pytest.mark.parametrize("place", [f"/{TENANT}/b2c_1_susi/{DOCUMENT}", f"/{TENANT}/{KEYS}"])
async def test_a_page_of_any_origin_may_ask_first(world: World, place: str) -> None:
    response = await world.http.options(place, headers={"Origin": "https://anywhere.example"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "https://anywhere.example"
    without = await world.http.options(place)
    assert without.status_code == 204
    assert "access-control-allow-origin" not in without.headers
