"""What was read from providers a moment ago."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from gatelodge.clock import Clock

T = TypeVar("T")

_MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class _Read(Generic[T]):
    value: T
    at: datetime


class Recent(Generic[T]):
    """Keeps what was read by its address, for a while; what could not be read is not kept."""

    def __init__(self, clock: Clock, lifetime: timedelta) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._kept: OrderedDict[str, _Read[T]] = OrderedDict()

    async def get(
        self, address: str, read: Callable[[], Awaitable[T]], *, at_most: timedelta | None = None
    ) -> T:
        """Return what lies at an address, read anew when it is older than allowed."""
        kept, now = self._kept.get(address), self._clock()
        allowed = self._lifetime if at_most is None else at_most
        # A clock that was set back makes everything old.
        if kept is not None and timedelta(0) <= now - kept.at < allowed:
            return kept.value
        value = await read()
        self._kept[address] = _Read(value, now)
        self._kept.move_to_end(address)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return value
