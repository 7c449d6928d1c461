"""Requests made up from the served OpenAPI description, alone and in sequence: no surprises."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from sys import executable

import pytest

from tests.world.server import Server, running_server

EXAMPLES = os.environ.get("MADE_UP_REQUESTS", "1")
"""How many requests to make up for each operation and phase; more also take every other door."""

ROOT = Path(__file__).parents[2]
OTHER_DOORS = "|".join(
    (
        "^/identity/b2xUserFlows",
        r"^/identity/b2cUserFlows(/\{key\}|/\$count)?$",
        "^/identityProviders",
        "^/me/",
        "^/directory/deletedItems/microsoft",
    )
)
"""Paths that lead to what has another path as well."""

DOORS = () if EXAMPLES != "1" else ("--exclude-path-regex", OTHER_DOORS)
MADE = "^/(identity/(userFlows|userFlowAttributes|apiConnectors)|users|applications)(/|$)"
"""Where sequences begin: what can be made there from the documented examples."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server that nobody else uses: what is made up stays there."""
    with running_server(tmp_path_factory.mktemp("described")) as server:
        yield server


def made_up(server: Server, hooks: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Make requests up and send them, with every check there is."""
    command = [
        str(Path(executable).with_name("schemathesis")),
        *("--config-file", str(ROOT / "tests/world/made_up.toml")),
        *("run", f"{server.origin}/openapi.json", "--checks", "all"),
        *("--seed", "1", "--generation-database", "none", "--no-shrink", "--no-color"),
        *("--header", f"Authorization: Bearer {server.token()}"),
        *("--tls-verify", server.facts["ca_file"], *words),
    ]
    return subprocess.run(
        command,
        cwd=server.data,
        env={**os.environ, "SCHEMATHESIS_HOOKS": hooks, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.witness
def test_the_server_keeps_to_its_description_whatever_is_sent(described: Server) -> None:
    words = ("--mode", "all", "--max-examples", EXAMPLES, *DOORS)
    done = made_up(described, "tests.world.made_up", *words)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.witness
def test_what_was_made_is_read_changed_and_deleted_by_the_links_of_the_description(
    described: Server,
) -> None:
    words = ("--mode", "positive", "--phases", "stateful", "--max-examples", "30")
    done = made_up(described, "tests.world.made_in_sequence", *words, "--include-path-regex", MADE)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"API Links: +(\d+) covered", done.stdout)
    assert found is not None
    assert int(found[1]) >= 10, done.stdout
