"""Identity providers."""

from typing import Any

from gatelodge.model.identifier import key_of
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.store import Store


class IdentityProviders(Store[IdentityProvider]):
    """Identity providers by id, compared without case."""

    record = Record(
        IdentityProvider,
        tables.identity_provider,
        key=("key",),
        derived={"key": lambda it: key_of(it.id)},
    )
    is_configuration = True
    __slots__ = ()

    def key(self, *key: Any) -> tuple[Any, ...]:
        """Return the ids without case."""
        return tuple(key_of(part) for part in key)
