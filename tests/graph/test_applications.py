"""Applications through the control plane."""

from typing import Any

import pytest

from gatelodge.crypto.digest import digest_of
from gatelodge.model.application import GrantKind, PermissionGrant
from gatelodge.model.identifier import ApplicationId, ClientId
from tests.graph.plane import Plane
from tests.world.makers import OWNER, TENANT, an_application

APPLICATIONS = "/v1.0/applications"
SCOPE_ID = "5b0fbcd5-5b0d-4f3f-9d5f-5b0fbcd55b0f"


async def made(plane: Plane, **changes: Any) -> dict[str, Any]:
    answer = await plane.request("POST", APPLICATIONS, json={"displayName": "Shop", **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_application_is_created_with_defaults(plane: Plane) -> None:
    found = await made(plane)
    assert found["signInAudience"] == "AzureADandPersonalMicrosoftAccount"
    assert found["id"] != found["appId"]
    assert found["web"] == {
        "redirectUris": [],
        "logoutUrl": None,
        "backChannelLogoutUrl": None,
        "homePageUrl": None,
        "implicitGrantSettings": {
            "enableIdTokenIssuance": True,
            "enableAccessTokenIssuance": False,
        },
    }
    assert found["passwordCredentials"] == []


async def test_settings_of_every_platform_are_kept(plane: Plane) -> None:
    settings: dict[str, Any] = {
        "@odata.type": "#microsoft.graph.application",
        "web": {
            "redirectUris": ["https://shop.example/cb"],
            "implicitGrantSettings": {"enableIdTokenIssuance": False},
        },
        "spa": {"redirectUris": ["http://localhost:3001/"]},
        "publicClient": {"redirectUris": ["http://localhost", "com.example.shop://auth"]},
        "isFallbackPublicClient": True,
        "identifierUris": ["api://shop"],
        "api": {
            "oauth2PermissionScopes": [
                {
                    "id": SCOPE_ID,
                    "value": "read",
                    "isEnabled": True,
                    "type": "User",
                    "adminConsentDisplayName": "Read",
                    "adminConsentDescription": "Read all",
                }
            ],
            "preAuthorizedApplications": [
                {"appId": SCOPE_ID, "delegatedPermissionIds": [SCOPE_ID]}
            ],
        },
        "appRoles": [{"id": SCOPE_ID, "value": "Write.All", "displayName": "W"}],
        "requiredResourceAccess": [
            {"resourceAppId": SCOPE_ID, "resourceAccess": [{"id": SCOPE_ID, "type": "Scope"}]}
        ],
    }
    made_one = await made(plane, **settings)
    found = (await plane.request("GET", f"{APPLICATIONS}/{made_one['id']}")).json()
    assert found == made_one
    assert found["web"]["redirectUris"] == ["https://shop.example/cb"]
    assert found["web"]["implicitGrantSettings"]["enableIdTokenIssuance"] is False
    assert found["api"]["oauth2PermissionScopes"][0]["value"] == "read"
    assert found["api"]["oauth2PermissionScopes"][0]["userConsentDescription"] is None
    assert found["appRoles"][0]["allowedMemberTypes"] == ["Application"]
    api = await plane.database.read(TENANT).applications.by_identifier_uri("api://shop")
    assert api is not None
    assert api.id == found["id"]


async def test_what_was_read_can_be_sent_back(plane: Plane) -> None:
    found = await made(plane, web={"redirectUris": ["https://shop.example/cb"]})
    await plane.request("POST", f"{APPLICATIONS}/{found['id']}/addPassword", json={})
    before = (await plane.request("GET", f"{APPLICATIONS}/{found['id']}")).json()
    answer = await plane.request("PATCH", f"{APPLICATIONS}/{found['id']}", json=before)
    assert answer.status_code == 204, answer.text
    after = (await plane.request("GET", f"{APPLICATIONS}/{found['id']}")).json()
    assert after | {"@odata.etag": before["@odata.etag"]} == before


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"displayName": ""}, "displayName"),
        ({"appId": SCOPE_ID}, "appId"),
        ({"signInAudience": "Everybody"}, "signInAudience"),
        ({"passwordCredentials": [{"displayName": "x"}]}, "passwordCredentials"),
        ({"web": {"redirectUris": ["http://shop.example/cb"]}}, "web/redirectUris"),
        ({"web": {"redirectUris": ["https://shop.example/*"]}}, "web/redirectUris"),
        ({"web": {"redirectUris": ["https://shop.example/#x"]}}, "web/redirectUris"),
        ({"web": {"redirectUris": ["https://a@shop.example/"]}}, "web/redirectUris"),
        ({"web": {"redirectUris": ["javascript:alert(1)"]}}, "web/redirectUris"),
        ({"web": {"redirectUris": ["/relative"]}}, "web/redirectUris"),
        ({"web": {"redirectUris": ["https://[::1"]}}, "web/redirectUris"),
        ({"web": {"redirectUris": "https://shop.example/"}}, "web/redirectUris"),
        ({"web": {"redirectUris": [f"https://a.example/{n}" for n in range(101)]}}, "web"),
        ({"publicClient": {"redirectUris": ["data:text/html,x"]}}, "publicClient/redirectUris"),
        ({"identifierUris": ["https://graph.microsoft.com"]}, "identifierUris"),
        ({"identifierUris": ["shop"]}, "identifierUris"),
        ({"api": {"oauth2PermissionScopes": [{"id": "x"}]}}, "api/oauth2PermissionScopes/id"),
        ({"groupMembershipClaims": "SecurityGroup"}, "groupMembershipClaims"),
        ({"optionalClaims": {"idToken": [{"name": "groups"}]}}, "optionalClaims/idToken/name"),
        ({"bogus": {}}, "bogus"),
    ],
)
async def test_a_wrong_value_is_refused_and_named(
    plane: Plane, changes: dict[str, Any], target: str
) -> None:
    answer = await plane.request("POST", APPLICATIONS, json={"displayName": "Shop", **changes})
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == target


