"""Signing keys."""

from sqlalchemy import select

from gatelodge.model.signing_key import SigningKey
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(SigningKey, tables.signing_key)
_EVERY = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory())
    .order_by(tables.signing_key.c.created_at, tables.signing_key.c.id)
)


class SigningKeys(Store[SigningKey]):
    """A directory's keys by `kid`."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    async def every(self) -> list[SigningKey]:
        """Return all keys, the oldest first."""
        return [_RECORD.load(row) for row in await self.all(_EVERY)]
