"""MSAL for Python beyond the browser: devices, certificates and calls on behalf of a user."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from msal import ConfidentialClientApplication, PublicClientApplication

from gatelodge.clock import system_clock
from gatelodge.model.application import Application, GrantKind, PermissionGrant
from gatelodge.model.identifier import ClientId
from gatelodge.storage.stores import Stores
from tests.world.browser import Browser, page
from tests.world.furnished import signed_in
from tests.world.house import House
from tests.world.relying_party import RelyingParty

pytestmark = pytest.mark.witness


class Door:
    """Carries MSAL's requests to the house; it asks for no more than `get` and `post`."""

    def __init__(self, house: House) -> None:
        self._client = house.client

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> httpx.Response:
        return self._client.get(url, params=params, headers=headers)

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any
    ) -> httpx.Response:
        form = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in (data or {}).items()
        }
        return self._client.post(url, params=params, data=form, headers=headers)

    def close(self) -> None:
        """Leave the house as it is."""


@pytest.fixture(autouse=True)
def the_time_of_msal(house: House) -> None:
    """Let the house's clock show what MSAL's shows."""
    house.clock.now = system_clock()


def authority(house: House) -> dict[str, Any]:
    facts = house.facts
    address = f"{house.origin}/{facts['tenant_domain']}/{facts['user_flows']['signUpOrSignIn']}"
    return {"authority": address, "http_client": Door(house)}


def succeeded(result: dict[str, Any]) -> dict[str, Any]:
    assert "error" not in result, result
    return result


def read_scope(house: House) -> str:
    return f"{house.facts['apps']['api']['app_id_uri']}/read"


def test_a_device_signs_in(house: House, visitor: Browser) -> None:
    application = PublicClientApplication(
        house.facts["apps"]["native"]["client_id"], **authority(house)
    )
    flow = application.initiate_device_flow([read_scope(house)])
    assert flow["user_code"] in flow["message"]
    shown = page(visitor.open(flow["verification_uri"]))
    shown = page(visitor.press(shown, "continue", userCode=flow["user_code"]))
    user = house.facts["users"][0]
    visitor.press(shown, "next", email=user["email"], password=user["password"])
    result = succeeded(application.acquire_token_by_device_flow(flow))
    assert result["id_token_claims"]["sub"] == user["object_id"]
    (account,) = application.get_accounts()
    assert succeeded(application.acquire_token_silent([read_scope(house)], account))


def change(house: House, client_id: str, **changes: Any) -> Application:
    async def work(stores: Stores) -> Application:
        found = await stores.applications.by_app_id(ClientId(client_id))
        assert found is not None
        await stores.applications.save(replace(found, **changes))
        return found

    return house.stores(work)


def register(house: House, client_id: str, certificate: bytes) -> None:
    facts = house.facts
    secret = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
    token = house.client.post(facts["token_endpoint"], data={**facts["admin"], **secret}).json()
    key = {"usage": "Verify", "key": base64.b64encode(certificate).decode()}
    answer = house.client.patch(
        f"{facts['graph']['v1']}/applications(appId='{client_id}')",
        json={"keyCredentials": [{"type": "AsymmetricX509Cert", **key}]},
        headers={"Authorization": f"Bearer {token['access_token']}"},
    )
    assert answer.status_code == 204, answer.text


@pytest.fixture
def certificate(house: House) -> Iterator[dict[str, Any]]:
    """Register a certificate with the control plane; return what MSAL wants to know of it."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "web")])
    now = system_clock()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, SHA256())
        .public_bytes(Encoding.PEM)
    )
    web = house.facts["apps"]["web"]["client_id"]
    register(house, web, made)
    before = change(house, web, password_credentials=())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    yield {"private_key": private.decode(), "public_certificate": made.decode()}
    change(house, web, key_credentials=(), password_credentials=before.password_credentials)


def test_an_application_proves_itself_with_a_certificate(
    house: House, certificate: dict[str, Any]
) -> None:
    application = ConfidentialClientApplication(
        house.facts["apps"]["web"]["client_id"],
        client_credential=certificate,
        **authority(house),
    )
    scope = f"{house.facts['apps']['api']['app_id_uri']}/.default"
    assert succeeded(application.acquire_token_for_client([scope]))["access_token"]


def test_an_api_acts_on_behalf_of_a_user(house: House, visitor: Browser) -> None:
    facts = house.facts["apps"]
    api, other = facts["api"]["client_id"], facts["other-api"]["client_id"]
    web = house.stores(
        lambda stores: stores.applications.by_app_id(ClientId(facts["web"]["client_id"]))
    )
    assert web is not None
    before = change(house, api, password_credentials=web.password_credentials)
    permission = PermissionGrant(
        directory_id=before.directory_id,
        app_id=ClientId(api),
        resource_app_id=ClientId(other),
        kind=GrantKind.SCOPE,
        value="look",
    )
    house.stores(lambda stores: stores.permission_grants.add(permission))
    try:
        token = RelyingParty(house).tokens(signed_in(visitor, RelyingParty(house)))["access_token"]
        application = ConfidentialClientApplication(
            api, client_credential=facts["web"]["client_secret"], **authority(house)
        )
        scopes = ["https://other.example/api/look"]
        result = succeeded(application.acquire_token_on_behalf_of(token, scopes))
        assert result["access_token"]
    finally:
        house.stores(
            lambda stores: stores.permission_grants.remove(api, other, GrantKind.SCOPE, "look")
        )
        change(house, api, password_credentials=before.password_credentials)
