"""The audit log."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from gatelodge.model.asker import Asker
from gatelodge.model.audit import AuditEvent
from gatelodge.model.audit_activity import AuditKind, kind_of
from gatelodge.storage import tables
from gatelodge.storage.columns import Converted
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_EVENT = tables.audit_event.c
_RECORD = Record(
    AuditEvent,
    tables.audit_event,
    derived={
        "kind": lambda it: kind_of(it.name),
        "mark": lambda _: "",
        "sequence": lambda _: 0,
        "digest": lambda _: "",
    },
)
_LATEST = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory())
    .order_by(_EVENT.at.desc(), _EVENT.id.desc())
    .limit(100)
)

MARKED = (*_RECORD.names, "kind")
"""The columns a mark covers, in its order."""


def marked_text(stored: object) -> str:
    """Return what a mark covers of one stored value: nothing else reads the same."""
    if stored is None:
        return "-"
    return f"={int(stored)}" if isinstance(stored, bool) else f"={stored}"


class AuditEvents(Store[AuditEvent]):
    """What happened, written in the transaction in which it happened."""

    record = _RECORD
    __slots__ = ()

    async def add(self, value: AuditEvent) -> None:
        """Insert an event with its mark; it is linked into the chain a moment later.

        An event of a request says where that came from.
        """
        self._check_directory(value)
        value = _from(self.connection.asker, value)
        parameters = _RECORD.parameters(value)
        parameters["mark"] = self.connection.mark(
            *(marked_text(_stored(name, parameters[name])) for name in MARKED)
        )
        await self.connection.run(_RECORD.insert, **parameters)

    async def latest(self) -> list[AuditEvent]:
        """Return up to 100 events, the newest first."""
        return [_RECORD.load(row) for row in await self.all(_LATEST)]


def _from(asker: Asker, event: AuditEvent) -> AuditEvent:
    if asker.ip_address is None:
        return event
    detail = event.detail
    if asker.user_agent and kind_of(event.name) is AuditKind.SIGN_IN:
        detail = {**detail, "userAgent": asker.user_agent}
    return replace(event, ip_address=asker.ip_address, detail=detail)


_ENCODERS = {
    name: kind.encode for name in MARKED if isinstance(kind := _EVENT[name].type, Converted)
}


def _stored(name: str, value: Any) -> Any:
    encode = _ENCODERS.get(name)
    return value if encode is None or value is None else encode(value)
