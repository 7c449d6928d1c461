"""Closed-loop load: every client asks again as soon as it is answered."""

import asyncio
import time
from dataclasses import dataclass, field

from bench.arithmetic import Round, round_of
from bench.connection import Connection
from bench.operations import Once, Operation
from bench.target import Target


@dataclass(slots=True)
class Clients:
    """The clients of one operation; they keep their connections from round to round."""

    operation: Operation
    target: Target
    in_flight: int
    warm_up_s: float = 1
    _ready: list[Once] = field(default_factory=list)
    _connections: list[Connection] = field(default_factory=list)

    async def begin(self) -> None:
        """Connect, and do what each client has to do once."""
        for _ in range(self.in_flight):
            connection = Connection(self.target.port)
            self._connections.append(connection)
            self._ready.append(await self.operation.begin(self.target, connection))

    async def run(self, seconds: float) -> Round:
        """Ask for some seconds, at least once each, and return the figures."""
        latencies_s: list[float] = []
        until = time.perf_counter() + seconds

        async def ask(once: Once) -> None:
            began = time.perf_counter()
            while True:
                await once()
                ended = time.perf_counter()
                latencies_s.append(ended - began)
                if (began := ended) >= until:
                    return

        began, cpu_s = time.perf_counter(), self.target.cpu_s()
        await asyncio.gather(*(ask(once) for once in self._ready))
        elapsed_s = time.perf_counter() - began
        return round_of(latencies_s, elapsed_s, self.target.cpu_s() - cpu_s)

    def close(self) -> None:
        """Hang up."""
        for connection in self._connections:
            connection.close()
