"""Requests to addresses somebody else wrote down: where they go, and where never."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from gzip import compress

import pytest

from gatelodge.outbound import (
    Failure,
    NotAllowed,
    NotReached,
    Outbound,
    host_problem,
    is_public,
    read_networks,
)

pytestmark = pytest.mark.anyio
PRODUCTION, DEVELOPMENT = Outbound(is_development=False), Outbound(is_development=True)


async def served(answer: bytes, ask: Callable[[str], Awaitable[int]]) -> tuple[int | None, bytes]:
    """Answer one connection with these octets; return what was made of it and what was sent."""
    asked = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.extend(await reader.readuntil(b"logout_token=x"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        status = await ask(f"http://localhost:{port}/out?a=b")
    return status, bytes(asked)


async def test_a_form_arrives_and_the_status_comes_back() -> None:
    status, asked = await served(
        b"HTTP/1.1 204 No Content\r\n\r\n",
        lambda url: DEVELOPMENT.post_form(url, {"logout_token": "x"}),
    )
    assert status == 204
    assert asked.startswith(b"POST /out?a=b HTTP/1.1\r\n")
    assert b"\r\nHost: localhost:" in asked
    assert b"\r\nContent-Type: application/x-www-form-urlencoded\r\n" in asked


async def test_nobody_is_followed_elsewhere() -> None:
    status, _ = await served(
        b"HTTP/1.1 307 X\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n",
        lambda url: DEVELOPMENT.post_form(url, {"logout_token": "x"}),
    )
    assert status == 307


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    status, _ = await served(
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 200_000,
        lambda url: DEVELOPMENT.post_form(url, {"logout_token": "x"}),
    )
    assert status == 200


HEAD = b"HTTP/1.1 200 OK\r\n"
HOSTILE = {
    "more than anybody may say": (
        HEAD + b"Content-Length: 70000\r\n\r\n" + b"x" * 70_000,
        Failure.TOO_LARGE,
    ),
    "pieces without end": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 17,
        Failure.TOO_LARGE,
    ),
    "a little that unpacks to much": (
        HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + compress(bytes(10**7)),
        Failure.UNREADABLE,
    ),
    "headers without end": (HEAD + b"X-More: x\r\n" * 20_000, Failure.UNREADABLE),
    "less than it promised": (
        HEAD + b"Content-Length: 9\r\n\r\n{",
        Failure.UNREADABLE,
    ),
    "two lengths": (
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        Failure.UNREADABLE,
    ),
}


@pytest.mark.parametrize("wrong", HOSTILE)
async def test_an_answer_that_would_cost_too_much_or_is_none_is_not_taken(wrong: str) -> None:
    octets, failure = HOSTILE[wrong]

    async def ask(url: str) -> int:
        answer = await DEVELOPMENT.send("POST", url, content=b"logout_token=x")
        return answer.status

    with pytest.raises(NotReached) as told:
        await served(octets, ask)
    assert told.value.failure is failure


async def test_time_is_up_for_an_answer_that_comes_in_drops() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Content-Length: 60000\r\n\r\n")
        is_there = True
        while is_there:
            writer.write(b"x")
            try:
                is_there = bool(await asyncio.wait_for(reader.read(1), 0.01))
            except TimeoutError:
                continue
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(NotReached) as told:
            await DEVELOPMENT.send("GET", f"http://127.0.0.1:{port}/", longest_s=0.3)
    assert told.value.failure is Failure.TIMED_OUT


async def test_what_is_no_answer_counts_as_none() -> None:
    with pytest.raises(NotReached):
        await served(
            b"SSH-2.0-nonsense\r\n",
            lambda url: DEVELOPMENT.post_form(url, {"logout_token": "x"}),
        )


async def test_nobody_there_is_not_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(NotReached):
            await DEVELOPMENT.post_form(f"http://127.0.0.1:{port}/", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0.0.0.0/",
        "ftp://app.example/",
        "https://",
        "file:///etc/passwd",
        "https://a:b@app.example/",
        "https://[",
        "https://app.example:99999/",
        "https://127.1/",
        "https://0300.0250.0.1/",
        "https://0xc0a80001/",
        "https://\uff11\uff12\uff17\u3002\uff10\u3002\uff10\u3002\uff11/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b:1::7f00:1]/",
        "https://[2001:0:7f00:1::]/",
        "https://[fe80::1]/",
        "https://app.example@127.0.0.1/",
        "https://127.0.0.1\\@app.example/",
        "https://@app.example/",
        "https://0x7f.1/",
        "https://017700000001/",
        "https://[::]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fd00:ec2::254]/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
    ],
)
async def test_production_speaks_tls_to_the_public_internet_only(url: str) -> None:
    with pytest.raises(NotAllowed):
        await PRODUCTION.post_form(url, {"logout_token": "x"})


async def test_a_host_with_one_address_that_is_not_public_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    async def looked_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        found = ["93.184.215.14", "10.0.0.1"] if len(asked) == 1 else ["93.184.215.14"]
        return [(0, 0, 0, "", (address, port)) for address in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", looked_up)
    with pytest.raises(NotAllowed):
        await PRODUCTION.post_form("https://both.example/", {})
    assert asked == ["both.example"]


async def test_development_does_not_ask_a_cloud_about_its_machine() -> None:
    with pytest.raises(NotAllowed):
        await DEVELOPMENT.post_form("http://169.254.169.254/latest", {})


async def test_the_server_does_not_ask_itself() -> None:
    away = Outbound(is_development=True, own_origins=("https://localhost:8443",))
    with pytest.raises(NotAllowed):
        await away.post_form("https://LOCALHOST.:8443/hook", {})


@pytest.mark.parametrize(
    ("host", "is_fine"),
    [
        ("hooks.acme.example", True),
        ("93.184.215.14", True),
        ("10.1.2.3", True),
        ("10.2.2.3", False),
        ("localhost", False),
        ("app.localhost.", False),
        ("127.1", False),
        ("2130706433", False),
        ("0x7f.1", False),
        ("::ffff:127.0.0.1", False),
        ("1.example", True),
    ],
)
async def test_a_host_can_be_refused_by_its_name(host: str, is_fine: bool) -> None:
    assert (host_problem(host, read_networks("10.1.0.0/16")) is None) is is_fine


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("2002:7f00:1::", False),
        ("::ffff:10.0.0.1", False),
        ("192.0.0.8", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("::127.0.0.1", False),
        ("fec0::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
async def test_an_address_is_public_or_not(address: str, expected: bool) -> None:
    assert is_public(address) is expected
