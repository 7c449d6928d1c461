"""User flow attributes through the control plane."""

import asyncio
from typing import Any

import pytest

from gatelodge.model.attribute import AttributeAssignment
from tests.graph.plane import Plane
from tests.world.makers import TENANT, a_user_flow, an_account

ATTRIBUTES = "/v1.0/identity/userFlowAttributes"
HOBBY = {"displayName": "Hobby", "description": "Your hobby", "dataType": "string"}
HOBBY_ID = "extension_22222222222242228222222222222222_Hobby"


async def test_a_custom_attribute_is_created_as_terraform_does(plane: Plane) -> None:
    question = {"$filter": "displayName eq 'Hobby'"}
    assert (await plane.request("GET", ATTRIBUTES, params=question)).json()["value"] == []
    body = {"@odata.type": "#microsoft.graph.identityUserFlowAttribute", **HOBBY}
    answer = await plane.request("POST", ATTRIBUTES, json=body)
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/identity/userFlowAttributes('{HOBBY_ID}')")
    expected = {
        "@odata.type": "#microsoft.graph.identityCustomUserFlowAttribute",
        "id": HOBBY_ID,
        "userFlowAttributeType": "custom",
        **HOBBY,
    }
    address = f"{ATTRIBUTES}/{HOBBY_ID}"
    for _ in range(5):
        found = (await plane.request("GET", address)).json()
        assert {name: found[name] for name in expected} == expected
    change = {"@odata.type": "#microsoft.graph.identityUserFlowAttribute", "description": "x"}
    assert (await plane.request("PATCH", address, json=change)).status_code == 204
    assert (await plane.request("GET", address)).json()["description"] == "x"
    assert (await plane.request("DELETE", address)).status_code == 204
    for _ in range(5):
        assert (await plane.request("GET", address)).status_code == 404


async def test_built_in_and_custom_attributes_are_one_list(plane: Plane) -> None:
    await plane.request("POST", ATTRIBUTES, json=HOBBY)
    listed = (await plane.request("GET", ATTRIBUTES)).json()["value"]
    kinds = {each["id"]: each["@odata.type"].rpartition(".")[2] for each in listed}
    assert kinds["city"] == "identityBuiltInUserFlowAttribute"
    assert kinds[HOBBY_ID] == "identityCustomUserFlowAttribute"
    custom = {"$filter": "userFlowAttributeType eq 'custom'", "$count": "true"}
    found = (await plane.request("GET", ATTRIBUTES, params=custom)).json()
    assert [each["id"] for each in found["value"]] == [HOBBY_ID]
    assert found["@odata.count"] == 1
    assert (await plane.request("GET", f"{ATTRIBUTES}/CITY")).json()["id"] == "city"


async def test_the_list_comes_in_pages(plane: Plane) -> None:
    whole = (await plane.request("GET", f"{ATTRIBUTES}?$orderby=displayName desc")).json()["value"]
    seen: list[Any] = []
    address = f"{ATTRIBUTES}?$orderby=displayName desc&$top=4"
    while address:
        body = (await plane.request("GET", address)).json()
        seen += body["value"]
        address = body.get("@odata.nextLink", "")
    assert seen == whole


@pytest.mark.parametrize("kind", ["boolean", "int64", "dateTime", "stringCollection", "String"])
async def test_each_data_type_can_be_created(plane: Plane, kind: str) -> None:
    answer = await plane.request("POST", ATTRIBUTES, json=HOBBY | {"dataType": kind})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"dataType": "double"}, 400),
        ({"dataType": "unknownFutureValue"}, 400),
        ({"displayName": ""}, 400),
        ({"displayName": "!!!"}, 400),
        ({"displayName": "a\nb"}, 400),
        ({"displayName": "city"}, 409),
        ({"displayName": "HOBBY"}, 409),
        ({"displayName": "Hob by"}, 409),
        ({"id": "mine"}, 400),
        ({"userFlowAttributeType": "builtIn"}, 400),
    ],
)
async def test_a_wrong_or_taken_value_is_refused(
    plane: Plane, changes: dict[str, Any], status: int
) -> None:
    await plane.request("POST", ATTRIBUTES, json=HOBBY)
    answer = await plane.request("POST", ATTRIBUTES, json=HOBBY | changes)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("change", [{"displayName": "New"}, {"dataType": "int64"}])
async def test_name_and_type_stay(plane: Plane, change: dict[str, Any]) -> None:
    await plane.request("POST", ATTRIBUTES, json=HOBBY)
    answer = await plane.request("PATCH", f"{ATTRIBUTES}/{HOBBY_ID}", json=change)
    assert answer.status_code == 400


async def test_a_built_in_attribute_stays_as_it_is(plane: Plane) -> None:
    change = await plane.request("PATCH", f"{ATTRIBUTES}/city", json={"description": "x"})
    assert change.status_code == 400
    assert (await plane.request("DELETE", f"{ATTRIBUTES}/city")).status_code == 400


async def test_an_attribute_in_use_cannot_be_deleted(plane: Plane) -> None:
    await plane.request("POST", ATTRIBUTES, json=HOBBY)
    flow = a_user_flow(attributes=(AttributeAssignment(id=HOBBY_ID),))
    await plane.database.write(TENANT, lambda stores: stores.user_flows.add(flow))
    answer = await plane.request("DELETE", f"{ATTRIBUTES}/{HOBBY_ID}")
    assert answer.status_code == 409
    assert flow.id in answer.json()["error"]["message"]


async def test_ten_attributes_at_once_are_all_made(plane: Plane) -> None:
    answers = await asyncio.gather(
        *(
            plane.request("POST", ATTRIBUTES, json=HOBBY | {"displayName": f"Hobby {n}"})
            for n in range(10)
        )
    )
    assert {answer.status_code for answer in answers} == {201}


KINDS: dict[str, tuple[Any, Any]] = {
    "string": ("chess", 7),
    "boolean": (True, "yes"),
    "int64": (2**40, 1.5),
    "dateTime": ("2026-01-31T10:20:30Z", 7),
    "stringCollection": (["a", "b"], "a"),
}


async def test_users_hold_values_of_every_data_type(plane: Plane) -> None:
    account = an_account(5)
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(account))
    path, names = f"/beta/users/{account.id}", {}
    for kind in KINDS:
        body = {"displayName": f"A {kind}", "dataType": kind}
        names[kind] = (await plane.request("POST", ATTRIBUTES, json=body)).json()["id"]
    right = {names[kind]: value for kind, (value, _) in KINDS.items()}
    changed = await plane.request("PATCH", path, json=right)
    assert changed.status_code == 204, changed.text
    shown = await plane.request("GET", f"{path}?$select={','.join(right)}")
    assert right.items() <= shown.json().items()
    for kind, (_, wrong) in KINDS.items():
        refused = await plane.request("PATCH", path, json={names[kind]: wrong})
        assert (refused.status_code, refused.json()["error"]["target"]) == (400, names[kind])
    emptied = await plane.request("PATCH", path, json=dict.fromkeys(right))
    assert emptied.status_code == 204, emptied.text
    shown = await plane.request("GET", f"{path}?$select={','.join(right)}")
    assert [shown.json()[name] for name in right] == [None] * len(right)


async def test_of_ten_alike_made_at_once_one_is_made(plane: Plane) -> None:
    asked = (plane.request("POST", ATTRIBUTES, json=HOBBY) for _ in range(10))
    answers = await asyncio.gather(*asked)
    assert sorted(each.status_code for each in answers) == [201] + [409] * 9
