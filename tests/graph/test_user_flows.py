"""User flows through the control plane: create, read, change, delete."""

import asyncio
import uuid
from typing import Any

import pytest

from gatelodge.model.identifier import DirectoryId
from tests.graph.plane import ORIGIN, Plane

FLOWS = "/beta/identity/userFlows"
B2C_FLOWS = "/beta/identity/b2cUserFlows"
POL1 = {"id": "Pol1", "userFlowType": "signUpOrSignIn", "userFlowTypeVersion": 1}


async def test_the_documented_request_creates_a_user_flow(plane: Plane) -> None:
    answer = await plane.request("POST", FLOWS, json=POL1)
    body = answer.json()
    assert answer.status_code == 201
    assert body["id"] == "B2C_1_Pol1"
    assert body["userFlowType"] == "signUpOrSignIn"
    assert body["userFlowTypeVersion"] == 1
    assert body["@odata.context"] == f"{ORIGIN}/beta/$metadata#identity/userFlows/$entity"
    assert body["@odata.type"] == "#microsoft.graph.b2cIdentityUserFlow"
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["location"] == f"{ORIGIN}{FLOWS}('B2C_1_Pol1')"
    again = await plane.request("GET", answer.headers["location"])
    assert again.json() == body


async def test_a_version_without_fraction_leaves_as_an_integer(plane: Plane) -> None:
    answer = await plane.request("POST", FLOWS, json=POL1 | {"userFlowTypeVersion": 1.0})
    assert '"userFlowTypeVersion":1,' in answer.text


async def test_version_1_1_leaves_as_1_1(plane: Plane) -> None:
    body = {"id": "Reset", "userFlowType": "passwordReset", "userFlowTypeVersion": 1.1}
    answer = await plane.request("POST", FLOWS, json=body)
    assert '"userFlowTypeVersion":1.1,' in answer.text


async def test_a_b2c_user_flow_has_the_documented_properties(plane: Plane) -> None:
    body = {"id": "Customer", "userFlowType": "signUpOrSignIn", "userFlowTypeVersion": 3}
    answer = await plane.request("POST", B2C_FLOWS, json=body)
    assert answer.status_code == 201
    found = answer.json()
    assert found["@odata.context"] == f"{ORIGIN}/beta/$metadata#identity/b2cUserFlows/$entity"
    assert "@odata.type" not in found
    expected: dict[str, Any] = {
        "id": "B2C_1_Customer",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 3,
        "isLanguageCustomizationEnabled": False,
        "defaultLanguageTag": "en",
        "authenticationMethods": "emailWithPassword",
        "apiConnectorConfiguration": {},
    }
    assert expected.items() <= found.items()
    assert found["tokenClaimsConfiguration"]["isIssuerEntityUserFlow"] is False
    assert found["passwordComplexityConfiguration"]["isSelfServicePasswordResetAllowed"] is True


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("B2C_1_SIGNIN", "B2C_1_SIGNIN"),
        ("b2c_1_signin", "B2C_1_signin"),
        ("B2C_test_register", "B2C_1_B2C_test_register"),
        ("B2C_1Foo", "B2C_1_B2C_1Foo"),
    ],
)
async def test_the_prefix_is_put_before_a_name_that_lacks_it(
    plane: Plane, given: str, kept: str
) -> None:
    assert (await plane.create(given))["id"] == kept


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        ("signUp", 3),
        ("signIn", 2),
        ("signUpOrSignIn", 3),
        ("passwordReset", 1.1),
        ("profileUpdate", 1),
        ("resourceOwner", 1),
        ("SignUpOrSignIn", 3),
        ("PASSWORDRESET", 3),
    ],
)
async def test_every_type_can_be_created(plane: Plane, kind: str, version: float) -> None:
    found = await plane.create("x", kind, version)
    assert found["userFlowType"].lower() == kind.lower()
    assert found["userFlowType"][0].islower()


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (
            "#microsoft.cpim.api.dataModels.identityUserFlow",
            "#microsoft.cpim.api.dataModels.identityUserFlow",
        ),
        (
            "microsoft.cpim.api.dataModels.identityUserFlow",
            "#microsoft.cpim.api.dataModels.identityUserFlow",
        ),
        ("#microsoft.graph.b2cIdentityUserFlow", "#microsoft.graph.b2cIdentityUserFlow"),
        ("microsoft.graph.identityUserFlow", "#microsoft.graph.b2cIdentityUserFlow"),
    ],
)
async def test_both_names_of_the_type_are_taken_and_answered(
    plane: Plane, sent: str, answered: str
) -> None:
    answer = await plane.request("POST", FLOWS, json={"@odata.type": sent, **POL1})
    assert answer.status_code == 201
    assert answer.json()["@odata.type"] == answered


