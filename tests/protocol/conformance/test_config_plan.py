"""The config plan: what discovery has to say (OpenID Connect Discovery 1.0 §3)."""

from urllib.parse import urlsplit

import pytest
from joserfc.jwk import KeySet

from tests.protocol.conformance.conftest import BASIC
from tests.protocol.conformance.strict import Client

REQUIRED = {
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "scopes_supported",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "claims_supported",
    "end_session_endpoint",
}

pytestmark = pytest.mark.parametrize("variant", BASIC[:1], ids=" ".join, indirect=True)


def test_oidcc_discovery_endpoint_verification(client: Client) -> None:
    metadata = client.metadata
    assert set(metadata) >= REQUIRED
    for name, value in metadata.items():
        if name.endswith(("_endpoint", "_uri")):
            parts = urlsplit(value)
            assert parts.scheme == "https"
            assert parts.fragment == ""
    assert {"code", "id_token", "id_token token"} <= set(metadata["response_types_supported"])
    assert {"query", "fragment", "form_post"} <= set(metadata["response_modes_supported"])
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]
    assert {"openid", "profile", "email", "address", "phone"} <= set(metadata["scopes_supported"])
    assert {"public", "pairwise"} >= set(metadata["subject_types_supported"])
    assert {"authorization_code", "implicit"} <= set(metadata["grant_types_supported"])
    assert {"sub", "name", "email", "email_verified"} <= set(metadata["claims_supported"])
    assert metadata["authorization_response_iss_parameter_supported"] is True


def test_the_key_set_has_public_keys_only(client: Client) -> None:
    body = client.house.client.get(client.metadata["jwks_uri"]).json()
    assert KeySet.import_key_set(body).keys
    for key in body["keys"]:
        assert {"kty", "kid", "alg", "use"} <= set(key)
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key)
    assert len({key["kid"] for key in body["keys"]}) == len(body["keys"])
