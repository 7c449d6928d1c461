"""User flows for guests, the mixed list, and types in paths."""

from typing import Any

import pytest

from tests.graph.plane import ORIGIN, Plane

B2X = "/beta/identity/b2xUserFlows"
B2C = "/beta/identity/b2cUserFlows"
FLOWS = "/beta/identity/userFlows"
PARTNER: dict[str, Any] = {
    "id": "Partner",
    "userFlowType": "signUpOrSignIn",
    "userFlowTypeVersion": 1,
}


async def partner(plane: Plane) -> Any:
    made = await plane.request("POST", B2X, json=PARTNER)
    assert made.status_code == 201, made.text
    return made.json()


async def names(plane: Plane, path: str) -> set[str]:
    answer = await plane.request("GET", path)
    assert answer.status_code == 200, answer.text
    return {each["id"] for each in answer.json()["value"]}


async def test_the_documented_request_creates_a_user_flow_for_guests(plane: Plane) -> None:
    made = await partner(plane)
    made.pop("@odata.etag", None)
    assert made == {
        "@odata.context": f"{ORIGIN}/beta/$metadata#identity/b2xUserFlows/$entity",
        "id": "B2X_1_Partner",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 1,
        "apiConnectorConfiguration": {},
    }
    found = await plane.request("GET", "/beta/identity/b2xuserFlows/b2x_1_partner")
    assert found.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"userFlowTypeVersion": 3},
        {"userFlowType": "signIn"},
        {"id": None},
        {"isJavaScriptEnabled": False},
        {"@odata.type": "#microsoft.graph.b2cIdentityUserFlow"},
    ],
)
async def test_other_types_and_versions_are_refused(plane: Plane, change: dict[str, Any]) -> None:
    answer = await plane.request("POST", B2X, json=PARTNER | change)
    assert answer.status_code == 400, answer.text
    assert await names(plane, B2X) == set()


async def test_each_door_shows_its_own_kind_and_the_oldest_shows_both(plane: Plane) -> None:
    await plane.create("Customer")
    await partner(plane)
    assert await names(plane, B2X) == {"B2X_1_Partner"}
    assert await names(plane, B2C) == {"B2C_1_Customer"}
    assert (await plane.request("GET", f"{B2X}/B2C_1_Customer")).status_code == 404
    assert (await plane.request("DELETE", f"{B2C}/B2X_1_Partner")).status_code == 404
    assert (await plane.request("GET", f"{B2C}/$count")).text == "1"
    assert (await plane.request("GET", f"{FLOWS}/$count")).text == "2"
    every = (await plane.request("GET", FLOWS)).json()["value"]
    assert {each["id"]: each["@odata.type"] for each in every} == {
        "B2C_1_Customer": "#microsoft.graph.b2cIdentityUserFlow",
        "B2X_1_Partner": "#microsoft.graph.b2xIdentityUserFlow",
    }
    assert "isJavaScriptEnabled" not in every[1]


async def test_a_type_in_the_path_chooses_among_the_mixed(plane: Plane) -> None:
    await plane.create("Customer")
    await partner(plane)
    for space in ("microsoft.graph.", "graph.", "Microsoft.Graph."):
        assert await names(plane, f"{FLOWS}/{space}b2xIdentityUserFlow") == {"B2X_1_Partner"}
        assert await names(plane, f"{FLOWS}/{space}b2cIdentityUserFlow") == {"B2C_1_Customer"}
    item = f"{FLOWS}/B2C_1_Customer/graph.b2cIdentityUserFlow"
    assert (await plane.request("GET", item)).status_code == 200
    children = f"{item}/userAttributeAssignments"
    assert "email" in await names(plane, children)
    other = f"{FLOWS}/B2C_1_Customer/graph.b2xIdentityUserFlow"
    assert (await plane.request("GET", other)).status_code == 404


async def test_the_type_in_a_body_makes_one_for_guests_at_the_mixed_door(plane: Plane) -> None:
    body = {"@odata.type": "#microsoft.graph.b2xIdentityUserFlow", **PARTNER}
    made = await plane.request("POST", FLOWS, json=body)
    assert made.status_code == 201, made.text
    assert made.json()["id"] == "B2X_1_Partner"
    assert await names(plane, B2X) == {"B2X_1_Partner"}


async def test_one_for_guests_contains_the_same_things(plane: Plane) -> None:
    await partner(plane)
    flow = f"{B2X}/B2X_1_Partner"
    assert await names(plane, f"{flow}/userAttributeAssignments") == {"email"}
    assert "de" in await names(plane, f"{flow}/languages")
    assert await names(plane, f"{flow}/identityProviders") == set()
    custom = await plane.request("PUT", f"{flow}/languages/es-ES", json={})
    assert custom.status_code == 400
    point = f"{flow}/apiConnectorConfiguration/postAttributeCollection"
    assert (await plane.request("DELETE", point)).status_code == 204
    assert (await plane.request("PATCH", flow, json={})).status_code == 200
    assert (await plane.request("DELETE", flow)).status_code == 204
