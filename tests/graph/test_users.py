"""Users through the control plane."""

from datetime import timedelta
from typing import Any

import pytest

from gatelodge.model.account import Account
from gatelodge.model.application import Platform
from gatelodge.model.attribute import DataType, UserAttribute
from gatelodge.model.authorization import GrantedScope
from gatelodge.model.grant import Grant
from gatelodge.model.identifier import AccountId, ClientId, GrantId, UserFlowId
from gatelodge.model.session import Session
from gatelodge.storage.stores import Stores
from tests.graph.plane import Plane
from tests.world.makers import DOMAIN, TENANT, an_account

USERS = "/v1.0/users"
PASSWORD = "Tr0ub4dor&3-horse"
EXTENSION = "extension_22222222222242228222222222222222_ShoeSize"


def john(**changes: Any) -> dict[str, Any]:
    body = {
        "@odata.type": "#microsoft.graph.user",
        "displayName": "John Smith",
        "identities": [
            {"signInType": "emailAddress", "issuer": DOMAIN, "issuerAssignedId": "john@Example.com"}
        ],
        "passwordProfile": {"password": PASSWORD, "forceChangePasswordNextSignIn": False},
        "passwordPolicies": "DisablePasswordExpiration",
    }
    return body | changes


async def made(plane: Plane, **changes: Any) -> dict[str, Any]:
    answer = await plane.request("POST", USERS, json=john(**changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def stored(plane: Plane, user: dict[str, Any]) -> Account:
    return await plane.database.read(TENANT).accounts.require(AccountId(user["id"]))


async def test_a_local_account_is_created_and_can_sign_in(plane: Plane) -> None:
    user = await made(plane)
    assert user["displayName"] == "John Smith"
    assert user["userPrincipalName"] == f"{user['id']}@{DOMAIN}"
    assert "passwordProfile" not in user
    stores = plane.database.read(TENANT)
    account = await stores.accounts.by_sign_in_name(DOMAIN, "john@example.com")
    assert account is not None
    assert account.id == user["id"]
    credential = await stores.passwords.require(account.id)
    assert await plane.passwords.verify(credential.hash, PASSWORD)
    assert PASSWORD not in credential.hash


async def test_identities_are_returned_only_when_selected(plane: Plane) -> None:
    user = await made(plane)
    assert "identities" not in user
    answer = await plane.request("GET", f"{USERS}/{user['id'].upper()}?$select=id,identities")
    assert answer.json() == {
        "@odata.context": "https://id.example/v1.0/$metadata#users(id,identities)/$entity",
        "@odata.etag": user["@odata.etag"],
        "id": user["id"],
        "identities": [
            {"signInType": "emailAddress", "issuer": DOMAIN, "issuerAssignedId": "john@example.com"}
        ],
    }


async def test_a_change_is_dated_for_applications_that_keep_a_copy(plane: Plane) -> None:
    user = await made(plane)
    assert (await stored(plane, user)).updated_at is None
    plane.clock.move(hours=1)
    for changes, is_news in (({"city": "Riga"}, True), ({"city": "Riga"}, False)):
        before = (await stored(plane, user)).updated_at
        plane.clock.move(minutes=1)
        answer = await plane.request("PATCH", f"/v1.0/users/{user['id']}", json=changes)
        assert answer.status_code == 204
        after = (await stored(plane, user)).updated_at
        assert after == (plane.clock() if is_news else before)


async def test_a_password_is_never_returned(plane: Plane) -> None:
    user = await made(plane)
    answer = await plane.request("GET", f"{USERS}/{user['id']}?$select=passwordProfile")
    assert answer.json()["passwordProfile"] is None


@pytest.mark.parametrize(
    ("changes", "target", "text"),
    [
        ({"displayName": None}, "displayName", "null"),
        ({"displayName": "<b>"}, "displayName", "<"),
        ({"displayName": "x" * 257}, "displayName", "256"),
        ({"givenName": "x" * 65}, "givenName", "64"),
        ({"mail": "nobody"}, "mail", "address"),
        ({"passwordProfile": None}, "passwordProfile", "required"),
        ({"passwordProfile": {"password": "short"}}, "passwordProfile/password", "complexity"),
        ({"passwordProfile": {"password": "alllowercase"}}, "passwordProfile/password", "compl"),
        ({"passwordProfile": {"password": 1}}, "passwordProfile/password", "text"),
        ({"passwordPolicies": "Nonsense"}, "passwordPolicies", "known"),
        ({"creationType": "LocalAccount"}, "creationType", "server"),
        ({"createdDateTime": "2020-01-01T00:00:00Z"}, "createdDateTime", "server"),
        ({"tenantId": "x"}, "tenantId", "exist"),
        ({"directoryRoles": ["Global Administrator"]}, "directoryRoles", "exist"),
        ({EXTENSION: "x"}, EXTENSION, "extension properties are not available"),
        ({"identities": [{"signInType": "emailAddress"}]}, "identities/issuer", "required"),
        (
            {
                "identities": [
                    {"signInType": "userName", "issuer": "evil.example", "issuerAssignedId": "j"}
                ]
            },
            "identities",
            "Issuer should match",
        ),
        (
            {
                "identities": [
                    {"signInType": "emailAddress", "issuer": DOMAIN, "issuerAssignedId": "j"}
                ]
            },
            "identities",
            "email address",
        ),
        (
            {
                "identities": [
                    {"signInType": "userName", "issuer": DOMAIN, "issuerAssignedId": "j" * 65}
                ]
            },
            "identities",
            "64 characters",
        ),
        ({"userPrincipalName": "boss@other.example"}, "identities", DOMAIN),
        ({"mailNickname": "j doe"}, "mailNickname", "mail alias"),
        ({"mailNickname": ""}, "mailNickname", "mail alias"),
        ({"businessPhones": ["1"] * 21}, "businessPhones", "20 items"),
        ({"otherMails": ["a@b.example"] * 251}, "otherMails", "250 items"),
    ],
)
async def test_a_wrong_value_is_refused_and_named(
    plane: Plane, changes: dict[str, Any], target: str, text: str
) -> None:
    answer = await plane.request("POST", USERS, json=john(**changes))
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["code"] == "Request_BadRequest"
    assert error["target"] == target
    assert text in error["message"]


async def test_a_simple_password_is_taken_where_the_policy_says_so(plane: Plane) -> None:
    await made(
        plane,
        passwordPolicies="DisablePasswordExpiration, DisableStrongPassword",
        passwordProfile={"password": "alllowercasewords"},
    )


async def test_a_taken_sign_in_name_is_reported_as_the_directory_does(plane: Plane) -> None:
    await made(plane)
    identity = john()["identities"][0] | {"issuerAssignedId": "JOHN@example.com"}
    answer = await plane.request("POST", USERS, json=john(identities=[identity]))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "Request_BadRequest"
    assert "Another object with the same value for property" in answer.json()["error"]["message"]
    assert (await plane.request("GET", f"{USERS}/$count")).text == "1"


async def test_a_user_is_found_by_sign_in_name(plane: Plane) -> None:
    user = await made(plane)
    await made(plane, identities=[{**john()["identities"][0], "issuerAssignedId": "a@b.example"}])
    question = (
        f"identities/any(c:c/issuerAssignedId eq 'John@example.com' and c/issuer eq '{DOMAIN}')"
    )
    answer = await plane.request("GET", USERS, params={"$filter": question, "$count": "true"})
    assert [each["id"] for each in answer.json()["value"]] == [user["id"]]
    assert answer.json()["@odata.count"] == 1


async def test_a_federated_sign_in_name_is_found_exactly(plane: Plane) -> None:
    identity = {"signInType": "federated", "issuer": "idp.example", "issuerAssignedId": "AbC"}
    user = await made(plane, identities=[identity], passwordProfile=None)
    question = "identities/any(c:c/issuerAssignedId eq 'AbC' and c/issuer eq 'idp.example')"
    answer = await plane.request("GET", USERS, params={"$filter": question})
    assert [each["id"] for each in answer.json()["value"]] == [user["id"]]


async def sign_in(plane: Plane, account_id: str) -> None:
    now = plane.clock()
    flow, client = UserFlowId("B2C_1_x"), ClientId("c")

    async def work(stores: Stores) -> None:
        await stores.sessions.add(
            Session(
                directory_id=TENANT,
                id="s",
                account_id=AccountId(account_id),
                user_flow_id=flow,
                client_id=client,
                auth_time=now,
                amr=("pwd",),
                created_at=now,
                last_used_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
        await stores.grants.add(
            Grant(
                directory_id=TENANT,
                id=GrantId("g"),
                account_id=AccountId(account_id),
                client_id=client,
                user_flow_id=flow,
                platform=Platform.WEB,
                scope=GrantedScope(requested="openid"),
                auth_time=now,
                created_at=now,
            )
        )

    await plane.database.write(TENANT, work)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"passwordProfile": {"password": "An0ther-long-one"}}),
        ("PATCH", "", {"accountEnabled": False}),
        ("POST", "/revokeSignInSessions", None),
        ("POST", "/microsoft.graph.revokeSignInSessions", {}),
    ],
)
async def test_what_takes_access_away_ends_sessions_and_grants(
    plane: Plane, method: str, path: str, body: dict[str, Any] | None
) -> None:
    user = await made(plane)
    await sign_in(plane, user["id"])
    plane.clock.move(minutes=5)
    answer = await plane.request(method, f"{USERS}/{user['id']}{path}", json=body)
    assert answer.status_code in {200, 204}, answer.text
    stores = plane.database.read(TENANT)
    assert await stores.sessions.get("s") is None
    assert (await stores.grants.require("g")).revoked_at == plane.clock()
    account = await stored(plane, user)
    assert account.sign_in_sessions_valid_from == plane.clock()


