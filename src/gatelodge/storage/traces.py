"""Traces of journeys: with the interaction while it is under way, by themselves afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, bindparam, select

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.trace import Trace
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query, Row
from gatelodge.storage.store import Store

MOST_LISTED = 20
_of_interaction = tables.interaction.c
_kept = tables.journey_trace.c
_OLD_TRACES = slice_of(
    tables.journey_trace, "correlation_id", _kept.created_at < bindparam("before")
)


def _traces(table: Table, entries: str, *conditions: ColumnElement[Any]) -> Query:
    column = table.c
    return Query(
        select(column.correlation_id, column.user_flow_id, column.created_at, column[entries])
        .where(column.directory_id == bindparam("of_directory"), *conditions)
        .order_by(column.created_at.desc())
        .limit(MOST_LISTED)
    )


_LATEST_UNDER_WAY = _traces(tables.interaction, "trace")
_LATEST = _traces(tables.journey_trace, "entries")
_UNDER_WAY = _traces(
    tables.interaction, "trace", _of_interaction.correlation_id == bindparam("correlation")
)
_GONE = _traces(tables.journey_trace, "entries", _kept.correlation_id == bindparam("correlation"))


_SIZES = (1, 20, 100, 1000)
"""How many traces one statement asks for; fewer ids are asked for several times over."""


def _of_these(size: int) -> Query:
    asked = [bindparam(f"id{number}", type_=Text()) for number in range(size)]
    here = bindparam("of_directory", type_=Text())

    def found(table: Table, entries: str) -> Any:
        column = table.c
        return select(
            column.correlation_id, column.user_flow_id, column.created_at, column[entries]
        ).where(column.directory_id == here, column.correlation_id.in_(asked))

    gone = found(tables.journey_trace, "entries")
    return Query(found(tables.interaction, "trace").union_all(gone))


_THESE = {size: _of_these(size) for size in _SIZES}


def _loaded(directory_id: DirectoryId, row: Row) -> Trace:
    correlation_id, user_flow_id, created_at, entries = row
    return Trace(
        directory_id=directory_id,
        correlation_id=correlation_id,
        user_flow_id=user_flow_id,
        created_at=created_at,
        entries=entries or (),
    )


class Traces(Store[Trace]):
    """What is kept of interactions that are gone, by their correlation ids."""

    record = Record(Trace, tables.journey_trace, key=("correlation_id",))
    __slots__ = ()

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of the traces older than that moment; return how many."""
        return await self.run(_OLD_TRACES, before=before)

    async def latest(self) -> list[Trace]:
        """Return the traces of the newest interactions, those under way included."""
        rows = [*await self.all(_LATEST_UNDER_WAY), *await self.all(_LATEST)]
        found = (_loaded(self.directory_id, row) for row in rows)
        newest = sorted(found, key=lambda each: each.created_at, reverse=True)
        return newest[:MOST_LISTED]

    async def of_these(self, correlation_ids: Sequence[str]) -> dict[str, Trace]:
        """Return the traces of several interactions by their correlation ids, at most 1000."""
        wanted = list(dict.fromkeys(correlation_ids))
        if not wanted:
            return {}
        size = next(each for each in _SIZES if each >= len(wanted))
        wanted += [wanted[0]] * (size - len(wanted))
        parameters = {f"id{number}": each for number, each in enumerate(wanted)}
        rows = await self.all(_THESE[size], **parameters)
        return {row[0]: _loaded(self.directory_id, row) for row in rows}

    async def of(self, correlation_id: str) -> Trace | None:
        """Return the trace of an interaction, whether it is under way or gone."""
        asked = {"correlation": correlation_id}
        row = await self.one(_UNDER_WAY, **asked) or await self.one(_GONE, **asked)
        return None if row is None else _loaded(self.directory_id, row)
