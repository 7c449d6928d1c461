"""The installation: one row of the whole database, of no directory."""

from sqlalchemy import delete, select, update

from gatelodge.model.installation import Installation
from gatelodge.storage import tables
from gatelodge.storage.connection import Connection
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query

_RECORD = Record(Installation, tables.installation)
_THE_ONE = Query(select(*_RECORD.columns))
_COUNT_START = Query(
    update(tables.installation)
    .values(starts=tables.installation.c.starts + 1)
    .returning(tables.installation.c.starts)
)
_EMPTY = [
    Query(delete(table))
    for table in reversed(tables.metadata.sorted_tables)
    if table is not tables.installation
]


class Installations:
    """Whose database this is."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def the_one(self) -> Installation | None:
        """Return the installation, or None while nobody has set the database up."""
        row = await self._connection.one(_THE_ONE)
        return None if row is None else _RECORD.load(row)

    async def add(self, value: Installation) -> None:
        """Set the database up; raises `AlreadyExists` the second time."""
        await self._connection.run(_RECORD.insert, **_RECORD.parameters(value))

    async def count_start(self) -> int:
        """Count one more start and return the number of it, from 1."""
        row = await self._connection.one(_COUNT_START)
        return 0 if row is None else int(row[0])

    async def empty(self) -> None:
        """Delete every row of every table but this one."""
        self._connection.is_configuration_changed = True
        for query in _EMPTY:
            await self._connection.run(query)
