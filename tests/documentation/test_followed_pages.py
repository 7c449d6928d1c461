"""What a page tells the reader to type is typed here, against a running server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documentation.pages import DOCS, ROOT, script_of
from tests.world.server import StartServer

LIMIT_S = 120


def follow(page: str, directory: Path, **environment: str) -> str:
    """Do what a page says in a directory of its own; return what was printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script_of(DOCS / page)],
        cwd=directory,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.witness
def test_the_tutorial_ends_in_a_verified_token(start_server: StartServer, tmp_path: Path) -> None:
    data = tmp_path / ".gatelodge"
    start_server(data)
    person = f"env PYTHONPATH={ROOT} {sys.executable} -m tests.documentation.tutorial_person %s &"
    printed = follow(
        "tutorial/first-user-flow.md",
        tmp_path,
        BROWSER=person,
        DEV_JSON=str(data / "dev.json"),
    )
    for said in ("created B2C_1_welcome", '"tfp": "B2C_1_welcome"', '"newUser": true', "scp read"):
        assert said in printed


def test_the_fixture_for_test_runs_works(tmp_path: Path) -> None:
    assert "1 passed" in follow("guide/continuous-integration.md", tmp_path)
