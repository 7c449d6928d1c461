"""Service principals and the permissions granted through them."""

from typing import Any

import pytest

from gatelodge.model.application import AppRole, GrantKind, Scope
from gatelodge.model.identifier import ClientId
from gatelodge.model.service_principal import GRAPH_APP_ID
from tests.graph.plane import Plane
from tests.world.makers import TENANT, an_application, numbered

PRINCIPALS = "/v1.0/servicePrincipals"
GRANTS = "/v1.0/oauth2PermissionGrants"
READ_FLOWS = "1b0c317f-dd31-4305-9932-259a8b6e8099"
WRITE_EVERYTHING = "19dbc75e-c2e2-444c-a770-ec69d8559fc7"
API = an_application(
    30,
    app_roles=(AppRole(id=numbered(31), value="Orders.Read"),),
    oauth2_permission_scopes=(
        Scope(id=numbered(32), value="read"),
        Scope(id=numbered(33), value="write"),
        Scope(id=numbered(34), value="old", is_enabled=False),
    ),
)


async def _api(plane: Plane) -> Any:
    await plane.database.write(TENANT, lambda stores: stores.applications.add(API))
    return await _stands_for(plane, API.app_id)


async def _stands_for(plane: Plane, app_id: str) -> Any:
    answer = await plane.request("POST", PRINCIPALS, json={"appId": app_id})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _client(plane: Plane) -> Any:
    return await _stands_for(plane, plane.applications["nobody"].app_id)


async def _graph(plane: Plane) -> Any:
    return (await plane.request("GET", f"{PRINCIPALS}(appId='{GRAPH_APP_ID}')")).json()


async def _held(plane: Plane, resource: str, kind: GrantKind) -> tuple[str, ...]:
    client = plane.applications["nobody"].app_id
    return await plane.database.read(TENANT).permission_grants.values(
        client, ClientId(resource), kind
    )


async def test_the_graph_api_has_one_that_names_its_permissions(plane: Plane) -> None:
    found = await _graph(plane)
    assert found["displayName"] == "Microsoft Graph"
    roles = {each["value"]: each["id"] for each in found["appRoles"]}
    assert roles["IdentityUserFlow.Read.All"] == READ_FLOWS
    scopes = {each["value"] for each in found["oauth2PermissionScopes"]}
    assert {"User.Read", "IdentityUserFlow.Read.All"} <= scopes
    deleted = await plane.request("DELETE", f"{PRINCIPALS}/{found['id']}")
    assert deleted.status_code == 400


async def test_it_stands_for_its_application(plane: Plane) -> None:
    made = await _api(plane)
    assert made["appId"] == API.app_id
    assert made["displayName"] == made["appDisplayName"] == API.display_name
    assert made["appOwnerOrganizationId"] == TENANT
    read = (await plane.request("GET", f"{PRINCIPALS}(appId='{API.app_id.upper()}')")).json()
    assert [each["value"] for each in read["appRoles"]] == ["Orders.Read"]
    query = f"{PRINCIPALS}?%24filter=displayName+eq+%27{API.display_name.replace(' ', '+')}%27"
    listed = (await plane.request("GET", query)).json()["value"]
    assert [each["id"] for each in listed] == [made["id"]]
    await plane.request("PATCH", f"/v1.0/applications/{API.id}", json={"displayName": "Orders"})
    renamed = (await plane.request("GET", f"{PRINCIPALS}/{made['id']}")).json()
    assert renamed["displayName"] == "Orders"


async def test_there_is_one_for_each_application_and_none_for_what_is_unknown(
    plane: Plane,
) -> None:
    await _api(plane)
    again = await plane.request("POST", PRINCIPALS, json={"appId": API.app_id})
    assert again.status_code == 400
    assert "Another object with the same value" in again.json()["error"]["message"]
    unknown = await plane.request("POST", PRINCIPALS, json={"appId": numbered(77)})
    assert unknown.status_code == 400
    expected = f"The appId '{numbered(77)}' of the service principal does not reference a valid"
    assert unknown.json()["error"]["message"].startswith(expected)


