"""Failed sign-ins by the address they came from."""

from datetime import datetime

from sqlalchemy import bindparam, case
from sqlalchemy.dialects.postgresql import insert

from gatelodge.model.failed_source import SOURCE_WINDOW, FailedSource
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(FailedSource, tables.failed_source, key=("source",))
_failed = tables.failed_source.c
_IS_OLD = _failed.window_began_at <= bindparam("since", type_=_failed.window_began_at.type)
_NOTE = Query(
    insert(tables.failed_source)
    .on_conflict_do_update(
        index_elements=["directory_id", "source"],
        set_={
            "failures": case((_IS_OLD, 1), else_=_failed.failures + 1),
            "window_began_at": case(
                (_IS_OLD, bindparam("now", type_=_failed.window_began_at.type)),
                else_=_failed.window_began_at,
            ),
        },
    )
    .returning(*_RECORD.columns)
)
_OLD = slice_of(tables.failed_source, "source", _failed.window_began_at < bindparam("before"))


class FailedSources(Store[FailedSource]):
    """Addresses signing in failed from lately; a window begins with its first failure."""

    record = _RECORD
    __slots__ = ()

    async def note(self, source: str, now: datetime) -> FailedSource:
        """Count one more failure, in one statement, and return what that makes."""
        first = FailedSource(
            directory_id=self.directory_id, source=source, window_began_at=now, failures=1
        )
        parameters = {**_RECORD.parameters(first), "since": now - SOURCE_WINDOW, "now": now}
        row = await self.connection.one(_NOTE, **parameters)
        return first if row is None else _RECORD.load(row)

    async def sweep(self, before: datetime) -> int:
        """Forget a slice of the windows that began before that moment; return how many."""
        return await self.run(_OLD, before=before)
