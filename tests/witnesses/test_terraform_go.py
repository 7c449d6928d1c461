"""The vendor's own Go SDK, compiled, doing what Terraform's provider does with it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.world.server import Server

PROJECT = Path(__file__).parent / "terraform"
TESTS = re.compile(r"^func (Test\w+)\(", re.M)
QUICKLY = ("-vet=off", "-gcflags=all=-N -l", "-ldflags=-s -w")
"""Compiling, most of all the standard library, takes longer than running; this halves it."""

pytestmark = pytest.mark.witness


def go(*words: str) -> "subprocess.CompletedProcess[str]":
    compiler = shutil.which("go")
    if compiler is None:
        pytest.skip("there is no Go on this machine; test_terraform_requests.py says the same")
    return subprocess.run(
        [compiler, *words],
        cwd=PROJECT,
        env={**os.environ, "CGO_ENABLED": "0"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the client, or say why it cannot be had."""
    if (loaded := go("mod", "download")).returncode != 0:
        pytest.skip(f"the SDK cannot be had on this machine: {loaded.stderr}")
    compiled = tmp_path_factory.mktemp("terraform") / "witness"
    done = go("test", "-c", *QUICKLY, "-o", str(compiled), ".")
    assert done.returncode == 0, done.stderr
    return compiled


def test_the_vendor_s_client_applies_and_destroys_what_terraform_knows(
    server: Server, program: Path
) -> None:
    done = subprocess.run(
        [program, "-test.v"],
        env={
            **os.environ,
            "DEV_JSON": str(server.data / "dev.json"),
            "SSL_CERT_FILE": server.facts["ca_file"],
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = {name for each in PROJECT.glob("*.go") for name in TESTS.findall(each.read_text())}
    assert set(re.findall(r"^--- PASS: (Test\w+)", done.stdout, re.M)) == written
