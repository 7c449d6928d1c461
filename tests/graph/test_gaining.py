"""Nobody gains through a change what it could not have otherwise: a secret, or a permission."""

from typing import Any

import pytest

from gatelodge.model.application import GrantKind, PreAuthorizedApplication
from gatelodge.model.identifier import ClientId
from gatelodge.model.service_principal import GRAPH_APP_ID
from tests.graph.plane import Plane
from tests.graph.test_api_connectors import BASIC, CONNECTORS, file_of
from tests.graph.test_identity_providers import OIDC, PROVIDERS
from tests.world.makers import TENANT, a_permission_grant, an_account, an_application, numbered

APPLICATIONS = "/v1.0/applications"
PRINCIPALS = "/v1.0/servicePrincipals"
DELETED = "/v1.0/directory/deletedItems"
READ_FLOWS = "IdentityUserFlow.Read.All"
MANAGE = "Application.ReadWrite.All"
OWNED = "Application.ReadWrite.OwnedBy"
EVERYTHING = "Directory.ReadWrite.All"
NEW_SECRET = {"clientAuthentication": OIDC["clientAuthentication"]}
PASSWORD = {"authenticationConfiguration": BASIC["authenticationConfiguration"]}
HIDDEN = {
    "authenticationConfiguration": {**PASSWORD["authenticationConfiguration"], "password": "******"}
}


async def _as(plane: Plane, *roles: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await plane.token(roles=list(roles))}"}


async def _made(plane: Plane, path: str, body: dict[str, Any]) -> Any:
    answer = await plane.request("POST", path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"wellKnownEndpoint": "https://own.example/x"}, "clientSecret"),
        ({"issuer": "https://own.example"}, "clientSecret"),
        ({"wellKnownEndpoint": "https://login.contoso.example:8443/x"}, "clientSecret"),
        ({"wellKnownEndpoint": "https://own.example/x", **NEW_SECRET}, None),
        ({"wellKnownEndpoint": "https://LOGIN.contoso.example:443/other"}, None),
        ({"displayName": "Other"}, None),
    ],
)
async def test_the_secret_of_a_provider_is_not_sent_to_another_host(
    plane: Plane, changes: dict[str, Any], target: str | None
) -> None:
    made = await _made(plane, PROVIDERS, OIDC)
    answer = await plane.request("PATCH", f"{PROVIDERS}/{made['id']}", json=changes)
    found = None if answer.status_code == 204 else answer.json()["error"]["target"]
    assert (answer.status_code, found) == (400 if target else 204, target)


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"targetUrl": "https://own.example/x"}, "authenticationConfiguration"),
        ({"targetUrl": "https://own.example/x", **HIDDEN}, "authenticationConfiguration"),
        ({"targetUrl": "https://hooks.example:8443/check"}, "authenticationConfiguration"),
        ({"targetUrl": "https://own.example/x", **PASSWORD}, None),
        ({"targetUrl": "https://own.example/x", "authenticationConfiguration": None}, None),
        ({"targetUrl": "https://hooks.example:443/other", **HIDDEN}, None),
        (
            {
                "authenticationConfiguration": {
                    **HIDDEN["authenticationConfiguration"],
                    "username": "eve",
                }
            },
            "authenticationConfiguration/password",
        ),
    ],
)
async def test_the_password_of_a_hook_is_not_sent_to_another_host(
    plane: Plane, changes: dict[str, Any], target: str | None
) -> None:
    made = await _made(plane, CONNECTORS, BASIC)
    answer = await plane.request("PATCH", f"{CONNECTORS}/{made['id']}", json=changes)
    found = None if answer.status_code == 204 else answer.json()["error"]["target"]
    assert (answer.status_code, found) == (400 if target else 204, target)


async def test_a_certificate_is_not_shown_to_another_host(plane: Plane) -> None:
    made = await _made(plane, CONNECTORS, BASIC)
    address = f"{CONNECTORS}/{made['id']}"
    file = {"pkcs12Value": file_of(""), "password": ""}
    shown = await plane.request("POST", f"{address}/uploadClientCertificate", json=file)
    back = {"authenticationConfiguration": shown.json()["authenticationConfiguration"]}
    for more in ({}, back):
        body = {"targetUrl": "https://own.example/x", **more}
        refused = await plane.request("PATCH", address, json=body)
        assert refused.status_code == 400
        assert refused.json()["error"]["target"] == "authenticationConfiguration"


