"""The key sets of every directory, loaded when they are first needed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from gatelodge.clock import Clock
from gatelodge.crypto.key_set import KeySet
from gatelodge.crypto.seal import Sealer
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import SigningKey

STALENESS_S = 60.0
"""How late another node may notice a new key; keys are published long before they sign."""

LoadKeys: TypeAlias = Callable[[DirectoryId], Awaitable[Sequence[SigningKey]]]


@dataclass(frozen=True, slots=True)
class _Loaded:
    version: int
    at_s: float
    key_set: KeySet


@dataclass(frozen=True, slots=True)
class Keyring:
    """Loads a directory's keys and keeps them until `version()` changes or they are 60 s old."""

    load: LoadKeys
    version: Callable[[], int]
    sealer: Sealer
    clock: Clock
    _loaded: dict[DirectoryId, _Loaded] = field(default_factory=dict)

    async def of(self, directory_id: DirectoryId) -> KeySet:
        """Return the directory's keys as they are now."""
        now_s, version = asyncio.get_running_loop().time(), self.version()
        found = self._loaded.get(directory_id)
        if found and found.version == version and now_s - found.at_s < STALENESS_S:
            return found.key_set
        known = found.key_set.loaded if found else {}
        key_set = KeySet(await self.load(directory_id), self.sealer, self.clock(), known)
        self._loaded[directory_id] = _Loaded(version, now_s, key_set)
        return key_set
