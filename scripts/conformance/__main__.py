"""`make conformance SUITE=https://…`: run the plans, say a line for each test."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from scripts.conformance.person import fresh_person
from scripts.conformance.plans import read_plans
from scripts.conformance.preparing import Server
from scripts.conformance.rotating import rotate_and_wait
from scripts.conformance.running import Pause, Runner, line_of
from scripts.conformance.suite import PATIENCE_S, Refused, Suite

_PAUSE_S = 0.5
_START_LOOKS = 120
ROTATES = "oidcc-server-rotate-keys"
"""Waits until somebody has rotated the keys and then says so."""


@contextmanager
def development_server(port: int) -> Iterator[Server]:
    """Start `gatelodge dev` with nothing in it; stop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="gatelodge-conformance-") as name:
        folder, program = Path(name), Path(sys.executable).with_name("gatelodge")
        command = [str(program), "dev", "--data", name, "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                facts = _described(folder / "dev.json", process)
                with httpx.Client(verify=facts["ca_file"], timeout=PATIENCE_S) as http:
                    yield Server(facts, http, folder)
            finally:
                process.terminate()


def _described(path: Path, process: "subprocess.Popen[bytes]") -> dict[str, str]:
    for _ in range(_START_LOOKS):
        if path.exists():
            found: dict[str, str] = json.loads(path.read_text())
            return found
        if process.poll() is not None:
            break
        time.sleep(_PAUSE_S)
    raise SystemExit("The development server did not start.")


def _rotate(server: Server, pause: Pause) -> None:
    facts = server.facts
    rotate_and_wait(server.http, server.data, facts["tenant_id"], facts["origin"], pause)


def run(suite: Suite, suite_url: str, server: Server, names: tuple[str, ...]) -> int:
    """Run plans; return how many tests failed."""
    server.make_strict()
    failed = 0
    executable = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        user = server.facts["users"][0]
        person = partial(fresh_person, browser, server.facts["origin"], user)
        pause = partial(time.sleep, _PAUSE_S)
        runner = Runner(suite, person, pause, {ROTATES: partial(_rotate, server, pause)})
        for each in read_plans(suite_url, names):
            print(f"{each.name}: {each.plan}", flush=True)
            plan = suite.create(each.plan, each.variant, server.configuration(each))
            for outcome in runner.run(plan):
                print(line_of(outcome), flush=True)
                failed += not outcome.is_good
        browser.close()
    return failed


def main() -> int:
    """Return 0 when no test failed, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="make conformance", description=__doc__)
    parser.add_argument("suite", help="address of a running suite, https://…")
    parser.add_argument("plans", nargs="*", help="names of plans; all of them if left out")
    parser.add_argument("--port", type=int, default=8443)
    asked = parser.parse_args()
    # A suite on a person's own machine certifies itself; nothing of ours is told to it.
    token = os.environ.get("SUITE_TOKEN")
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with (
        httpx.Client(
            base_url=asked.suite, headers=headers, verify=token is not None, timeout=PATIENCE_S
        ) as http,
        development_server(asked.port) as server,
    ):
        try:
            failed = run(Suite(http), asked.suite, server, tuple(asked.plans))
        except Refused as error:
            raise SystemExit(f"The suite refused. {error}") from error
    print("No test failed." if not failed else f"{failed} tests failed.")
    return min(failed, 1)


if __name__ == "__main__":
    raise SystemExit(main())
