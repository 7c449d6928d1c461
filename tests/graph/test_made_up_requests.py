"""Requests made up from the served OpenAPI description, alone and in sequence: no surprises."""

import os
import subprocess
from pathlib import Path
from sys import executable

import pytest

from tests.world.server import StartServer

EXAMPLES = os.environ.get("MADE_UP_REQUESTS", "1")
"""How many requests to make up for each operation and phase; more also take every other door."""

ROOT = Path(__file__).parents[2]
DOORS = () if EXAMPLES != "1" else ("--exclude-path-regex", "^/identity/b2xUserFlows/")


@pytest.mark.witness
def test_the_server_keeps_to_its_description_whatever_is_sent(start_server: StartServer) -> None:
    server = start_server()
    command = [
        str(Path(executable).with_name("schemathesis")),
        *("--config-file", str(ROOT / "tests/world/made_up.toml")),
        *("run", f"{server.origin}/openapi.json", "--checks", "all", "--mode", "all"),
        *("--max-examples", EXAMPLES, "--seed", "1", "--generation-database", "none"),
        *("--header", f"Authorization: Bearer {server.token()}"),
        *("--tls-verify", server.facts["ca_file"], "--no-shrink", "--no-color", *DOORS),
    ]
    environment = {"SCHEMATHESIS_HOOKS": "tests.world.made_up", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        cwd=server.data,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
