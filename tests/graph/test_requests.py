"""Requests as they arrive: bodies, media types, headers, methods, paths."""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest
from sqlalchemy import text

from gatelodge.storage.statement import Query
from tests.graph.plane import Plane
from tests.world.makers import TENANT

FLOWS = "/beta/identity/userFlows"
JSON = {"Content-Type": "application/json"}
GOOD = b'{"id":"x","userFlowType":"signIn","userFlowTypeVersion":3}'


def good_but(more: str, encoding: str = "utf-8") -> bytes:
    """Return a body that would be taken without what is added."""
    return GOOD[:-1] + b"," + more.encode(encoding) + b"}"


async def post(
    plane: Plane, content: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await plane.request("POST", FLOWS, content=content, headers=headers or JSON)


def is_error(answer: httpx.Response, status: int, code: str) -> None:
    error = answer.json()["error"]
    assert answer.status_code == status
    assert error["code"] == code
    assert error["message"]
    assert error["innerError"]["request-id"] == answer.headers["request-id"]
    assert error["innerError"]["client-request-id"] == answer.headers["client-request-id"]
    assert datetime.fromisoformat(error["innerError"]["date"]).tzinfo is None
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b"1",
        b'"text"',
        b"{",
        b"[" + GOOD + b"]",
        GOOD[:-1],
        GOOD[:-1] + b",}",
        GOOD.replace(b'"', b"'"),
        GOOD + b" trailing",
        GOOD + b"/* comment */",
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        good_but('"defaultLanguageTag":"\xff"', "latin-1"),
        good_but('"defaultLanguageTag":"\\ud800"'),
        good_but('"@\\udfff":1'),
        good_but('"defaultLanguageTag":"a\\u0000b"'),
        good_but('"defaultLanguageTag":"a\x00b"'),
        good_but('"id":"x"'),
        good_but('"@a":{"b":1,"b":2}'),
        good_but('"@a":NaN'),
        good_but('"@a":-Infinity'),
        good_but('"@a":' + "9" * 100_000),
        good_but('"@a":' + '{"a":' * 10_000 + "1" + "}" * 10_000),
        good_but('"@a":' + "[" * 100_000),
        b"[" * 100_000,
        b"{" + b",".join(b'"k%d":1' % n for n in range(50_000)) + b"}",
    ],
)
async def test_a_body_that_is_no_good_object_is_refused(plane: Plane, content: bytes) -> None:
    is_error(await post(plane, content), 400, "BadRequest")


async def test_the_body_they_are_made_of_is_good(plane: Plane) -> None:
    assert (await post(plane, good_but('"@a":1'))).status_code == 201


async def test_a_body_of_more_than_a_mebibyte_is_refused(plane: Plane) -> None:
    is_error(await post(plane, b" " * 1_048_577), 413, "RequestEntityTooLarge")
    assert (await post(plane, b" " * (1_048_576 - len(GOOD)) + GOOD)).status_code == 201


async def test_a_body_without_end_is_given_up_early(plane: Plane) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    headers = {**JSON, "Authorization": f"Bearer {await plane.token()}"}
    answer = await plane.client.post(FLOWS, content=endless(), headers=headers)
    is_error(answer, 413, "RequestEntityTooLarge")
    assert sent <= 2_097_152


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 201),
        ("Application/JSON; charset=utf-8", 201),
        ("application/json;odata.metadata=none", 201),
        ("text/plain", 415),
        ("text/json", 415),
        ("application/xml", 415),
        ("application/jsonx", 415),
        ("", 415),
    ],
)
async def test_a_body_must_say_that_it_is_json(plane: Plane, media_type: str, status: int) -> None:
    answer = await post(plane, GOOD, {"Content-Type": media_type})
    assert answer.status_code == status
    if status == 415:
        is_error(answer, 415, "UnsupportedMediaType")


async def test_a_body_without_media_type_is_refused(plane: Plane) -> None:
    is_error(await post(plane, GOOD, {"X": "y"}), 415, "UnsupportedMediaType")


async def test_a_given_request_id_is_echoed(plane: Plane) -> None:
    given = str(uuid.uuid4())
    answer = await plane.request("GET", FLOWS, headers={"client-request-id": given})
    assert answer.headers["client-request-id"] == given
    assert str(uuid.UUID(answer.headers["request-id"])) == answer.headers["request-id"]
    assert answer.headers["request-id"] != given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\tb", "<script>", "é"])
