"""Identity providers."""

from typing import Any

from sqlalchemy import select

from gatelodge.model.identifier import key_of
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(
    IdentityProvider,
    tables.identity_provider,
    key=("key",),
    derived={"key": lambda it: key_of(it.id)},
)
_EVERY = Query(select(*_RECORD.columns).where(_RECORD.of_directory()))


class IdentityProviders(Store[IdentityProvider]):
    """Identity providers by id, compared without case."""

    record = _RECORD
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the ids without case."""
        return tuple(key_of(part) for part in key)

    async def every(self) -> list[IdentityProvider]:
        """Return all providers of the directory."""
        return [_RECORD.load(row) for row in await self.all(_EVERY)]
