"""Query options on lists, answered by SQL on both databases."""

import base64
from typing import Any
from urllib.parse import quote

import pytest

from gatelodge.graph.edm import EntitySet
from gatelodge.graph.filter_text import parse_filter
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.model.user_flows import B2C_IDENTITY_USER_FLOW
from gatelodge.model.query import matches
from gatelodge.model.user_flow import UserFlow
from tests.graph.plane import ORIGIN, Plane
from tests.world.makers import TENANT, an_account

FLOWS = "/beta/identity/userFlows"
MADE = (
    ("Pol1", "signUpOrSignIn", 1),
    ("Pol2", "signIn", 2),
    ("polite_one", "signIn", 3),
    ("Reset", "passwordReset", 1.1),
    ("100_percent", "profileUpdate", 3),
)


@pytest.fixture
async def five(plane: Plane) -> Plane:
    """Give a control plane with five user flows, one of them without a language."""
    for each in MADE:
        await plane.create(*each)
    await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol1", json={"defaultLanguageTag": None})
    await plane.request("PATCH", f"{FLOWS}/B2C_1_Pol2", json={"defaultLanguageTag": "DE"})
    return plane


async def names(plane: Plane, query: str) -> list[str]:
    answer = await plane.request("GET", f"{FLOWS}?{query}")
    assert answer.status_code == 200, answer.text
    return [each["id"].removeprefix("B2C_1_") for each in answer.json()["value"]]


async def refused(plane: Plane, query: str) -> str:
    answer = await plane.request("GET", f"{FLOWS}?{query}")
    assert answer.status_code == 400, answer.text
    message: str = answer.json()["error"]["message"]
    return message


FILTERS = (
    "userFlowType eq 'signIn'",
    "userFlowType eq 'SIGNIN'",
    "userFlowType eq microsoft.graph.userFlowType'signIn'",
    "userFlowType ne 'signIn'",
    "not(userFlowType eq 'signIn')",
    "not (userFlowType eq 'signIn')",
    "userFlowType in ('signIn','passwordReset')",
    "userFlowType in ('signIn')",
    "id eq 'b2c_1_POL1'",
    "id ne 'B2C_1_Pol1'",
    "startsWith(id,'B2C_1_P')",
    "endswith(id,'1')",
    "contains(id,'100_')",
    "contains(id,'100%')",
    "contains(id,'_')",
    "contains(id,'\\')",
    "userFlowTypeVersion ge 2",
    "userFlowTypeVersion eq 1.1",
    "userFlowTypeVersion lt 1.1 or userFlowTypeVersion gt 2.0",
    "userFlowTypeVersion eq 3 and userFlowType eq 'signIn' or id eq 'B2C_1_Reset'",
    "userFlowTypeVersion eq 3 and (userFlowType eq 'signIn' or id eq 'B2C_1_Reset')",
    "defaultLanguageTag eq 'de'",
    "defaultLanguageTag eq null",
    "defaultLanguageTag ne null",
    "defaultLanguageTag ne 'en'",
    "not(defaultLanguageTag eq 'en')",
    "not(defaultLanguageTag gt 'a')",
    "defaultLanguageTag in ('en', null)",
    "defaultLanguageTag gt null",
    "startswith(defaultLanguageTag,'E')",
    "isLanguageCustomizationEnabled",
    "isLanguageCustomizationEnabled eq false",
    "ID gt 'B2C_1_Pol1' and USERFLOWTYPE ne 'signUp'",
    "id eq ''' or 1 eq 1'",
    "id eq ''';drop table user_flow;--'",
)


@pytest.mark.parametrize("question", FILTERS)
async def test_sql_answers_a_filter_as_a_list_in_memory_does(five: Plane, question: str) -> None:
    stores = five.database.read(TENANT)
    where = parse_filter(question, B2C_IDENTITY_USER_FLOW)
    every: list[UserFlow] = [
        await stores.user_flows.require(f"B2C_1_{name}") for name, _, _ in MADE
    ]
    expected = sorted((each.id for each in every if matches(where, each)), key=str.casefold)
    encoded = f"$filter={quote(question)}&$count=true"
    answer = await five.request("GET", f"{FLOWS}?{encoded}")
    assert [each["id"] for each in answer.json()["value"]] == expected
    assert answer.json()["@odata.count"] == len(expected)
    count = await five.request("GET", f"{FLOWS}/$count?$filter={quote(question)}")
    assert count.text == str(len(expected))


