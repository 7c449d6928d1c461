"""Keycloak, from its distribution, with a realm made for this.

The distribution is unpacked, and built by `bin/kc.sh build --db=dev-file`; what is in its database,
H2 in a file, is thrown away. The realm hashes passwords once with PBKDF2, which costs nothing, and
counts no failures: sign-ins are compared without their hash.
"""

import html
import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.connection import Connection
from bench.operations import Once, getting
from bench.peer import Jar, Peer, authorization
from bench.target import LIMIT_S, Target, only_on

_REALM = Path(__file__).with_suffix(".json")
_BASE = "/realms/bench"
_TOKEN = f"{_BASE}/protocol/openid-connect/token"
_ACTION = re.compile(rb'<form id="kc-form-login"[^>]* action="http://[^/"]+([^"]+)"')
_SCOPE = "openid profile"
_PEOPLE = 16
_numbers = count()


@contextmanager
def keycloak(distribution: Path | None, cores: Sequence[int]) -> Iterator[Peer | None]:
    """Start the peer on `cores`; None where no distribution is given."""
    if distribution is None:
        yield None
        return
    program = str(distribution / "bin" / "kc.sh")
    shutil.rmtree(distribution / "data" / "h2", ignore_errors=True)
    imported = distribution / "data" / "import"
    imported.mkdir(parents=True, exist_ok=True)
    shutil.copy(_REALM, imported)
    with only_on(cores):
        port = _free_port()
        words = ["start", *_WORDS, f"--http-port={port}"]
        process = subprocess.Popen(
            ["bash", program, *words], stdout=subprocess.PIPE, text=True, env=_ENVIRONMENT
        )
    machine = process.pid
    try:
        assert process.stdout is not None
        started = next((each for each in process.stdout if "Listening on" in each), None)
        if started is None:
            raise RuntimeError("Keycloak did not start")
        machine = _child_of(process.pid)
        version = re.search(r"Keycloak ([\d.]+)", started)
        yield Peer(
            name="Keycloak",
            conditions=f"{version[1] if version else ''}, H2 in a file, password hash trivial",
            # A virtual machine of Java's compiles what it does often, in its first seconds.
            warm_up_s=8,
            target=Target(process=machine, port=port, facts=_facts()),
            operations=_OPERATIONS,
        )
    finally:
        os.kill(machine, signal.SIGTERM)
        process.wait(LIMIT_S)


def _child_of(process: int) -> int:
    """Return the virtual machine the program started: the program itself only waits for it."""
    return int(Path(f"/proc/{process}/task/{process}/children").read_text().split()[0])


_WORDS = (
    "--optimized",
    "--import-realm",
    "--http-enabled=true",
    "--http-host=127.0.0.1",
    "--hostname-strict=false",
)
_ENVIRONMENT = {**os.environ, "JAVA_OPTS_APPEND": "-Xmx768m", "KC_LOG_CONSOLE_COLOR": "false"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _facts() -> dict[str, Any]:
    [client] = json.loads(_REALM.read_text())["clients"]
    return {
        "client_id": client["clientId"],
        "client_secret": client["secret"],
        "redirect_uri": client["redirectUris"][0],
    }


def _somebody() -> str:
    """Return whom one client signs in: of several sign-ins of one person at once, one succeeds."""
    return f"ada{next(_numbers) % _PEOPLE}"


async def _sign_in(target: Target, connection: Connection, user: str) -> dict[str, Any]:
    """Sign in as somebody whose browser was never here."""
    (asked, verifier), jar = authorization(target, _SCOPE), Jar()
    address = f"{_BASE}/protocol/openid-connect/auth?{urlencode(asked)}"
    shown = jar.keep((await connection.get(address)).demand(200))
    action = _ACTION.search(shown.body)
    assert action is not None, "the page has no form"
    form = {"username": user, "password": "Quiet-Harbour-71", "credentialId": ""}
    place = html.unescape(action[1].decode())
    sent = (await connection.post_form(place, form, cookie=jar.header())).demand(302)
    [code] = parse_qs(urlsplit(sent.header(b"location")).query)["code"]
    grant = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return await _tokens(target, connection, {**grant, "redirect_uri": asked["redirect_uri"]})


async def _tokens(target: Target, connection: Connection, form: dict[str, str]) -> dict[str, Any]:
    client = {name: str(target.facts[name]) for name in ("client_id", "client_secret")}
    answer = (await connection.post_form(_TOKEN, {**form, **client})).demand(200)
    found: dict[str, Any] = json.loads(answer.body)
    return found


async def _begin_sign_in(target: Target, connection: Connection) -> Once:
    user = _somebody()

    async def once() -> None:
        await _sign_in(target, connection, user)

    return once


async def _begin_client_credentials(target: Target, connection: Connection) -> Once:
    async def once() -> None:
        await _tokens(target, connection, {"grant_type": "client_credentials"})

    return once


async def _begin_refresh(target: Target, connection: Connection) -> Once:
    held = (await _sign_in(target, connection, _somebody()))["refresh_token"]

    async def once() -> None:
        nonlocal held
        form = {"grant_type": "refresh_token", "refresh_token": held}
        answer = await _tokens(target, connection, form)
        if answer["refresh_token"] == held or "id_token" not in answer:
            raise RuntimeError("the peer did not rotate, or signed only one token")
        held = answer["refresh_token"]

    return once


async def _begin_userinfo(target: Target, connection: Connection) -> Once:
    bearer = (await _sign_in(target, connection, _somebody()))["access_token"]
    address = f"{_BASE}/protocol/openid-connect/userinfo"
    return getting(connection, address, authorization=f"Bearer {bearer}")


async def _begin_discovery(_target: Target, connection: Connection) -> Once:
    return getting(connection, f"{_BASE}/.well-known/openid-configuration")


async def _begin_keys(_target: Target, connection: Connection) -> Once:
    return getting(connection, f"{_BASE}/protocol/openid-connect/certs")


_OPERATIONS = {
    "full sign-in, trivial hash": _begin_sign_in,
    "client credentials": _begin_client_credentials,
    "refresh with rotation": _begin_refresh,
    "userinfo": _begin_userinfo,
    "discovery": _begin_discovery,
    "keys": _begin_keys,
}
