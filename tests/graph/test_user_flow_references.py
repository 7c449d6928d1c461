"""What user flows refer to: identity providers, API connectors, attributes in tokens."""

from typing import Any

import pytest

from gatelodge.journeys.catalogue import ROWS
from gatelodge.journeys.step import StepName
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.user_flow import ASKED_AT
from tests.graph.plane import Plane

FLOWS = "/beta/identity/b2cUserFlows"
FLOW = f"{FLOWS}/B2C_1_Customer"
PROVIDERS = f"{FLOW}/userFlowIdentityProviders"
OLD_PROVIDERS = f"{FLOW}/identityProviders"
CONNECTORS = f"{FLOW}/apiConnectorConfiguration"
CLAIMS = f"{FLOW}/applicationClaims"
ROOT = "https://graph.microsoft.com/beta"
GOOGLE = {"@odata.id": f"{ROOT}/identity/identityProviders/Google-OAUTH"}
SOCIAL = {
    "@odata.type": "#microsoft.graph.socialIdentityProvider",
    "displayName": "Google",
    "identityProviderType": "Google",
    "clientId": "814ab8f0",
    "clientSecret": "not to be seen",
}
CONNECTOR = {
    "displayName": "Check",
    "targetUrl": "https://hooks.example/check",
    "authenticationConfiguration": {
        "@odata.type": "#microsoft.graph.basicAuthentication",
        "username": "u",
        "password": "not to be seen",
    },
}
BODY: dict[str, Any] = {
    "id": "Customer",
    "userFlowType": "signUpOrSignIn",
    "userFlowTypeVersion": 3,
}


async def provider(plane: Plane, kind: str = "Google") -> str:
    body = SOCIAL | {"identityProviderType": kind, "displayName": kind}
    made = await plane.request("POST", "/beta/identity/identityProviders", json=body)
    assert made.status_code == 201, made.text
    found: str = made.json()["id"]
    return found


async def connector(plane: Plane) -> str:
    made = await plane.request("POST", "/beta/identity/apiConnectors", json=CONNECTOR)
    assert made.status_code == 201, made.text
    found: str = made.json()["id"]
    return found


async def names(plane: Plane, path: str) -> list[str]:
    answer = await plane.request("GET", path)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["value"]]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("collection", [PROVIDERS, OLD_PROVIDERS])
async def test_a_provider_is_added_listed_and_removed(
    plane: Plane, method: str, collection: str
) -> None:
    await plane.create("Customer")
    await provider(plane)
    added = await plane.request(method, f"{collection}/$ref", json=GOOGLE)
    assert added.status_code == 204, added.text
    assert await names(plane, PROVIDERS) == await names(plane, OLD_PROVIDERS) == ["Google-OAUTH"]
    assert (await plane.request("GET", f"{collection}/$count")).text == "1"
    listed = (await plane.request("GET", f"{PROVIDERS}/$ref")).json()
    assert listed["@odata.context"].endswith("$metadata#Collection($ref)")
    assert [each["@odata.id"].rpartition("/")[2] for each in listed["value"]] == [
        "identityProviders('Google-OAUTH')"
    ]
    again = await plane.request(method, f"{collection}/$ref", json=listed["value"][0])
    assert again.status_code == 409
    removed = await plane.request("DELETE", f"{collection}/google-oauth/$ref")
    assert removed.status_code == 204
    assert await names(plane, PROVIDERS) == []
    twice = await plane.request("DELETE", f"{collection}/google-oauth/$ref")
    assert twice.status_code == 404


async def test_a_provider_is_removed_by_its_address_in_the_query(plane: Plane) -> None:
    await plane.create("Customer")
    await provider(plane)
    for option in ("@id", "%40id"):
        await plane.request("POST", f"{PROVIDERS}/$ref", json=GOOGLE)
        address = f"{PROVIDERS}/$ref?{option}={GOOGLE['@odata.id']}"
        assert (await plane.request("DELETE", address)).status_code == 204
        assert await names(plane, PROVIDERS) == []
    assert (await plane.request("DELETE", f"{PROVIDERS}/$ref")).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"@odata.id": f"{ROOT}/identity/identityProviders/nothing"}, 404),
        ({"@odata.id": f"{ROOT}/identityProviders('nothing')"}, 404),
        ({"@odata.id": "Google-OAUTH"}, 400),
        ({"@odata.id": 1}, 400),
        ({"@odata.id": None}, 400),
        ({"@odata.id": ""}, 400),
        ({}, 400),
    ],
)
async def test_a_wrong_reference_is_refused(
    plane: Plane, body: dict[str, Any], status: int
) -> None:
    await plane.create("Customer")
    await provider(plane)
    answer = await plane.request("POST", f"{PROVIDERS}/$ref", json=body)
    assert answer.status_code == status, answer.text
    assert await names(plane, PROVIDERS) == []


