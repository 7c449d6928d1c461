"""RFC 6749 §5.2 and §3.2: what is no token request, and how the answer says so."""

import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gatelodge.errors import NotFound, TooMany, Unavailable
from gatelodge.oidc.token import Token
from gatelodge.oidc.token_request import GrantType, TokenRequest
from tests.protocol.world import ORIGIN, SPA, WEB, World, credentials, refusal
from tests.world.makers import TENANT

PATH = f"/{TENANT}/B2C_1_SuSi/oauth2/v2.0/token"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_a_post_is_answered(world: World, method: str) -> None:
    response = await world.http.request(method, PATH)
    assert refusal(response) == (400, "invalid_request", "AADB2C90226")
    assert response.headers["allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b'{"grant_type":"password"}', "application/json", 415),
        (b"grant_type=password", "text/plain", 415),
        (b"grant_type=password", "application/x-www-form-urlencoded; charset=utf-16", 415),
        (b"grant_type=password", "", 415),
        (b"--x--", "multipart/form-data; boundary=x", 415),
        (b"a=" + b"x" * 65_536, "application/x-www-form-urlencoded", 413),
        (b"grant_type=%ff", "application/x-www-form-urlencoded", 400),
        (b"grant_type=%ed%a0%80", "application/x-www-form-urlencoded", 400),
        (b"grant_type=\xff", "application/x-www-form-urlencoded", 400),
        (b"grant_type=a%00b", "application/x-www-form-urlencoded", 400),
        (b"grant_type=a&grant_type=a", "application/x-www-form-urlencoded", 400),
        (b"client_id=a&client_id=", "application/x-www-form-urlencoded", 400),
        (b"unknown=a&unknown=b", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"p%d=1" % n for n in range(101)), "application/x-www-form-urlencoded", 400),
    ],
)
async def test_a_body_has_to_be_one_small_form(
    world: World, content: bytes, media_type: str, status: int
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    response = await world.http.post(PATH, content=content, headers=headers)
    assert refusal(response) == (status, "invalid_request", "AADB2C90122")


@pytest.mark.parametrize("content", [b"", b"&&&", b"=", b"grant_type", b"%"])
async def test_a_form_without_anything_lacks_its_client(world: World, content: bytes) -> None:
    response = await world.http.post(PATH, content=content, headers=FORM)
    assert refusal(response) == (400, "invalid_request", "AADB2C90083")


@pytest.mark.parametrize(
    "grant_type",
    [
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
        "implicit",
        "AUTHORIZATION_CODE",
    ],
)
async def test_other_grant_types_are_not_supported(world: World, grant_type: str) -> None:
    response = await world.token(grant_type=grant_type, **credentials(WEB))
    assert refusal(response) == (400, "unsupported_grant_type", "AADB2C90086")


@pytest.mark.parametrize(
    "path",
    [
        f"/{TENANT}/B2C_1_None/oauth2/v2.0/token",
        "/other.example/B2C_1_SuSi/oauth2/v2.0/token",
        "/other.example/oauth2/v2.0/token",
        f"/{TENANT}/oauth2/v2.0/token?p=B2C_1_None",
        f"/{TENANT}/oauth2/v2.0/token?p=",
        f"/{TENANT}/oauth2/v2.0/token?p=B2C_1_SuSi&p=B2C_1_SuSi",
    ],
)
async def test_an_unknown_tenant_or_user_flow_is_not_found(world: World, path: str) -> None:
    response = await world.http.post(path, data=credentials(WEB))
    assert refusal(response) == (404, "invalid_request", "AADB2C90066")


async def test_a_description_is_three_lines(world: World) -> None:
    response = await world.token(grant_type="none", **credentials(WEB))
    assert re.fullmatch(
        r"AADB2C90086: The grant type 'none' is not supported here\.\r\n"
        r"Correlation ID: [0-9a-f-]{36}\r\n"
        r"Timestamp: 2026-03-01 12:00:00Z\r\n",
        response.json()["error_description"],
    )


async def test_a_description_repeats_only_a_little_and_only_what_is_printable(
    world: World,
) -> None:
    response = await world.token(grant_type='<"\r\n\u2028\u00e9>' * 1000, **credentials(WEB))
    first, *rest = response.json()["error_description"].split("\r\n")
    assert len(rest) == 3
    assert len(first) < 300
    assert first.isascii()
    assert '"' not in first


async def test_no_answer_may_be_kept(world: World) -> None:
    for response in (
        await world.token(grant_type="none"),
        await world.redeem(await world.code()),
        await world.http.get(PATH),
    ):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["pragma"] == "no-cache"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-type"] == "application/json; charset=utf-8"


async def busy(_request: TokenRequest) -> bytes:
    raise TooMany("too many hashes", retry_after_s=2)


async def broken(_request: TokenRequest) -> bytes:
    raise Unavailable("no database")


async def vanished(_request: TokenRequest) -> bytes:
    raise NotFound("no grant")


@pytest.mark.parametrize(
    ("grant_type", "expected", "retry_after"),
    [
        (busy, (503, "temporarily_unavailable", "AADB2C90035"), "2"),
        (broken, (503, "temporarily_unavailable", "AADB2C90035"), "1"),
        (vanished, (400, "invalid_grant", "AADB2C90128"), None),
    ],
)
async def test_trouble_on_our_side_says_when_to_try_again(
    world: World, grant_type: GrantType, expected: tuple[int, str, str], retry_after: str | None
) -> None:
    token = Token(world.clients, {"trouble": grant_type})
    app = Starlette(routes=[Route("/{tenant}/{policy}/token", token.__call__, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as http:
        form = {"grant_type": "trouble", **credentials(WEB)}
        response = await http.post(f"/{TENANT}/B2C_1_SuSi/token", data=form)
    assert refusal(response) == expected
    assert response.headers.get("retry-after") == retry_after


class TestPagesOfOtherOrigins:
    """Fetch: who may read the answer."""

    async def test_a_registered_origin_reads_tokens_and_errors(self, world: World) -> None:
        headers = {"Origin": "http://localhost:3001"}
        token = await world.refresh_token(SPA)
        for value, status in ((token, 200), ("wrong", 400)):
            response = await world.refresh(value, SPA, headers=headers)
            assert response.status_code == status
            assert response.headers["access-control-allow-origin"] == "http://localhost:3001"
            assert response.headers["vary"] == "Origin"
            assert "access-control-allow-credentials" not in response.headers

    @pytest.mark.parametrize(
        "origin",
        ["http://localhost:3002", "https://localhost:3001", "null", "http://localhost:3001.evil"],
    )
    async def test_another_origin_reads_nothing(self, world: World, origin: str) -> None:
        token = await world.refresh_token(SPA)
        response = await world.refresh(token, SPA, headers={"Origin": origin})
        assert "access-control-allow-origin" not in response.headers

    async def test_the_pages_of_a_server_application_read_nothing(self, world: World) -> None:
        headers = {"Origin": "https://app.example"}
        response = await world.refresh(await world.refresh_token(), WEB, headers=headers)
        assert "access-control-allow-origin" not in response.headers

    async def test_a_preflight_is_answered(self, world: World) -> None:
        response = await world.http.options(
            PATH,
            headers={
                "Origin": "http://localhost:3001",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "x-client-sku",
            },
        )
        assert response.status_code == 204
        assert response.headers["access-control-allow-origin"] == "http://localhost:3001"
        assert "POST" in response.headers["access-control-allow-methods"]
        assert response.headers["access-control-allow-headers"] == "x-client-sku"


async def test_the_host_header_is_not_believed(world: World) -> None:
    token = await world.refresh_token()
    response = await world.refresh(token, headers={"Host": "evil.example"})
    claims = await world.claims(response.json()["id_token"])
    assert claims["iss"].startswith(f"{ORIGIN}/")