async def test_a_user_flow_without_a_name_is_named_by_a_guid(plane: Plane) -> None:
    body = {"userFlowType": "signIn", "userFlowTypeVersion": 3}
    answer = await plane.request("POST", FLOWS, json=body)
    assert answer.status_code == 201
    assert uuid.UUID(answer.json()["id"]).version == 4


async def test_a_b2c_user_flow_needs_a_name(plane: Plane) -> None:
    body = {"userFlowType": "signIn", "userFlowTypeVersion": 3}
    answer = await plane.request("POST", B2C_FLOWS, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == "id"


async def test_the_sample_with_type_names_for_values_is_refused_whole(plane: Plane) -> None:
    body = {
        "@odata.type": "#microsoft.cpim.api.dataModels.identityUserFlow",
        "userFlowType": "String",
        "userFlowTypeVersion": "Single",
    }
    answer = await plane.request("POST", FLOWS, json=body)
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert {each["target"] for each in error["details"]} == {"userFlowType", "userFlowTypeVersion"}
    assert (await plane.request("GET", f"{FLOWS}/$count")).text == "0"


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"id": ""}, "id"),
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"id": "B2C_1_"}, "id"),
        ({"id": "B2C_1A_custom"}, "id"),
        ({"id": "a/b"}, "id"),
        ({"id": "\uff41"}, "id"),
        ({"id": "a\r\nb"}, "id"),
        ({"id": "x" * 65}, "id"),
        ({"userFlowType": None}, "userFlowType"),
        ({"userFlowType": "bogus"}, "userFlowType"),
        ({"userFlowType": "unknownFutureValue"}, "userFlowType"),
        ({"userFlowType": "resourceOwnerPasswordCredentialSignIn"}, "userFlowType"),
        ({"userFlowType": ["signIn"]}, "userFlowType"),
        ({"userFlowType": 7}, "userFlowType"),
        ({"userFlowTypeVersion": None}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": "abc"}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": "INF"}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": ""}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": True}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": 0}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": -0.0}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": -1}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": 4}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": 2.5}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": 1e39}, "userFlowTypeVersion"),
        ({"userFlowTypeVersion": 10**400}, "userFlowTypeVersion"),
        ({"foo": 1}, "foo"),
        ({"tenantId": "x"}, "tenantId"),
        ({"directoryId": "x"}, "directoryId"),
        ({"authenticationMethods": "phone"}, "authenticationMethods"),
        ({"@odata.type": "#microsoft.graph.user"}, "@odata.type"),
        ({"@odata.type": 1}, "@odata.type"),
        ({"isLanguageCustomizationEnabled": "yes"}, "isLanguageCustomizationEnabled"),
        (
            {"tokenLifetimeConfiguration": {"accessAndIdTokenLifetimeInMinutes": 4}},
            "tokenLifetimeConfiguration/accessAndIdTokenLifetimeInMinutes",
        ),
        (
            {"tokenLifetimeConfiguration": {"rollingRefreshTokenLifetimeInDays": 3}},
            "tokenLifetimeConfiguration/rollingRefreshTokenLifetimeInDays",
        ),
        ({"tokenLifetimeConfiguration": []}, "tokenLifetimeConfiguration"),
    ],
)
async def test_a_wrong_value_is_refused_and_named(
    plane: Plane, changes: dict[str, Any], target: str
) -> None:
    answer = await plane.request("POST", FLOWS, json=POL1 | changes)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["target"] == target
    assert (await plane.request("GET", f"{FLOWS}/$count")).text == "0"


async def test_numeric_text_is_a_version(plane: Plane) -> None:
    answer = await plane.request("POST", FLOWS, json=POL1 | {"userFlowTypeVersion": "1"})
    assert answer.json()["userFlowTypeVersion"] == 1


