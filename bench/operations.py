"""What is measured: each operation as a client performs it, from its first request to its last."""

import base64
import hashlib
import html
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.connection import Connection
from bench.target import BARE, Target

Once = Callable[[], Awaitable[None]]
Begin = Callable[[Target, Connection], Awaitable[Once]]
"""Makes one client ready; what it returns performs the operation once."""

PAGE = 100
HASHES_WAITING = 4
_GRAPH_SCOPE = "https://graph.microsoft.com/.default"
_SEAL = re.compile(rb'name="seal" value="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation, and the limit it meets `uses` times each time it is performed."""

    name: str
    begin: Begin
    limit: str | None = None
    uses: int = 1
    has_trivial_hash: bool = False
    """Measured at the server whose hash costs nothing: what is left is ours."""
    most_per_core: int | None = None
    """More clients than this are refused: only so many passwords may wait for their hash."""

    def in_flight(self, asked: int, cores: int) -> int:
        """Return how many clients ask at the same time."""
        return asked if self.most_per_core is None else min(asked, self.most_per_core * cores)


async def sign_in(target: Target, connection: Connection) -> dict[str, Any]:
    """Sign in as somebody whose browser was never here, and return the token answer."""
    base = f"/{target.tenant}/{target.flow('signUpOrSignIn')}"
    web, user = target.facts["apps"]["web"], target.facts["users"][0]
    redirect_uri, verifier = web["redirect_uris"][0], secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    query = urlencode(
        {
            "client_id": web["client_id"],
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": f"openid offline_access {target.facts['apps']['api']['app_id_uri']}/read",
            "state": "s" * 16,
            "nonce": "n" * 16,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
    )
    begun = (await connection.get(f"{base}/oauth2/v2.0/authorize?{query}")).demand(303)
    cookie = begun.header(b"set-cookie").partition(";")[0]
    address = urlsplit(begun.header(b"location")).path
    page = (await connection.get(address, cookie=cookie)).demand(200)
    seal = _SEAL.search(page.body)
    assert seal is not None, "the page has no form"
    form = {
        "seal": html.unescape(seal[1].decode()),
        "email": user["email"],
        "password": user["password"],
        "action": "next",
    }
    sent = (await connection.post_form(address, form, cookie=cookie)).demand(303)
    [code] = parse_qs(urlsplit(sent.header(b"location")).query)["code"]
    grant = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    return await _tokens(target, connection, grant)


async def _tokens(target: Target, connection: Connection, form: dict[str, str]) -> dict[str, Any]:
    path = f"/{target.tenant}/{target.flow('signUpOrSignIn')}/oauth2/v2.0/token"
    answer = await connection.post_form(path, {**form, **target.secret_of("web")})
    found: dict[str, Any] = json.loads(answer.demand(200).body)
    return found


async def _administrator(target: Target, connection: Connection) -> str:
    form = {"grant_type": "client_credentials", "scope": _GRAPH_SCOPE, **target.secret_of("admin")}
    path = urlsplit(target.facts["token_endpoint"]).path
    answer = (await connection.post_form(path, form)).demand(200)
    return f"Bearer {json.loads(answer.body)['access_token']}"


async def _begin_sign_in(target: Target, connection: Connection) -> Once:
    async def once() -> None:
        await sign_in(target, connection)

    return once


async def _begin_client_credentials(target: Target, connection: Connection) -> Once:
    async def once() -> None:
        await _administrator(target, connection)

    return once


async def _begin_refresh(target: Target, connection: Connection) -> Once:
    held = (await sign_in(target, connection))["refresh_token"]

    async def once() -> None:
        nonlocal held
        form = {"grant_type": "refresh_token", "refresh_token": held}
        held = (await _tokens(target, connection, form))["refresh_token"]

    return once


async def _begin_userinfo(target: Target, connection: Connection) -> Once:
    bearer = f"Bearer {(await sign_in(target, connection))['access_token']}"
    path = f"/{target.tenant}/{target.flow('signUpOrSignIn')}/openid/v2.0/userinfo"
    return getting(connection, path, authorization=bearer)


async def _begin_discovery(target: Target, connection: Connection) -> Once:
    flow = target.flow("signUpOrSignIn")
    return getting(connection, f"/{target.tenant}/{flow}/v2.0/.well-known/openid-configuration")


async def _begin_keys(target: Target, connection: Connection) -> Once:
    flow = target.flow("signUpOrSignIn")
    return getting(connection, f"/{target.tenant}/{flow}/discovery/v2.0/keys")


async def _begin_bare(_target: Target, connection: Connection) -> Once:
    return getting(connection, BARE)


def getting(connection: Connection, path: str, **headers: str) -> Once:
    """Return what asks for the same again and again."""

    async def once() -> None:
        (await connection.get(path, **headers)).demand(200)

    return once


async def _create(connection: Connection, bearer: str) -> None:
    body = {
        "id": f"B2C_1_bench{secrets.token_hex(8)}",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 3,
    }
    octets = json.dumps(body).encode()
    answer = await connection.post(
        "/beta/identity/userFlows", octets, "application/json", authorization=bearer
    )
    answer.demand(201)


async def _begin_create(target: Target, connection: Connection) -> Once:
    bearer = await _administrator(target, connection)
    return lambda: _create(connection, bearer)


async def _begin_list(target: Target, connection: Connection) -> Once:
    bearer = await _administrator(target, connection)
    path = f"/beta/identity/userFlows?$top={PAGE}"

    async def once() -> None:
        (await connection.get(path, authorization=bearer)).demand(200)

    found = json.loads((await connection.get(path, authorization=bearer)).demand(200).body)
    for _ in range(PAGE - len(found["value"])):
        await _create(connection, bearer)
    return once


async def _begin_users(target: Target, connection: Connection) -> Once:
    bearer = await _administrator(target, connection)
    path = f"/v1.0/users?$top={PAGE}"
    found = json.loads((await connection.get(path, authorization=bearer)).demand(200).body)
    for _ in range(PAGE - len(found["value"])):
        await _create_user(target, connection, bearer)
    return getting(connection, path, authorization=bearer)


async def _create_user(target: Target, connection: Connection, bearer: str) -> None:
    name = secrets.token_hex(8)
    identity = {
        "signInType": "emailAddress",
        "issuer": target.tenant,
        "issuerAssignedId": f"{name}@example.com",
    }
    body = {
        "displayName": f"Person {name}",
        "identities": [identity],
        "passwordProfile": {"password": "Quiet-Harbour-71", "forceChangePasswordNextSignIn": False},
        "passwordPolicies": "DisablePasswordExpiration",
    }
    octets = json.dumps(body).encode()
    answer = await connection.post("/v1.0/users", octets, "application/json", authorization=bearer)
    answer.demand(201)


OPERATIONS = (
    Operation(
        name="full sign-in",
        begin=_begin_sign_in,
        limit="argon2id",
        most_per_core=HASHES_WAITING,
    ),
    Operation(
        name="full sign-in, trivial hash",
        begin=_begin_sign_in,
        limit="RS256",
        uses=2,
        has_trivial_hash=True,
        most_per_core=HASHES_WAITING,
    ),
    Operation(name="client credentials", begin=_begin_client_credentials, limit="RS256"),
    Operation(name="refresh with rotation", begin=_begin_refresh, limit="RS256", uses=2),
    Operation(name="userinfo", begin=_begin_userinfo),
    Operation(name="discovery", begin=_begin_discovery),
    Operation(name="keys", begin=_begin_keys),
    Operation(name="create user flow", begin=_begin_create, limit="commit"),
    Operation(name="list 100 user flows", begin=_begin_list),
    Operation(name="list 100 users", begin=_begin_users),
    Operation(name="bare answer", begin=_begin_bare),
)
