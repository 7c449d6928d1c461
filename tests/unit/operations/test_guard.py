"""The outermost wrapper."""

import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from gatelodge.errors import Unavailable
from gatelodge.operations.guard import MAX_BODY_OCTETS, Guard
from gatelodge.randomness import SeededRandomness
from tests.world.clock import MovableClock


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    match scope["path"]:
        case "/fails":
            raise RuntimeError("the password is swordfish")
        case "/away":
            raise Unavailable("the server at 10.0.0.1 said no")
        case "/breaks":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise RuntimeError("too late")
        case "/page":
            response = PlainTextResponse("x", headers={"Content-Security-Policy": "mine"})
        case _:
            response = PlainTextResponse(str(len(await request.body())))
    await response(scope, receive, send)


def refuse(_scope: Scope, status: int, error_id: str) -> Response:
    return PlainTextResponse(f"refused {error_id}", status)


def new_guard(*, hosts: frozenset[str] = frozenset(), strict: bool = True) -> Guard:
    return Guard(
        app,
        refuse=refuse,
        randomness=SeededRandomness(1),
        clock=MovableClock(),
        hosts=hosts,
        is_strict_transport=strict,
    )


def client(*, hosts: frozenset[str] = frozenset(), strict: bool = True) -> httpx.AsyncClient:
    guard = new_guard(hosts=hosts, strict=strict)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(guard), base_url="https://login.acme.example"
    )


async def test_every_answer_has_the_headers() -> None:
    async with client() as asking:
        answers = [await asking.get(path) for path in ("/", "/fails", "/page")]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert answer.headers.get_list("date") == ["Sun, 01 Mar 2026 12:00:00 GMT"]
        assert "server" not in answer.headers
    policies = [each.headers["content-security-policy"] for each in answers]
    assert policies[0].startswith("default-src 'none'")
    assert policies[2] == "mine"


async def test_development_never_promises_strict_transport() -> None:
    async with client(strict=False) as asking:
        assert "strict-transport-security" not in (await asking.get("/")).headers


async def test_an_exception_is_told_as_an_id_and_logged_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        async with client() as asking:
            answer = await asking.get("/fails?code=secret")
    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    (record,) = caplog.records
    error_id = str(vars(record)["error_id"])
    assert answer.text == f"refused {error_id}"
    assert record.exc_info is not None
    assert "secret" not in record.getMessage()


async def test_a_database_that_is_away_is_no_mistake_of_ours() -> None:
    async with client() as asking:
        answer = await asking.get("/away")
    assert answer.status_code == 503
    assert "10.0.0.1" not in answer.text


async def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await new_guard()({"type": "http", "path": "/breaks", "headers": []}, receive, send)
    assert [each["type"] for each in sent] == ["http.response.start"]


async def test_a_body_within_the_limit_is_read_whole() -> None:
    async with client() as asking:
        answer = await asking.post("/", content=b"x" * MAX_BODY_OCTETS)
    assert answer.text == str(MAX_BODY_OCTETS)


async def test_a_body_that_announces_too_much_is_refused() -> None:
    async with client() as asking:
        answer = await asking.post("/", content=b"x" * (MAX_BODY_OCTETS + 1))
    assert answer.status_code == 413


async def test_a_body_that_only_turns_out_too_large_is_refused_as_well() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (MAX_BODY_OCTETS // 2)

    async with client() as asking:
        answer = await asking.post("/", content=pieces())
    assert answer.status_code == 413


@pytest.mark.parametrize("host", ["login.acme.example", "LOGIN.acme.example:8443"])
async def test_the_host_it_answers_for_may_have_a_port_and_any_case(host: str) -> None:
    async with client(hosts=frozenset({"login.acme.example"})) as asking:
        assert (await asking.get("/", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "login.acme.example.evil.example", "login.acme.example@evil.example"]
)
async def test_another_host_is_refused(host: str) -> None:
    async with client(hosts=frozenset({"login.acme.example"})) as asking:
        assert (await asking.get("/", headers={"Host": host})).status_code == 421
        assert (await asking.get("/healthz", headers={"Host": host})).status_code == 200
