"""Who is measured when: everything takes turns, so that a slow minute hits all of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench.arithmetic import Bound, Round, alternating
from bench.limits import Measure
from bench.load import Clients
from bench.operations import Operation
from bench.peer import PEER_OPERATIONS
from bench.target import Target


def peers_of(
    chosen: Sequence[Operation], other: Target, asked: int, cores: int
) -> Sequence[Clients]:
    """Return the clients of the peer, for what it can do as well."""
    return [
        Clients(replace(each, begin=begin), other, each.in_flight(asked, cores))
        for each in chosen
        if (begin := PEER_OPERATIONS.get(each.name)) is not None
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What every turn found, by the name of the operation or the limit."""

    ours: dict[str, list[Round]] = field(default_factory=dict)
    theirs: dict[str, list[Round]] = field(default_factory=dict)
    bounds: dict[str, list[Bound]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Operations, each beside the peer's, and limits."""

    clients: Sequence[Clients]
    peers: Sequence[Clients]
    limits: Mapping[str, Measure]
    seconds: float
    rounds: int

    async def take(self) -> Found:
        """Warm up, then give everybody their turn, again and again."""
        for each in (*self.clients, *self.peers):
            await each.begin()
            await each.run(self.seconds / 4)
        found = Found()
        peers = {each.operation.name: each for each in self.peers}
        for turn, name in enumerate(alternating((*self.limits, *self._names()), self.rounds)):
            if name in self.limits:
                bound = await asyncio.to_thread(self.limits[name], self.seconds / 2)
                found.bounds.setdefault(name, []).append(bound)
                continue
            [ours] = [each for each in self.clients if each.operation.name == name]
            sides = [(found.ours, ours)]
            if name in peers:
                sides.append((found.theirs, peers[name]))
            # Whoever comes second finds the caches of the first: that changes from turn to turn.
            for rounds, clients in sides[:: 1 if turn % 2 else -1]:
                rounds.setdefault(name, []).append(await clients.run(self.seconds))
        for each in (*self.clients, *self.peers):
            each.close()
        return found

    def _names(self) -> list[str]:
        return [each.operation.name for each in self.clients]