async def test_a_change_of_name_leaves_sessions_alone(plane: Plane) -> None:
    user = await made(plane)
    await sign_in(plane, user["id"])
    answer = await plane.request("PATCH", f"{USERS}/{user['id']}", json={"city": "Ulm"})
    assert answer.status_code == 204
    assert answer.content == b""
    assert await plane.database.read(TENANT).sessions.get("s") is not None
    assert (await stored(plane, user)).city == "Ulm"


async def test_revoking_sessions_is_answered_with_true(plane: Plane) -> None:
    user = await made(plane)
    answer = await plane.request("POST", f"{USERS}/{user['id']}/revokeSignInSessions")
    assert answer.json()["value"] is True


async def test_a_changed_password_replaces_the_old_one(plane: Plane) -> None:
    user = await made(plane)
    change = {"passwordProfile": {"password": "An0ther-long-one"}}
    await plane.request("PATCH", f"{USERS}/{user['id']}", json=change)
    credential = await plane.database.read(TENANT).passwords.require(user["id"])
    assert await plane.passwords.verify(credential.hash, "An0ther-long-one")
    assert not await plane.passwords.verify(credential.hash, PASSWORD)


async def test_a_deleted_user_frees_the_sign_in_name(plane: Plane) -> None:
    user = await made(plane)
    assert (await plane.request("DELETE", f"{USERS}/{user['id']}")).status_code == 204
    again = await plane.request("GET", f"{USERS}/{user['id']}")
    assert again.status_code == 404
    assert again.json()["error"]["code"] == "Request_ResourceNotFound"
    assert (await made(plane))["id"] != user["id"]


