"""A production installation on this machine: its settings, its files and its program."""

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import httpx
import pytest

from gatelodge.cli import main

LIMIT_S = 60


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Installation:
    """A TOML file with what it names, all in one directory."""

    directory: Path
    port: int = field(default_factory=free_port)
    changes: dict[str, str | int] = field(default_factory=dict)
    founded: "Callable[[], Founded] | None" = None

    @property
    def config(self) -> Path:
        """Return the settings file, written as they are now."""
        settings: dict[str, str | int] = {
            "public_url": "https://login.acme.example",
            "database": f"sqlite:///{self.directory / 'gatelodge.db'}",
            "key_file": str(self.directory / "master.key"),
            "port": self.port,
            "smtp_host": "127.0.0.1",
            "smtp_security": "none",
            "mail_from": "no-reply@acme.example",
            **self.changes,
        }
        path = self.directory / "gatelodge.toml"
        lines = (
            f"{name} = {value}" if isinstance(value, int) else f'{name} = "{value}"'
            for name, value in settings.items()
        )
        path.write_text("\n".join(lines))
        return path

    def run(self, command: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end: a server in a process of its own, anything else in this one."""
        run = gatelodge if command == "serve" else gatelodge_here
        return run(command, "--config", str(self.config), *words)

    def set_up(self) -> str:
        """Migrate and bootstrap, or copy where that was done; return what bootstrap said."""
        if self.founded is not None and "database" not in self.changes:
            founded = self.founded()
            shutil.copytree(founded.directory, self.directory, dirs_exist_ok=True)
            return founded.said
        assert self.run("migrate").returncode == 0
        made = self.run("bootstrap", "--domain", "acme.example", "--name", "Acme")
        assert made.returncode == 0, made.stderr
        return made.stdout

    @contextmanager
    def serving(self) -> Iterator["Serving"]:
        """Serve until the block is left."""
        log = (self.directory / "log").open("w")
        words = [sys.executable, "-m", "gatelodge", "serve", "--config", str(self.config)]
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *words], stdout=log, stderr=log
        )
        serving = Serving(self, process, self.port)
        try:
            serving.wait_until_ready()
            yield serving
        finally:
            log.close()
            if process.poll() is None:
                serving.stop()


@dataclass(frozen=True, slots=True)
class Founded:
    """A directory that was set up, to be copied, and what bootstrap said of it."""

    directory: Path
    said: str


@dataclass(slots=True)
class Serving:
    """A running production server."""

    installation: Installation
    process: "subprocess.Popen[bytes]"
    port: int

    def client(self) -> httpx.Client:
        """Return a client that comes the way a proxy in front would."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Host": "login.acme.example"},
            transport=httpx.HTTPTransport(retries=2),
            timeout=LIMIT_S,
        )

    def wait_until_ready(self) -> None:
        """Return when it answers; fail as soon as it has ended instead."""
        with self.client() as client:
            for _ in range(LIMIT_S):
                try:
                    client.get("/healthz").raise_for_status()
                except httpx.ConnectError:
                    if self.process.poll() is not None:
                        break
                else:
                    return
        said = (self.installation.directory / "log").read_text()
        pytest.fail(f"the server did not start:\n{said}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and return the exit status."""
        self.process.send_signal(how)
        return self.process.wait(LIMIT_S)


def gatelodge(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gatelodge", *words],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def gatelodge_here(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line to its end without a process of its own, which costs most of a second.

    Whatever else there is of a process a thread stands in for: its loop is its own.
    """
    out, err = StringIO(), StringIO()

    def work() -> int:
        try:
            main(words)
        except SystemExit as left:
            return int(left.code or 0)
        return 0

    with redirect_stdout(out), redirect_stderr(err), ThreadPoolExecutor(1) as thread:
        status = thread.submit(work).result(LIMIT_S)
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


def ask_token(client: httpx.Client, said: str) -> httpx.Response:
    """Ask for a Graph token as the administrator that bootstrap spoke of."""
    found = {line[:14].strip(): line[14:].strip() for line in said.splitlines()}
    return client.post(
        found["token endpoint"].removeprefix("https://login.acme.example"),
        data={
            "grant_type": "client_credentials",
            "client_id": found["client id"],
            "client_secret": found["client secret"],
            "scope": "https://graph.microsoft.com/.default",
        },
    )


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """Set an installation up once, for copies."""
    directory = tmp_path_factory.mktemp("founded")
    said = Installation(directory).set_up()
    (directory / "gatelodge.toml").unlink()
    return Founded(directory, said)


@pytest.fixture
def installation(tmp_path: Path, request: pytest.FixtureRequest) -> Installation:
    """Give the test an installation nobody has set up yet."""
    return Installation(tmp_path, founded=lambda: request.getfixturevalue("founded"))
