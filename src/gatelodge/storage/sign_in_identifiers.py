"""Kinds of sign-in names."""

from sqlalchemy import select

from gatelodge.model.sign_in_identifier import SignInIdentifier
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(SignInIdentifier, tables.sign_in_identifier, key=("name",))
_EVERY = Query(
    select(*_RECORD.columns)
    .where(_RECORD.of_directory())
    .order_by(tables.sign_in_identifier.c.name)
)


class SignInIdentifiers(Store[SignInIdentifier]):
    """What was decided about kinds of names, by name."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    async def every(self) -> list[SignInIdentifier]:
        """Return every decision (there are five names)."""
        return [_RECORD.load(row) for row in await self.all(_EVERY)]
