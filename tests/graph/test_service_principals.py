"""Service principals and the permissions granted through them."""

from dataclasses import replace
from typing import Any

import pytest

from gatelodge.model.application import AppRole, GrantKind, Scope
from gatelodge.model.identifier import AccountId, ClientId
from gatelodge.model.service_principal import GRAPH_APP_ID
from tests.graph.plane import ORIGIN, Plane
from tests.world.makers import TENANT, an_account, an_application, numbered
from tests.world.traces import a_consent

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
    assert [each["value"] for each in made["appRoles"]] == ["Orders.Read"]
    read = (await plane.request("GET", f"{PRINCIPALS}(appId='{API.app_id.upper()}')")).json()
    assert [each["value"] for each in read["appRoles"]] == ["Orders.Read"]
    query = f"{PRINCIPALS}?%24filter=displayName+eq+%27{API.display_name.replace(' ', '+')}%27"
    listed = (await plane.request("GET", query)).json()["value"]
    assert [each["id"] for each in listed] == [made["id"]]
    web = {"homePageUrl": "https://orders.example", "logoutUrl": "https://orders.example/out"}
    changes = {
        "displayName": "Orders",
        "web": {**web, "redirectUris": ["https://orders.example/a"]},
    }
    await plane.request("PATCH", f"/v1.0/applications/{API.id}", json=changes)
    changed = (await plane.request("GET", f"{PRINCIPALS}/{made['id']}")).json()
    assert changed["displayName"] == "Orders"
    assert (changed["homepage"], changed["logoutUrl"]) == tuple(web.values())
    assert changed["replyUrls"] == ["https://orders.example/a"]
    assert changed["signInAudience"] == made["signInAudience"]


async def test_it_has_owners_who_may_do_nothing_more_for_that(plane: Plane) -> None:
    await plane.database.write(TENANT, lambda stores: stores.applications.add(API))
    callers = [plane.applications[each].app_id for each in ("admin", "nobody")]
    admin, nobody = [await _stands_for(plane, each) for each in callers]
    named = {"owners@odata.bind": [f"{ORIGIN}/v1.0/directoryObjects/{nobody['id']}"]}
    unknown = {"owners@odata.bind": [f"{ORIGIN}/v1.0/directoryObjects/{numbered(99)}"]}
    body = {"appId": API.app_id}
    refused = await plane.request("POST", PRINCIPALS, json={**body, **unknown})
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, "owners")
    made = (await plane.request("POST", PRINCIPALS, json={**body, **named})).json()
    owners = f"{PRINCIPALS}/{made['id']}/owners"
    assert [each["id"] for each in (await plane.request("GET", owners)).json()["value"]] == [
        nobody["id"]
    ]
    token = await plane.token("nobody", roles=["Application.ReadWrite.OwnedBy"])
    taken = await plane.client.patch(
        f"{PRINCIPALS}/{made['id']}", json={}, headers={"Authorization": f"Bearer {token}"}
    )
    assert taken.status_code == 403
    other = {"@odata.id": f"{ORIGIN}/v1.0/directoryObjects/{admin['id']}"}
    assert (await plane.request("POST", f"{owners}/$ref", json=other)).status_code == 204
    again = await plane.request("POST", f"{owners}/$ref", json=other)
    assert again.status_code == 400
    assert "One or more added object references already exist" in again.text
    address = f"{owners}/{admin['id']}/$ref"
    assert (await plane.request("DELETE", address)).status_code == 204
    gone = await plane.request("DELETE", address)
    assert gone.status_code == 404
    assert "One or more removed object references do not exist" in gone.text


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
        ({"consentType": "Somebody"}, "consentType"),
        ({"consentType": "Principal"}, "principalId"),
        ({"consentType": "Principal", "principalId": numbered(99)}, "principalId"),
        ({"principalId": numbered(7)}, "principalId"),
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


async def _somebody(plane: Plane, number: int = 71) -> str:
    account = an_account(number)
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(account))
    return account.id


async def _consent(plane: Plane, account_id: str, client: Any, api: Any, value: str) -> None:
    consent = a_consent(
        value,
        account_id=account_id,
        app_id=ClientId(client["appId"]),
        resource_app_id=ClientId(api["appId"]),
    )
    await plane.database.write(TENANT, lambda stores: stores.consents.give(consent))