async def test_a_strange_request_id_is_replaced(plane: Plane, given: str) -> None:
    headers = {"client-request-id": given.encode("latin-1")}
    answer = await plane.request("GET", FLOWS, headers=headers)
    assert answer.headers["client-request-id"] == answer.headers["request-id"]


async def test_every_answer_carries_the_headers_clients_expect(plane: Plane) -> None:
    for path, who in (
        (FLOWS, "admin"),
        (f"{FLOWS}/x", "admin"),
        (FLOWS, None),
        ("/beta/x", "admin"),
    ):
        answer = await plane.request("GET", path, who=who)
        assert answer.headers["odata-version"] == "4.0"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "request-id" in answer.headers["access-control-expose-headers"]
        assert parsedate_to_datetime(answer.headers["date"]).year == 2026
        assert answer.headers["content-type"] == (
            "application/json;odata.metadata=minimal;odata.streaming=true;"
            "IEEE754Compatible=false;charset=utf-8"
        )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", f"{FLOWS}/x", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("POST", f"{FLOWS}/x", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("DELETE", FLOWS, "GET, POST, HEAD, OPTIONS"),
        ("PATCH", FLOWS, "GET, POST, HEAD, OPTIONS"),
        ("POST", f"{FLOWS}/$count", "GET, HEAD, OPTIONS"),
        ("GET", "/beta/users/x/revokeSignInSessions", "POST, OPTIONS"),
        ("TRACE", FLOWS, "GET, POST, HEAD, OPTIONS"),
        ("BREW", FLOWS, "GET, POST, HEAD, OPTIONS"),
    ],
)
async def test_a_method_that_is_not_there_is_refused_with_those_that_are(
    plane: Plane, method: str, path: str, allowed: str
) -> None:
    answer = await plane.request(method, path)
    is_error(answer, 405, "MethodNotAllowed")
    assert answer.headers["allow"] == allowed


async def test_a_method_cannot_be_overridden_by_a_header(plane: Plane) -> None:
    await plane.create("x")
    headers = {"X-HTTP-Method-Override": "DELETE", **JSON}
    await plane.request("POST", FLOWS, content=GOOD, headers=headers)
    assert (await plane.request("GET", f"{FLOWS}/B2C_1_x")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/beta", 404, "ResourceNotFound"),
        ("/beta/bogus", 404, "ResourceNotFound"),
        ("/beta/identity", 404, "ResourceNotFound"),
        ("/beta/identity/bogus", 400, "BadRequest"),
        (f"{FLOWS}/x/bogus", 400, "BadRequest"),
        (f"{FLOWS}/x/y/z", 400, "BadRequest"),
        ("/beta/%ff", 404, "ResourceNotFound"),
        ("/v1.0/users/x/microsoft.graph.bogus", 400, "BadRequest"),
    ],
)
async def test_an_unknown_path_is_answered_in_the_envelope(
    plane: Plane, path: str, status: int, code: str
) -> None:
    is_error(await plane.request("GET", path, follow_redirects=True), status, code)


async def test_head_is_get_without_the_body(plane: Plane) -> None:
    get = await plane.request("GET", FLOWS)
    head = await plane.request("HEAD", FLOWS)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_a_preflight_needs_no_token(plane: Plane) -> None:
    headers = {"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    answer = await plane.request("OPTIONS", FLOWS, who=None, headers=headers)
    assert answer.status_code == 204
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert "POST" in answer.headers["access-control-allow-methods"]


async def test_a_failure_inside_tells_nothing_but_its_id(
    plane: Plane, caplog: pytest.LogCaptureFixture
) -> None:
    async def rename(one: str, other: str) -> None:
        move = Query(text(f"ALTER TABLE {one} RENAME TO {other}"))
        await plane.database.write(TENANT, lambda stores: stores.connection.all(move))

    await rename("user_flow", "elsewhere")
    answer = await plane.request("GET", FLOWS)
    await rename("elsewhere", "user_flow")
    is_error(answer, 500, "InternalServerError")
    assert "user_flow" not in answer.text
    assert answer.headers["request-id"] in caplog.text


async def test_a_name_too_long_for_an_index_is_unknown(plane: Plane) -> None:
    long = "x" * 1500
    assert (await plane.request("GET", f"{FLOWS}/{long}")).status_code == 404
    answer = await plane.request("GET", f"{FLOWS}?$filter=id eq '{long}'")
    assert answer.json()["value"] == []
