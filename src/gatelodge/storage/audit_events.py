"""The audit log."""

from sqlalchemy import select

from gatelodge.model.audit import AuditEvent
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(AuditEvent, tables.audit_event)
_LATEST = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory())
    .order_by(tables.audit_event.c.at.desc(), tables.audit_event.c.id.desc())
    .limit(100)
)


class AuditEvents(Store[AuditEvent]):
    """What happened, written in the transaction in which it happened."""

    record = _RECORD
    __slots__ = ()

    async def latest(self) -> list[AuditEvent]:
        """Return up to 100 events, the newest first."""
        return [_RECORD.load(row) for row in await self.all(_LATEST)]
