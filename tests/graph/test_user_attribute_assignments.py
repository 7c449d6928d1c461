"""What a user flow asks people for, through the control plane."""

from typing import Any

import pytest

from tests.graph.plane import Plane
from tests.world.makers import TENANT

FLOW = "/beta/identity/b2cUserFlows/B2C_1_Customer"
ASSIGNMENTS = f"{FLOW}/userAttributeAssignments"
CITY: dict[str, Any] = {
    "displayName": "Home town",
    "isOptional": True,
    "requiresVerification": False,
    "userInputType": "TextBox",
    "userAttributeValues": [],
    "userAttribute": {"id": "City"},
}


async def hobby(plane: Plane) -> str:
    body = {"displayName": "Hobby", "description": "", "dataType": "string"}
    answer = await plane.request("POST", "/beta/identity/userFlowAttributes", json=body)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def order(plane: Plane) -> list[str]:
    answer = await plane.request("GET", f"{ASSIGNMENTS}/getOrder")
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()["order"]
    return found


async def test_an_attribute_is_assigned_and_read_back(plane: Plane) -> None:
    await plane.create("Customer")
    made = await plane.request("POST", ASSIGNMENTS, json=CITY)
    assert made.status_code == 201, made.text
    assert made.json()["id"] == "city"
    assert made.json()["userInputType"] == "textBox"
    assert made.json()["displayName"] == "Home town"
    assert made.headers["location"].endswith(
        "/identity/b2cUserFlows('B2C_1_Customer')/userAttributeAssignments('city')"
    )
    again = await plane.request("GET", made.headers["location"])
    assert again.json() == made.json()
    assert "userFlowId" not in made.json()
    assert (await order(plane))[-1] == "city"


async def test_the_attribute_may_be_bound_by_its_address_and_is_named_after_itself(
    plane: Plane,
) -> None:
    await plane.create("Customer")
    body = {"userAttribute@odata.bind": "https://graph.example/beta/identity/x('jobTitle')"}
    made = await plane.request("POST", ASSIGNMENTS, json=body)
    assert made.status_code == 201, made.text
    assert (made.json()["id"], made.json()["displayName"]) == ("jobTitle", "Job Title")
    assert made.json()["isOptional"] is False


async def test_a_list_is_counted_filtered_selected_and_paged(plane: Plane) -> None:
    await plane.create("Customer")
    every = (await plane.request("GET", f"{ASSIGNMENTS}?$count=true")).json()
    assert every["@odata.count"] == len(every["value"]) == 4
    assert every["@odata.context"].endswith(
        "#identity/b2cUserFlows('B2C_1_Customer')/userAttributeAssignments"
    )
    count = await plane.request("GET", f"{ASSIGNMENTS}/$count?$filter=isOptional eq true")
    assert count.text == "3"
    page = (await plane.request("GET", f"{ASSIGNMENTS}?$top=3&$select=id")).json()
    rest = (await plane.request("GET", page["@odata.nextLink"])).json()
    assert [*page["value"], *rest["value"]] == [{"id": each["id"]} for each in every["value"]]
    assert "@odata.nextLink" not in rest
    sorted_ = (await plane.request("GET", f"{ASSIGNMENTS}?$orderby=id desc")).json()["value"]
    assert [each["id"] for each in sorted_] == ["surname", "givenName", "email", "displayName"]


async def test_the_attribute_is_expanded_with_its_type(plane: Plane) -> None:
    await plane.create("Customer")
    custom = await hobby(plane)
    body = {**CITY, "userAttribute": {"id": custom}}
    await plane.request("POST", ASSIGNMENTS, json=body)
    for query in ("?$expand=userAttribute", "??$expand=userAttribute"):
        found = (await plane.request("GET", ASSIGNMENTS + query)).json()
        attribute = found["value"][-1]["userAttribute"]
        assert attribute["@odata.type"] == "#microsoft.graph.identityCustomUserFlowAttribute"
        assert attribute["id"] == custom
    assert found["@odata.context"].endswith("/userAttributeAssignments(userAttribute())")
    query = "?$expand=userAttribute($select=id)&$select=id"
    one = (await plane.request("GET", f"{ASSIGNMENTS}/email{query}")).json()
    assert one["userAttribute"]["id"] == "email"
    assert set(one) == {"@odata.context", "id", "userAttribute"}
    through = (await plane.request("GET", f"{ASSIGNMENTS}/email/userAttribute")).json()
    assert through["dataType"] == "string"


