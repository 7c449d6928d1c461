"""Leave a hook alone that does not answer: one that is down must not hold up everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gatelodge.clock import Clock

FAILURES_THAT_OPEN = 5
"""So many calls in a row have to fail before no more are made for a while."""

OPEN_S = 30
"""How long no calls are made; then one is tried."""

MOST_AT_ONCE = 32
"""Calls of one connector under way in one process; whoever comes then is refused at once."""

_MOST_KNOWN = 10_000


class Resting(Exception):
    """No call is made at the moment."""


@dataclass(slots=True)
class _Circuit:
    under_way: int = 0
    failures: int = 0
    open_until: datetime | None = None


@dataclass(slots=True)
class Circuits:
    """What this process has seen of each connector; another process has to see for itself."""

    clock: Clock
    _known: dict[str, _Circuit] = field(default_factory=dict)

    @contextmanager
    def entered(self, key: str) -> Iterator["Outcome"]:
        """Count a call while it is made and note what came of it; raises `Resting`."""
        circuit = self._circuit(key)
        if circuit.under_way >= MOST_AT_ONCE:
            raise Resting("too many calls are under way")
        if circuit.open_until is not None:
            if self.clock() < circuit.open_until:
                raise Resting("the last calls failed")
            # This one is the try; the others wait for what comes of it.
            circuit.open_until = self.clock() + timedelta(seconds=OPEN_S)
        circuit.under_way += 1
        outcome = Outcome()
        try:
            yield outcome
        finally:
            circuit.under_way -= 1
            self._note(circuit, is_good=outcome.is_good)

    def _note(self, circuit: _Circuit, *, is_good: bool) -> None:
        if is_good:
            circuit.failures, circuit.open_until = 0, None
            return
        circuit.failures += 1
        if circuit.failures >= FAILURES_THAT_OPEN:
            circuit.open_until = self.clock() + timedelta(seconds=OPEN_S)

    def _circuit(self, key: str) -> _Circuit:
        if key not in self._known and len(self._known) >= _MOST_KNOWN:
            idle = [each for each, circuit in self._known.items() if not circuit.under_way]
            for each in idle:
                del self._known[each]
        return self._known.setdefault(key, _Circuit())


@dataclass(slots=True)
class Outcome:
    """Whether a call was answered; it was not until somebody says so."""

    is_good: bool = False
