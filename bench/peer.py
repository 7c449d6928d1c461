"""npm's oidc-provider doing the same, in the same run on the same cores."""

import base64
import hashlib
import json
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.connection import Answer, Connection
from bench.operations import Begin, Once, getting
from bench.target import LIMIT_S, Target, only_on

_PROGRAM = Path(__file__).parent / "peers" / "oidc_provider.js"
_INSTALLED = Path(__file__).parents[1] / "tests/witnesses/node_oidc/node_modules/oidc-provider"
_WITH_API = "openid profile read"


@contextmanager
def peer(cores: Sequence[int]) -> Iterator[Target | None]:
    """Start the peer on `cores`; None where it is not installed."""
    node = shutil.which("node")
    if node is None or not _INSTALLED.is_dir():
        yield None
        return
    with only_on(cores):
        process = subprocess.Popen([node, str(_PROGRAM)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield Target(process=told["process"], port=told["port"], facts=told["facts"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT_S)


@dataclass(slots=True)
class _Jar:
    """The cookies of one browser; all of them go everywhere."""

    cookies: dict[str, str] = field(default_factory=dict)

    def keep(self, answer: Answer) -> Answer:
        for name, value in answer.headers:
            if name.lower() == b"set-cookie":
                key, _, rest = value.decode().partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer

    def header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


async def _sign_in(target: Target, connection: Connection, scope: str) -> dict[str, Any]:
    """Sign in as somebody whose browser was never here; no password is hashed."""
    verifier, jar = secrets.token_urlsafe(32), _Jar()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    asked = {
        "client_id": target.facts["client_id"],
        "response_type": "code",
        "redirect_uri": target.facts["redirect_uri"],
        "scope": scope,
        "state": "s" * 16,
        "nonce": "n" * 16,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    begun = jar.keep((await connection.get(f"/auth?{urlencode(asked)}")).demand(303))
    page = begun.header(b"location")
    jar.keep((await connection.get(page, cookie=jar.header())).demand(200))
    form = {"prompt": "login", "login": "ada", "password": "Quiet-Harbour-71"}
    sent = jar.keep((await connection.post_form(page, form, cookie=jar.header())).demand(303))
    back = urlsplit(sent.header(b"location")).path
    ended = jar.keep((await connection.get(back, cookie=jar.header())).demand(303))
    [code] = parse_qs(urlsplit(ended.header(b"location")).query)["code"]
    grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return await _tokens(
        target, connection, {**grant, "redirect_uri": target.facts["redirect_uri"]}
    )


async def _tokens(target: Target, connection: Connection, form: dict[str, str]) -> dict[str, Any]:
    client = {name: str(target.facts[name]) for name in ("client_id", "client_secret")}
    answer = (await connection.post_form("/token", {**form, **client})).demand(200)
    found: dict[str, Any] = json.loads(answer.body)
    return found


async def _begin_sign_in(target: Target, connection: Connection) -> Once:
    async def once() -> None:
        await _sign_in(target, connection, _WITH_API)

    return once


async def _begin_client_credentials(target: Target, connection: Connection) -> Once:
    async def once() -> None:
        await _tokens(target, connection, {"grant_type": "client_credentials", "scope": "read"})

    return once


async def _begin_refresh(target: Target, connection: Connection) -> Once:
    first = await _sign_in(target, connection, _WITH_API)
    held = first["refresh_token"]
    if first["access_token"].count(".") != 2:
        raise RuntimeError("the peer's access token is no JWT")

    async def once() -> None:
        nonlocal held
        form = {"grant_type": "refresh_token", "refresh_token": held}
        answer = await _tokens(target, connection, form)
        if answer["refresh_token"] == held or "id_token" not in answer:
            raise RuntimeError("the peer did not rotate, or signed only one token")
        held = answer["refresh_token"]

    return once


async def _begin_userinfo(target: Target, connection: Connection) -> Once:
    bearer = (await _sign_in(target, connection, "openid profile"))["access_token"]
    return getting(connection, "/me", authorization=f"Bearer {bearer}")


async def _begin_discovery(_target: Target, connection: Connection) -> Once:
    return getting(connection, "/.well-known/openid-configuration")


PEER_OPERATIONS: Mapping[str, Begin] = {
    "full sign-in, trivial hash": _begin_sign_in,
    "client credentials": _begin_client_credentials,
    "refresh with rotation": _begin_refresh,
    "userinfo": _begin_userinfo,
    "discovery": _begin_discovery,
}
"""By the name of the operation of ours that does the same."""