async def test_every_problem_is_reported_at_once(plane: Plane) -> None:
    answer = await plane.request("POST", FLOWS, json={"id": "a b", "bogus": 1})
    targets = [each["target"] for each in answer.json()["error"]["details"]]
    assert targets == ["id", "bogus", "userFlowType", "userFlowTypeVersion"]


async def test_property_names_are_taken_in_any_case(plane: Plane) -> None:
    body = {"ID": "x", "UserFlowType": "signIn", "USERFLOWTYPEVERSION": 3}
    answer = await plane.request("POST", FLOWS, json=body)
    assert answer.status_code == 201


async def test_one_property_in_two_cases_is_refused(plane: Plane) -> None:
    answer = await plane.request("POST", FLOWS, json=POL1 | {"USERFLOWTYPE": "signIn"})
    assert answer.status_code == 400


async def test_a_taken_name_is_a_conflict_in_any_case(plane: Plane) -> None:
    await plane.create("Pol1")
    for name in ("Pol1", "POL1", "b2c_1_pol1"):
        answer = await plane.request("POST", FLOWS, json=POL1 | {"id": name})
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "Conflict"
        assert answer.json()["error"]["target"] == "id"


async def test_of_many_same_requests_at_once_exactly_one_succeeds(plane: Plane) -> None:
    answers = await asyncio.gather(*(plane.request("POST", FLOWS, json=POL1) for _ in range(50)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * 49


@pytest.mark.parametrize(
    "address",
    [
        "/beta/identity/userFlows/B2C_1_Pol1",
        "/beta/identity/userFlows/b2c_1_pol1",
        "/beta/identity/userFlows('B2C_1_Pol1')",
        "/beta/identity/userFlows/('B2C_1_Pol1')",
        "/beta/identity/userFlows(id='B2C_1_Pol1')",
        "/beta/identity/USERFLOWS/B2C_1_Pol1",
        "/beta/identity/userFlows//B2C_1_Pol1/",
        "/beta/identity/userFlows/B2C_1_Pol1?",
        "/beta/identity/userFlows/B2C%5F1_Pol1",
        "/beta/identity/userFlows/B2C_1_Pol1/microsoft.graph.b2cIdentityUserFlow",
        "/beta/identity/userFlows/graph.b2cIdentityUserFlow/B2C_1_Pol1",
        "/beta/identity/b2cUserFlows/B2C_1_Pol1",
        "/v1.0/identity/userFlows/B2C_1_Pol1",
    ],
)
async def test_a_user_flow_is_found_however_its_address_is_spelled(
    plane: Plane, address: str
) -> None:
    await plane.create("Pol1")
    answer = await plane.request("GET", address)
    assert answer.status_code == 200
    assert answer.json()["id"] == "B2C_1_Pol1"


@pytest.mark.parametrize(
    "key",
    [
        "B2C_1_Pol1%2Flanguages",
        "..%2fB2C_1_Pol1",
        "%2e%2e",
        "%00",
        "%ff",
        "B2C_1_Pol1%00",
        "B2C_1_Pol1%20",
        "B2C_1_Pol1.",
        "%252f",
        "%27",
        "%EF%BC%A2",
        "x" * 10_000,
    ],
)
async def test_a_strange_key_is_nothing_but_unknown(plane: Plane, key: str) -> None:
    await plane.create("Pol1")
    answer = await plane.request("GET", f"{FLOWS}/{key}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "ResourceNotFound"


async def test_a_deleted_user_flow_is_gone_at_once(plane: Plane) -> None:
    await plane.create("Pol1")
    answer = await plane.request("DELETE", f"{FLOWS}/B2C_1_Pol1")
    assert answer.status_code == 204
    assert answer.content == b""
    assert "content-type" not in answer.headers
    for method in ("GET", "DELETE", "PATCH"):
        again = await plane.request(method, f"{FLOWS}/B2C_1_Pol1", json={})
        assert again.status_code == 404
    await plane.create("Pol1")


async def test_a_change_is_answered_with_the_object(plane: Plane) -> None:
    await plane.create("Pol1")
    change = {"isLanguageCustomizationEnabled": True, "defaultLanguageTag": None}
    answer = await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json=change)
    assert answer.status_code == 200
    found = (await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")).json()
    assert found == answer.json()
    assert change.items() <= found.items()


async def test_a_change_is_answered_with_nothing_on_request(plane: Plane) -> None:
    await plane.create("Pol1")
    answer = await plane.request(
        "PATCH",
        f"{FLOWS}/B2C_1_Pol1",
        json={"IsLanguageCustomizationEnabled": True},
        headers={"Prefer": "return=minimal"},
    )
    assert answer.status_code == 204
    assert answer.headers["preference-applied"] == "return=minimal"
    found = await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")
    assert found.json()["isLanguageCustomizationEnabled"] is True


async def test_a_change_of_one_setting_leaves_its_neighbours(plane: Plane) -> None:
    await plane.create("Pol1")
    change = {"tokenLifetimeConfiguration": {"accessAndIdTokenLifetimeInMinutes": 30}}
    answer = await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json=change)
    assert answer.json()["tokenLifetimeConfiguration"] == {
        "accessAndIdTokenLifetimeInMinutes": 30,
        "refreshTokenLifetimeInDays": 14,
        "rollingRefreshTokenLifetimeInDays": 90,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"id": "other"},
        {"id": "B2C_1_Other"},
        {"userFlowType": "signIn"},
        {"userFlowTypeVersion": 3},
        {"userFlowType": None},
        {"isLanguageCustomizationEnabled": None},
        {"apiConnectorConfiguration": {"postFederationSignup": {}}},
        {"createdAt": "2020-01-01T00:00:00Z"},
    ],
)
async def test_what_cannot_change_is_refused(plane: Plane, change: dict[str, Any]) -> None:
    await plane.create("Pol1", "signUpOrSignIn", 1)
    before = (await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")).json()
    answer = await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json=change)
    assert answer.status_code == 400, answer.text
    assert (await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")).json() == before


async def test_what_was_read_can_be_sent_back(plane: Plane) -> None:
    await plane.create("Pol1")
    before = (await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")).json()
    answer = await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json=before)
    assert answer.status_code == 200
    assert answer.json() == before
    assert (await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json={})).status_code == 200