async def test_details_are_kept(plane: Plane) -> None:
    made = await _api(plane)
    address = f"{PRINCIPALS}/{made['id']}"
    changes = {
        "notes": "ours",
        "tags": ["a"],
        "accountEnabled": False,
        "alternativeNames": ["x"],
        "appRoleAssignmentRequired": True,
    }
    assert (await plane.request("PATCH", address, json=changes)).status_code == 204
    read = (await plane.request("GET", address)).json()
    assert {name: read[name] for name in changes} == changes
    fixed = await plane.request("PATCH", address, json={"appId": numbered(1)})
    assert fixed.status_code == 400


async def test_a_role_is_granted_listed_on_both_sides_and_taken_away(plane: Plane) -> None:
    api, client = await _api(plane), await _client(plane)
    body = {"principalId": client["id"], "resourceId": api["id"], "appRoleId": numbered(31)}
    assigned = f"{PRINCIPALS}/{client['id']}/appRoleAssignments"
    made = await plane.request("POST", assigned, json=body)
    assert made.status_code == 201, made.text
    assert await _held(plane, API.app_id, GrantKind.ROLE) == ("Orders.Read",)
    for path in (assigned, f"{PRINCIPALS}/{api['id']}/appRoleAssignedTo"):
        (listed,) = (await plane.request("GET", path)).json()["value"]
        assert {name: listed[name] for name in body} == body
        assert listed["principalDisplayName"] == client["displayName"]
    again = await plane.request("POST", assigned, json=body)
    assert again.status_code == 400
    gone = await plane.request("DELETE", f"{assigned}/{made.json()['id']}")
    assert gone.status_code == 204
    assert await _held(plane, API.app_id, GrantKind.ROLE) == ()


async def test_a_role_can_be_granted_from_the_side_of_the_api(plane: Plane) -> None:
    api, client = await _api(plane), await _client(plane)
    body = {"principalId": client["id"], "resourceId": api["id"], "appRoleId": numbered(31)}
    path = f"{PRINCIPALS}/{api['id']}/appRoleAssignedTo"
    assert (await plane.request("POST", path, json=body)).status_code == 201
    assert await _held(plane, API.app_id, GrantKind.ROLE) == ("Orders.Read",)


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"appRoleId": numbered(99)}, "appRoleId"),
        ({"principalId": numbered(99)}, "principalId"),
        ({"resourceId": numbered(99)}, "resourceId"),
        ({"appRoleId": "x"}, "appRoleId"),
    ],
)
async def test_what_does_not_exist_is_not_granted(
    plane: Plane, changes: dict[str, str], target: str
) -> None:
    api, client = await _api(plane), await _client(plane)
    body = {"principalId": client["id"], "resourceId": api["id"], "appRoleId": numbered(31)}
    path = f"{PRINCIPALS}/{client['id']}/appRoleAssignments"
    answer = await plane.request("POST", path, json=body | changes)
    assert (answer.status_code, answer.json()["error"]["target"]) == (400, target)


async def test_nobody_grants_a_graph_permission_it_does_not_hold(plane: Plane) -> None:
    graph, client = await _graph(plane), await _client(plane)
    path = f"{PRINCIPALS}/{client['id']}/appRoleAssignments"
    body = {"principalId": client["id"], "resourceId": graph["id"], "appRoleId": READ_FLOWS}

    async def status(permissions: list[str], method: str = "POST", path: str = path) -> int:
        token = await plane.token(roles=permissions)
        headers = {"Authorization": f"Bearer {token}"}
        answer = await plane.client.request(method, path, headers=headers, json=body)
        return answer.status_code

    assign = "AppRoleAssignment.ReadWrite.All"
    assert await status([assign]) == 403
    assert await status([assign, "IdentityUserFlow.ReadWrite.All"]) == 403
    assert await _held(plane, GRAPH_APP_ID, GrantKind.ROLE) == ()
    assert await status([assign, "IdentityUserFlow.Read.All"]) == 201
    (listed,) = (await plane.request("GET", path)).json()["value"]
    assert await status([assign], "DELETE", f"{path}/{listed['id']}") == 403
    assert await _held(plane, GRAPH_APP_ID, GrantKind.ROLE) == ("IdentityUserFlow.Read.All",)
    body["appRoleId"] = WRITE_EVERYTHING
    assert await status([assign, "IdentityUserFlow.ReadWrite.All"]) == 403
    assert await status([assign, "Directory.ReadWrite.All"]) == 201


