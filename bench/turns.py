"""Who is measured when: everything takes turns, so that a slow minute hits all of it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench.arithmetic import Bound, Round, alternating
from bench.limits import Measure
from bench.load import Clients
from bench.operations import Operation
from bench.peer import Peer


def peers_of(chosen: Sequence[Operation], peer: Peer, asked: int, cores: int) -> dict[str, Clients]:
    """Return the clients of a peer, by the operation of ours that does the same."""
    return {
        each.name: Clients(
            replace(each, begin=begin), peer.target, each.in_flight(asked, cores), peer.warm_up_s
        )
        for each in chosen
        if (begin := peer.operations.get(each.name)) is not None
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What every turn found, by operation or limit; of peers by peer first."""

    ours: dict[str, list[Round]] = field(default_factory=dict)
    theirs: dict[str, dict[str, list[Round]]] = field(default_factory=dict)
    bounds: dict[str, list[Bound]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Operations, each beside those of the peers, and limits."""

    clients: Sequence[Clients]
    peers: Mapping[str, Mapping[str, Clients]]
    limits: Mapping[str, Measure]
    seconds: float
    rounds: int

    async def take(self) -> Found:
        """Warm up, then give everybody their turn, again and again."""
        for each in self._everybody():
            await each.begin()
            await each.run(each.warm_up_s)
        found = Found()
        for turn, name in enumerate(alternating((*self.limits, *self._names()), self.rounds)):
            if name in self.limits:
                bound = await asyncio.to_thread(self.limits[name], self.seconds / 2)
                found.bounds.setdefault(name, []).append(bound)
                continue
            # Whoever comes later finds the caches of the earlier: that changes from turn to turn.
            for rounds, clients in list(self._sides(found, name))[:: 1 if turn % 2 else -1]:
                rounds.append(await clients.run(self.seconds))
        for each in self._everybody():
            each.close()
        return found

    def _sides(self, found: Found, name: str) -> Iterator[tuple[list[Round], Clients]]:
        """Yield whose turn it is when an operation has its own, and where that is written."""
        [ours] = [each for each in self.clients if each.operation.name == name]
        yield found.ours.setdefault(name, []), ours
        for peer, theirs in self.peers.items():
            if name in theirs:
                yield found.theirs.setdefault(peer, {}).setdefault(name, []), theirs[name]

    def _everybody(self) -> Iterator[Clients]:
        yield from self.clients
        for theirs in self.peers.values():
            yield from theirs.values()

    def _names(self) -> list[str]:
        return [each.operation.name for each in self.clients]
