"""The dynamic plan: a client that registers itself (OpenID Connect Dynamic Registration 1.0)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from joserfc import jws, jwt
from joserfc.jwk import KeySet

from gatelodge.model.directory import Switches
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm
from gatelodge.oidc.client_assertion import ASSERTION_TYPE
from gatelodge.oidc.provider import Endpoint
from gatelodge.operations.key_rotation import OVERLAP
from gatelodge.storage.stores import Stores
from tests.protocol.conformance.strict import Client, Variant
from tests.protocol.test_keys import later, rotate, the_usual_key
from tests.world.browser import Browser, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.signatures import EC, an_assertion, signed

HOME = "https://suite.example/test/a/gatelodge/callback"
CODE = Variant("code", "query")
Register: TypeAlias = Callable[..., Client]


def switch(house: House, **on: bool) -> None:
    async def work(stores: Stores) -> None:
        directory = await stores.directories.require(DirectoryId(house.facts["tenant_id"]))
        await stores.directories.save(replace(directory, switches=Switches(**on)))

    house.stores(work)


def initial_token(house: House) -> str:
    """Return what the suite is given as its initial access token."""
    admin = house.facts["admin"]
    form = {
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
        **admin,
    }
    answer = house.client.post(f"/{house.facts['tenant_id']}/oauth2/v2.0/token", data=form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest.fixture
def register(strict_house: House) -> Iterator[Register]:
    """Register clients by what discovery says, and delete them again."""
    switch(strict_house, registers_applications=True)
    bearer = {"Authorization": f"Bearer {initial_token(strict_house)}"}
    made: list[dict[str, Any]] = []

    def work(**metadata: Any) -> Client:
        known = Client(strict_house, CODE, RelyingParty(strict_house)).metadata
        body = {"redirect_uris": [HOME], "client_name": "Suite", **metadata}
        url = known["registration_endpoint"]
        answer = strict_house.client.post(url, json=body, headers=bearer)
        assert answer.status_code == 201, answer.text
        assert answer.headers["cache-control"] == "no-store"
        made.append(answer.json())
        strict_house.facts["apps"]["registered"] = answer.json()
        return Client(strict_house, CODE, RelyingParty(strict_house, name="registered"))

    yield work
    for each in made:
        own = {"Authorization": f"Bearer {each['registration_access_token']}"}
        gone = strict_house.client.delete(each["registration_client_uri"], headers=own)
        assert gone.status_code == 204
    switch(strict_house)


def refused(house: House, **metadata: Any) -> str:
    url = Client(house, CODE, RelyingParty(house)).metadata["registration_endpoint"]
    answer = house.client.post(
        url,
        json={"redirect_uris": [HOME], **metadata},
        headers={"Authorization": f"Bearer {initial_token(house)}"},
    )
    assert answer.status_code == 400
    return str(answer.json()["error"])


@pytest.mark.parametrize("name", ["logo_uri", "policy_uri", "tos_uri"])
def test_oidcc_registration_logo_policy_and_tos_uri(
    register: Register, visitor: Browser, name: str
) -> None:
    client = register(**{name: "https://suite.example/about"})
    assert client.party.facts[name] == "https://suite.example/about"
    assert client.sign_in(visitor).id_token["sub"]


def test_oidcc_registration_sector_bad(register: Register, strict_house: House) -> None:
    register()
    unreachable = "https://127.0.0.1:1/sector"
    assert refused(strict_house, sector_identifier_uri=unreachable) == "invalid_client_metadata"


def test_oidcc_redirect_uri_query_ok(register: Register, visitor: Browser) -> None:
    client = register(redirect_uris=[f"{HOME}?dummy1=lorem&dummy2=ipsum"])
    asked = client.parameters()
    arrived = client.fill_in(visitor, client.ask(visitor, asked))
    assert {"dummy1", "dummy2", "code"} <= set(arrived.parameters)
    assert client.redeem(arrived, asked).status_code == 200


@pytest.mark.parametrize(
    ("registered", "asked"),
    [(f"{HOME}?foo=bar", f"{HOME}?foo=baz"), (HOME, f"{HOME}?foo=bar")],
    ids=["query-mismatch", "query-added"],
)
def test_oidcc_redirect_uri_query(
    register: Register, visitor: Browser, registered: str, asked: str
) -> None:
    client = register(redirect_uris=[registered])
    shown = page(client.ask(visitor, client.parameters(redirect_uri=asked)))
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
