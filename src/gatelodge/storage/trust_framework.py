"""Custom policies."""

from typing import Any

from sqlalchemy import literal, select

from gatelodge.model.identifier import key_of
from gatelodge.model.trust_framework import TrustFrameworkPolicy
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store

_RECORD = Record(
    TrustFrameworkPolicy,
    tables.trust_framework_policy,
    key=("key",),
    derived={"key": lambda it: key_of(it.id)},
)
_content = tables.trust_framework_policy.c.content
_EVERY = Query(
    # A list shows no contents, and all of a directory's would be 200 MB.
    select(*(literal("") if each is _content else each for each in _RECORD.columns))
    .where(_RECORD.of_directory())
    .order_by(tables.trust_framework_policy.c.key)
)


class TrustFrameworkPolicies(Store[TrustFrameworkPolicy]):
    """Custom policies by id, compared without case."""

    record = _RECORD
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the ids without case."""
        return tuple(key_of(part) for part in key)

    async def every(self) -> list[TrustFrameworkPolicy]:
        """Return the directory's custom policies by id (at most 200), without their contents."""
        return [_RECORD.load(row) for row in await self.all(_EVERY)]
