"""What clients send with applications and users and expect to read again, and who owns what."""

from typing import Any

import pytest

from gatelodge.graph.model.directory_objects import DirectoryObjects
from gatelodge.storage.stores import Stores
from tests.graph.plane import ORIGIN, Plane
from tests.world.makers import OWNER, TENANT, a_password, an_account, an_application

APPLICATIONS = "/v1.0/applications"
KEPT: dict[str, Any] = {
    "api": {
        "requestedAccessTokenVersion": 2,
        "acceptMappedClaims": None,
        "knownClientApplications": ["11111111-1111-4111-8111-111111111111"],
    },
    "optionalClaims": {
        "idToken": [{"name": "email", "essential": True}],
        "accessToken": [],
        "saml2Token": [],
    },
    "groupMembershipClaims": None,
    "notes": "ours",
    "info": {"termsOfServiceUrl": "https://shop.example/terms", "supportUrl": None},
    "samlMetadataUrl": None,
    "isDeviceOnlyAuthSupported": None,
}


async def _made(plane: Plane, **body: Any) -> Any:
    answer = await plane.request("POST", APPLICATIONS, json={"displayName": "Shop", **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_settings_without_effect_are_kept(plane: Plane) -> None:
    made = await _made(plane, **KEPT)
    read = (await plane.request("GET", f"{APPLICATIONS}/{made['id']}")).json()
    assert read["api"]["requestedAccessTokenVersion"] == 2
    assert read["api"]["knownClientApplications"] == KEPT["api"]["knownClientApplications"]
    (claim,) = read["optionalClaims"]["idToken"]
    assert (claim["name"], claim["essential"], claim["source"]) == ("email", True, None)
    assert read["info"] == {
        "marketingUrl": None,
        "privacyStatementUrl": None,
        "supportUrl": None,
        "termsOfServiceUrl": "https://shop.example/terms",
    }
    address = f"{APPLICATIONS}/{made['id']}"
    changes = {"notes": None, "optionalClaims": None, "api": {"requestedAccessTokenVersion": 1}}
    assert (await plane.request("PATCH", address, json=changes)).status_code == 204
    read = (await plane.request("GET", address)).json()
    assert (read["notes"], read["optionalClaims"]) == (None, None)
    assert read["api"]["requestedAccessTokenVersion"] == 1
    assert read["api"]["knownClientApplications"] == KEPT["api"]["knownClientApplications"]


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"api": {"requestedAccessTokenVersion": 3}}, "api/requestedAccessTokenVersion"),
        ({"optionalClaims": {"idToken": [{"essential": True}]}}, "optionalClaims/idToken/name"),
        ({"notes": 7}, "notes"),
    ],
)
async def test_what_is_wrong_is_named(plane: Plane, body: dict[str, Any], target: str) -> None:
    answer = await plane.request("POST", APPLICATIONS, json={"displayName": "Shop", **body})
    assert (answer.status_code, answer.json()["error"]["target"]) == (400, target)


async def test_a_body_may_name_owners_who_are_there(plane: Plane) -> None:
    owner = an_account(5)
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(owner))
    named = [f"{ORIGIN}/v1.0/directoryObjects/{owner.id}"] * 2
    made = await _made(plane, **{"owners@odata.bind": named})
    found = await plane.request("GET", f"{APPLICATIONS}/{made['id']}/owners?$select=id")
    assert [each["id"] for each in found.json()["value"]] == [owner.id]
    body = {"displayName": "Shop", "owners@odata.bind": [f"{ORIGIN}/v1.0/users/nobody"]}
    answer = await plane.request("POST", APPLICATIONS, json=body)
    assert (answer.status_code, answer.json()["error"]["target"]) == (400, "owners")


async def test_owners_are_added_listed_and_removed_by_reference(plane: Plane) -> None:
    made, owner = await _made(plane), an_account(5)
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(owner))
    owners = f"{APPLICATIONS}/{made['id']}/owners"
    assert (await plane.request("GET", owners)).json()["value"] == []
    body = {"@odata.id": f"{ORIGIN}/v1.0/directoryObjects/{owner.id}"}
    assert (await plane.request("POST", f"{owners}/$ref", json=body)).status_code == 204
    (found,) = (await plane.request("GET", owners)).json()["value"]
    assert (found["@odata.type"], found["id"]) == ("#microsoft.graph.user", owner.id)
    again = await plane.request("POST", f"{owners}/$ref", json=body)
    assert again.status_code == 400
    address = f"{owners}/{owner.id}/$ref"
    assert (await plane.request("DELETE", address)).status_code == 204
    assert (await plane.request("GET", owners)).json()["value"] == []
    assert (await plane.request("DELETE", address)).status_code == 404


async def test_an_object_is_found_by_its_id_alone(plane: Plane) -> None:
    made = await _made(plane)
    token = await plane.token(roles=["Directory.Read.All"])
    headers = {"Authorization": f"Bearer {token}"}
    found = await plane.client.get(f"/v1.0/directoryObjects/{made['id']}", headers=headers)
    assert found.json()["@odata.type"] == "#microsoft.graph.application"
    assert found.json()["appId"] == made["appId"]
    unknown = await plane.client.get(f"/v1.0/directoryObjects/{made['appId']}", headers=headers)
    assert unknown.status_code == 404


