"""`/identity/apiConnectors`: web hooks and how we prove ourselves to them."""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from gatelodge.model.user_flow import ConnectedApis
from tests.graph.plane import Plane
from tests.world.makers import TENANT, a_user_flow

CONNECTORS = "/beta/identity/apiConnectors"
SECRET = "the-secret-of-the-hook"
BASIC: dict[str, Any] = {
    "displayName": "Check",
    "targetUrl": "https://hooks.example/check",
    "authenticationConfiguration": {
        "@odata.type": "#microsoft.graph.basicAuthentication",
        "username": "ada",
        "password": SECRET,
    },
}


@cache
def certified(
    begin: datetime = datetime(2026, 1, 1, tzinfo=UTC),
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Return a key and a certificate it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gatelodge")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=365))
        .sign(key, SHA256())
    )
    return key, certificate


def file_of(password: str, *begin: datetime) -> str:
    """Return a PKCS#12 file in base64."""
    key, certificate = certified(*begin)
    how = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    octets = serialize_key_and_certificates(b"hook", key, certificate, None, how)
    return base64.b64encode(octets).decode()


async def _added(plane: Plane, body: dict[str, Any]) -> Any:
    answer = await plane.request("POST", CONNECTORS, json=body)
    assert answer.status_code == 201, answer.text
    assert SECRET not in answer.text
    return answer.json()


async def _kept(plane: Plane, connector: Any) -> Any:
    return await plane.database.read(TENANT).api_connectors.require(connector["id"])


async def test_a_password_is_sealed_and_shown_as_asterisks(plane: Plane) -> None:
    made = await _added(plane, BASIC)
    read = (await plane.request("GET", f"{CONNECTORS}/{made['id']}")).json()
    expected = {**BASIC["authenticationConfiguration"], "password": "******"}
    assert made["authenticationConfiguration"] == expected
    assert read["authenticationConfiguration"] == expected
    kept = await _kept(plane, made)
    assert plane.sealer.unseal(kept.password, kept.place) == SECRET.encode()


@pytest.mark.parametrize("version", ["beta", "v1.0"])
async def test_what_was_read_can_be_sent_back_and_the_password_stays(
    plane: Plane, version: str
) -> None:
    made = await _added(plane, BASIC)
    address = f"/{version}/identity/apiConnectors/{made['id']}"
    back = (await plane.request("GET", address)).json()
    back["displayName"] = "Check again"
    answer = await plane.request("PATCH", address, json=back)
    assert answer.status_code == 204, answer.text
    kept = await _kept(plane, made)
    assert (kept.display_name, kept.username) == ("Check again", "ada")
    assert plane.sealer.unseal(kept.password, kept.place) == SECRET.encode()


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"displayName": ""}, "displayName"),
        ({"targetUrl": "http://hooks.example/"}, "targetUrl"),
        ({"targetUrl": "http://127.0.0.1/"}, "targetUrl"),
        ({"targetUrl": "https://ada:pw@hooks.example/"}, "targetUrl"),
        ({"targetUrl": "hooks.example"}, "targetUrl"),
        ({"targetUrl": "https://localhost/"}, "targetUrl"),
        ({"targetUrl": "https://127.1/"}, "targetUrl"),
        ({"targetUrl": "https://2130706433/"}, "targetUrl"),
        ({"targetUrl": "https://10.1.2.3/"}, "targetUrl"),
        ({"targetUrl": "https://[::ffff:127.0.0.1]/"}, "targetUrl"),
        ({"targetUrl": "https://169.254.169.254/latest"}, "targetUrl"),
        (
            {
                "authenticationConfiguration": {
                    "@odata.type": "#microsoft.graph.basicAuthentication",
                    "username": "a",
                    "password": "b\r\nX-More: c",
                }
            },
            "authenticationConfiguration/password",
        ),
        (
            {
                "authenticationConfiguration": {
                    "@odata.type": "#microsoft.graph.basicAuthentication",
                    "username": "a:b",
                    "password": "b",
                }
            },
            "authenticationConfiguration/username",
        ),
        ({"targetUrl": None}, "targetUrl"),
        (
            {"authenticationConfiguration": {"username": "a", "password": "b"}},
            "authenticationConfiguration/@odata.type",
        ),
        (
            {
                "authenticationConfiguration": {
                    "@odata.type": "#microsoft.graph.basicAuthentication",
                    "username": "a",
                }
            },
            "authenticationConfiguration/password",
        ),
        (
            {
                "authenticationConfiguration": {
                    "@odata.type": "#microsoft.graph.basicAuthentication",
                    "username": "a",
                    "password": "******",
                }
            },
            "authenticationConfiguration/password",
        ),
        (
            {
                "authenticationConfiguration": {
                    "@odata.type": "#microsoft.graph.clientCertificateAuthentication",
                    "certificateList": [],
                }
            },
            "authenticationConfiguration",
        ),
        (
            {
                "authenticationConfiguration": {
                    "@odata.type": "#microsoft.graph.pkcs12Certificate",
                    "pkcs12Value": "bm90IGEgZmlsZQ==",
                    "password": "x",
                }
            },
            "pkcs12Value",
        ),
        ({"authenticationConfiguration": "basic"}, "authenticationConfiguration"),
    ],
)
async def test_what_is_wrong_is_named(plane: Plane, changes: dict[str, Any], target: str) -> None:
    answer = await plane.request("POST", CONNECTORS, json={**BASIC, **changes})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["target"] == target
    assert (await plane.request("GET", f"{CONNECTORS}/$count")).text == "0"


