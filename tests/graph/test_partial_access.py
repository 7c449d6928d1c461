"""Permissions for a part: of the properties of a user, or of the applications there are."""

from typing import Any

import pytest

from tests.graph.plane import Plane
from tests.world.makers import TENANT, a_password, an_account

USERS = "/beta/users"
SHOWN = {"displayName", "givenName", "id", "mail", "surname", "userPrincipalName"}


async def holder(plane: Plane, *roles: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {await plane.token(roles=list(roles))}"}}


@pytest.fixture
async def user(plane: Plane) -> str:
    account = an_account(5)

    async def work(stores: Any) -> None:
        await stores.accounts.add(account)
        await stores.passwords.add(a_password(account.id))

    await plane.database.write(TENANT, work)
    return f"{USERS}/{account.id}"


@pytest.mark.parametrize(
    ("permission", "body"),
    [
        ("User.ManageIdentities.All", {"identities": []}),
        ("User.EnableDisableAccount.All", {"accountEnabled": False}),
        (
            "User-PasswordProfile.ReadWrite.All",
            {"passwordProfile": {"password": "correct-Horse-battery"}},
        ),
    ],
)
async def test_one_property_may_be_changed_and_no_other(
    plane: Plane, user: str, permission: str, body: dict[str, Any]
) -> None:
    if "identities" in body:
        found = await plane.request("GET", f"{user}?$select=identities")
        body = {"identities": found.json()["identities"]}
    asked = await holder(plane, permission)
    assert (await plane.request("PATCH", user, json=body, **asked)).status_code == 204
    for other in ({"displayName": "Eve"}, {**body, "jobTitle": "x"}):
        assert (await plane.request("PATCH", user, json=other, **asked)).status_code == 403
    assert (await plane.request("GET", user, **asked)).status_code == 403
    assert (await plane.request("DELETE", user, **asked)).status_code == 403


async def test_basic_properties_are_all_a_basic_reader_sees(plane: Plane, user: str) -> None:
    asked = await holder(plane, "User.ReadBasic.All")
    one = await plane.request("GET", user, **asked)
    listed = await plane.request("GET", f"{USERS}?$filter=startswith(displayName,'a')", **asked)
    for found in (one.json(), listed.json()["value"][0]):
        assert {name for name in found if not name.startswith("@")} == SHOWN
    for query in (
        "$select=identities",
        "$filter=accountEnabled eq true",
        "$filter=not(identities/any(i:i/issuer eq 'x'))",
        "$orderby=createdDateTime",
        "$expand=memberOf",
    ):
        refused = await plane.request("GET", f"{USERS}?{query}", **asked)
        assert refused.status_code == 403, query
    counted = await plane.request("GET", f"{USERS}/$count?$filter=jobTitle eq 'x'", **asked)
    assert counted.status_code == 403


async def test_an_application_does_everything_to_what_it_owns_and_nothing_to_others(
    plane: Plane,
) -> None:
    asked = await holder(plane, "Application.ReadWrite.OwnedBy")
    others = (await plane.request("POST", "/beta/applications", json={"displayName": "A"})).json()
    made = await plane.request("POST", "/beta/applications", json={"displayName": "B"}, **asked)
    assert made.status_code == 201, made.text
    own = f"/beta/applications/{made.json()['id']}"
    assert (await plane.request("PATCH", own, json={"notes": "x"}, **asked)).status_code == 204
    secret = await plane.request("POST", f"{own}/addPassword", json={}, **asked)
    assert secret.status_code == 200
    body = {"appId": made.json()["appId"]}
    principal = await plane.request("POST", "/beta/servicePrincipals", json=body, **asked)
    assert principal.status_code == 201
    its = f"/beta/servicePrincipals/{principal.json()['id']}"
    assert (await plane.request("PATCH", its, json={"notes": "x"}, **asked)).status_code == 204
    listed = (await plane.request("GET", "/beta/applications", **asked)).json()["value"]
    assert [each["id"] for each in listed] == [made.json()["id"]]
    assert (
        await plane.request("GET", "/beta/applications?$count=true", **asked)
    ).status_code == 403

    foreign = f"/beta/applications/{others['id']}"
    actor = plane.applications["admin"].id
    owner = {"@odata.id": f"https://id.example/beta/directoryObjects/{actor}"}
    for method, path, sent in (
        ("GET", foreign, None),
        ("PATCH", foreign, {"notes": "x"}),
        ("POST", f"{foreign}/addPassword", {}),
        ("POST", f"{foreign}/owners/$ref", owner),
        ("GET", f"{foreign}/owners", None),
        ("DELETE", foreign, None),
        ("POST", "/beta/servicePrincipals", {"appId": others["appId"]}),
    ):
        answer = await plane.request(method, path, json=sent, **asked)
        assert answer.status_code == 403, (method, path)
    assert (await plane.request("DELETE", own, **asked)).status_code == 204


async def test_users_change_their_own_password_by_knowing_it(plane: Plane) -> None:
    account = an_account(5, directory_roles=("Directory Readers",))
    credential = a_password(account.id, hash=await plane.passwords.hash("correct-Horse-battery"))
    other = an_account(6)

    async def work(stores: Any) -> None:
        await stores.accounts.add(account)
        await stores.passwords.add(credential)
        await stores.accounts.add(other)

    await plane.database.write(TENANT, work)
    token = await plane.delegated(account, "Directory.AccessAsUser.All")
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"}}
    new = "another-Horse-battery"

    async def change(path: str, current: str, wanted: str) -> tuple[int, str | None]:
        body = {"currentPassword": current, "newPassword": wanted}
        answer = await plane.request("POST", path, json=body, **asked)
        error = answer.json()["error"] if answer.content else {}
        return answer.status_code, error.get("target")

    me = "/v1.0/me/changePassword"
    right = "correct-Horse-battery"
    assert await change(f"{USERS}/{other.id}/changePassword", right, new) == (403, None)
    assert await change(me, right, "short") == (400, "newPassword")
    assert await change(me, right, right) == (400, "newPassword")
    assert await change(me, "wrong-Horse-battery", new) == (400, "currentPassword")
    lockout = await plane.database.read(TENANT).lockouts.get("ada5@example.com")
    assert lockout is not None
    assert lockout.failures == 1
    plane.clock.move(seconds=2)
    assert await change(f"{USERS}/{account.id}/changePassword", right, new) == (204, None)
    known = await plane.database.read(TENANT).passwords.get(account.id)
    assert known is not None
    assert await plane.passwords.verify(known.hash, new)
    assert (await plane.request("GET", "/v1.0/me", **asked)).status_code == 401


async def test_guessing_ones_own_password_locks_it(plane: Plane) -> None:
    account = an_account(5, directory_roles=("Directory Readers",))
    right = "correct-Horse-battery"
    credential = a_password(account.id, hash=await plane.passwords.hash(right))

    async def work(stores: Any) -> None:
        await stores.accounts.add(account)
        await stores.passwords.add(credential)

    await plane.database.write(TENANT, work)
    token = await plane.delegated(account, "Directory.AccessAsUser.All")
    asked: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"}}
    for current in ("wrong-Horse-battery",) * 10 + (right,):
        body = {"currentPassword": current, "newPassword": "another-Horse-battery"}
        answer = await plane.request("POST", "/v1.0/me/changePassword", json=body, **asked)
        assert answer.status_code == 400


@pytest.mark.parametrize("path", [USERS, "/beta/applications"])
async def test_a_change_that_changes_nothing_leaves_no_trace(plane: Plane, path: str) -> None:
    body: dict[str, Any] = {"displayName": "Same"}
    if path == USERS:
        name = {"signInType": "emailAddress", "issuer": "acme.example"}
        body["identities"] = [{**name, "issuerAssignedId": "same@example.com"}]
        body["passwordProfile"] = {"password": "correct-Horse-battery"}
    made = (await plane.request("POST", path, json=body)).json()
    address = f"{path}/{made['id']}"
    before = (await plane.request("GET", address)).headers["ETag"]
    wanted = {"Prefer": "return=representation"}
    token = await plane.token()
    headers = {**wanted, "Authorization": f"Bearer {token}"}
    again = {"displayName": "Same"} if path == USERS else {"displayName": "Same", "notes": None}
    same = await plane.request("PATCH", address, json=again, headers=headers)
    assert same.json()["@odata.etag"] == before
    assert (await plane.request("GET", address)).headers["ETag"] == before
    listed = (await plane.request("GET", "/beta/auditLogs/directoryAudits")).json()["value"]
    about = [each["targetResources"][0]["id"] for each in listed]
    assert about.count(made["id"]) == 1
    await plane.request("PATCH", address, json={"displayName": "Other"})
    assert (await plane.request("GET", address)).headers["ETag"] != before
