"""Lists of users: filters on custom attributes, prefixes and names, on both databases."""

from typing import Any
from urllib.parse import quote

import pytest

from gatelodge.model.attribute import DataType, UserAttribute
from gatelodge.model.identifier import AccountId
from tests.graph.plane import Plane
from tests.world.makers import TENANT, an_account

APP = "aa000000000040008000000000000001"
PEOPLE: tuple[tuple[str, str | None, dict[str, Any]], ...] = (
    ("Åsa Öberg", "asa@example.com", {"Tier": "Gold", "Age": 5, "Member": True}),
    ("åsa berg", "b@example.com", {"Tier": "gold", "Age": 2**60 + 1}),
    ("Straße", None, {"Tier": "Silver", "Member": False, "Since": "2020-01-01T00:00:00Z"}),
    ("zoë", "ZOE@example.com", {"Age": -1}),
    ("Zoe_%", "zoe2@example.com", {}),
)


def full(name: str) -> str:
    return f"extension_{APP}_{name}"


@pytest.fixture
async def people(plane: Plane) -> Plane:
    kinds = {
        "Tier": DataType.STRING,
        "Age": DataType.INT64,
        "Member": DataType.BOOLEAN,
        "Since": DataType.DATE_TIME,
        "Tags": DataType.STRING_COLLECTION,
    }

    async def work(stores: Any) -> None:
        for name, kind in kinds.items():
            attribute = UserAttribute(
                directory_id=TENANT, id=full(name), display_name=name, data_type=kind
            )
            await stores.user_attributes.add(attribute)
        for number, (name, mail, values) in enumerate(PEOPLE):
            account = an_account(
                id=AccountId(f"00000000-0000-4000-8000-00000000000{number}"),
                display_name=name,
                mail=mail,
                identities=(),
                extensions={full(each): value for each, value in values.items()},
            )
            await stores.accounts.add(account)

    await plane.database.write(TENANT, work)
    return plane


async def found(plane: Plane, query: str) -> list[str]:
    answer = await plane.request("GET", f"/beta/users?{query}")
    assert answer.status_code == 200, answer.text
    return [each["displayName"] for each in answer.json()["value"]]


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("{Tier} eq 'GOLD'", [0, 1]),
        ("{Tier} ne 'gold'", [2, 3, 4]),
        ("not({Tier} eq 'gold')", [2, 3, 4]),
        ("{Tier} in ('gold','silver')", [0, 1, 2]),
        ("startswith({Tier},'g')", [0, 1]),
        ("contains({Tier},'l%')", []),
        ("endswith({Tier},'ER')", [2]),
        ("{Tier} eq null", [3, 4]),
        ("{Tier} ne null", [0, 1, 2]),
        ("{Tier} gt 'gz'", [2]),
        ("{Age} eq 5", [0]),
        ("{Age} eq 1152921504606846977", [1]),
        ("{Age} eq 1152921504606846976", []),
        ("{Age} gt 4", [0, 1]),
        ("{Age} lt 0", [3]),
        ("{Age} ne 5", [1, 2, 3, 4]),
        ("{Member} eq true", [0]),
        ("{Member} eq false", [2]),
        ("{Member} ne true", [1, 2, 3, 4]),
        ("{Since} eq 2020-01-01T00:00:00Z", [2]),
        ("{Since} lt 2019-01-01T00:00:00Z", []),
        ("{Tier} eq 'gold' and {Age} gt 5 or {Age} lt 0", [1, 3]),
        ("{tier} eq 'silver'", [2]),
    ],
)
async def test_custom_attributes_are_filtered_by_in_their_own_type(
    people: Plane, question: str, numbers: list[int]
) -> None:
    names = {each: full(each) for each in ("Tier", "Age", "Member", "Since")}
    names["tier"] = full("tier").upper()
    asked = quote(question.format(**names))
    expected = {PEOPLE[number][0] for number in numbers}
    assert set(await found(people, f"$filter={asked}")) == expected
    count = await people.request("GET", f"/beta/users/$count?$filter={asked}")
    assert count.text == str(len(numbers))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (f"{full('None')} eq 'x'", "has no attribute"),
        ("extension_x eq 'x'", "has no attribute"),
        (f"{full('Tier')} eq 5", "is no string"),
        (f"{full('Age')} eq 'x'", "is no int64"),
        (f"{full('Age')} eq true", "is no int64"),
        (f"{full('Member')} eq 1", "is no boolean"),
        (f"{full('Tags')} eq 'x'", "cannot be filtered by"),
        (f"{full('Tier')}/x eq 'x'", "position"),
        ("extension_' or 1 eq 1", "position"),
    ],
)
async def test_a_wrong_question_about_a_custom_attribute_is_refused(
    people: Plane, question: str, said: str
) -> None:
    answer = await people.request("GET", f"/beta/users?$filter={quote(question)}")
    assert answer.status_code == 400, answer.text
    assert said in answer.json()["error"]["message"]


async def test_no_list_is_ordered_by_a_custom_attribute(people: Plane) -> None:
    answer = await people.request("GET", f"/beta/users?$orderby={full('Tier')}")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("startswith(displayName,'ÅSA')", ["åsa berg", "Åsa Öberg"]),
        ("startswith(displayName,'strass')", ["Straße"]),
        ("displayName eq 'STRASSE'", ["Straße"]),
        ("startswith(displayName,'zoe_')", ["Zoe_%"]),
        ("startswith(mail,'zoe')", ["Zoe_%", "zoë"]),
        ("mail eq 'zoe@EXAMPLE.com'", ["zoë"]),
        ("mail eq null", ["Straße"]),
        ("not(startswith(mail,'a'))", ["åsa berg", "Straße", "zoë", "Zoe_%"]),
        ("contains(displayName,'ÖB')", ["Åsa Öberg"]),
        ("startswith(displayName,'')", ["Straße", "Zoe_%", "zoë", "åsa berg", "Åsa Öberg"]),
    ],
)
async def test_names_are_found_without_regard_to_case_in_any_language(
    people: Plane, question: str, names: list[str]
) -> None:
    assert await found(people, f"$filter={quote(question)}") == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("displayName", ["Straße", "Zoe_%", "zoë", "åsa berg", "Åsa Öberg"]),
        ("displayName desc", ["Åsa Öberg", "åsa berg", "zoë", "Zoe_%", "Straße"]),
        ("mail", ["Straße", "Åsa Öberg", "åsa berg", "Zoe_%", "zoë"]),
        ("mail desc", ["zoë", "Zoe_%", "åsa berg", "Åsa Öberg", "Straße"]),
        ("accountEnabled,displayName desc", ["Åsa Öberg", "åsa berg", "zoë", "Zoe_%", "Straße"]),
        ("createdDateTime desc,mail", ["Straße", "Åsa Öberg", "åsa berg", "Zoe_%", "zoë"]),
    ],
)
async def test_pages_of_one_follow_the_order_of_code_points(
    people: Plane, order: str, names: list[str]
) -> None:
    assert await found(people, f"$orderby={quote(order)}") == names
    link, seen = f"/beta/users?$top=1&$orderby={quote(order)}", []
    while link:
        answer = (await people.request("GET", link)).json()
        seen += [each["displayName"] for each in answer["value"]]
        link = answer.get("@odata.nextLink", "")
    assert seen == names
