"""Wrong passwords: what they are counted under, and when no more are compared.

Guesses from a device the account signed in with before are counted apart from all others. So
somebody else can lock a name, but not its owner's own device; and whoever has that device is
locked by guesses made with it.
"""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.changes import CountFailure, CountSource
from gatelodge.journeys.known_device import is_owners
from gatelodge.journeys.outcome import Change
from gatelodge.model.account import Account
from gatelodge.model.audit import AuditEvent
from gatelodge.model.device import Device
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How guesses of a name from a device stand.

    `lockout_key` is what they are counted under, `source` the address, "" when it is not counted.
    """

    lockout_key: str
    source: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class PasswordGuesses:
    """Judges and counts guesses, by the same reads for a name with an account and for another."""

    sealer: Sealer
    clock: Clock

    async def standing(
        self, stores: Stores, name_key: str, account: Account | None, device: Device
    ) -> Standing:
        """Return how guesses of the name (look-up form) from this device stand."""
        now = self.clock()
        is_known = await is_owners(stores, account, device, now)
        key = f"device|{account.id}|{device.id}" if account and is_known else name_key
        source = "" if is_known else device.source
        lockout = await stores.lockouts.get(key)
        failed = await stores.failed_sources.get(source)
        return Standing(
            lockout_key=key,
            source=source,
            is_refused=(lockout is not None and lockout.is_locked(now))
            or (failed is not None and failed.is_refused(now)),
        )

    def fingerprint(self, name_key: str, password: str) -> str:
        """Return what tells whether the same wrong password is typed again, and nothing else."""
        return self.sealer.mac("wrong-password", name_key, password)

    def counted(
        self, standing: Standing, fingerprint: str, *, locked: AuditEvent, refused: AuditEvent
    ) -> tuple[Change, ...]:
        """Return what a wrong guess writes.

        `locked` is recorded when it locks the name, `refused` when it closes the address.
        """
        now = self.clock()
        name = CountFailure(standing.lockout_key, now, locked, fingerprint=fingerprint)
        if not standing.source:
            return (name,)
        return (name, CountSource(standing.source, now, refused))