async def test_custom_attributes_are_properties_of_their_application(plane: Plane) -> None:
    holder = an_application(60, app_id=OWNER)
    await plane.database.write(TENANT, lambda stores: stores.applications.add(holder))
    attributes = "/v1.0/identity/userFlowAttributes"
    for name, kind in (("Hobby", "string"), ("Points", "int64")):
        body = {"displayName": name, "dataType": kind}
        assert (await plane.request("POST", attributes, json=body)).status_code == 201
    properties = f"{APPLICATIONS}/{holder.id}/extensionProperties"
    listed = (await plane.request("GET", properties)).json()["value"]
    names = {each["name"].rpartition("_")[2]: each["dataType"] for each in listed}
    assert names == {"Hobby": "String", "Points": "LargeInteger"}
    member = {"name": "Member", "dataType": "Boolean", "targetObjects": ["User"]}
    made = await plane.request("POST", properties, json=member)
    assert made.status_code == 201, made.text
    name = f"extension_{OWNER.replace('-', '')}_Member"
    assert made.json()["name"] == name
    assert (await plane.request("GET", f"{attributes}/{name}")).json()["dataType"] == "boolean"
    gone = await plane.request("DELETE", f"{properties}/{made.json()['id']}")
    assert gone.status_code == 204
    assert (await plane.request("GET", f"{attributes}/{name}")).status_code == 404
    other = await _made(plane)
    path = f"{APPLICATIONS}/{other['id']}/extensionProperties"
    assert (await plane.request("GET", path)).json()["value"] == []
    refused = await plane.request("POST", path, json=member)
    assert refused.status_code == 400
    assert (
        f"/applications(appId='{OWNER}')/extensionProperties" in refused.json()["error"]["message"]
    )
    there = f"{APPLICATIONS}(appId='{OWNER}')/extensionProperties"
    assert (await plane.request("POST", there, json=member)).status_code == 201
    for wrong in ({"targetObjects": ["Group"]}, {"dataType": "Binary"}):
        answer = await plane.request("POST", there, json={**member, "name": "Other", **wrong})
        assert (answer.status_code, answer.json()["error"]["target"]) == (400, *wrong)


async def test_a_user_has_no_manager_no_groups_and_one_password(plane: Plane) -> None:
    account = an_account(5)

    async def work(stores: Any) -> None:
        await stores.accounts.add(account)
        await stores.passwords.add(a_password(account.id))

    await plane.database.write(TENANT, work)
    user = f"/v1.0/users/{account.id}"
    manager = await plane.request("GET", f"{user}/manager")
    assert manager.status_code == 404
    assert manager.json()["error"]["code"] == "Request_ResourceNotFound"
    assert (await plane.request("GET", f"{user}/memberOf")).json()["value"] == []
    for name in ("methods", "passwordMethods"):
        path = f"{user}/authentication/{name}"
        (method,) = (await plane.request("GET", path)).json()["value"]
        kind = method.get("@odata.type", "#microsoft.graph.passwordAuthenticationMethod")
        assert kind == "#microsoft.graph.passwordAuthenticationMethod"
        assert (method["password"], "@odata.type" in method) == (None, name == "methods")
        assert (await plane.request("GET", f"{path}/{method['id']}")).status_code == 200
    assert "argon2" not in (await plane.request("GET", path)).text
    revoked = await plane.request("POST", f"{user}/invalidateAllRefreshTokens")
    assert revoked.json()["value"] is True
    hidden = await plane.request("PATCH", user, json={"showInAddressList": False})
    assert hidden.status_code == 204
    read = await plane.request("GET", f"{user}?$select=showInAddressList")
    assert read.json()["showInAddressList"] is False


async def test_the_user_of_a_delegated_call_is_me(plane: Plane) -> None:
    administrator = an_account(5, directory_roles=("Reports Reader",))
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(administrator))
    token = await plane.delegated(administrator, "User.Read")
    answer = await plane.client.get("/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["id"]) == (200, administrator.id)
    others = await plane.client.get("/v1.0/users", headers={"Authorization": f"Bearer {token}"})
    assert others.status_code == 403
    alone = await plane.request("GET", "/v1.0/me")
    assert (alone.status_code, alone.json()["error"]["code"]) == (400, "BadRequest")
    assert "token of a user" in alone.json()["error"]["message"]


async def test_whoever_owns_many_things_is_looked_for_once(
    plane: Plane, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = an_account(5)
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(account))
    address = f"{ORIGIN}/v1.0/directoryObjects/{account.id}"
    for _ in range(3):
        await _made(plane, **{"owners@odata.bind": [address] * 50})
    find, asked = DirectoryObjects.find, []

    async def counted(self: DirectoryObjects, stores: Stores, key: str) -> object:
        asked.append(key)
        return await find(self, stores, key)

    monkeypatch.setattr(DirectoryObjects, "find", counted)
    listed = await plane.request("GET", f"{APPLICATIONS}?$expand=owners")
    owners = [each["id"] for it in listed.json()["value"] for each in it["owners"]]
    assert owners.count(account.id) == 3
    assert asked.count(account.id) == 1