@pytest.mark.parametrize(
    ("permission", "is_trusted", "is_deleted", "status"),
    [
        (OWNED, False, False, 403),
        (MANAGE, False, False, 201),
        (MANAGE, True, False, 403),
        (MANAGE, True, True, 403),
        (EVERYTHING, True, False, 201),
    ],
)
async def test_a_client_id_an_api_trusts_is_not_for_everybody_to_choose(
    plane: Plane, permission: str, is_trusted: bool, is_deleted: bool, status: int
) -> None:
    app_id = ClientId(numbered(81))
    trusted = PreAuthorizedApplication(app_id=app_id if is_trusted else ClientId(numbered(82)))
    api = an_application(30, pre_authorized_applications=(trusted,))
    await plane.database.write(TENANT, lambda stores: stores.applications.add(api))
    if is_deleted:
        await plane.request("DELETE", f"{APPLICATIONS}/{api.id}")
    headers = {"Prefer": "create-if-missing", **await _as(plane, permission)}
    path = f"{APPLICATIONS}(appId='{app_id.upper()}')"
    answer = await plane.request("PATCH", path, json={"displayName": "x"}, headers=headers)
    assert answer.status_code == status, answer.text
    is_there = (await plane.request("GET", path)).status_code == 200
    assert is_there == (status == 201)


async def _holding(plane: Plane, kind: GrantKind, value: str) -> Any:
    """Return what stands for an application that was granted something of the Graph API."""
    made = await _made(plane, APPLICATIONS, {"displayName": "Strong"})
    principal = await _made(plane, PRINCIPALS, {"appId": made["appId"]})
    grant = a_permission_grant(made["appId"], resource_app_id=GRAPH_APP_ID, kind=kind, value=value)
    await plane.database.write(TENANT, lambda stores: stores.permission_grants.add(grant))
    return made, principal


async def test_what_was_put_aside_with_a_service_principal_still_makes_it_strong(
    plane: Plane,
) -> None:
    made, principal = await _holding(plane, GrantKind.ROLE, READ_FLOWS)
    headers = await _as(plane, EVERYTHING)
    gone = await plane.request("DELETE", f"{PRINCIPALS}/{principal['id']}", headers=headers)
    assert gone.status_code == 204
    path = f"{APPLICATIONS}/{made['id']}/addPassword"
    for permissions, status in (((MANAGE,), 403), ((MANAGE, READ_FLOWS), 200)):
        headers = await _as(plane, *permissions)
        answer = await plane.request("POST", path, json={}, headers=headers)
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("role", "value", "status"),
    [
        ("Cloud Application Administrator", READ_FLOWS, 403),
        ("Cloud Application Administrator", None, 200),
        ("Global Administrator", READ_FLOWS, 200),
    ],
)
async def test_what_a_client_may_do_for_its_user_is_not_the_users_own(
    plane: Plane, role: str, value: str | None, status: int
) -> None:
    made = await _made(plane, APPLICATIONS, {"displayName": "Weak"})
    if value is not None:
        made, _ = await _holding(plane, GrantKind.ROLE, value)
    account = an_account(5, directory_roles=(role,))
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(account))
    token = await plane.delegated(account, f"{MANAGE} {READ_FLOWS}")
    path = f"{APPLICATIONS}/{made['id']}/addPassword"
    headers = {"Authorization": f"Bearer {token}"}
    answer = await plane.request("POST", path, json={}, headers=headers)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("value", "permissions", "status"),
    [
        ("User.ReadWrite.All", (MANAGE,), 403),
        ("User.ReadWrite.All", (MANAGE, "User.ReadWrite.All"), 200),
        ("openid", (MANAGE,), 200),
    ],
)
@pytest.mark.parametrize("place", [APPLICATIONS, PRINCIPALS])
async def test_nobody_brings_back_for_everybody_what_it_may_not_grant(
    plane: Plane, place: str, value: str, permissions: tuple[str, ...], status: int
) -> None:
    made, principal = await _holding(plane, GrantKind.SCOPE, value)
    gone = made if place == APPLICATIONS else principal
    assert (await plane.request("DELETE", f"{place}/{gone['id']}")).status_code == 204
    headers = await _as(plane, *permissions)
    back = await plane.request("POST", f"{DELETED}/{gone['id']}/restore", headers=headers)
    assert back.status_code == status, back.text


async def test_skipping_among_deleted_objects_ends_in_an_answer(plane: Plane) -> None:
    for name in ("One", "Two"):
        made = await _made(plane, APPLICATIONS, {"displayName": name})
        await plane.request("DELETE", f"{APPLICATIONS}/{made['id']}")
    for query, found in (("$top=0&$skip=1", 0), ("$top=1&$skip=1", 1), ("$skip=1000", 0)):
        answer = await plane.request("GET", f"{DELETED}?{query}")
        assert answer.status_code == 200, (query, answer.text)
        assert len(answer.json()["value"]) == found
    far = await plane.request("GET", f"{DELETED}?$skip=1001")
    assert (far.status_code, far.json()["error"]["target"]) == (400, "$skip")
