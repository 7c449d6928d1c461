"""Certificates of applications, and applications made by the client id they are to have."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.graph.plane import Plane

APPLICATIONS = "/v1.0/applications"
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)


def certificate(plane: Plane, key: rsa.RSAPrivateKey, encoding: Encoding = Encoding.DER) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "web")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(plane.clock() - timedelta(days=1))
        .not_valid_after(plane.clock() + timedelta(days=30))
        .sign(key, SHA256())
    )
    return base64.b64encode(made.public_bytes(encoding)).decode()


def given(key: str, name: str = "first") -> dict[str, Any]:
    return {"type": "AsymmetricX509Cert", "usage": "Verify", "key": key, "displayName": name}


def proof(plane: Plane, object_id: str, key: rsa.RSAPrivateKey, **changes: Any) -> str:
    now = int(plane.clock().timestamp())
    claims = {
        "aud": "00000002-0000-0000-c000-000000000000",
        "iss": object_id,
        "nbf": now,
        "exp": now + 600,
    }
    return jwt.encode({"alg": "RS256"}, claims | changes, RSAKey.import_key(key))


async def made(plane: Plane, **body: Any) -> str:
    answer = await plane.request("POST", APPLICATIONS, json={"displayName": "Shop", **body})
    assert answer.status_code == 201, answer.text
    return f"{APPLICATIONS}/{answer.json()['id']}"


async def credentials(plane: Plane, path: str) -> list[Any]:
    found: list[Any] = (await plane.request("GET", path)).json()["keyCredentials"]
    return found


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
async def test_certificates_are_kept_when_they_are_sent_back(
    plane: Plane, encoding: Encoding
) -> None:
    path = await made(plane, keyCredentials=[given(certificate(plane, KEY, encoding))])
    (first,) = await credentials(plane, path)
    assert (first["type"], first["usage"], first["displayName"], first["key"]) == (
        "AsymmetricX509Cert",
        "Verify",
        "first",
        None,
    )
    assert len(base64.b64decode(first["customKeyIdentifier"])) == 20
    both = [first, given(certificate(plane, OTHER_KEY), "second")]
    changed = await plane.request("PATCH", path, json={"keyCredentials": both})
    assert changed.status_code == 204, changed.text
    kept = await credentials(plane, path)
    assert kept[0] == first
    assert kept[1]["displayName"] == "second"
    await plane.request("PATCH", path, json={"keyCredentials": kept[1:]})
    assert await credentials(plane, path) == kept[1:]


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (given("bm90IGEgY2VydGlmaWNhdGU="), "key"),
        (given("?"), "keyCredentials/key"),
        ({**given(""), "key": None}, "keyCredentials/key"),
        ({**given("AAAA"), "usage": "Sign"}, "keyCredentials/usage"),
        ({**given("AAAA"), "type": "X509CertAndPassword"}, "keyCredentials/type"),
    ],
)
async def test_what_is_no_certificate_is_refused(
    plane: Plane, body: dict[str, Any], target: str
) -> None:
    path = await made(plane)
    refused = await plane.request("PATCH", path, json={"keyCredentials": [body]})
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, target)


async def test_who_holds_a_key_adds_and_removes_others(plane: Plane) -> None:
    path = await made(plane, keyCredentials=[given(certificate(plane, KEY))])
    object_id = path.rpartition("/")[2]
    body = {
        "keyCredential": given(certificate(plane, OTHER_KEY), "second"),
        "passwordCredential": None,
        "proof": proof(plane, object_id, KEY),
    }
    added = await plane.request("POST", f"{path}/addKey", json=body)
    assert (added.status_code, added.json()["displayName"]) == (200, "second")
    again = await plane.request("POST", f"{path}/addKey", json=body)
    assert (again.status_code, again.json()["error"]["target"]) == (400, "proof")
    first, _ = await credentials(plane, path)
    removal = {"keyId": first["keyId"], "proof": proof(plane, object_id, OTHER_KEY)}
    removed = await plane.request("POST", f"{path}/removeKey", json=removal)
    assert removed.status_code == 204, removed.text
    assert [each["displayName"] for each in await credentials(plane, path)] == ["second"]


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER_KEY},
        {"iss": "somebody else"},
        {"aud": "https://graph.microsoft.com"},
        {"exp": 0},
        {"exp": 2**32},
        {"nbf": 2**32},
        {"exp": "soon"},
    ],
)
async def test_a_proof_that_proves_nothing_adds_no_key(
    plane: Plane, changes: dict[str, Any]
) -> None:
    path = await made(plane, keyCredentials=[given(certificate(plane, KEY))])
    claims = {name: each for name, each in changes.items() if name != "key"}
    key = changes.get("key", KEY)
    body = {
        "keyCredential": given(certificate(plane, OTHER_KEY)),
        "proof": proof(plane, path.rpartition("/")[2], key, **claims),
    }
    refused = await plane.request("POST", f"{path}/addKey", json=body)
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, "proof")
    assert len(await credentials(plane, path)) == 1


async def test_an_application_is_made_by_the_client_id_it_is_to_have(plane: Plane) -> None:
    app_id = "12121212-0000-4000-8000-000000000012"
    path = f"{APPLICATIONS}(appId='{app_id}')"
    token = await plane.token()
    wanted = {"Prefer": "create-if-missing", "Authorization": f"Bearer {token}"}
    body = {"displayName": "Shop"}
    assert (await plane.request("PATCH", path, json=body)).status_code == 404
    first = await plane.request("PATCH", path, json=body, headers=wanted)
    assert (first.status_code, first.json()["appId"]) == (201, app_id)
    assert "create-if-missing" in first.headers["Preference-Applied"]
    second = await plane.request("PATCH", path, json={"notes": "x"}, headers=wanted)
    assert second.status_code == 204
    found = (await plane.request("GET", path)).json()
    assert (found["displayName"], found["notes"]) == ("Shop", "x")


@pytest.mark.parametrize("app_id", ["shop", "00000003-0000-0000-c000-000000000000"])
async def test_not_every_client_id_can_be_chosen(plane: Plane, app_id: str) -> None:
    token = await plane.token()
    wanted = {"Prefer": "create-if-missing", "Authorization": f"Bearer {token}"}
    path = f"{APPLICATIONS}(appId='{app_id}')"
    refused = await plane.request("PATCH", path, json={"displayName": "x"}, headers=wanted)
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, "appId")
