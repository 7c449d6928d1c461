"""Configuration kept in memory, with a stated staleness."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gatelodge.storage.database import Database

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

STALENESS_S = 1.0
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Entry(Generic[V]):
    version: int
    at_s: float
    value: V


class ConfigurationCache(Generic[K, V]):
    """Remembers what was loaded from configuration tables.

    What this process wrote is seen at once; what another node wrote within a second. What does
    not exist is never remembered, so a user flow runs from the moment it is created.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entries: dict[K, _Entry[V]] = {}

    async def get(self, key: K, load: Callable[[], Awaitable[V | None]]) -> V | None:
        """Return the value of `key`, loading it when it is not known or no longer fresh."""
        version = self._database.configuration_version
        now_s = asyncio.get_running_loop().time()
        entry = self._entries.get(key)
        if entry is not None and entry.version == version and self._is_fresh(entry, now_s):
            return entry.value
        value = await load()
        if value is None:
            self._entries.pop(key, None)
            return None
        if len(self._entries) >= _MOST:
            self._entries.clear()
        self._entries[key] = _Entry(version, now_s, value)
        return value

    def _is_fresh(self, entry: _Entry[V], now_s: float) -> bool:
        return not self._database.is_shared or now_s - entry.at_s < STALENESS_S
