"""What the tutorial tells the reader to type is typed here, against a running server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documentation.pages import DOCS, ROOT, script_of
from tests.world.server import StartServer

LIMIT_S = 120


@pytest.mark.witness
def test_the_tutorial_ends_in_a_verified_token(start_server: StartServer, tmp_path: Path) -> None:
    data = tmp_path / ".gatelodge"
    start_server(data)
    script = script_of(DOCS / "tutorial" / "first-user-flow.md")
    person = f"env PYTHONPATH={ROOT} {sys.executable} -m tests.documentation.tutorial_person %s &"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "BROWSER": person,
        "DEV_JSON": str(data / "dev.json"),
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("created B2C_1_welcome", '"tfp": "B2C_1_welcome"', '"newUser": true', "scp read"):
        assert said in done.stdout, done.stdout + done.stderr
