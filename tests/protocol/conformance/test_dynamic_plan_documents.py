"""The modules of the dynamic plan about documents that a client keeps at addresses of its own."""

import shutil
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from gatelodge.oidc.client_assertion import ASSERTION_TYPE
from gatelodge.outbound import Outbound
from tests.protocol.conformance.registering import HOME, Register, refused
from tests.protocol.conformance.strict import Client
from tests.world.browser import Browser
from tests.world.furnished import furnish
from tests.world.hook import Authority, Hook, serving
from tests.world.house import House
from tests.world.signatures import an_assertion, signed

KEYS, SECTOR = "/jwks", "/redirect_uris.json"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def suite(authority: Authority) -> Iterator[Hook]:
    """Serve documents as the suite does: over TLS, on an address that is let through."""
    with serving(authority.server_context()) as found:
        yield found


@pytest.fixture(scope="module")
def furnished_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[House]:
    """Build a house that reads what others publish, through the guarded way out."""
    path = tmp_path_factory.mktemp("house") / "gatelodge.db"
    shutil.copyfile(request.getfixturevalue("migrated_file"), path)
    outbound = Outbound(
        is_development=False, allowed=(ip_network("127.0.0.0/8"),), authorities=authority.path
    )
    house = House(f"sqlite:///{path}", outbound=outbound)
    furnish(house)
    yield house
    house.close()


def publish(suite: Hook, key: RSAKey, key_id: str) -> None:
    suite.documents[KEYS] = {"keys": [{**key.as_dict(private=False), "kid": key_id, "use": "sig"}]}


def ask(client: Client, key: RSAKey, key_id: str, **form: str) -> httpx.Response:
    """Ask the token endpoint with an assertion that names its key, as the suite does."""
    endpoint = client.metadata["token_endpoint"]
    claims = an_assertion(client.party.client_id, endpoint, client.house.clock())
    signature = {
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed(claims, key, "RS256", kid=key_id),
    }
    return client.house.client.post(endpoint, data={**form, **signature})


def tokens(
    client: Client, browser: Browser, key: RSAKey, key_id: str, **changes: str
) -> dict[str, Any]:
    asked = client.parameters(**changes)
    arrived = client.fill_in(browser, client.ask(browser, asked))
    form = {"grant_type": "authorization_code", "redirect_uri": asked["redirect_uri"]}
    answer = ask(client, key, key_id, code=arrived.code, **form)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert client.claims(found["id_token"], asked)
    return found


def test_oidcc_registration_jwks_uri(suite: Hook, register: Register, visitor: Browser) -> None:
    key = RSAKey.generate_key(2048)
    publish(suite, key, "first")
    url = suite.address(KEYS)
    client = register(token_endpoint_auth_method="private_key_jwt", jwks_uri=url)
    assert client.party.facts["jwks_uri"] == url
    assert tokens(client, visitor, key, "first")["access_token"]


def test_oidcc_refresh_token_rp_key_rotation(
    suite: Hook, register: Register, visitor: Browser
) -> None:
    old, new = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
    publish(suite, old, "old")
    client = register(
        token_endpoint_auth_method="private_key_jwt",
        jwks_uri=suite.address(KEYS),
        grant_types=["authorization_code", "refresh_token"],
    )
    wanted = {"scope": "openid offline_access", "prompt": "consent"}
    first = tokens(client, visitor, old, "old", **wanted)
    publish(suite, new, "new")
    client.house.clock.move(seconds=60)
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    again = ask(client, new, "new", **form)
    assert again.status_code == 200, again.text
    assert client.claims(again.json()["id_token"], {})["sub"]
    after = {**form, "refresh_token": again.json()["refresh_token"]}
    assert ask(client, old, "old", **after).status_code == 401


def test_oidcc_registration_sector_uri(suite: Hook, register: Register, visitor: Browser) -> None:
    suite.documents[SECTOR] = [HOME, "https://suite.example/another"]
    client = register(subject_type="pairwise", sector_identifier_uri=suite.address(SECTOR))
    assert "pairwise" in client.metadata["subject_types_supported"]
    assert client.sign_in(visitor).id_token["sub"]


def test_oidcc_registration_sector_bad(
    suite: Hook, register: Register, strict_house: House
) -> None:
    register()
    suite.documents[SECTOR] = ["https://suite.example/another"]
    for url in (suite.address(SECTOR), suite.address("/nothing"), "https://127.0.0.1:1/sector"):
        error = refused(strict_house, subject_type="pairwise", sector_identifier_uri=url)
        assert error == "invalid_client_metadata"
