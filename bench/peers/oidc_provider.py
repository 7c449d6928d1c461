"""npm's oidc-provider; everything it keeps is in its memory, and it hashes no password."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.connection import Connection
from bench.operations import Once, getting
from bench.peer import Jar, Peer, authorization
from bench.target import LIMIT_S, Target, only_on

_PROGRAM = Path(__file__).with_suffix(".js")
_INSTALLED = Path(__file__).parents[2] / "tests/witnesses/node_oidc/node_modules/oidc-provider"
_WITH_API = "openid profile read"


@contextmanager
def oidc_provider(cores: Sequence[int]) -> Iterator[Peer | None]:
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
        target = Target(process=told["process"], port=told["port"], facts=told["facts"])
        yield Peer(
            name="oidc-provider",
            conditions=f"npm's {target.facts['version']}, all in memory, no password hashed",
            target=target,
            operations=_OPERATIONS,
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT_S)


async def _sign_in(target: Target, connection: Connection, scope: str) -> dict[str, Any]:
    """Sign in as somebody whose browser was never here."""
    (asked, verifier), jar = authorization(target, scope), Jar()
    begun = jar.keep((await connection.get(f"/auth?{urlencode(asked)}")).demand(303))
    page = begun.header(b"location")
    jar.keep((await connection.get(page, cookie=jar.header())).demand(200))
    form = {"prompt": "login", "login": "ada", "password": "Quiet-Harbour-71"}
    sent = jar.keep((await connection.post_form(page, form, cookie=jar.header())).demand(303))
    back = urlsplit(sent.header(b"location")).path
    ended = jar.keep((await connection.get(back, cookie=jar.header())).demand(303))
    [code] = parse_qs(urlsplit(ended.header(b"location")).query)["code"]
    grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return await _tokens(target, connection, {**grant, "redirect_uri": asked["redirect_uri"]})


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


_OPERATIONS = {
    "full sign-in, trivial hash": _begin_sign_in,
    "client credentials": _begin_client_credentials,
    "refresh with rotation": _begin_refresh,
    "userinfo": _begin_userinfo,
    "discovery": _begin_discovery,
}
