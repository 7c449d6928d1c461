"""What only the holder of the master key can say about the audit log."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.model.audit import AuditCheckpoint
from gatelodge.storage.audit_chain import StoredEvent
from gatelodge.storage.connection import Mark


def mark_under(sealer: Sealer) -> Mark:
    """Return what marks events under the master key."""
    return partial(sealer.mac, "audit event")


def is_ours(event: StoredEvent, sealer: Sealer) -> bool:
    """Return whether an event is as this program wrote it."""
    return is_same(sealer.mac("audit event", *event.parts), event.mark)


def link_digest(previous: str, sequence: int, mark: str) -> str:
    """Return the digest of a link: it stands for everything before it."""
    return digest_of(f"{previous}.{sequence}.{mark}")


def closed_off(checkpoint: AuditCheckpoint, sealer: Sealer) -> AuditCheckpoint:
    """Return the checkpoint with the keyed digest that makes it count."""
    return replace(checkpoint, mac=_checkpoint_mac(checkpoint, sealer))


def first_checkpoint(sealer: Sealer, now: datetime) -> AuditCheckpoint:
    """Return the checkpoint a database is set up with. One that lost it does not get another."""
    return closed_off(AuditCheckpoint(at=now), sealer)


def counts(checkpoint: AuditCheckpoint, sealer: Sealer) -> bool:
    """Return whether a checkpoint was written under the master key."""
    return is_same(_checkpoint_mac(checkpoint, sealer), checkpoint.mac)


def _checkpoint_mac(checkpoint: AuditCheckpoint, sealer: Sealer) -> str:
    return sealer.mac(
        "audit checkpoint",
        checkpoint.id,
        str(checkpoint.sequence),
        checkpoint.digest,
        str(checkpoint.swept_sequence),
        checkpoint.swept_digest,
        checkpoint.at.isoformat(),
    )