async def test_the_filters_above_are_not_all_empty(five: Plane) -> None:
    assert await names(five, "$filter=startsWith(id,'B2C_1_Po')") == ["Pol1", "Pol2", "polite_one"]
    assert await names(five, "$filter=contains(id,'100_')") == ["100_percent"]
    assert await names(five, "$filter=contains(id,'100%25')") == []


@pytest.mark.parametrize(
    "query",
    [
        "filter=userFlowType eq 'signIn'",
        "%24filter=userFlowType+eq+%27signIn%27",
        "$FILTER=userFlowType%20eq%20'signIn'",
        "?$filter=userFlowType eq 'signIn'",
        "$format=json&other=1&$filter=userFlowType eq 'signIn'",
    ],
)
async def test_options_are_understood_however_they_are_spelled(five: Plane, query: str) -> None:
    assert await names(five, query) == ["Pol2", "polite_one"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("bogus eq 1", "bogus"),
        ("userFlowType eq", "position 15"),
        ("id eq 'a", "position 6"),
        ("shout(id,'x')", "shout"),
        ("id eq 1", "id"),
        ("userFlowType eq 'bogus'", "userFlowType"),
        ("userFlowType gt 'signIn'", "userFlowType"),
        ("userFlowTypeVersion eq 'x'", "userFlowTypeVersion"),
        ("userFlowTypeVersion eq 1e999", "userFlowTypeVersion"),
        ("startswith(userFlowTypeVersion,'1')", "userFlowTypeVersion"),
        ("startswith(id,null)", "text"),
        ("tokenLifetimeConfiguration eq 'x'", "tokenLifetimeConfiguration"),
        ("id/length eq 1", "position"),
        ("id eq id", "literal"),
        ("id eq 'x' id eq 'y'", "position 10"),
        ("id eq 'x')", "position 9"),
        ("id eq \u2019x\u2019", "position 6"),
        ("", "position 0"),
        ("id", "operator"),
        ("id in ()", "position"),
        ("(" * 21 + "id eq 'x'" + ")" * 21, "20 deep"),
        ("not " * 30 + "id eq 'x'", "20 deep"),
        (" or ".join(["id eq 'x'"] * 201), "200 parts"),
        ("id in (" + ",".join(["'x'"] * 300) + ")", "200 parts"),
        ("(" * 10_000, "4096"),
        ("id eq '" + "x" * 5000 + "'", "4096"),
    ],
)
async def test_a_wrong_filter_is_refused_and_says_where(
    plane: Plane, question: str, said: str
) -> None:
    assert said in await refused(plane, f"$filter={quote(question)}")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("$top=-1", "$top"),
        ("$top=abc", "$top"),
        ("$top=1e3", "$top"),
        ("$top=99999999999", "$top"),
        ("$skip=-1", "$skip"),
        ("$skip=99999999999999999999999", "$skip"),
        ("$count=maybe", "$count"),
        ("$orderby=bogus", "bogus"),
        ("$orderby=id;drop", "id;drop"),
        ("$orderby=id upwards", "$orderby"),
        ("$orderby=id asc desc", "$orderby"),
        ("$orderby=apiConnectorConfiguration", "apiConnectorConfiguration"),
        ("$orderby=id,id,id,id,id,id", "$orderby"),
        ("$select=bogus", "bogus"),
        ("$select=*,../x", "../x"),
        ("$expand=bogus", "bogus"),
        ("$expand=", "''"),
        ("$format=xml", "$format"),
        ("$search=x", "search clause"),
        ("$apply=groupby((id))", "$apply"),
        ("$bogus=1", "$bogus"),
        ("$top=1&$top=2", "twice"),
        ("$top=1&top=2", "twice"),
        ("$filter=%ff", "UTF-8"),
        ("$filter=id eq '%00'", "NUL"),
    ],
)
async def test_a_wrong_option_is_refused_and_named(plane: Plane, query: str, said: str) -> None:
    assert said in await refused(plane, query)


