"""The modules of the basic and hybrid plans about codes, by the suite's names."""

import pytest

from tests.protocol.conformance.conftest import BASIC, HYBRID
from tests.protocol.conformance.strict import Client
from tests.world.browser import Browser
from tests.world.relying_party import VERIFIER, s256

WITH_CODE = pytest.mark.parametrize("variant", [*BASIC, *HYBRID], ids=" ".join, indirect=True)
ONLY_CODE = pytest.mark.parametrize("variant", BASIC, ids=" ".join, indirect=True)


@ONLY_CODE
def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(
    client: Client, visitor: Browser
) -> None:
    assert "nonce" not in client.sign_in(visitor, nonce=None).id_token


@WITH_CODE
def test_oidcc_codereuse(client: Client, visitor: Browser) -> None:
    reuse(client, visitor, pause_s=0)


@WITH_CODE
def test_oidcc_codereuse_30seconds(client: Client, visitor: Browser) -> None:
    reuse(client, visitor, pause_s=30)


def reuse(client: Client, visitor: Browser, *, pause_s: int) -> None:
    asked = client.parameters()
    arrived = client.fill_in(visitor, client.ask(visitor, asked))
    first = client.redeem(arrived, asked).json()
    client.house.clock.move(seconds=pause_s)
    second = client.redeem(arrived, asked)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
    headers = {"Authorization": f"Bearer {first['access_token']}"}
    told = client.house.client.get(client.metadata["userinfo_endpoint"], headers=headers)
    assert told.status_code == 401


@WITH_CODE
def test_oidcc_server_client_secret_post(client: Client, visitor: Browser) -> None:
    assert "client_secret_post" in client.metadata["token_endpoint_auth_methods_supported"]
    asked = client.parameters()
    arrived = client.fill_in(visitor, client.ask(visitor, asked))
    credentials = {"client_id": client.party.client_id, "client_secret": client.secret}
    body = client.redeem(arrived, asked, **credentials).json()
    assert client.claims(body["id_token"], asked)


@WITH_CODE
def test_oidcc_refresh_token(client: Client, visitor: Browser) -> None:
    asked = client.parameters(scope="openid offline_access", prompt="consent")
    arrived = client.fill_in(visitor, client.ask(visitor, asked))
    first = client.redeem(arrived, asked).json()
    before = client.claims(first["id_token"], asked)
    client.house.clock.move(seconds=2)
    response = client.house.client.post(
        client.metadata["token_endpoint"],
        data={"grant_type": "refresh_token", "refresh_token": first["refresh_token"]},
        auth=(client.party.client_id, client.secret),
    )
    again = response.json()
    after = client.claims(again["id_token"], {})
    for name in ("iss", "sub", "aud", "auth_time"):
        assert after[name] == before[name]
    assert after["iat"] > before["iat"]
    assert again["access_token"] != first["access_token"]


@WITH_CODE
def test_oidcc_ensure_request_with_valid_pkce_succeeds(client: Client, visitor: Browser) -> None:
    asked = client.parameters(code_challenge=s256(VERIFIER), code_challenge_method="S256")
    arrived = client.fill_in(visitor, client.ask(visitor, asked))
    response = client.redeem(arrived, asked, code_verifier=VERIFIER)
    assert response.status_code == 200, response.text
