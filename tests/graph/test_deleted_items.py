"""What is deleted can be brought back for 30 days, and counts for nothing until then."""

from typing import Any

import pytest

from gatelodge.operations.sweep import Sweeper
from tests.graph.plane import Plane

DELETED = "/beta/directory/deletedItems"
OF_USERS = f"{DELETED}/microsoft.graph.user"


def user(address: str, name: str = "Ada") -> dict[str, Any]:
    return {
        "displayName": name,
        "identities": [
            {"signInType": "emailAddress", "issuer": "acme.example", "issuerAssignedId": address}
        ],
        "passwordProfile": {"password": "correct-Horse-battery"},
    }


async def made(plane: Plane, path: str, body: dict[str, Any]) -> Any:
    answer = await plane.request("POST", path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def deleted(plane: Plane, path: str) -> None:
    assert (await plane.request("DELETE", path)).status_code == 204
    assert (await plane.request("GET", path)).status_code == 404


async def ids(plane: Plane, path: str, **arguments: Any) -> list[str]:
    answer = await plane.request("GET", path, **arguments)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["value"]]


async def test_a_deleted_user_is_listed_and_comes_back_whole(plane: Plane) -> None:
    made_user = await made(plane, "/beta/users", user("ada@example.com"))
    path = f"/beta/users/{made_user['id']}"
    await deleted(plane, path)
    assert made_user["id"] not in await ids(plane, "/beta/users")
    assert await ids(plane, OF_USERS) == [made_user["id"]]
    assert await ids(plane, f"{DELETED}/graph.user") == [made_user["id"]]
    found = (
        await plane.request("GET", f"{DELETED}/{made_user['id']}?$select=id,deletedDateTime")
    ).json()
    assert found["@odata.type"] == "#microsoft.graph.user"
    assert found["deletedDateTime"] is not None
    back = await plane.request("POST", f"{DELETED}/{made_user['id']}/restore")
    assert back.status_code == 200, back.text
    assert (back.json()["@odata.type"], back.json()["id"]) == (
        "#microsoft.graph.user",
        made_user["id"],
    )
    query = (
        "identities/any(c:c/issuerAssignedId eq 'ada@example.com' and c/issuer eq 'acme.example')"
    )
    assert await ids(plane, "/beta/users", params={"$filter": query}) == [made_user["id"]]
    assert await ids(plane, OF_USERS) == []


async def test_the_name_of_a_deleted_user_is_free_and_then_in_the_way(plane: Plane) -> None:
    first = await made(plane, "/beta/users", user("ada@example.com"))
    await deleted(plane, f"/beta/users/{first['id']}")
    second = await made(plane, "/beta/users", user("ada@example.com"))
    refused = await plane.request("POST", f"{DELETED}/{first['id']}/restore")
    assert refused.status_code == 400
    assert refused.json()["error"]["target"] == "identities"
    assert await ids(plane, OF_USERS) == [first["id"]]
    await deleted(plane, f"/beta/users/{second['id']}")
    assert (await plane.request("POST", f"{DELETED}/{first['id']}/restore")).status_code == 200


async def test_deleted_users_are_filtered_sorted_counted_and_paged(plane: Plane) -> None:
    made_ids = []
    for name in ("Cleo", "Ada", "Bob"):
        body = user(f"{name.lower()}@example.com", name)
        made_ids.append((await made(plane, "/beta/users", body))["id"])
        plane.clock.move(minutes=1)
        await deleted(plane, f"/beta/users/{made_ids[-1]}")
    cleo, ada, bob = made_ids
    assert await ids(plane, f"{OF_USERS}?$filter=startswith(displayName,'a')") == [ada]
    assert await ids(plane, f"{OF_USERS}?$orderby=displayName desc") == [cleo, bob, ada]
    assert (await plane.request("GET", f"{OF_USERS}/$count")).text == "3"
    for path in (OF_USERS, DELETED):
        order = f"{path}?$orderby=deletedDateTime desc&$top=2"
        page = (await plane.request("GET", order)).json()
        assert [each["id"] for each in page["value"]] == [bob, ada]
        assert await ids(plane, page["@odata.nextLink"]) == [cleo]


