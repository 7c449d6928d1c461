"""Deleting in slices: no sweep holds up those who write for longer than a moment."""

from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, select

from gatelodge.storage.statement import Query

SLICE = 500
"""How many rows one statement deletes at most; fewer deleted means that nothing is left."""


def slice_of(table: Table, key: str, *conditions: ColumnElement[Any]) -> Query:
    """Return the statement that deletes a slice of a directory's rows which meet the conditions.

    `key` is the column that identifies a row within its directory.
    """
    is_here = table.c.directory_id == bindparam("of_directory")
    chosen = select(table.c[key]).where(is_here, *conditions).limit(SLICE)
    return Query(delete(table).where(is_here, table.c[key].in_(chosen)))
