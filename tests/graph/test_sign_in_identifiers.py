"""`/identity/signInIdentifiers`: kinds of names people sign in with."""

from typing import Any

import pytest

from tests.graph.plane import Plane

IDENTIFIERS = "/beta/identity/signInIdentifiers"
EMAIL: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.emailSignInIdentifier",
    "name": "Email",
    "isEnabled": True,
}
CUSTOM: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.customUsernameSignInIdentifier",
    "name": "CustomUsername1",
    "validationRegEx": "[0-9]{8}",
}


async def test_a_kind_of_name_is_added_found_by_name_changed_and_removed(plane: Plane) -> None:
    made = await plane.request("POST", IDENTIFIERS, json=EMAIL)
    assert made.status_code == 201, made.text
    assert made.json() | EMAIL == made.json()
    address = f"{IDENTIFIERS}/email"
    assert (await plane.request("PATCH", address, json={"isEnabled": False})).status_code == 204
    read = (await plane.request("GET", address)).json()
    assert (read["name"], read["isEnabled"]) == ("Email", False)
    assert (await plane.request("POST", IDENTIFIERS, json=EMAIL)).status_code == 409
    assert (await plane.request("DELETE", address)).status_code == 204
    assert (await plane.request("GET", address)).status_code == 404


async def test_a_custom_kind_says_what_fits(plane: Plane) -> None:
    made = await plane.request("POST", IDENTIFIERS, json=CUSTOM)
    assert made.json()["validationRegEx"] == "[0-9]{8}"
    query = f"{IDENTIFIERS}?$filter=isEnabled eq false&$count=true"
    listed = (await plane.request("GET", query)).json()
    assert (listed["@odata.count"], listed["value"][0]["@odata.type"]) == (
        1,
        CUSTOM["@odata.type"],
    )


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"name": "Email", "isEnabled": True}, "@odata.type"),
        ({**EMAIL, "name": "Username"}, "name"),
        ({**EMAIL, "name": "Fax"}, "name"),
        ({**EMAIL, "validationRegEx": "x"}, "validationRegEx"),
        ({**EMAIL, "isEnabled": "yes"}, "isEnabled"),
        ({**CUSTOM, "validationRegEx": "["}, "validationRegEx"),
    ],
)
async def test_what_is_wrong_is_named(plane: Plane, body: dict[str, Any], target: str) -> None:
    answer = await plane.request("POST", IDENTIFIERS, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == target
