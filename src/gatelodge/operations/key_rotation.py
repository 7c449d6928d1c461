"""Replace a directory's signing key: published first, used later, forgotten last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gatelodge.clock import Clock
from gatelodge.crypto.key_set import generate_private_key, new_signing_key
from gatelodge.crypto.seal import Sealer
from gatelodge.model.audit import AuditEvent, EventName
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm, SigningKey
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

OVERLAP = timedelta(days=1)
"""How long a key is published before it signs: applications may keep a key set for a day."""

FAREWELL = timedelta(days=2)
"""How long a key verifies after it last signed: longer than any token it signed lives."""


class AlreadyWaiting(Exception):
    """The last rotation's key is published and does not sign yet."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Rotates the keys of one directory."""

    database: Database
    sealer: Sealer
    randomness: Randomness
    clock: Clock

    async def __call__(
        self,
        directory_id: DirectoryId,
        *,
        is_emergency: bool,
        algorithm: Algorithm | None = None,
    ) -> datetime:
        """Add a key and return when it begins to sign; its algorithm is the last key's, or given.

        In an emergency it signs at once, and the others are void at once: every token they signed
        stops being accepted. Raises `AlreadyWaiting` outside one while a key is waiting.
        """
        now = self.clock()
        keys = await self.database.read(directory_id).signing_keys.every()
        if not is_emergency and any(key.active_at > now for key in keys):
            raise AlreadyWaiting(f"directory {directory_id} has a key that is waiting to sign")
        active_at = now if is_emergency else now + OVERLAP
        fresh = new_signing_key(
            generate_private_key(algorithm or keys[-1].algorithm),
            directory_id=directory_id,
            sealer=self.sealer,
            randomness=self.randomness,
            now=now,
            active_at=active_at,
        )
        ends_at = now if is_emergency else active_at + FAREWELL
        await self._write(fresh, _retiring(keys, ends_at), now, is_emergency=is_emergency)
        return active_at

    async def _write(
        self,
        fresh: SigningKey,
        retiring: Sequence[SigningKey],
        now: datetime,
        *,
        is_emergency: bool,
    ) -> None:
        rotated = AuditEvent(
            directory_id=fresh.directory_id,
            id=self.randomness.uuid(),
            at=now,
            name=EventName.KEYS_ROTATED,
            actor="rotate-keys",
            target=fresh.id,
            detail={"emergency": "yes"} if is_emergency else {},
        )

        async def write(stores: Stores) -> None:
            await stores.signing_keys.add(fresh)
            for key in retiring:
                await stores.signing_keys.save(key)
            await stores.audit_events.add(rotated)

        await self.database.write(fresh.directory_id, write)


def _retiring(keys: Sequence[SigningKey], ends_at: datetime) -> list[SigningKey]:
    return [
        replace(key, retired_at=ends_at)
        for key in keys
        if key.retired_at is None or key.retired_at > ends_at
    ]