async def test_changes_at_the_same_time_do_not_lose_one_another(plane: Plane) -> None:
    await plane.create("Pol1")
    changes = [{"isLanguageCustomizationEnabled": True}, {"defaultLanguageTag": "de"}]
    answers = await asyncio.gather(
        *(plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json=change) for change in changes)
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    found = (await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")).json()
    assert found["isLanguageCustomizationEnabled"] is True
    assert found["defaultLanguageTag"] == "de"


async def test_a_change_of_an_outdated_version_is_refused(plane: Plane) -> None:
    await plane.create("Pol1")
    version = (await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")).headers["etag"]
    for status in (200, 412):
        answer = await plane.request(
            "PATCH",
            f"{FLOWS}/B2C_1_Pol1",
            json={"defaultLanguageTag": "de"},
            headers={"If-Match": version},
        )
        assert answer.status_code == status


async def test_another_tenant_sees_nothing_and_may_use_the_same_name(plane: Plane) -> None:
    await plane.create("Pol1")
    found = await plane.request("GET", f"{FLOWS}/B2C_1_Pol1", who="stranger")
    assert found.status_code == 404
    listed = await plane.request("GET", FLOWS, who="stranger")
    assert listed.json()["value"] == []
    made = await plane.request("POST", FLOWS, who="stranger", json=POL1)
    assert made.status_code == 201


async def test_every_write_leaves_one_audit_event(plane: Plane) -> None:
    await plane.create("Pol1")
    await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json={"defaultLanguageTag": "de"})
    await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json={"defaultLanguageTag": "de"})
    await plane.request("DELETE", f"{FLOWS}/b2c_1_pol1")
    admin = plane.applications["admin"]
    events = await plane.database.read(DirectoryId(admin.directory_id)).audit_events.latest()
    assert sorted(each.name for each in events) == [
        "userFlow.created",
        "userFlow.deleted",
        "userFlow.updated",
    ]
    assert {(each.actor, each.target) for each in events} == {(admin.id, "B2C_1_Pol1")}
