"""`$batch`: several requests in one, each answered as if it had come alone."""

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from gatelodge.graph.batch import Part, answers_of, read_parts
from tests.graph.plane import ORIGIN, Plane

BATCH = "/beta/$batch"
FLOWS = "/identity/userFlows"
JSON = {"Content-Type": "application/json"}


def a_flow(name: str) -> dict[str, Any]:
    return {"id": name, "userFlowType": "signIn", "userFlowTypeVersion": 3}


def part(name: str, url: str = FLOWS, method: str = "GET", **more: Any) -> dict[str, Any]:
    return {"id": name, "method": method, "url": url, **more}


async def send(plane: Plane, *parts: Any, **arguments: Any) -> httpx.Response:
    return await plane.request("POST", BATCH, json={"requests": list(parts)}, **arguments)


async def answered(plane: Plane, *parts: Any, **arguments: Any) -> dict[str, Any]:
    answer = await send(plane, *parts, **arguments)
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["responses"]}


async def test_what_depends_on_a_creation_finds_what_was_created(plane: Plane) -> None:
    found = await answered(
        plane,
        part("3", f"{FLOWS}/B2C_1_none"),
        part("2", f"{FLOWS}/B2C_1_batched", dependsOn=["1"]),
        part("1", FLOWS, "POST", headers=JSON, body=a_flow("batched")),
    )
    assert {name: each["status"] for name, each in found.items()} == {"1": 201, "2": 200, "3": 404}
    assert found["2"]["body"]["id"] == "B2C_1_batched"
    assert found["1"]["headers"]["Location"] == f"{ORIGIN}/beta{FLOWS}('B2C_1_batched')"
    assert found["3"]["body"]["error"]["code"] == "ResourceNotFound"


async def test_answers_stand_in_the_order_of_the_requests(plane: Plane) -> None:
    parts = [part(str(number), dependsOn=[str(number + 1)]) for number in range(19)]
    answer = await send(plane, *parts, part("19"))
    assert [each["id"] for each in answer.json()["responses"]] == [str(n) for n in range(20)]


@pytest.mark.parametrize(
    "url",
    [
        "identity/userFlows?$top=1",
        "/identity/userFlows?$top=1",
        "//identity/userflows?$top=1",
        f"{ORIGIN}/beta/identity/userFlows?$top=1",
        f"{ORIGIN.upper()}/beta/identity/userFlows?$top=1#part",
        "/identity/userFlows?$filter=startsWith(id,'B2C_1_n') and userFlowTypeVersion eq 3&$top=1",
        "/identity/userFlows?$filter=startsWith(id,%27B2C_1_n%27)",
    ],
)
async def test_an_address_may_be_written_in_every_usual_way(plane: Plane, url: str) -> None:
    await plane.create("name")
    found = await answered(plane, part("1", url))
    assert [each["id"] for each in found["1"]["body"]["value"]] == ["B2C_1_name"]


async def test_dependencies_may_be_named_as_the_python_client_names_them(plane: Plane) -> None:
    found = await answered(
        plane,
        part("b", f"{ORIGIN}/beta{FLOWS}/B2C_1_x", depends_on=["a"]),
        part("a", f"{ORIGIN}/beta{FLOWS}", "POST", depends_on=[], headers=JSON, body=a_flow("x")),
    )
    assert found["b"]["status"] == 200


async def test_what_depends_on_a_failure_is_not_tried(plane: Plane) -> None:
    found = await answered(
        plane,
        part("bad", f"{FLOWS}/B2C_1_none"),
        part("next", FLOWS, "POST", headers=JSON, body=a_flow("never"), dependsOn=["bad"]),
        part("last", f"{FLOWS}/B2C_1_never", dependsOn=["next"]),
        part("free"),
    )
    assert {name: each["status"] for name, each in found.items()} == {
        "bad": 404,
        "next": 424,
        "last": 424,
        "free": 200,
    }
    assert found["next"]["body"]["error"]["code"] == "FailedDependency"
    assert found["free"]["body"]["value"] == []


async def test_every_part_is_asked_for_the_permission_it_needs(plane: Plane) -> None:
    found = await answered(
        plane,
        part("read"),
        part("write", FLOWS, "POST", headers=JSON, body=a_flow("x")),
        part("other", "/users"),
        part("claims", headers={"Authorization": f"Bearer {await plane.token('admin')}"}),
        who="reader",
    )
    assert [found[name]["status"] for name in ("read", "write", "other", "claims")] == [
        200,
        403,
        403,
        200,
    ]
    admins = {"Authorization": f"Bearer {await plane.token('admin')}"}
    found = await answered(plane, part("borrowed", headers=admins), who="nobody")
    assert found["borrowed"]["status"] == 403


async def test_a_batch_of_nobody_is_refused_whole(plane: Plane) -> None:
    answer = await send(plane, part("1"), who=None)
    assert answer.status_code == 401
    inner = {"Authorization": f"Bearer {await plane.token('admin')}"}
    assert (await send(plane, part("1", headers=inner), who=None)).status_code == 401


async def test_every_part_has_a_request_id_of_its_own(plane: Plane) -> None:
    sent = {"client-request-id": "mine"}
    answer = await send(plane, part("1", headers=sent), part("2"))
    first, second = (each["headers"] for each in answer.json()["responses"])
    assert len({first["request-id"], second["request-id"], answer.headers["request-id"]}) == 3
    assert first["client-request-id"] == "mine"