async def test_scopes_are_granted_changed_and_taken_away(plane: Plane) -> None:
    api, client = await _api(plane), await _client(plane)
    body = {
        "clientId": client["id"],
        "consentType": "AllPrincipals",
        "resourceId": api["id"],
        "scope": "write read openid",
    }
    made = await plane.request("POST", GRANTS, json=body)
    assert made.status_code == 201, made.text
    assert made.json()["scope"] == "openid read write"
    assert await _held(plane, API.app_id, GrantKind.SCOPE) == ("openid", "read", "write")
    address = f"{GRANTS}/{made.json()['id']}"
    answer = await plane.request("PATCH", address, json={"scope": "read"})
    assert answer.status_code == 204, answer.text
    assert await _held(plane, API.app_id, GrantKind.SCOPE) == ("read",)
    of_client = f"{PRINCIPALS}/{client['id']}/oauth2PermissionGrants"
    for path in (GRANTS, of_client, f"{GRANTS}?$filter=clientId eq '{client['id']}'"):
        (listed,) = (await plane.request("GET", path)).json()["value"]
        assert (listed["scope"], listed["principalId"]) == ("read", None)
    assert (await plane.request("POST", GRANTS, json=body)).status_code == 400
    assert (await plane.request("DELETE", address)).status_code == 204
    assert await _held(plane, API.app_id, GrantKind.SCOPE) == ()
    assert (await plane.request("GET", address)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"scope": "read erase"}, "scope"),
        ({"scope": "old"}, "scope"),
        ({"scope": " "}, "scope"),
        ({"consentType": "Principal"}, "consentType"),
        ({"clientId": numbered(99)}, "clientId"),
        ({"resourceId": None}, "resourceId"),
    ],
)
async def test_scopes_that_cannot_be_granted_are_refused(
    plane: Plane, changes: dict[str, Any], target: str
) -> None:
    api, client = await _api(plane), await _client(plane)
    body = {"clientId": client["id"], "resourceId": api["id"], "scope": "read"}
    answer = await plane.request("POST", GRANTS, json=body | changes)
    assert (answer.status_code, answer.json()["error"]["target"]) == (400, target)


async def test_nobody_lets_others_do_for_users_what_it_may_not(plane: Plane) -> None:
    graph, client = await _graph(plane), await _client(plane)
    body = {"clientId": client["id"], "resourceId": graph["id"], "scope": "User.ReadWrite.All"}
    grant = "DelegatedPermissionGrant.ReadWrite.All"
    for permissions, status in (([grant], 403), ([grant, "User.ReadWrite.All"], 201)):
        token = await plane.token(roles=permissions)
        headers = {"Authorization": f"Bearer {token}"}
        answer = await plane.client.post(GRANTS, headers=headers, json=body)
        assert answer.status_code == status, answer.text


async def test_what_is_deleted_takes_its_permissions_along(plane: Plane) -> None:
    api, client = await _api(plane), await _client(plane)
    body = {"clientId": client["id"], "resourceId": api["id"], "scope": "read"}
    await plane.request("POST", GRANTS, json=body)
    assert (await plane.request("DELETE", f"{PRINCIPALS}/{api['id']}")).status_code == 204
    assert await _held(plane, API.app_id, GrantKind.SCOPE) == ()
    api = await _stands_for(plane, API.app_id)
    await plane.request("POST", GRANTS, json=body)
    assert (await plane.request("DELETE", f"/v1.0/applications/{API.id}")).status_code == 204
    assert await _held(plane, API.app_id, GrantKind.SCOPE) == ()
    assert (await plane.request("GET", f"{PRINCIPALS}/{api['id']}")).status_code == 404