async def test_what_users_consented_to_is_read_and_taken_back(plane: Plane) -> None:
    api, client = await _api(plane), await _client(plane)
    one, other = await _somebody(plane), await _somebody(plane, 72)
    for person, value in ((one, "read"), (one, "write"), (other, "read")):
        await _consent(plane, person, client, api, value)
    everybody = {"clientId": client["id"], "resourceId": api["id"], "scope": "read"}
    assert (await plane.request("POST", GRANTS, json=everybody)).status_code == 201
    filters = (
        f"principalId eq '{one}'",
        f"clientId eq '{client['id']}' and principalId eq '{one}'",
        f"consentType eq 'Principal' and principalId eq '{one}'",
    )
    paths = (
        f"/v1.0/users/{one}/oauth2PermissionGrants",
        *(f"{GRANTS}?$filter={f}" for f in filters),
    )
    for path in paths:
        (listed,) = (await plane.request("GET", path)).json()["value"]
        assert (listed["consentType"], listed["principalId"]) == ("Principal", one)
        assert (listed["clientId"], listed["resourceId"]) == (client["id"], api["id"])
        assert listed["scope"] == "read write"
    for path, most in (
        (GRANTS, 3),
        (f"{PRINCIPALS}/{client['id']}/oauth2PermissionGrants", 3),
        (f"{GRANTS}?$filter=consentType eq 'AllPrincipals'", 1),
        (f"{GRANTS}?$filter=consentType eq 'Principal'", 2),
        (f"{GRANTS}?$filter=clientId eq '{client['id']}'", 3),
    ):
        assert len((await plane.request("GET", path)).json()["value"]) == most, path
    address = f"{GRANTS}/{listed['id']}"
    assert (await plane.request("GET", address)).json()["scope"] == "read write"
    assert (await plane.request("PATCH", address, json={"scope": "read"})).status_code == 204
    kept = await plane.database.read(TENANT).consents.of_account(AccountId(one))
    assert [each.value for each in kept] == ["read"]
    assert (await plane.request("DELETE", address)).status_code == 204
    assert (await plane.request("GET", address)).status_code == 404
    assert len(await plane.database.read(TENANT).consents.every()) == 1


async def test_an_administrator_consents_for_one_user(plane: Plane) -> None:
    api, client = await _api(plane), await _client(plane)
    person = await _somebody(plane)
    body = {
        "clientId": client["id"],
        "consentType": "Principal",
        "principalId": person,
        "resourceId": api["id"],
        "scope": "read",
    }
    made = await plane.request("POST", GRANTS, json=body)
    assert made.status_code == 201, made.text
    assert (made.json()["principalId"], made.json()["scope"]) == (person, "read")
    assert (await plane.request("POST", GRANTS, json=body)).status_code == 400
    assert (await plane.request("DELETE", f"{PRINCIPALS}/{client['id']}")).status_code == 204
    assert await plane.database.read(TENANT).consents.every() == []


async def test_users_hold_roles_that_are_for_users(plane: Plane) -> None:
    api, person = await _api(plane), await _somebody(plane)
    for_users = AppRole(id=numbered(35), value="Orders.Approve", allowed_member_types=("User",))
    changed = replace(API, app_roles=(*API.app_roles, for_users))
    await plane.database.write(TENANT, lambda stores: stores.applications.save(changed))
    body = {"principalId": person, "resourceId": api["id"], "appRoleId": numbered(35)}
    held, holders = (
        f"/v1.0/users/{person}/appRoleAssignments",
        f"{PRINCIPALS}/{api['id']}/appRoleAssignedTo",
    )
    made = await plane.request("POST", held, json=body)
    assert made.status_code == 201, made.text
    for path in (held, holders):
        (listed,) = (await plane.request("GET", path)).json()["value"]
        assert {name: listed[name] for name in body} == body
        assert listed["principalType"] == "User"
    assert (await plane.request("POST", holders, json=body)).status_code == 400
    assert (await plane.request("DELETE", f"{held}/{made.json()['id']}")).status_code == 204
    assert (await plane.request("POST", holders, json=body)).status_code == 201
    wrong = await plane.request("POST", held, json=body | {"appRoleId": numbered(31)})
    assert (wrong.status_code, wrong.json()["error"]["target"]) == (400, "appRoleId")
    graph = await _graph(plane)
    wrong = await plane.request("POST", held, json=body | {"resourceId": graph["id"]})
    assert (wrong.status_code, wrong.json()["error"]["target"]) == (400, "resourceId")
    other = f"/v1.0/users/{await _somebody(plane, 72)}/appRoleAssignments"
    assert (await plane.request("POST", other, json=body)).status_code == 400