WRONG = (
    *("$top=-1", "$skip=x", "$count=maybe", "$orderby=bogus", "$orderby=,", "$select=bogus"),
    *("$select=", "$expand=bogus", "$expand=,", "$filter=bogus eq 1", "$filter=", "$filter=id"),
    *("$search=x", '$search="bogus:x"', "$skiptoken=x.y", "$format=atom", "$apply=x", "$bogus=1"),
)


@pytest.mark.parametrize("entity_set", MODEL, ids=lambda it: it.title)
async def test_every_list_and_every_object_names_the_option_that_is_wrong(
    plane: Plane, entity_set: EntitySet
) -> None:
    address = f"/v1.0{entity_set.doors[0].path}"
    administrator = an_account(9, directory_roles=("Global Administrator",))
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(administrator))
    scopes = " ".join(entity_set.read.access.delegated)
    headers = {"Authorization": f"Bearer {await plane.delegated(administrator, scopes)}"}
    for option in WRONG:
        answer = await plane.client.get(f"{address}?{option}", headers=headers)
        error = answer.json()["error"]
        assert (answer.status_code, error.get("target")) == (400, option.partition("=")[0]), option
    if not entity_set.is_single:
        for option in ("$top=1", "$select=id", "$filter=bogus eq 1", "$search="):
            answer = await plane.client.get(f"{address}/$count?{option}", headers=headers)
            target = answer.json()["error"].get("target")
            assert (answer.status_code, target) == (400, option.partition("=")[0]), option


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", FLOWS),
        ("PATCH", f"{FLOWS}/B2C_1_Pol1"),
        ("DELETE", f"{FLOWS}/B2C_1_Pol1"),
        ("PUT", f"{FLOWS}/B2C_1_Pol1/languages/es-ES"),
        ("POST", f"{FLOWS}/B2C_1_Pol1/userAttributeAssignments/setOrder"),
        ("POST", f"{FLOWS}/B2C_1_Pol1/userFlowIdentityProviders/$ref"),
        ("PUT", f"{FLOWS}/B2C_1_Pol1/languages/en/overridesPages/api.signuporsignin/$value"),
        ("DELETE", f"{FLOWS}/B2C_1_Pol1/languages/en/overridesPages/$value"),
    ],
)
async def test_what_writes_takes_no_option_that_would_be_lost(
    plane: Plane, method: str, path: str
) -> None:
    await plane.create("Pol1")
    for option in ("$filter", "$select", "$bogus"):
        answer = await plane.request(method, f"{path}?{option}=id", json={})
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]["target"] == option
    assert (await plane.request("GET", f"{FLOWS}/B2C_1_Pol1")).status_code == 200


async def test_pages_follow_one_another_until_the_end(five: Plane) -> None:
    seen: list[str] = []
    address: str | None = f"{FLOWS}?$top=2&$count=true&$filter=userFlowTypeVersion ge 1&x=y"
    sizes = []
    while address is not None:
        body = (await five.request("GET", address)).json()
        assert body["@odata.count"] == 5
        sizes.append(len(body["value"]))
        seen += [each["id"] for each in body["value"]]
        address = body.get("@odata.nextLink")
        assert address is None or address.startswith(f"{ORIGIN}{FLOWS}?")
    assert sizes == [2, 2, 1]
    assert len(set(seen)) == 5


@pytest.mark.parametrize(
    "order",
    [
        "id",
        "id desc",
        "userFlowType",
        "userFlowType desc,id desc",
        "userFlowTypeVersion desc",
        "userFlowTypeVersion,userFlowType desc",
        "defaultLanguageTag",
        "defaultLanguageTag desc,userFlowTypeVersion",
        "isLanguageCustomizationEnabled,id desc",
    ],
)
async def test_an_order_is_the_same_page_by_page(five: Plane, order: str) -> None:
    whole = await names(five, f"$orderby={order}")
    address: str | None = f"{FLOWS}?$orderby={order}&$top=1"
    seen: list[str] = []
    while address is not None:
        body = (await five.request("GET", address)).json()
        seen += [each["id"].removeprefix("B2C_1_") for each in body["value"]]
        address = body.get("@odata.nextLink")
    assert seen == whole
    assert len(whole) == 5