async def test_a_taken_identifier_uri_is_refused(plane: Plane) -> None:
    await made(plane, identifierUris=["api://shop"])
    body = {"displayName": "Shop 2", "identifierUris": ["api://shop"]}
    answer = await plane.request("POST", APPLICATIONS, json=body)
    assert answer.status_code == 400
    assert "Another object with the same value for property" in answer.json()["error"]["message"]


async def test_a_secret_is_shown_once_and_kept_as_a_digest(plane: Plane) -> None:
    application = await made(plane)
    address = f"{APPLICATIONS}/{application['id']}"
    asked = {"passwordCredential": {"displayName": "first"}}
    answer = await plane.request("POST", f"{address}/addPassword", json=asked)
    issued = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert issued["@odata.context"].endswith("#microsoft.graph.passwordCredential")
    assert issued["displayName"] == "first"
    assert len(issued["secretText"]) == 43
    assert issued["hint"] == issued["secretText"][:3]
    assert not set(issued["secretText"]) & set("%+")
    again = await plane.request("GET", address)
    assert again.json()["passwordCredentials"][0]["keyId"] == issued["keyId"]
    assert again.json()["passwordCredentials"][0]["secretText"] is None
    assert issued["secretText"] not in again.text
    stored = await plane.database.read(TENANT).applications.require(application["id"])
    assert stored.password_credentials[0].digest == digest_of(issued["secretText"])


async def test_a_secret_can_be_removed(plane: Plane) -> None:
    application = await made(plane)
    address = f"{APPLICATIONS}/{application['id']}"
    issued = (await plane.request("POST", f"{address}/addPassword", json={})).json()
    remove = {"keyId": issued["keyId"]}
    answer = await plane.request("POST", f"{address}/removePassword", json=remove)
    assert answer.status_code == 204
    assert (await plane.request("GET", address)).json()["passwordCredentials"] == []
    again = await plane.request("POST", f"{address}/removePassword", json=remove)
    assert again.status_code == 400


async def test_an_application_is_found_by_client_id(plane: Plane) -> None:
    application = await made(plane)
    address = f"{APPLICATIONS}(appId='{application['appId'].upper()}')"
    assert (await plane.request("GET", address)).json()["id"] == application["id"]
    change = await plane.request("PATCH", address, json={"displayName": "New"})
    assert change.status_code == 204
    by_name = await plane.request("GET", f"{APPLICATIONS}(bogus='x')")
    assert by_name.status_code == 400


async def test_an_enabled_permission_cannot_be_deleted(plane: Plane) -> None:
    scope = {"id": SCOPE_ID, "value": "read", "isEnabled": True}
    application = await made(plane, api={"oauth2PermissionScopes": [scope]})
    address = f"{APPLICATIONS}/{application['id']}"
    for scopes, status in (
        ([], 400),
        ([scope | {"value": "write"}], 400),
        ([scope | {"isEnabled": False}], 204),
        ([], 204),
    ):
        change = {"api": {"oauth2PermissionScopes": scopes}}
        answer = await plane.request("PATCH", address, json=change)
        assert answer.status_code == status
        if status == 400:
            assert "unless disabled first" in answer.json()["error"]["message"]


async def test_nobody_gains_permissions_through_another_application(plane: Plane) -> None:
    strong = an_application(77)

    async def work(stores: Any) -> None:
        await stores.applications.add(strong)
        await stores.permission_grants.add(
            PermissionGrant(
                directory_id=TENANT,
                app_id=strong.app_id,
                resource_app_id=ClientId("00000003-0000-0000-c000-000000000000"),
                kind=GrantKind.ROLE,
                value="Directory.ReadWrite.All",
            )
        )

    await plane.database.write(TENANT, work)
    answer = await plane.request("POST", f"{APPLICATIONS}/{strong.id}/addPassword", json={})
    assert answer.status_code == 403
    assert (await plane.request("DELETE", f"{APPLICATIONS}/{strong.id}")).status_code == 403


async def test_the_application_of_custom_attributes_stays(plane: Plane) -> None:
    owner = an_application(78, app_id=OWNER, id=ApplicationId("a" * 8))
    await plane.database.write(TENANT, lambda stores: stores.applications.add(owner))
    answer = await plane.request("DELETE", f"{APPLICATIONS}/{owner.id}")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("version", "name"), [("beta", "permissionIds"), ("v1.0", "delegatedPermissionIds")]
)
async def test_each_version_names_trusted_scopes_as_its_clients_do(
    plane: Plane, version: str, name: str
) -> None:
    scope = {"id": SCOPE_ID, "value": "read", "type": "User", "isEnabled": True}
    words = {"adminConsentDisplayName": "Read", "adminConsentDescription": "Read"}
    trusted = [{"appId": SCOPE_ID, name: [SCOPE_ID]}]
    api = {"oauth2PermissionScopes": [scope | words], "preAuthorizedApplications": trusted}
    made = await plane.request(
        "POST", f"/{version}/applications", json={"displayName": "API", "api": api}
    )
    assert made.status_code == 201, made.text
    assert made.json()["api"]["preAuthorizedApplications"] == trusted
    path = f"/{version}/applications/{made.json()['id']}"
    assert (await plane.request("GET", path)).json()["api"]["preAuthorizedApplications"] == trusted