@pytest.mark.parametrize("password", ["pass-phrase", ""])
async def test_a_certificate_is_taken_from_its_file_and_its_key_is_sealed(
    plane: Plane, password: str
) -> None:
    made = await _added(plane, BASIC)
    body = {"pkcs12Value": file_of(password), "password": password}
    answer = await plane.request(
        "POST", f"{CONNECTORS}/{made['id']}/uploadClientCertificate", json=body
    )
    assert answer.status_code == 200, answer.text
    key, certificate = certified()
    assert answer.json()["authenticationConfiguration"] == {
        "@odata.type": "#microsoft.graph.clientCertificateAuthentication",
        "certificateList": [
            {
                "thumbprint": certificate.fingerprint(SHA1()).hex().upper(),  # noqa: S303
                "notBefore": int(certificate.not_valid_before_utc.timestamp()),
                "notAfter": int(certificate.not_valid_after_utc.timestamp()),
                "isActive": True,
            }
        ],
    }
    kept = await _kept(plane, made)
    pem = plane.sealer.unseal(kept.private_key, kept.place)
    found = load_pem_private_key(pem, None)
    assert found.public_key() == key.public_key()
    assert kept.password is None
    # What was read can be sent back.
    back = {name: answer.json()[name] for name in ("displayName", "authenticationConfiguration")}
    sent = await plane.request("PATCH", f"{CONNECTORS}/{made['id']}", json=back)
    assert sent.status_code == 204, sent.text
    assert (await _kept(plane, made)).private_key == kept.private_key


async def test_a_certificate_of_the_future_waits_behind_the_present_one(plane: Plane) -> None:
    made = await _added(plane, BASIC)
    address = f"{CONNECTORS}/{made['id']}"
    months = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 6, 7, 2)]
    for month in months[:3]:
        body = {"pkcs12Value": file_of("", month)}
        answer = await plane.request("POST", f"{address}/uploadClientCertificate", json=body)
    kept = await _kept(plane, made)
    shown = answer.json()["authenticationConfiguration"]["certificateList"]
    begins = [int(month.timestamp()) for month in months]
    # Of those that wait, the last one does.
    assert [each["notBefore"] for each in shown] == [begins[0], begins[2]]
    present, coming = kept.private_key.split()
    assert [kept.shown_at(months[at] + timedelta(days=1)) for at in (0, 1, 2)] == [
        present,
        present,
        coming,
    ]
    body = {"pkcs12Value": file_of("", months[3])}
    await plane.request("POST", f"{address}/uploadClientCertificate", json=body)
    assert [each.not_before for each in (await _kept(plane, made)).certificates] == [begins[3]]


@pytest.mark.parametrize(
    "body",
    [
        {"pkcs12Value": file_of("right"), "password": "wrong"},
        {"pkcs12Value": "***", "password": ""},
        {"pkcs12Value": "", "password": ""},
        {"pkcs12Value": base64.b64encode(bytes(500)).decode(), "password": ""},
    ],
    ids=["another password", "no base64", "nothing", "zeros"],
)
async def test_a_file_that_does_not_open_changes_nothing(
    plane: Plane, body: dict[str, str]
) -> None:
    made = await _added(plane, BASIC)
    address = f"{CONNECTORS}/{made['id']}"
    answer = await plane.request("POST", f"{address}/uploadClientCertificate", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == "pkcs12Value"
    assert (await plane.request("GET", address)).json()["authenticationConfiguration"][
        "username"
    ] == "ada"


async def test_nothing_is_asked_for_when_no_authentication_is_given(plane: Plane) -> None:
    made = await _added(plane, {**BASIC, "authenticationConfiguration": None})
    assert made["authenticationConfiguration"] is None


async def test_there_are_at_most_twenty(plane: Plane) -> None:
    for number in range(20):
        await _added(plane, {**BASIC, "displayName": f"Check {number}"})
    answer = await plane.request("POST", CONNECTORS, json=BASIC)
    assert answer.status_code == 400
    made = (await plane.request("GET", CONNECTORS)).json()["value"][0]
    assert (await plane.request("DELETE", f"{CONNECTORS}/{made['id']}")).status_code == 204
    await _added(plane, BASIC)


async def test_one_that_a_user_flow_calls_stays(plane: Plane) -> None:
    made = await _added(plane, BASIC)
    flow = a_user_flow(api_connectors=ConnectedApis(pre_token_issuance=made["id"]))
    await plane.database.write(TENANT, lambda stores: stores.user_flows.add(flow))
    answer = await plane.request("DELETE", f"{CONNECTORS}/{made['id']}")
    assert answer.status_code == 409
    assert flow.id in answer.json()["error"]["message"]
    await plane.database.write(TENANT, lambda stores: stores.user_flows.remove(flow.id))
    assert (await plane.request("DELETE", f"{CONNECTORS}/{made['id']}")).status_code == 204