async def test_providers_are_expanded_in_both_shapes_without_secrets(plane: Plane) -> None:
    await plane.create("Customer")
    await plane.create("Other")
    await provider(plane)
    await plane.request("POST", f"{PROVIDERS}/$ref", json=GOOGLE)
    query = "?$expand=identityProviders,userFlowIdentityProviders($select=id)&$select=id"
    item = await plane.request("GET", FLOW + query)
    assert item.json()["identityProviders"][0]["type"] == "Google"
    assert item.json()["userFlowIdentityProviders"] == [
        {"@odata.type": "#microsoft.graph.socialIdentityProvider", "id": "Google-OAUTH"}
    ]
    listed = (await plane.request("GET", FLOWS + query)).json()["value"]
    found = {each["id"]: len(each["identityProviders"]) for each in listed}
    assert found == {"B2C_1_Customer": 1, "B2C_1_Other": 0}
    assert "not to be seen" not in item.text
    one = await plane.request("GET", f"{PROVIDERS}/Google-OAUTH")
    assert one.json()["@odata.type"] == "#microsoft.graph.socialIdentityProvider"
    assert "not to be seen" not in one.text


async def test_a_user_flow_is_created_with_its_providers_or_not_at_all(plane: Plane) -> None:
    await provider(plane)
    body = {**BODY, "identityProviders": [{"id": "google-OAuth"}]}
    made = await plane.request("POST", FLOWS, json=body)
    assert made.status_code == 201, made.text
    assert "identityProviders" not in made.json()
    assert await names(plane, OLD_PROVIDERS) == ["Google-OAUTH"]
    wrong = {**BODY, "id": "Other", "identityProviders": [{"id": "nothing"}]}
    refused = await plane.request("POST", FLOWS, json=wrong)
    assert refused.status_code == 400
    assert (await plane.request("GET", f"{FLOWS}/B2C_1_Other")).status_code == 404


async def test_what_user_flows_use_is_not_deleted(plane: Plane) -> None:
    await plane.create("Customer")
    await provider(plane)
    hook = await connector(plane)
    await plane.request("POST", f"{PROVIDERS}/$ref", json=GOOGLE)
    await plane.request(
        "PUT",
        f"{CONNECTORS}/preTokenIssuance/$ref",
        json={"@odata.id": f"{ROOT}/identity/apiConnectors/{hook}"},
    )
    for path in ("identityProviders/Google-OAUTH", f"apiConnectors/{hook}"):
        refused = await plane.request("DELETE", f"/beta/identity/{path}")
        assert refused.status_code == 409, path
        assert "B2C_1_Customer" in refused.json()["error"]["message"]
    assert (await plane.request("DELETE", FLOW)).status_code == 204
    for path in ("identityProviders/Google-OAUTH", f"apiConnectors/{hook}"):
        assert (await plane.request("DELETE", f"/beta/identity/{path}")).status_code == 204


POINTS = ("postFederationSignup", "postAttributeCollection", "preTokenIssuance")


@pytest.mark.parametrize("point", POINTS)
async def test_a_connector_is_set_read_and_cleared(plane: Plane, point: str) -> None:
    await plane.create("Customer")
    hook = await connector(plane)
    address = f"{CONNECTORS}/{point}"
    body = {"@odata.id": f"/identity/apiConnectors/{hook}"}
    expand = f"{CONNECTORS}?$expand={','.join(POINTS)}"
    for clear in ("{}", "null", "delete", "delete the navigation"):
        put = await plane.request("PUT", f"{address}/$ref", json=body)
        assert put.status_code == 204, put.text
        found = (await plane.request("GET", expand)).json()
        assert {name: bool(found[name]) for name in POINTS} == {
            name: name == point for name in POINTS
        }
        assert found[point]["authenticationConfiguration"]["password"] == "******"
        assert (await plane.request("GET", address)).json()["id"] == hook
        told = (await plane.request("GET", f"{address}/$ref")).json()["@odata.id"]
        assert told.endswith(f"/identity/apiConnectors('{hook}')")
        match clear:
            case "delete":
                cleared = await plane.request("DELETE", f"{address}/$ref")
            case "delete the navigation":
                cleared = await plane.request("DELETE", address)
            case _:
                empty = {} if clear == "{}" else {"@odata.id": None}
                cleared = await plane.request("PUT", f"{address}/$ref", json=empty)
        assert cleared.status_code == 204
        assert (await plane.request("GET", expand)).json()[point] is None
        assert (await plane.request("GET", address)).status_code == 204
    inline = (await plane.request("GET", FLOW)).json()["apiConnectorConfiguration"]
    assert inline == {}
    context = (await plane.request("GET", CONNECTORS)).json()["@odata.context"]
    assert context.endswith("#identity/b2cUserFlows('B2C_1_Customer')/apiConnectorConfiguration")
    unknown = await plane.request("GET", f"{CONNECTORS}?$select=bogus")
    assert (unknown.status_code, unknown.json()["error"]["target"]) == (400, "$select")


