"""User flows and the custom attributes they can ask for."""

from typing import Any

from sqlalchemy import select

from gatelodge.model.attribute import UserAttribute
from gatelodge.model.identifier import key_of
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.statement import Query
from gatelodge.storage.store import Store


class UserFlows(Store[UserFlow]):
    """User flows by id, compared without case."""

    record = Record(
        UserFlow, tables.user_flow, key=("key",), derived={"key": lambda it: key_of(it.id)}
    )
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the ids without case."""
        return tuple(key_of(part) for part in key)


_ATTRIBUTES = Record(
    UserAttribute,
    tables.user_attribute,
    key=("key",),
    derived={
        "key": lambda it: key_of(it.id),
        "display_name_key": lambda it: key_of(it.display_name),
    },
)
_EVERY_ATTRIBUTE = Query(
    select(*_ATTRIBUTES.columns)
    .where(_ATTRIBUTES.of_directory())
    .order_by(tables.user_attribute.c.key)
)


class UserAttributes(Store[UserAttribute]):
    """Custom attributes by id, compared without case; display names are unique as well."""

    record = _ATTRIBUTES
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the ids without case."""
        return tuple(key_of(part) for part in key)

    async def every(self) -> list[UserAttribute]:
        """Return the directory's custom attributes by id (at most 100)."""
        return [_ATTRIBUTES.load(row) for row in await self.all(_EVERY_ATTRIBUTE)]
