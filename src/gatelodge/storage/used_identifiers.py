"""Identifiers that may be used once."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from gatelodge.model.used_identifier import UsedIdentifier
from gatelodge.storage import tables
from gatelodge.storage.expiry import slice_of
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(UsedIdentifier, tables.used_identifier)
# SQLite took this clause over from PostgreSQL, word for word.
_USE = Query(
    insert(tables.used_identifier)
    .on_conflict_do_nothing(index_elements=["directory_id", "id"])
    .returning(tables.used_identifier.c.id)
)
_EXPIRED = slice_of(
    tables.used_identifier, "id", tables.used_identifier.c.expires_at < bindparam("before")
)


class UsedIdentifiers(Store[UsedIdentifier]):
    """What was used and must not be used again before it expires by itself."""

    record = _RECORD
    __slots__ = ()

    async def use(self, identifier: str, expires_at: datetime) -> bool:
        """Use an identifier up, in one statement; False when it was used before."""
        used = UsedIdentifier(directory_id=self.directory_id, id=identifier, expires_at=expires_at)
        return await self.connection.one(_USE, **_RECORD.parameters(used)) is not None

    async def sweep(self, before: datetime) -> int:
        """Delete a slice of what expired before that moment; return how many."""
        return await self.run(_EXPIRED, before=before)
