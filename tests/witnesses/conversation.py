"""A client written in JavaScript, run by Node and told what to do by a test."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.world.server import Server

PROJECT = Path(__file__).parent / "node_oidc"


class ClientError(Exception):
    """The client refused or was refused; `told` is everything its error says."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(json.dumps(told))
        self.told = told


class Conversation:
    """Asks for one command after another; each is answered before the next is asked for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, command: str, *given: Any) -> Any:
        """Return what the command gives. Raises `ClientError`."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps([command, *given]) + "\n")
        asked.flush()
        line = answered.readline()
        assert line, "the client came to an end"
        answer = json.loads(line)
        if "error" in answer:
            raise ClientError(answer["error"])
        return answer["value"]


@contextmanager
def conversation(program: str, server: Server) -> Iterator[Conversation]:
    """Run a program of the project until the test is done with it."""
    with subprocess.Popen(
        ["node", program],
        cwd=PROJECT,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": server.facts["ca_file"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Conversation(process)
        finally:
            process.terminate()
