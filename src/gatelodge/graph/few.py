"""Sets of so few entities that they are always read whole."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from gatelodge.graph.listed import part_of
from gatelodge.model.identifier import key_of
from gatelodge.model.query import Filter, Page, Slice, matches
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Few:
    """A source that `every` reads in the order of the list; `key` is the attribute of the key."""

    every: Callable[[Stores], Coroutine[Any, Any, Sequence[Any]]]
    key: str = "id"

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list."""
        return part_of(await self.every(stores), part, self.key)

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        every = await self.every(stores)
        return len([each for each in every if where is None or matches(where, each)])

    async def find(self, stores: Stores, key: str) -> Any:  # noqa: ANN401 - as many types as sets
        """Return the entity of a key, compared without case, or None."""
        for each in await self.every(stores):
            if key_of(str(getattr(each, self.key))) == key_of(key):
                return each
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """The source of a set that is a single entity; `read` is given the caller's id."""

    read: Callable[[Stores, str], Coroutine[Any, Any, Any]]

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Refuse: there is no list."""
        raise LookupError("a single entity is no list")

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Refuse: there is no list."""
        raise LookupError("a single entity is no list")

    async def find(self, stores: Stores, key: str) -> Any:  # noqa: ANN401 - as many types as sets
        """Return the entity."""
        return await self.read(stores, key)
