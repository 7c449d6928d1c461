"""The dynamic plan: a client that registers itself (OpenID Connect Dynamic Registration 1.0)."""

import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from gatelodge.model.signing_key import Algorithm
from gatelodge.oidc.client_assertion import ASSERTION_TYPE
from gatelodge.oidc.provider import Endpoint
from gatelodge.operations.key_rotation import OVERLAP
from tests.protocol.conformance.registering import HOME, Register, refused
from tests.protocol.test_keys import later, rotate, the_usual_key
from tests.world.browser import Browser, page
from tests.world.house import House
from tests.world.signatures import EC, an_assertion, signed


def signed_in_after_registering(register: Register, visitor: Browser, name: str) -> None:
    client = register(**{name: "https://suite.example/about"})
    assert client.party.facts[name] == "https://suite.example/about"
    assert client.sign_in(visitor).id_token["sub"]


def test_oidcc_registration_logo_uri(register: Register, visitor: Browser) -> None:
    signed_in_after_registering(register, visitor, "logo_uri")


def test_oidcc_registration_policy_uri(register: Register, visitor: Browser) -> None:
    signed_in_after_registering(register, visitor, "policy_uri")


def test_oidcc_registration_tos_uri(register: Register, visitor: Browser) -> None:
    signed_in_after_registering(register, visitor, "tos_uri")


def test_oidcc_ensure_redirect_uri_in_authorization_request(
    register: Register, visitor: Browser
) -> None:
    client = register()
    shown = page(client.ask(visitor, client.parameters(redirect_uri=None)))
    assert "AADB2C90004" in shown.text


def test_oidcc_redirect_uri_query_ok(register: Register, visitor: Browser) -> None:
    client = register(redirect_uris=[f"{HOME}?dummy1=lorem&dummy2=ipsum"])
    asked = client.parameters()
    arrived = client.fill_in(visitor, client.ask(visitor, asked))
    assert {"dummy1", "dummy2", "code"} <= set(arrived.parameters)
    assert client.redeem(arrived, asked).status_code == 200


def test_oidcc_redirect_uri_query_mismatch(register: Register, visitor: Browser) -> None:
    client = register(redirect_uris=[f"{HOME}?foo=bar"])
    shown = page(client.ask(visitor, client.parameters(redirect_uri=f"{HOME}?foo=baz")))
    assert "AADB2C90006" in shown.text


def test_oidcc_redirect_uri_query_added(register: Register, visitor: Browser) -> None:
    client = register(redirect_uris=[HOME])
    shown = page(client.ask(visitor, client.parameters(redirect_uri=f"{HOME}?foo=bar")))
    assert "AADB2C90006" in shown.text


def test_oidcc_redirect_uri_regfrag(register: Register, strict_house: House) -> None:
    register()
    assert refused(strict_house, redirect_uris=[f"{HOME}#fragment"]) == "invalid_redirect_uri"


def test_oidcc_userinfo_rs256(register: Register, visitor: Browser, strict_house: House) -> None:
    client = register(userinfo_signed_response_alg="RS256")
    answer = client.sign_in(visitor)
    response = strict_house.client.get(
        client.metadata["userinfo_endpoint"],
        headers={"Authorization": f"Bearer {answer.access_token}"},
    )
    assert response.headers["content-type"] == "application/jwt"
    keys = KeySet.import_key_set(strict_house.client.get(client.metadata["jwks_uri"]).json())
    claims = jwt.decode(response.text, keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"]) == (client.issuer, client.party.client_id)
    assert claims["sub"] == answer.id_token["sub"]


def test_oidcc_idtoken_rs256(register: Register, visitor: Browser) -> None:
    answer = register(id_token_signed_response_alg="RS256").sign_in(visitor)
    assert jws.extract_compact(answer.hint.encode()).headers()["alg"] == "RS256"


@pytest.mark.usefixtures(the_usual_key.__name__)
def test_oidcc_server_rotate_keys(
    register: Register, visitor: Browser, strict_house: House
) -> None:
    client = register()
    before = jws.extract_compact(client.sign_in(visitor).hint.encode()).headers()["kid"]
    rotate(strict_house, algorithm=Algorithm.RS256)
    later(strict_house, OVERLAP)
    after = jws.extract_compact(client.sign_in(visitor).hint.encode()).headers()["kid"]
    keys = strict_house.client.get(client.metadata["jwks_uri"]).json()["keys"]
    assert before != after
    assert {before, after} <= {each["kid"] for each in keys}


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(
    register: Register, visitor: Browser, strict_house: House
) -> None:
    jwks = {"keys": [{**EC.as_dict(private=False), "use": "sig"}]}
    client = register(token_endpoint_auth_method="private_key_jwt", jwks=jwks)
    asked = client.parameters()
    arrived = client.fill_in(visitor, client.ask(visitor, asked))
    claims = an_assertion(client.party.client_id, client.issuer, strict_house.clock())
    form = {
        "grant_type": "authorization_code",
        "code": arrived.code,
        "redirect_uri": asked["redirect_uri"],
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed(claims),
    }
    response = strict_house.client.post(client.metadata["token_endpoint"], data=form)
    assert response.status_code == 200, response.text
    assert str(Endpoint.TOKEN) in client.metadata["token_endpoint"]
