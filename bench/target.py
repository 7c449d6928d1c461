"""The measured process as seen from here: how to reach it, and what it has used so far."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT_S = 30

BARE = "/bare"
"""Answered before anything of ours runs: what the HTTP server itself costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A running server; `facts` is what development mode would write into `dev.json`."""

    process: int
    port: int
    facts: dict[str, Any]

    def cpu_s(self) -> float:
        """Return the CPU time all threads of the process used, in user and kernel mode."""
        # The clock of another process (clock_getcpuclockid), which Python only names for threads.
        return time.clock_gettime((~self.process << 3) | 2)

    @property
    def tenant(self) -> str:
        """Return the tenant's domain."""
        return str(self.facts["tenant_domain"])

    def flow(self, kind: str) -> str:
        """Return the name of the seeded user flow of a type."""
        return str(self.facts["user_flows"][kind])

    def secret_of(self, client: str) -> dict[str, str]:
        """Return id and secret of `admin`, or of an application."""
        found = self.facts.get(client) or self.facts["apps"][client]
        return {name: found[name] for name in ("client_id", "client_secret")}


def resident_mb(process: int) -> float:
    """Return the memory a process holds."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not say")


@contextmanager
def only_on(cores: Sequence[int]) -> Iterator[None]:
    """Keep this thread, and what it starts meanwhile, on some cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def served(data: Path, cores: Sequence[int], *words: str) -> Iterator[Target]:
    """Start the server to be measured on `cores`, with `words` on its command line."""
    command = [sys.executable, "-m", "bench.served", "--data", str(data), *words]
    with only_on(cores):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise RuntimeError("the server did not start")
        told = json.loads(said)
        port = int(told["facts"]["origin"].rpartition(":")[2])
        yield Target(process=told["process"], port=port, facts=told["facts"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How long a start took, and what the process holds when nothing happens."""

    ready_s: float
    idle_mb: float


def start_of(data: Path, cores: Sequence[int]) -> Start:
    """Start the real program in development mode over `data`, as a person would, and stop it."""
    program = str(Path(sys.executable).with_name("gatelodge"))
    command = [program, "dev", "--data", str(data), "--port", "0", "--seed", "1"]
    began = time.perf_counter()
    with only_on(cores):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "Run user flow" in line:
                break
        ready_s = time.perf_counter() - began
        time.sleep(1)
        return Start(ready_s=ready_s, idle_mb=resident_mb(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT_S)