async def test_a_missing_value_sorts_first(five: Plane) -> None:
    assert (await names(five, "$orderby=defaultLanguageTag"))[0] == "Pol1"
    assert (await names(five, "$orderby=defaultLanguageTag desc"))[-1] == "Pol1"


async def test_descending_is_the_reverse(five: Plane) -> None:
    upwards = await names(five, "$orderby=id")
    assert await names(five, "$orderby=id desc") == upwards[::-1]


async def test_skip_and_top_cut_a_slice(five: Plane) -> None:
    whole = await names(five, "")
    assert await names(five, "$skip=4") == whole[4:]
    assert await names(five, "$skip=1&$top=2") == whole[1:3]
    assert await names(five, "$top=0") == []
    assert await names(five, "$skip=2147483647") == []
    assert await names(five, "$top=2147483647") == whole


async def test_a_page_is_as_large_as_preferred(five: Plane) -> None:
    answer = await five.request("GET", FLOWS, headers={"Prefer": "odata.maxpagesize=3"})
    assert len(answer.json()["value"]) == 3
    assert "@odata.nextLink" in answer.json()


@pytest.mark.parametrize("change", ["question", "order", "tenant", "place", "mac", "garbage"])
async def test_a_token_for_another_list_is_refused(five: Plane, change: str) -> None:
    body = (await five.request("GET", f"{FLOWS}?$top=1")).json()
    token = body["@odata.nextLink"].split("skiptoken=")[1]
    place, _, mac = token.partition(".")
    who, query = "admin", f"$top=1&$skiptoken={token}"
    assert (await five.request("GET", f"{FLOWS}?{query}")).status_code == 200
    match change:
        case "question":
            query += "&$filter=id eq 'x'"
        case "order":
            query += "&$orderby=id desc"
        case "tenant":
            who = "stranger"
        case "place":
            forged = base64.urlsafe_b64encode(b'["zzz"]').decode().rstrip("=")
            query = f"$skiptoken={forged}.{mac}"
        case "mac":
            query = f"$skiptoken={place}.{mac[:-1]}"
        case "garbage":
            query = "$skiptoken=' or 1 eq 1"
    answer = await five.request("GET", f"{FLOWS}?{query}", who=who)
    assert answer.status_code == 400


async def test_only_selected_properties_are_returned(five: Plane) -> None:
    answer = await five.request("GET", f"{FLOWS}?$select=ID, userflowtype&$top=1&$orderby=id desc")
    body = answer.json()
    assert body["@odata.context"] == (
        f"{ORIGIN}/beta/$metadata#identity/userFlows(id,userFlowType)"
    )
    assert body["value"] == [
        {
            "@odata.type": "#microsoft.graph.b2cIdentityUserFlow",
            "id": "B2C_1_Reset",
            "userFlowType": "passwordReset",
        }
    ]


async def test_a_star_selects_what_is_returned_anyway(five: Plane) -> None:
    plain = (await five.request("GET", f"{FLOWS}/B2C_1_Pol1")).json()
    star = (await five.request("GET", f"{FLOWS}/B2C_1_Pol1?$select=*")).json()
    plain.pop("@odata.context")
    star.pop("@odata.context")
    assert plain == star


async def test_a_count_is_plain_digits(five: Plane) -> None:
    headers = {"Accept": "text/plain;q=0.9"}
    answer = await five.request("GET", f"{FLOWS}/$count", headers=headers)
    assert answer.text == "5"
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("level", "present"),
    [("none", set()), ("full", {"@odata.type", "@odata.id", "@odata.editLink", "@odata.etag"})],
)
async def test_annotations_are_as_many_as_asked_for(
    five: Plane, level: str, present: set[str]
) -> None:
    accept = f"application/json; charset=utf-8; odata.metadata={level}"
    headers: dict[str, Any] = {"Accept": accept}
    path = "/beta/identity/b2cUserFlows/B2C_1_Pol1"
    answer = await five.request("GET", path, headers=headers)
    annotations = {name for name in answer.json() if name.startswith("@")}
    assert annotations - {"@odata.context"} == present
    assert ("@odata.context" in annotations) == (level == "full")
    assert f"odata.metadata={level}" in answer.headers["content-type"]
