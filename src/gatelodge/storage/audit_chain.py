"""The links between audit events, over all directories, and the one row that closes them off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    delete,
    or_,
    select,
    type_coerce,
    update,
)

from gatelodge.errors import NotFound
from gatelodge.model.audit import AuditCheckpoint
from gatelodge.storage import tables
from gatelodge.storage.audit_events import MARKED, marked_text
from gatelodge.storage.columns import Converted
from gatelodge.storage.connection import Connection
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query

_RECORD = Record(AuditCheckpoint, tables.audit_checkpoint)
_EVENT = tables.audit_event.c
_NAMES = [each for each in _RECORD.names if each != "id"]

_CHECKPOINT = Query(select(*_RECORD.columns))
_CLAIM = Query(select(*_RECORD.columns).with_for_update(skip_locked=True))
_ADVANCE = Query(
    update(tables.audit_checkpoint).values(
        {name: bindparam(f"new_{name}", type_=_RECORD.table.c[name].type) for name in _NAMES}
    )
)


def _as_stored(name: str) -> ColumnElement[Any]:
    column = _EVENT[name]
    kind = column.type
    return type_coerce(column, kind.impl_instance) if isinstance(kind, Converted) else column


_ROW = [_EVENT.sequence, _EVENT.digest, _EVENT.mark, *(_as_stored(name) for name in MARKED)]
_KEY = (_EVENT.directory_id, _EVENT.id)
_ONE = bindparam("one", type_=BigInteger())
_OTHER = bindparam("other", type_=BigInteger())
_LIMIT = bindparam("limit", type_=Integer())
_AT = bindparam("at", type_=BigInteger())
_DIRECTORY, _ID = bindparam("in_directory", type_=Text()), bindparam("of_id", type_=Text())
_STORED_AT = type_coerce(_EVENT.at, BigInteger())

_LINKED = Query(
    select(*_ROW)
    .where(_EVENT.sequence > _ONE, _EVENT.sequence <= _OTHER)
    .order_by(_EVENT.sequence, *_KEY)
    .limit(_LIMIT)
)
_OUTSIDE = Query(
    select(*_ROW)
    .where(or_(_EVENT.sequence > _OTHER, and_(_EVENT.sequence <= _ONE, _EVENT.sequence != 0)))
    .limit(1)
)
_UNLINKED = Query(
    select(*_ROW)
    .where(
        _EVENT.sequence == 0,
        or_(
            _STORED_AT > _AT,
            and_(_STORED_AT == _AT, _EVENT.directory_id > _DIRECTORY),
            and_(_STORED_AT == _AT, _EVENT.directory_id == _DIRECTORY, _EVENT.id > _ID),
        ),
    )
    .order_by(_EVENT.at, *_KEY)
    .limit(_LIMIT)
)
_LINK = Query(
    update(tables.audit_event)
    .where(_EVENT.directory_id == _DIRECTORY, _EVENT.id == _ID)
    .values(sequence=bindparam("new_sequence"), digest=bindparam("new_digest"))
)
_SWEEP = Query(delete(tables.audit_event).where(_EVENT.sequence > _ONE, _EVENT.sequence <= _OTHER))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An event as it lies in the table: unread, so that nothing in it can be misread.

    `parts` are the texts its mark covers.
    """

    sequence: int
    digest: str
    mark: str
    directory_id: str
    id: str
    at: int
    parts: tuple[str, ...]


_FROM_START = StoredEvent(
    sequence=0, digest="", mark="", directory_id="", id="", at=-(2**63), parts=()
)


class AuditChain:
    """Every event of the installation in the order it was linked."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, checkpoint: AuditCheckpoint) -> None:
        """Begin the chain; raises `AlreadyExists` the second time."""
        await self._connection.run(_RECORD.insert, **_RECORD.parameters(checkpoint))

    async def checkpoint(self) -> AuditCheckpoint | None:
        """Return how far the chain reaches, or None when there is none."""
        return _checkpoint(await self._connection.one(_CHECKPOINT))

    async def claim(self) -> AuditCheckpoint | None:
        """Return the checkpoint for this transaction alone; None when another node has it."""
        return _checkpoint(await self._connection.one(_CLAIM))

    async def advance(self, checkpoint: AuditCheckpoint) -> None:
        """Replace the claimed checkpoint."""
        found = {f"new_{name}": getattr(checkpoint, name) for name in _NAMES}
        if await self._connection.run(_ADVANCE, **found) != 1:
            raise NotFound("the checkpoint of the audit log is gone")

    async def linked(self, after: int, until: int, limit: int) -> list[StoredEvent]:
        """Return linked events of a range; two with one number are both in it."""
        return _stored(await self._connection.all(_LINKED, one=after, other=until, limit=limit))

    async def outside(self, checkpoint: AuditCheckpoint) -> StoredEvent | None:
        """Return an event whose number the chain cannot have, if there is any."""
        first, last = checkpoint.swept_sequence, checkpoint.sequence
        found = _stored(await self._connection.all(_OUTSIDE, one=first, other=last))
        return found[0] if found else None

    async def unlinked(self, limit: int, after: StoredEvent = _FROM_START) -> list[StoredEvent]:
        """Return events that wait to be linked, in the order they will be."""
        return _stored(
            await self._connection.all(
                _UNLINKED, at=after.at, in_directory=after.directory_id, of_id=after.id, limit=limit
            )
        )

    async def link(self, event: StoredEvent, sequence: int, digest: str) -> StoredEvent:
        """Give an event its place in the chain."""
        await self._connection.run(
            _LINK,
            in_directory=event.directory_id,
            of_id=event.id,
            new_sequence=sequence,
            new_digest=digest,
        )
        return replace(event, sequence=sequence, digest=digest)

    async def sweep(self, after: int, until: int) -> int:
        """Delete the events of a range; return how many."""
        return await self._connection.run(_SWEEP, one=after, other=until)


def _checkpoint(row: Sequence[Any] | None) -> AuditCheckpoint | None:
    return None if row is None else _RECORD.load(row)


def _stored(rows: Sequence[Sequence[Any]]) -> list[StoredEvent]:
    found = []
    for sequence, digest, mark, *values in rows:
        named = dict(zip(MARKED, values, strict=True))
        found.append(
            StoredEvent(
                sequence=sequence,
                digest=digest,
                mark=mark,
                directory_id=named["directory_id"],
                id=named["id"],
                at=named["at"],
                parts=tuple(marked_text(each) for each in values),
            )
        )
    return found
