"""Preferences, versions, levels of metadata and searches."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from gatelodge.model.identifier import AccountId
from tests.graph.plane import Plane
from tests.world.makers import TENANT, an_account

FLOW = "/beta/identity/userFlows/B2C_1_a"
FLOWS = "/beta/identity/userFlows"


async def get(plane: Plane, path: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await plane.request("GET", path, headers=named)


async def test_a_version_is_told_in_the_body_and_in_the_header(plane: Plane) -> None:
    await plane.create("a")
    answer = await get(plane, FLOW)
    assert answer.json()["@odata.etag"] == answer.headers["etag"] == 'W/"0"'
    changed = await plane.request("PATCH", FLOW, json={"defaultLanguageTag": "fr"})
    assert changed.json()["@odata.etag"] == 'W/"1"'


async def test_a_change_of_another_version_is_refused(plane: Plane) -> None:
    await plane.create("a")
    body = {"defaultLanguageTag": "fr"}
    for given, status in (('W/"7"', 412), ('W/"7", W/"0"', 200), ('W/"0"', 412), ("*", 200)):
        answer = await plane.request("PATCH", FLOW, json=body, headers={"If-Match": given})
        assert answer.status_code == status, given
    refused = await plane.request("DELETE", FLOW, headers={"If-Match": 'W/"0"'})
    assert refused.json()["error"]["code"] == "PreconditionFailed"


async def test_a_version_the_client_has_is_not_sent_again(plane: Plane) -> None:
    await plane.create("a")
    same = await get(plane, FLOW, If_None_Match='W/"0"')
    assert (same.status_code, same.content) == (304, b"")
    assert (await get(plane, FLOW, If_None_Match='W/"1"')).status_code == 200


async def test_a_page_size_is_a_preference_and_a_limit_is_an_order(plane: Plane) -> None:
    for name in "abc":
        await plane.create(name)
    preferred = await get(plane, FLOWS, Prefer="odata.maxpagesize=2, include-unknown-enum-members")
    assert len(preferred.json()["value"]) == 2
    applied = preferred.headers["preference-applied"]
    assert applied == "odata.maxpagesize=2, include-unknown-enum-members"
    limited = await get(plane, f"{FLOWS}?$top=1", Prefer="odata.maxpagesize=2")
    assert len(limited.json()["value"]) == 1
    assert "preference-applied" not in limited.headers
    ignored = await get(plane, FLOWS, Prefer="odata.maxpagesize=x", ConsistencyLevel="eventual")
    assert len(ignored.json()["value"]) == 3


async def test_without_metadata_only_counts_and_links_remain(plane: Plane) -> None:
    for name in "abc":
        await plane.create(name)
    accept = "application/json;odata.metadata=none"
    listed = (await get(plane, f"{FLOWS}?$top=1&$count=true", Accept=accept)).json()
    assert set(listed) == {"@odata.count", "@odata.nextLink", "value"}
    for body in (listed["value"][0], (await get(plane, FLOW, Accept=accept)).json()):
        assert not [name for name in body if "@" in name]


async def test_with_full_metadata_every_entity_says_where_it_is(plane: Plane) -> None:
    await plane.create("a")
    for accept in ("application/json;odata.metadata=full", "text/html;odata.metadata=full"):
        [flow] = (await get(plane, FLOWS, Accept=accept)).json()["value"]
        assert flow["@odata.id"].endswith("/identity/userFlows('B2C_1_a')")
        assert flow["@odata.type"] == "#microsoft.graph.b2cIdentityUserFlow"


@pytest.fixture
async def people(plane: Plane) -> Plane:
    async def work(stores: Any) -> None:
        for number, name in enumerate(("Ada Lovelace", "Grace Hopper", "Adam Grace", "Hugh")):
            account = an_account(
                id=AccountId(f"00000000-0000-4000-8000-00000000000{number}"),
                display_name=name,
                mail=f"{name.partition(' ')[0].lower()}@example.com",
                city="Oslo" if number else None,
                identities=(),
            )
            await stores.accounts.add(account)

    await plane.database.write(TENANT, work)
    return plane


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ('"displayName:ada"', ["Ada Lovelace", "Adam Grace"]),
        ('"displayname:GRACE"', ["Adam Grace", "Grace Hopper"]),
        ('"displayName:ace"', []),
        ('"displayName:ada" AND "displayName:grace"', ["Adam Grace"]),
        ('"displayName:hugh" OR "mail:grace"', ["Grace Hopper", "Hugh"]),
        ('"displayName:ada" AND "city:oslo" OR "mail:hugh"', ["Adam Grace", "Hugh"]),
        ('"hopp"', ["Grace Hopper"]),
        ('"displayName:%"', []),
        ('"displayName:\\"x"', []),
    ],
)
async def test_words_are_searched_by_how_they_begin(
    people: Plane, search: str, names: list[str]
) -> None:
    answer = await get(people, f"/beta/users?$search={quote(search)}&$count=true")
    assert sorted(each["displayName"] for each in answer.json()["value"]) == names
    assert answer.json()["@odata.count"] == len(names)
    both = f"$search={quote(search)}&$filter=startswith(displayName,'h')"
    found = (await get(people, f"/beta/users?{both}")).json()["value"]
    assert [each["displayName"] for each in found] == [each for each in names if each == "Hugh"]


@pytest.mark.parametrize(
    "search",
    [
        "",
        "ada",
        '"displayName:"',
        '"nothing:x"',
        '"accountEnabled:x"',
        '"a" XOR "b"',
        '"a" AND',
        '"',
        " OR ".join(['"a"'] * 11),
    ],
)
async def test_a_search_that_is_none_is_refused(people: Plane, search: str) -> None:
    answer = await get(people, f"/beta/users?$search={quote(search)}")
    assert answer.status_code == 400