async def test_an_unknown_point_or_connector_is_refused(plane: Plane) -> None:
    await plane.create("Customer")
    body = {"@odata.id": f"{ROOT}/identity/apiConnectors/{'0' * 8}-0000-4000-8000-{'0' * 12}"}
    unknown = await plane.request("PUT", f"{CONNECTORS}/preTokenIssuance/$ref", json=body)
    assert unknown.status_code == 404
    step = await plane.request("PUT", f"{CONNECTORS}/bogus/$ref", json=body)
    assert step.status_code == 400
    post = await plane.request("POST", f"{CONNECTORS}/preTokenIssuance/$ref", json=body)
    assert post.status_code == 405


@pytest.mark.parametrize("shape", ["address", "id", "other case"])
async def test_a_user_flow_is_created_with_connectors(plane: Plane, shape: str) -> None:
    hook = await connector(plane)
    given: dict[str, Any] = {
        "address": {"postFederationSignup": {"@odata.id": f"{ROOT}/identity/apiConnectors/{hook}"}},
        "id": {"postFederationSignup": {"id": hook}},
        "other case": {"PostFederationSignup": {"Id": hook}},
    }[shape]
    body = {**BODY, "apiConnectorConfiguration": given}
    made = await plane.request("POST", FLOWS, json=body)
    assert made.status_code == 201, made.text
    assert made.json()["apiConnectorConfiguration"] == {}
    found = await plane.request("GET", f"{CONNECTORS}?$expand=postFederationSignup")
    assert found.json()["postFederationSignup"]["id"] == hook
    several: tuple[dict[str, Any], ...] = (
        {"postFederationSignup": {"id": "nothing"}},
        {"postFederationSignup": {}, "bogus": {}},
        {"postFederationSignup": 1},
    )
    for wrong in several:
        body = {**BODY, "id": "Other", "apiConnectorConfiguration": wrong}
        assert (await plane.request("POST", FLOWS, json=body)).status_code == 400
    assert (await plane.request("GET", f"{FLOWS}/B2C_1_Other")).status_code == 404


async def test_claims_of_tokens_are_listed_added_and_removed(plane: Plane) -> None:
    await plane.create("Customer")
    before = await names(plane, CLAIMS)
    assert "displayName" in before
    assert (await plane.request("DELETE", f"{CLAIMS}/DISPLAYNAME/$ref")).status_code == 204
    assert "displayName" not in await names(plane, CLAIMS)
    body = {"@odata.id": f"{ROOT}/identity/userFlowAttributes('displayName')"}
    assert (await plane.request("POST", f"{CLAIMS}/$ref", json=body)).status_code == 204
    assert (await plane.request("POST", f"{CLAIMS}/$ref", json=body)).status_code == 409
    assert sorted(await names(plane, CLAIMS)) == sorted(before)
    wrong = {"@odata.id": f"{ROOT}/identity/userFlowAttributes/nothing"}
    assert (await plane.request("POST", f"{CLAIMS}/$ref", json=wrong)).status_code == 404


async def test_a_reader_changes_no_reference(plane: Plane) -> None:
    await plane.create("Customer")
    for method, path in (
        ("POST", f"{PROVIDERS}/$ref"),
        ("DELETE", f"{CLAIMS}/displayName/$ref"),
        ("PUT", f"{CONNECTORS}/preTokenIssuance/$ref"),
        ("DELETE", f"{CONNECTORS}/preTokenIssuance/$ref"),
    ):
        answer = await plane.request(method, path, who="reader", json=GOOGLE)
        assert answer.status_code == 403, path
    for path in (PROVIDERS, OLD_PROVIDERS, f"{PROVIDERS}/$ref", CLAIMS, CONNECTORS):
        assert (await plane.request("GET", path, who="reader")).status_code == 200, path
        assert (await plane.request("GET", path, who="nobody")).status_code == 403, path


