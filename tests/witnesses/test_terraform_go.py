"""The vendor's own Go SDK, compiled, doing what Terraform's provider does with it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.witnesses.test_terraform_requests import RECORDS
from tests.world.server import Server

PROJECT = Path(__file__).parent / "terraform"
TESTS = re.compile(r"^func (Test\w+)\(", re.M)
SENT = re.compile(r"^SENT (.*)$|^=== RUN +Test(\w+)$", re.M)
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


@pytest.fixture(scope="module")
def said(server: Server, program: Path) -> str:
    """Run the client, and give what it said."""
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
    return done.stdout


def test_the_vendor_s_client_applies_and_destroys_what_terraform_knows(said: str) -> None:
    written = {name for each in PROJECT.glob("*.go") for name in TESTS.findall(each.read_text())}
    assert set(re.findall(r"^--- PASS: (Test\w+)", said, re.M)) == written


def recorded(conversation: str) -> list[str]:
    """Return a pattern for every request of a record, as often as it was sent."""
    first, *body, _ = conversation.split("\n")
    method, target, *more = first.split(" ")
    times = next((int(word[1:]) for word in more if word.startswith("x")), 1)
    sent = re.escape(f"{method} {target} {''.join(body)}")
    return [re.sub(r"\\\{\w+\\\}", ".+?", sent)] * times


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_it_sends_what_was_recorded(said: str, record: Path) -> None:
    sent: dict[str, list[str]] = {}
    for request, name in SENT.findall(said):
        if name:
            sent[name.lower()] = requests = []
        else:
            requests.append(request)
    conversations = record.read_text().strip().split("\n\n")
    patterns = [each for conversation in conversations for each in recorded(conversation)]
    found = sent[record.stem.replace("_", "")]
    assert len(found) == len(patterns)
    for pattern, request in zip(patterns, found, strict=True):
        assert re.fullmatch(pattern, request), pattern