async def test_an_application_comes_back_with_what_it_may_do(plane: Plane) -> None:
    application = await made(plane, "/beta/applications", {"displayName": "Shop"})
    other = await made(plane, "/beta/applications", {"displayName": "Stock"})
    role = {
        "id": "11111111-1111-4111-8111-111111111111",
        "value": "stock.read",
        "displayName": "r",
        "description": "r",
        "isEnabled": True,
        "allowedMemberTypes": ["Application"],
    }
    changed = await plane.request(
        "PATCH", f"/beta/applications/{other['id']}", json={"appRoles": [role]}
    )
    assert changed.status_code == 204
    client = await made(plane, "/beta/servicePrincipals", {"appId": application["appId"]})
    api = await made(plane, "/beta/servicePrincipals", {"appId": other["appId"]})
    roles = f"/beta/servicePrincipals/{client['id']}/appRoleAssignments"
    grant = {"principalId": client["id"], "resourceId": api["id"], "appRoleId": role["id"]}
    await made(plane, roles, grant)
    await deleted(plane, f"/beta/applications/{application['id']}")
    assert (await plane.request("GET", roles)).status_code == 404
    assigned = f"/beta/servicePrincipals/{api['id']}/appRoleAssignedTo"
    assert await ids(plane, assigned) == []
    assert set(await ids(plane, DELETED)) == {application["id"], client["id"]}
    alone = await plane.request("POST", f"{DELETED}/{client['id']}/restore")
    assert (alone.status_code, alone.json()["error"]["target"]) == (400, "appId")
    back = await plane.request("POST", f"{DELETED}/{application['id']}/restore")
    assert (back.status_code, back.json()["appId"]) == (200, application["appId"])
    assert len(await ids(plane, roles)) == 1
    assert await ids(plane, DELETED) == []


async def test_a_service_principal_that_was_deleted_grants_nothing(plane: Plane) -> None:
    application = await made(plane, "/beta/applications", {"displayName": "Shop"})
    first = await made(plane, "/beta/servicePrincipals", {"appId": application["appId"]})
    await deleted(plane, f"/beta/servicePrincipals/{first['id']}")
    assert await ids(plane, f"{DELETED}/microsoft.graph.servicePrincipal") == [first["id"]]
    again = await made(plane, "/beta/servicePrincipals", {"appId": application["appId"]})
    assert again["id"] == first["id"]
    assert await ids(plane, DELETED) == []


async def test_what_is_deleted_for_good_is_gone(plane: Plane) -> None:
    person = await made(plane, "/beta/users", user("ada@example.com"))
    await deleted(plane, f"/beta/users/{person['id']}")
    await deleted(plane, f"{DELETED}/{person['id']}")
    assert (await plane.request("POST", f"{DELETED}/{person['id']}/restore")).status_code == 404


async def test_after_thirty_days_nothing_can_be_brought_back(plane: Plane) -> None:
    person = await made(plane, "/beta/users", user("ada@example.com"))
    application = await made(plane, "/beta/applications", {"displayName": "Shop"})
    await made(plane, "/beta/servicePrincipals", {"appId": application["appId"]})
    await deleted(plane, f"/beta/users/{person['id']}")
    await deleted(plane, f"/beta/applications/{application['id']}")
    sweeper = Sweeper(plane.database, plane.clock)
    plane.clock.move(days=30, seconds=-1)
    await sweeper.sweep()
    assert len(await ids(plane, DELETED)) == 3
    plane.clock.move(seconds=2)
    await sweeper.sweep()
    assert await ids(plane, DELETED) == []


@pytest.mark.parametrize(
    ("roles", "seen"),
    [
        (["User.Read.All"], {"user"}),
        (["Application.Read.All"], {"application"}),
        (["Directory.Read.All"], {"user", "application"}),
    ],
)
async def test_only_what_the_caller_may_see_is_listed(
    plane: Plane, roles: list[str], seen: set[str]
) -> None:
    person = await made(plane, "/beta/users", user("ada@example.com"))
    application = await made(plane, "/beta/applications", {"displayName": "Shop"})
    await deleted(plane, f"/beta/users/{person['id']}")
    await deleted(plane, f"/beta/applications/{application['id']}")
    headers = {"Authorization": f"Bearer {await plane.token(roles=roles)}"}
    listed = (await plane.request("GET", DELETED, headers=headers)).json()["value"]
    assert {each["@odata.type"].rpartition(".")[2] for each in listed} == seen
    for kind, it in (("user", person), ("application", application)):
        one = await plane.request("GET", f"{DELETED}/{it['id']}", headers=headers)
        assert one.status_code == (200 if kind in seen else 403)
        back = await plane.request("POST", f"{DELETED}/{it['id']}/restore", headers=headers)
        assert back.status_code == 403


async def test_who_may_restore_users_may_not_restore_applications(plane: Plane) -> None:
    application = await made(plane, "/beta/applications", {"displayName": "Shop"})
    await deleted(plane, f"/beta/applications/{application['id']}")
    headers = {"Authorization": f"Bearer {await plane.token(roles=['User.DeleteRestore.All'])}"}
    path = f"{DELETED}/{application['id']}"
    for method, address in (("POST", f"{path}/restore"), ("DELETE", path)):
        assert (await plane.request(method, address, headers=headers)).status_code == 403