@pytest.mark.parametrize(
    "expand", ["bogus", "userAttribute($expand=x)", "userAttribute($top=1)", "userAttribute(", ","]
)
async def test_what_cannot_be_expanded_is_refused(plane: Plane, expand: str) -> None:
    await plane.create("Customer")
    answer = await plane.request("GET", f"{ASSIGNMENTS}?$expand={expand}")
    assert answer.status_code == 400, answer.text


async def test_an_assignment_is_changed_and_removed(plane: Plane) -> None:
    await plane.create("Customer")
    changed = await plane.request("PATCH", f"{ASSIGNMENTS}/EMAIL", json={"displayName": "Mail"})
    assert changed.status_code == 200
    assert changed.json()["displayName"] == "Mail"
    assert changed.json()["requiresVerification"] is True
    silent = await plane.request(
        "PATCH",
        f"{ASSIGNMENTS}/email",
        json={"isOptional": True},
        headers={"Prefer": "return=minimal"},
    )
    assert silent.status_code == 204
    assert (await plane.request("DELETE", f"{ASSIGNMENTS}('email')")).status_code == 204
    assert (await plane.request("DELETE", f"{ASSIGNMENTS}('email')")).status_code == 404
    assert "email" not in await order(plane)


async def test_what_was_read_with_its_attribute_can_be_sent_back(plane: Plane) -> None:
    await plane.create("Customer")
    read = await plane.request("GET", f"{ASSIGNMENTS}/surname?$expand=userAttribute")
    body = {**read.json(), "displayName": "Family"}
    answer = await plane.request("PATCH", f"{ASSIGNMENTS}/surname", json=body)
    assert answer.status_code in {200, 204}, answer.text
    named = {"displayName": "Clan", "userAttribute@odata.bind": "https://x.example/y('surname')"}
    assert (
        await plane.request("PATCH", f"{ASSIGNMENTS}/surname", json=named)
    ).status_code == answer.status_code
    after = await plane.request("GET", f"{ASSIGNMENTS}/surname?$expand=userAttribute")
    assert after.json()["displayName"] == "Clan"
    assert after.json()["userAttribute"] == read.json()["userAttribute"]


async def test_only_a_label_that_was_given_takes_the_place_of_a_translation(plane: Plane) -> None:
    await plane.create("Customer")
    custom = await hobby(plane)
    for each in ({"userAttribute": {"id": "city"}}, {"userAttribute": {"id": custom}}):
        assert (await plane.request("POST", ASSIGNMENTS, json=each)).status_code == 201
    read = (await plane.request("GET", f"{ASSIGNMENTS}/surname")).json()
    whole = {**read, "isOptional": False}
    for key, body in (("surname", whole), ("city", {"isOptional": True}), (custom, {})):
        answer = await plane.request("PATCH", f"{ASSIGNMENTS}/{key}", json=body)
        assert answer.status_code in {200, 204}, answer.text
    await plane.request("PATCH", f"{ASSIGNMENTS}/givenName", json={"displayName": "Call name"})
    await plane.request("PATCH", f"{ASSIGNMENTS}/{custom}", json={"displayName": None})
    flow = await plane.database.read(TENANT).user_flows.get("B2C_1_Customer")
    assert flow is not None
    labels = {each.id: each.display_name for each in flow.attributes}
    assert labels | {"email": None, "displayName": None} == {
        "email": None,
        "displayName": None,
        "givenName": "Call name",
        "surname": None,
        "city": None,
        custom: "Hobby",
    }
    shown = (await plane.request("GET", f"{ASSIGNMENTS}?$select=displayName")).json()["value"]
    assert {"Surname", "City", "Call name", "Hobby"} <= {each["displayName"] for each in shown}