async def test_custom_attributes_are_written_and_selected(plane: Plane) -> None:
    attribute = UserAttribute(
        directory_id=TENANT, id=EXTENSION, display_name="Shoe size", data_type=DataType.INT64
    )
    await plane.database.write(TENANT, lambda stores: stores.user_attributes.add(attribute))
    user = await made(plane, **{EXTENSION: 42})
    answer = await plane.request("GET", f"{USERS}/{user['id']}?$select=displayName,{EXTENSION}")
    assert answer.json()[EXTENSION] == 42
    wrong = await plane.request("PATCH", f"{USERS}/{user['id']}", json={EXTENSION: "large"})
    assert wrong.status_code == 400
    await plane.request("PATCH", f"{USERS}/{user['id']}", json={EXTENSION: None})
    assert (await stored(plane, user)).extensions == {}


async def test_an_application_cannot_take_over_an_administrator(plane: Plane) -> None:
    boss = an_account(directory_roles=("Global Administrator",))
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(boss))
    change = {"passwordProfile": {"password": "An0ther-long-one"}}
    for method in ("PATCH", "DELETE"):
        answer = await plane.request(method, f"{USERS}/{boss.id}", json=change)
        assert answer.status_code == 403
    assert await plane.database.read(TENANT).accounts.get(boss.id) == boss


async def test_a_chosen_principal_name_is_unique(plane: Plane) -> None:
    name = f"boss@{DOMAIN}"
    user = await made(plane, userPrincipalName=name)
    found = await stored(plane, user)
    assert [each.sign_in_type for each in found.identities] == ["emailAddress", "userPrincipalName"]
    other = john(identities=[], userPrincipalName=name.upper())
    assert (await plane.request("POST", USERS, json=other)).status_code == 400


async def test_a_user_is_found_by_principal_name_and_not_by_any_other(plane: Plane) -> None:
    user = await made(plane)
    boss = john(identities=[], userPrincipalName=f"Boss@{DOMAIN}")
    chosen = (await plane.request("POST", USERS, json=boss)).json()
    for name, found in (
        (user["userPrincipalName"], user["id"]),
        (user["userPrincipalName"].upper(), user["id"]),
        (f"boss@{DOMAIN}", chosen["id"]),
    ):
        answer = await plane.request("GET", f"{USERS}/{name}")
        assert answer.json()["id"] == found
    for name in ("john@example.com", f"nobody@{DOMAIN}", f"{user['id']}@other.example", "@"):
        assert (await plane.request("GET", f"{USERS}/{name}")).status_code == 404
