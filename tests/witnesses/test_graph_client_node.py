"""Microsoft's Graph client for JavaScript, unmodified, run by Node."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.world.server import Server

PROJECT = Path(__file__).parent / "node"
FILES = sorted(PROJECT.glob("*.test.js"))
TESTS = re.compile(r'^test\("', re.M)

pytestmark = pytest.mark.witness


def test_microsofts_javascript_client_gets_what_it_expects(server: Server) -> None:
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", *(each.name for each in FILES)],
        cwd=PROJECT,
        env={
            **os.environ,
            "DEV_JSON": str(server.data / "dev.json"),
            "NODE_EXTRA_CA_CERTS": server.facts["ca_file"],
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = sum(len(TESTS.findall(each.read_text())) for each in FILES)
    assert f"# pass {written}\n" in done.stdout
    assert "# skipped 0\n" in done.stdout
