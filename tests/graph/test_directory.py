"""The directory itself, its policies and its audit log."""

from typing import Any

import pytest

from tests.graph.plane import Plane
from tests.world.makers import DOMAIN, TENANT

METHODS = "/v1.0/policies/b2cAuthenticationMethodsPolicy"
FLOWS = "/v1.0/policies/authenticationFlowsPolicy"
AUDITS = "/v1.0/auditLogs/directoryAudits"


async def _everything(plane: Plane) -> dict[str, str]:
    roles = ["Directory.ReadWrite.All", "Policy.ReadWrite.AuthenticationFlows"]
    return {"Authorization": f"Bearer {await plane.token(roles=roles)}"}


async def test_there_is_one_organization_with_its_domain(plane: Plane) -> None:
    (found,) = (await plane.request("GET", "/v1.0/organization")).json()["value"]
    assert (found["id"], found["displayName"]) == (TENANT, "Acme")
    (domain,) = found["verifiedDomains"]
    assert (domain["name"], domain["isDefault"], domain["isInitial"]) == (DOMAIN, True, True)
    address = f"/v1.0/organization/{TENANT}"
    answer = await plane.request("PATCH", address, json={"displayName": "Acme Ltd"})
    assert answer.status_code == 204
    assert (await plane.request("GET", address)).json()["displayName"] == "Acme Ltd"
    other = "/v1.0/organization/99999999-9999-4999-8999-999999999999"
    assert (await plane.request("GET", other)).status_code == 404


async def test_domains_are_read_and_not_written(plane: Plane) -> None:
    headers = await _everything(plane)
    query = "/v1.0/domains?%24filter=isDefault+eq+true"
    (found,) = (await plane.client.get(query, headers=headers)).json()["value"]
    assert (found["id"], found["isVerified"]) == (DOMAIN, True)
    assert (await plane.client.get(f"/v1.0/domains/{DOMAIN}", headers=headers)).json() | found
    answer = await plane.client.post("/v1.0/domains", headers=headers, json={"id": "x.example"})
    assert answer.status_code == 405


async def test_the_methods_policy_is_changed_and_kept(plane: Plane) -> None:
    first = (await plane.request("GET", METHODS)).json()
    assert first["id"] == "b2CAuthenticationMethodsPolicy"
    assert first["@odata.context"].endswith("#policies/b2cAuthenticationMethodsPolicy/$entity")
    assert first["isUserNameAuthenticationEnabled"] is True
    changes = {"isUserNameAuthenticationEnabled": False}
    assert (await plane.request("PATCH", METHODS, json=changes)).status_code == 204
    read = (await plane.request("GET", METHODS)).json()
    assert read == first | changes
    assert (await plane.request("DELETE", METHODS)).status_code == 405
    assert (await plane.request("POST", METHODS, json={})).status_code == 405


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"isUserNameAuthenticationEnabled": None}, "isUserNameAuthenticationEnabled"),
        ({"isFaxEnabled": True}, "isFaxEnabled"),
        ({"id": "other"}, "id"),
    ],
)
async def test_what_a_policy_cannot_say_is_refused(
    plane: Plane, changes: dict[str, Any], target: str
) -> None:
    answer = await plane.request("PATCH", METHODS, json=changes)
    assert (answer.status_code, answer.json()["error"]["target"]) == (400, target)


async def test_the_flows_policy_says_whether_people_sign_themselves_up(plane: Plane) -> None:
    headers = await _everything(plane)
    body = {"selfServiceSignUp": {"isEnabled": False}}
    assert (await plane.client.patch(FLOWS, headers=headers, json=body)).status_code == 204
    read = (await plane.request("GET", FLOWS)).json()
    assert read["selfServiceSignUp"] == {"isEnabled": False}
    assert (await plane.request("GET", METHODS)).json()["isEmailPasswordAuthenticationEnabled"]


async def test_what_was_done_is_read_in_the_log(plane: Plane) -> None:
    await plane.create("Pol1")
    found = (await plane.request("GET", f"{AUDITS}?$top=1")).json()["value"]
    (entry,) = found
    assert entry["activityDisplayName"] == "Create user flow"
    assert (entry["result"], entry["category"]) == ("success", "ResourceManagement")
    assert entry["initiatedBy"]["user"] is None
    assert entry["initiatedBy"]["app"]["id"] == plane.applications["admin"].id
    (target,) = entry["targetResources"]
    assert target["id"] == "B2C_1_Pol1"
    again = (await plane.request("GET", f"{AUDITS}/{entry['id']}")).json()
    assert {name: again[name] for name in entry} == entry
    query = f"{AUDITS}?$filter=activityDateTime ge 2026-01-01T00:00:00Z&$count=true"
    assert (await plane.request("GET", query)).json()["@odata.count"] == 1
    for method in ("POST", "PATCH", "DELETE"):
        path = AUDITS if method == "POST" else f"{AUDITS}/{entry['id']}"
        assert (await plane.request(method, path, json={})).status_code == 405


async def test_no_secret_is_in_the_log(plane: Plane) -> None:
    secret = "the-secret-of-the-provider"
    body = {
        "@odata.type": "#microsoft.graph.socialIdentityProvider",
        "displayName": "Google",
        "identityProviderType": "Google",
        "clientId": "us",
        "clientSecret": secret,
    }
    path = "/beta/identity/identityProviders"
    assert (await plane.request("POST", path, json=body)).status_code == 201
    changed = await plane.request("PATCH", f"{path}/Google-OAUTH", json={"clientSecret": secret})
    assert changed.status_code == 204
    kept = await plane.database.read(TENANT).identity_providers.require("Google-OAUTH")
    told = (await plane.request("GET", AUDITS)).text
    assert secret not in told
    assert str(kept.secret) not in told


async def test_nobody_has_signed_in_yet(plane: Plane) -> None:
    await plane.create("Pol1")
    assert (await plane.request("GET", "/v1.0/auditLogs/signIns")).json()["value"] == []
