"""A PostgreSQL cluster of our own, one for each test process, gone when the process is."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

READY = "database system is ready to accept connections"
LIMIT_S = 60

# Nothing here outlives the tests, so nothing is worth waiting for the disk.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "127.0.0.1",
    "lc_messages": "C",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "32MB",
}


class Cluster:
    """A running cluster that makes and drops databases."""

    def __init__(self, *, port: int) -> None:
        self._port = port
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """Return the address of a database of this cluster."""
        return f"postgresql://gatelodge@127.0.0.1:{self._port}/{name}"

    def create(self, *, template: str = "template1") -> str:
        """Copy `template`, to which nobody may be connected; return the name of the copy."""
        name = f"gatelodge_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(self.url("postgres"))
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        _apart(execute())


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` on a loop of its own: under a browser test this thread has one already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


def _program(name: str) -> str:
    """Find a PostgreSQL program, in Debian's place for the newest version or on the path."""
    places = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda program: int(program.parts[-3]),
        reverse=True,
    )
    found = str(places[0]) if places else shutil.which(name)
    if found is None:
        pytest.fail("PostgreSQL is needed: apt-get install postgresql")
    return found


def _account() -> pwd.struct_passwd | None:
    """Return the account that runs the cluster, which PostgreSQL refuses to let be root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _as_account(account: pwd.struct_passwd | None) -> list[str]:
    """Return the words before a command that lower its rights and end it when we end, however."""
    # INT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    words = ["setpriv", "--pdeathsig", "INT"]
    if account is not None:
        words += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return [*words, "--"]


def _initialise(data: Path, account: pwd.struct_passwd | None) -> None:
    subprocess.run(
        [
            *_as_account(account),
            _program("initdb"),
            "--username=gatelodge",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            # Sorts as people do, as many installations do: nothing may depend on it.
            "--locale-provider=icu",
            "--icu-locale=en-US",
            "--no-sync",
            f"--pgdata={data}",
        ],
        check=True,
        capture_output=True,
        cwd=data.parent,
    )


def _start(data: Path, port: int, account: pwd.struct_passwd | None) -> subprocess.Popen[str]:
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    return subprocess.Popen(
        [
            *_as_account(account),
            _program("postgres"),
            f"-D{data}",
            f"--port={port}",
            f"--unix_socket_directories={data.parent}",
            *settings,
        ],
        cwd=data.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Return when the cluster says it is ready, and go on reading what it says later."""
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                said.append(line)
                if READY in line:
                    ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    if not ready.wait(LIMIT_S) or process.poll() is not None:
        pytest.fail("PostgreSQL did not start:\n" + "".join(said))


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster in a directory of its own; stop it and remove the directory afterwards."""
    account = _account()
    directory = Path(tempfile.mkdtemp(prefix="gatelodge-postgresql-"))
    try:
        if account is not None:
            os.chown(directory, account.pw_uid, account.pw_gid)
        data = directory / "data"
        _initialise(data, account)
        port = _free_port()
        process = _start(data, port, account)
        try:
            _wait_until_ready(process)
            yield Cluster(port=port)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(LIMIT_S)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """One cluster for all tests of this process, for those that make databases themselves."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgresql_url(postgresql_cluster: Cluster) -> Iterator[str]:
    """Give the test an empty database of its own: `postgresql://…`."""
    name = postgresql_cluster.create()
    yield postgresql_cluster.url(name)
    postgresql_cluster.drop(name)