async def test_headers_inside_count_for_their_part_alone(plane: Plane) -> None:
    for name in ("a", "b"):
        await plane.create(name)
    found = await answered(
        plane,
        part("1", headers={"Prefer": "odata.maxpagesize=1", "ConsistencyLevel": "eventual"}),
        part("2", headers={"Accept": "application/json;odata.metadata=none"}),
    )
    assert len(found["1"]["body"]["value"]) == 1
    assert "@odata.nextLink" in found["1"]["body"]
    assert len(found["2"]["body"]["value"]) == 2
    assert "odata.metadata=none" in found["2"]["headers"]["Content-Type"]


async def test_what_is_no_json_travels_as_base64(plane: Plane) -> None:
    body = base64.b64encode(json.dumps(a_flow("packed")).encode()).decode()
    found = await answered(
        plane,
        part("1", FLOWS, "POST", headers=JSON, body=body),
        part("2", f"{FLOWS}/$count", dependsOn=["1"]),
        part("3", "/$metadata"),
        part("4", f"{FLOWS}/B2C_1_packed", "DELETE", dependsOn=["2"]),
    )
    assert found["1"]["status"] == 201
    assert base64.b64decode(found["2"]["body"]) == b"1"
    assert b"<edmx:Edmx" in base64.b64decode(found["3"]["body"])
    assert (found["4"]["status"], "body" in found["4"]) == (204, False)


async def test_a_body_of_the_wrong_kind_fails_its_part_alone(plane: Plane) -> None:
    found = await answered(
        plane,
        part("1", FLOWS, "POST", headers={"Content-Type": "text/plain"}, body=a_flow("x")),
        part("2", FLOWS, "POST", body=a_flow("y")),
        part("3", FLOWS, "POST", headers=JSON, body=[10**30]),
        part("4", FLOWS, "POST", headers=JSON),
        part("5", FLOWS, "BREW"),
    )
    assert [found[str(number)]["status"] for number in range(1, 6)] == [415, 415, 400, 400, 405]


@pytest.mark.parametrize(
    ("requests", "target"),
    [
        (None, "requests"),
        ([], "requests"),
        ({"1": part("1")}, "requests"),
        ([part(str(number)) for number in range(21)], "requests"),
        ([part("1"), part("1")], "requests"),
        (["1"], "requests/0"),
        ([part("1"), {"method": "GET", "url": FLOWS}], "requests/1/id"),
        ([part("")], "requests/0/id"),
        ([{"id": 1, "method": "GET", "url": FLOWS}], "requests/0/id"),
        ([part("1", method="GE T")], "requests/0/method"),
        ([{"id": "1", "method": None, "url": FLOWS}], "requests/0/method"),
        ([part("1", url="")], "requests/0/url"),
        ([part("1", url="x" * 9000)], "requests/0/url"),
        ([part("1", url="https://elsewhere.example/beta/users")], "requests/0/url"),
        ([part("1", url=f"{ORIGIN}.evil.example/beta/users")], "requests/0/url"),
        ([part("1", url=f"{ORIGIN}/v1.0/users")], "requests/0/url"),
        ([part("1", url="/$batch", method="POST")], "requests/0/url"),
        ([part("1", url="%24BATCH/", method="POST")], "requests/0/url"),
        ([part("1", url=f"{ORIGIN}/beta/$batch", method="POST")], "requests/0/url"),
        ([part("1", headers=["x"])], "requests/0/headers"),
        ([part("1", headers={"x": 1})], "requests/0/headers"),
        ([part("1", headers={"x": "\u4e00"})], "requests/0/headers"),
        ([part("1", headers={f"x{number}": "" for number in range(51)})], "requests/0/headers"),
        ([part("1", body="no base64!")], "requests/0/body"),
        ([part("1", dependsOn="2")], "requests/0/dependsOn"),
        ([part("1", dependsOn=[2])], "requests/0/dependsOn"),
        ([part("1", dependsOn=["2"])], "requests/0/dependsOn"),
        ([part("1", dependsOn=["1"])], "requests"),
        ([part("1", dependsOn=["2"]), part("2", dependsOn=["1"])], "requests"),
    ],
)
async def test_a_batch_that_is_none_is_refused_whole(
    plane: Plane, requests: Any, target: str
) -> None:
    answer = await plane.request("POST", BATCH, json={"requests": requests})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == "BadRequest"
    assert answer.json()["error"]["target"] == target


async def test_a_batch_is_posted(plane: Plane) -> None:
    answer = await plane.request("GET", BATCH)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST, OPTIONS"
    plain = await plane.request("POST", BATCH, content=b"{}", headers={"Content-Type": "text/css"})
    assert plain.status_code == 415


async def test_parts_that_wait_for_nobody_run_at_the_same_time() -> None:
    everybody = asyncio.Event()
    running: list[str] = []

    async def meet(one: Part) -> Any:
        running.append(one.id)
        if len(running) == 3:
            everybody.set()
        await everybody.wait()
        return Response(b"")

    parts = read_parts({"requests": [part("1"), part("2"), part("3")]}, f"{ORIGIN}/beta")
    answers = await asyncio.wait_for(answers_of(parts, meet, meet), 5)
    assert [each["status"] for each in answers] == [200, 200, 200]