async def test_references_are_filtered_sorted_counted_and_paged(plane: Plane) -> None:
    await plane.create("Customer")
    for kind in ("Google", "Facebook", "GitHub"):
        await provider(plane, kind)
        body = {"@odata.id": f"{ROOT}/identity/identityProviders/{kind}-OAUTH"}
        added = await plane.request("POST", f"{PROVIDERS}/$ref", json=body)
        assert added.status_code == 204

    async def asked(address: str) -> tuple[list[str], Any]:
        answer = (await plane.request("GET", address)).json()
        found = [each["@odata.id"].rpartition("('")[2][:-8] for each in answer["value"]]
        return found, answer

    by_name = f"{PROVIDERS}/$ref?$orderby=displayName desc"
    assert (await asked(by_name))[0] == ["Google", "GitHub", "Facebook"]
    first, answer = await asked(f"{by_name}&$top=2&$count=true")
    assert (first, answer["@odata.count"]) == (["Google", "GitHub"], 3)
    assert (await asked(answer["@odata.nextLink"]))[0] == ["Facebook"]
    assert (await asked(f"{by_name}&$skip=2"))[0] == ["Facebook"]
    only = f"{PROVIDERS}/$ref?$filter=startswith(displayName,'g')&$count=true"
    found, answer = await asked(only)
    assert (set(found), answer["@odata.count"]) == ({"Google", "GitHub"}, 2)
    for query in ("$select=id", "$filter=bogus eq 1"):
        refused = await plane.request("GET", f"{PROVIDERS}/$ref?{query}")
        assert refused.status_code == 400


async def test_a_connector_is_changed_where_a_user_flow_uses_it(plane: Plane) -> None:
    await plane.create("Customer")
    used = await connector(plane)
    step = f"{CONNECTORS}/postAttributeCollection"
    assert (await plane.request("PATCH", step, json={"displayName": "x"})).status_code == 404
    body = {"@odata.id": f"{ROOT}/identity/apiConnectors/{used}"}
    assert (await plane.request("PUT", f"{step}/$ref", json=body)).status_code == 204
    changed = await plane.request("PATCH", step, json={"displayName": "Other"})
    assert changed.status_code == 204, changed.text
    found = (await plane.request("GET", f"/beta/identity/apiConnectors/{used}")).json()
    assert found["displayName"] == "Other"
    told = (await plane.request("GET", "/beta/auditLogs/directoryAudits")).json()["value"]
    updates = [each for each in told if each["activityDisplayName"] == "Update api connector"]
    assert {each["targetResources"][0]["id"] for each in updates} == {used}


STEPS = {
    ConnectorPoint.POST_FEDERATION_SIGNUP: StepName.CALL_AFTER_ARRIVAL,
    ConnectorPoint.POST_ATTRIBUTE_COLLECTION: StepName.CALL_BEFORE_REGISTRATION,
    ConnectorPoint.PRE_TOKEN_ISSUANCE: StepName.CALL_BEFORE_TOKENS,
}


def test_a_connector_can_be_set_where_the_journey_asks_it() -> None:
    for point, step in STEPS.items():
        [types] = [types for name, _, types in ROWS if name is step]
        assert ASKED_AT[point] == set(types)


@pytest.mark.parametrize(
    ("kind", "point"),
    [
        ("signIn", "postAttributeCollection"),
        ("passwordReset", "preTokenIssuance"),
        ("profileUpdate", "postFederationSignup"),
    ],
)
async def test_a_connector_that_would_never_be_asked_is_refused(
    plane: Plane, kind: str, point: str
) -> None:
    await plane.create("Customer", kind)
    hook = await connector(plane)
    reference = {"@odata.id": f"/identity/apiConnectors/{hook}"}
    put = await plane.request("PUT", f"{CONNECTORS}/{point}/$ref", json=reference)
    assert put.status_code == 400
    assert kind in put.json()["error"]["message"]
    body = {"id": "Other", "userFlowType": kind, "userFlowTypeVersion": 3}
    body["apiConnectorConfiguration"] = {point: reference}
    made = await plane.request("POST", "/beta/identity/userFlows", json=body)
    assert made.status_code == 400
