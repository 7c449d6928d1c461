"""The real program in a process of its own, and a client that trusts its authority."""

import asyncio
import json
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from gatelodge.model.identifier import DirectoryId
from gatelodge.storage.database import Work
from gatelodge.storage.opening import open_database
from tests.world.postgres import Cluster

SEED = 7
LIMIT_S = 60
READY = "Run user flow"

StartServer = Callable[..., "Server"]
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Server:
    """A development server. `facts` is what it wrote into `dev.json`."""

    data: Path
    port: int = 0
    seed: int | None = SEED
    database: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    _process: "subprocess.Popen[str] | None" = None
    _client: httpx.Client | None = None

    @property
    def command(self) -> list[str]:
        """Return the command line that starts it."""
        words = [sys.executable, "-m", "gatelodge", "dev", "--data", str(self.data)]
        words += ["--port", str(self.port)]
        words += [] if self.seed is None else ["--seed", str(self.seed)]
        return words + ([] if self.database is None else ["--database", self.database])

    @property
    def process(self) -> "subprocess.Popen[str]":
        """Return the running process."""
        assert self._process is not None, "the server is not running"
        return self._process

    @property
    def origin(self) -> str:
        """Return `https://localhost:…`."""
        return str(self.facts["origin"])

    @property
    def client(self) -> httpx.Client:
        """Return an HTTP client at the server's origin; it follows no redirect by itself."""
        if self._client is None:
            self._client = self.new_client()
        return self._client

    def new_client(self) -> httpx.Client:
        """Return another client, with cookies of its own."""
        trusted = ssl.create_default_context(cafile=self.facts["ca_file"])
        return httpx.Client(base_url=self.origin, verify=trusted, timeout=LIMIT_S)

    def start(self) -> None:
        """Start the program and return when it says that it is ready."""
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *self.command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(ready,), daemon=True).start()
        if not ready.wait(LIMIT_S) or self._process.poll() is not None:
            pytest.fail("the server did not start:\n" + "".join(self.said))
        self.facts = json.loads((self.data / "dev.json").read_text())
        self.port = int(self.origin.rpartition(":")[2])

    def _listen(self, ready: threading.Event) -> None:
        """Note what the program says, for as long as it says something."""
        with self.process.stdout or pytest.fail("no pipe") as lines:
            for line in lines:
                self.said.append(line)
                if READY in line:
                    ready.set()
        ready.set()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop the program and return its exit status."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self.process.send_signal(how)
        status = self.process.wait(LIMIT_S)
        self._process = None
        return status

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it and start it again over the same data, at the same port."""
        self.stop(how)
        self.start()

    def is_running(self) -> bool:
        """Return whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def database_url(self) -> str:
        """Return where it keeps everything."""
        return self.database or f"sqlite:///{self.data / 'gatelodge.db'}"

    def stores(self, work: Work[T]) -> T:
        """Run `work` in a transaction of the tenant, beside the program."""

        async def beside() -> T:
            database = await open_database(self.database_url)
            try:
                return await database.write(DirectoryId(self.facts["tenant_id"]), work)
            finally:
                await database.close()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, beside()).result()

    def move_clock(self, offset_s: float) -> None:
        """Put the program's clock that far from the real one."""
        self.client.put("/_dev/clock", json={"offset_s": offset_s}).raise_for_status()

    def messages_to(self, address: str) -> list[dict[str, Any]]:
        """Return what was sent to an address, newest first."""
        found: list[dict[str, Any]] = self.client.get(
            "/_dev/messages", params={"to": address}
        ).json()
        return found

    def reset(self) -> None:
        """Take the server back to its seeded state."""
        self.client.post("/_dev/reset").raise_for_status()

    def token(self, who: str = "admin") -> str:
        """Return an access token for Graph of the client `who` of `dev.json`."""
        answer = self.client.post(
            self.facts["token_endpoint"],
            data={
                "grant_type": "client_credentials",
                "scope": "https://graph.microsoft.com/.default",
                **self.facts[who],
            },
        )
        return str(answer.raise_for_status().json()["access_token"])

    def code_for(self, address: str, *, since: str | None = None) -> str:
        """Return the code of the newest message to an address, waiting for one if need be."""
        query: dict[str, Any] = {"to": address, "wait_s": 30}
        if since is not None:
            query["since"] = since
        found = self.client.get("/_dev/messages", params=query).raise_for_status().json()
        assert found, f"nothing arrived for {address}"
        return str(found[0]["code"])


@contextmanager
def running_server(
    data: Path, *, seed: int | None = SEED, database: str | None = None
) -> Iterator[Server]:
    """Start a server over `data`; stop it afterwards unless the test did."""
    server = Server(data=data, seed=seed, database=database)
    server.start()
    try:
        yield server
    finally:
        if server.is_running():
            server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server over SQLite for all tests of this process; leave it as you found it."""
    with running_server(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture(scope="session")
def postgresql_server(
    tmp_path_factory: pytest.TempPathFactory, postgresql_cluster: Cluster
) -> Iterator[Server]:
    """One server over PostgreSQL for all tests of this process."""
    database = postgresql_cluster.url(postgresql_cluster.create())
    with running_server(tmp_path_factory.mktemp("postgresql-server"), database=database) as started:
        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_server(request: pytest.FixtureRequest) -> Server:
    """Run the test against either database."""
    wanted = "server" if request.param == "sqlite" else "postgresql_server"
    found: Server = request.getfixturevalue(wanted)
    return found


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Give the test servers of its own, each over a directory of its own unless it says."""
    started: list[Server] = []

    def start(
        data: Path | None = None, seed: int | None = SEED, database: str | None = None
    ) -> Server:
        data = data or tmp_path / f"server-{len(started)}"
        fresh = Server(data=data, seed=seed, database=database)
        started.append(fresh)
        fresh.start()
        return fresh

    yield start
    for each in started:
        if each.is_running():
            each.stop()
