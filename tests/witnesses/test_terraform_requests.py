"""What the stock `azuread` provider of Terraform sends, and what it waits for."""

import base64
import json
from itertools import count
from typing import Any

import httpx
import pytest

from tests.world.server import Server

pytestmark = pytest.mark.witness

_numbers = count(1)
_STEADY = 5
"""How often the provider wants to see the same answer before it goes on."""


class Terraform:
    """Speaks as the provider does: form-encoded filters, and typed bodies."""

    def __init__(self, server: Server) -> None:
        self.client = server.client
        self.facts = server.facts
        found = self.client.get(
            f"https://localhost:{server.port}/metadata/endpoints?api-version=2022-09-01"
        ).json()
        self.graph = found["microsoftGraphResourceId"].rstrip("/")
        self.login = found["authentication"]["loginEndpoint"]
        assert found["name"]
        assert found["resourceManager"]
        assert found["authentication"]["audiences"]
        self.headers = {"Authorization": f"Bearer {self._token()}", "Accept": _ACCEPT}

    def _token(self) -> str:
        admin = self.facts["admin"]
        body = (
            f"client_id={admin['client_id']}&client_secret={admin['client_secret']}"
            f"&grant_type=client_credentials&scope={self.graph}%2F.default"
        )
        # The endpoint ends in a slash; versions differ in whether they add another one.
        for between in ("", "/"):
            answer = self.client.post(
                f"{self.login}{between}{self.facts['tenant_id']}/oauth2/v2.0/token",
                content=body,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    @property
    def object_id(self) -> str:
        """Return `oid` of the token, which the provider reads to know who it is."""
        payload = self.headers["Authorization"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        return str(claims["oid"])

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Send a request to one of the versions."""
        origin = self.facts["graph"]["beta"].removesuffix("/beta")
        content = None if body is None else json.dumps(body)
        headers = {**self.headers, "Content-Type": "application/json; charset=utf-8"}
        return self.client.request(method, f"{origin}{path}", content=content, headers=headers)

    def steady(self, path: str, status: int) -> None:
        """Poll as the provider does until it believes what it sees."""
        for _ in range(_STEADY):
            assert self.send("GET", path).status_code == status

    def delete(self, path: str) -> None:
        """Delete, and see that it is gone."""
        assert self.send("DELETE", path).status_code == 204
        self.steady(path, 404)


_ACCEPT = "application/json; charset=utf-8; IEEE754Compatible=false; odata.metadata=full"


@pytest.fixture
def terraform(server: Server) -> Terraform:
    return Terraform(server)


def test_a_user_flow_attribute_is_applied_and_destroyed(terraform: Terraform) -> None:
    attributes = "/v1.0/identity/userFlowAttributes"
    name = f"It''s {next(_numbers)}"
    query = f"{attributes}?%24filter=displayName+eq+%27{name.replace(' ', '+')}%27"
    found = terraform.send("GET", query)
    assert found.headers["content-type"].startswith("application/json")
    assert found.json()["value"] == []
    kind = {"@odata.type": "#microsoft.graph.identityUserFlowAttribute"}
    shown = name.replace("''", "'")
    body = {**kind, "dataType": "string", "description": "d", "displayName": shown}
    made = terraform.send("POST", attributes, body)
    assert made.status_code == 201, made.text
    address = f"{attributes}/{made.json()['id']}"
    terraform.steady(address, 200)
    assert [each["id"] for each in terraform.send("GET", query).json()["value"]] == [
        made.json()["id"]
    ]
    changed = terraform.send("PATCH", address, {**kind, "description": "e"})
    assert changed.status_code in {200, 202, 204}
    assert terraform.send("GET", address).json()["description"] == "e"
    terraform.delete(address)


def test_an_application_with_its_service_principal_is_applied_and_destroyed(
    terraform: Terraform,
) -> None:
    applications = "/v1.0/applications"
    body: dict[str, Any] = {
        "api": {
            "acceptMappedClaims": None,
            "knownClientApplications": [],
            "oauth2PermissionScopes": [],
            "requestedAccessTokenVersion": 2,
        },
        "appRoles": [],
        "displayName": "TERRAFORM_UPDATE_1",
        "groupMembershipClaims": None,
        "isDeviceOnlyAuthSupported": False,
        "isFallbackPublicClient": False,
        "notes": None,
        "optionalClaims": {"accessToken": [], "idToken": [], "saml2Token": []},
        "publicClient": {"redirectUris": []},
        "requiredResourceAccess": [],
        "signInAudience": "AzureADandPersonalMicrosoftAccount",
        "spa": {"redirectUris": []},
        "tags": [],
        "web": {"redirectUris": ["https://shop.example/callback"], "logoutUrl": None},
    }
    made = terraform.send("POST", applications, body)
    assert made.status_code == 201, made.text
    application, address = made.json(), f"{applications}/{made.json()['id']}"
    terraform.steady(address, 200)
    for name in ("TERRAFORM_UPDATE_2", "Shop"):
        assert terraform.send("PATCH", address, {"displayName": name}).status_code == 204
    owner = {"@odata.id": f"{terraform.graph}/v1.0/directoryObjects/{terraform.object_id}"}
    assert terraform.send("POST", f"{address}/owners/$ref", owner).status_code == 204
    owners = terraform.send("GET", f"{address}/owners").json()["value"]
    assert [each["id"] for each in owners] == [terraform.object_id]
    beta = terraform.send(
        "GET", f"/beta/applications/{application['id']}?%24select=oauth2RequirePostResponse"
    )
    assert beta.json()["oauth2RequirePostResponse"] is False
    secret = terraform.send(
        "POST", f"{address}/addPassword", {"passwordCredential": {"displayName": "x"}}
    )
    assert secret.json()["secretText"]

    principals = "/v1.0/servicePrincipals"
    query = f"{principals}?%24filter=appId+eq+%27{application['appId']}%27"
    assert terraform.send("GET", query).json()["value"] == []
    principal = terraform.send(
        "POST", principals, {"accountEnabled": True, "appId": application["appId"], "tags": []}
    )
    assert principal.status_code == 201, principal.text
    terraform.steady(f"{principals}/{principal.json()['id']}", 200)
    terraform.delete(f"{principals}/{principal.json()['id']}")
    terraform.delete(address)


def test_a_user_is_applied_and_destroyed(terraform: Terraform) -> None:
    (domain,) = terraform.send("GET", "/v1.0/domains").json()["value"]
    name = f"terraform{next(_numbers)}@{domain['id']}"
    body: dict[str, Any] = {
        "@odata.type": "#microsoft.graph.user",
        "accountEnabled": True,
        "displayName": "Terraform",
        "mailNickname": "terraform",
        "passwordProfile": {
            "forceChangePasswordNextSignIn": False,
            "password": "correct-Horse-battery-7",
        },
        "userPrincipalName": name,
    }
    made = terraform.send("POST", "/v1.0/users", body)
    assert made.status_code == 201, made.text
    address = f"/v1.0/users/{made.json()['id']}"
    terraform.steady(address, 200)
    assert terraform.send("PATCH", address, {"showInAddressList": True}).status_code == 204
    beta = f"/beta/users/{made.json()['id']}?%24select=showInAddressList"
    assert terraform.send("GET", beta).json()["showInAddressList"] is True
    assert terraform.send("GET", f"{address}/manager").status_code == 404
    terraform.delete(address)