@pytest.mark.parametrize(
    "attribute",
    [
        {"id": "city"},
        {"id": "nothing"},
        {"id": "surname", "displayName": "Other"},
        {"@odata.id": "https://graph.example/%00"},
        {},
        "x",
        5,
    ],
)
async def test_an_assignment_keeps_its_attribute(plane: Plane, attribute: object) -> None:
    await plane.create("Customer")
    body = {"displayName": "Family", "userAttribute": attribute}
    answer = await plane.request("PATCH", f"{ASSIGNMENTS}/surname", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["target"] == "userAttribute", answer.text
    after = await plane.request("GET", f"{ASSIGNMENTS}/surname")
    assert after.json()["displayName"] == "Surname"


async def test_the_order_is_set_and_those_not_named_come_last(plane: Plane) -> None:
    await plane.create("Customer")
    before = await order(plane)
    body = {"newAssignmentOrder": {"order": [before[-1].upper(), before[-2]]}}
    answer = await plane.request("POST", f"{ASSIGNMENTS}/setOrder", json=body)
    assert answer.status_code == 204, answer.text
    assert await order(plane) == [before[-1], before[-2], *before[:-2]]
    asked = await plane.request("GET", f"{ASSIGNMENTS}/microsoft.graph.getOrder()")
    assert asked.json()["@odata.context"].endswith("$metadata#microsoft.graph.assignmentOrder")


@pytest.mark.parametrize("wrong", [["city"], ["email", "EMAIL"], "email", [1], None])
async def test_a_wrong_order_is_refused(plane: Plane, wrong: object) -> None:
    await plane.create("Customer")
    before = await order(plane)
    body = {"newAssignmentOrder": {"order": wrong}}
    answer = await plane.request("POST", f"{ASSIGNMENTS}/setOrder", json=body)
    assert answer.status_code == 400
    assert await order(plane) == before


CHOICES = [{"name": "S", "value": "1"}, {"name": "L", "value": "2"}]


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"userAttribute": {"id": "nothing"}}, "userAttribute"),
        ({"userAttribute": {}}, "userAttribute"),
        ({"userAttribute": None}, "userAttribute"),
        ({"userAttribute": {"id": "objectId"}}, "userAttribute"),
        ({"userInputType": "slider"}, "userInputType"),
        ({"userInputType": "dateTimeDropdown"}, "userInputType"),
        ({"userInputType": "radioSingleSelect"}, "userAttributeValues"),
        ({"userAttributeValues": CHOICES}, "userAttributeValues"),
        (
            {"userInputType": "radioSingleSelect", "userAttributeValues": [CHOICES[0]] * 2},
            "userAttributeValues",
        ),
        (
            {
                "userInputType": "dropdownSingleSelect",
                "userAttributeValues": [{**each, "isDefault": True} for each in CHOICES],
            },
            "userAttributeValues",
        ),
        ({"isOptional": "yes"}, "isOptional"),
        ({"displayName": "x" * 251}, "displayName"),
        ({"colour": 1}, "colour"),
    ],
)
async def test_a_wrong_assignment_is_refused_and_named(
    plane: Plane, change: dict[str, Any], target: str
) -> None:
    await plane.create("Customer")
    answer = await plane.request("POST", ASSIGNMENTS, json=CITY | change)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["target"] == target
    assert "city" not in await order(plane)


async def test_an_attribute_is_assigned_once(plane: Plane) -> None:
    await plane.create("Customer")
    body = {**CITY, "userAttribute": {"id": "EMAIL"}}
    assert (await plane.request("POST", ASSIGNMENTS, json=body)).status_code == 409


async def test_a_reader_reads_and_changes_nothing(plane: Plane) -> None:
    await plane.create("Customer")
    assert (await plane.request("GET", ASSIGNMENTS, who="reader")).status_code == 200
    for method, path in (
        ("POST", ASSIGNMENTS),
        ("PATCH", f"{ASSIGNMENTS}/email"),
        ("DELETE", f"{ASSIGNMENTS}/email"),
        ("POST", f"{ASSIGNMENTS}/setOrder"),
    ):
        answer = await plane.request(method, path, who="reader", json={})
        assert answer.status_code == 403
    assert (await plane.request("GET", ASSIGNMENTS, who="stranger")).status_code == 404


async def test_an_attribute_in_use_is_not_deleted(plane: Plane) -> None:
    await plane.create("Customer")
    custom = await hobby(plane)
    await plane.request("POST", ASSIGNMENTS, json={**CITY, "userAttribute": {"id": custom}})
    address = f"/beta/identity/userFlowAttributes/{custom}"
    refused = await plane.request("DELETE", address)
    assert refused.status_code == 409
    assert "B2C_1_Customer" in refused.json()["error"]["message"]
    await plane.request("DELETE", f"{ASSIGNMENTS}/{custom}")
    assert (await plane.request("DELETE", address)).status_code == 204


async def test_assignments_may_come_with_the_user_flow(plane: Plane) -> None:
    body = {
        "id": "Customer",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 3,
        "userAttributeAssignments": [CITY, {"userAttribute": {"id": "email"}}],
    }
    made = await plane.request("POST", "/beta/identity/b2cUserFlows", json=body)
    assert made.status_code == 201, made.text
    assert await order(plane) == ["city", "email"]
    wrong = {**body, "id": "Other", "userAttributeAssignments": [{"userAttribute": {"id": "x"}}]}
    refused = await plane.request("POST", "/beta/identity/b2cUserFlows", json=wrong)
    assert refused.status_code == 400
    assert refused.json()["error"]["target"] == "userAttributeAssignments/userAttribute"
    gone = await plane.request("GET", "/beta/identity/b2cUserFlows/B2C_1_Other")
    assert gone.status_code == 404
