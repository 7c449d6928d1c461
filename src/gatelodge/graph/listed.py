"""Lists that lie in no table of their own: few values, filtered and sorted where they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gatelodge.graph.edm import Navigation
from gatelodge.model.identifier import key_of
from gatelodge.model.query import Filter, Page, Slice, matches
from gatelodge.storage.stores import Stores


def part_of(values: Sequence[Any], part: Slice, key: str = "id") -> Page:
    """Return a part of a list that keeps its order unless another one is asked for."""
    found = [each for each in values if part.where is None or matches(part.where, each)]
    for order in reversed(part.order):
        found.sort(key=_sorting(order.attribute), reverse=order.is_descending)
    if part.after is not None:
        keys = [getattr(each, key) for each in found]
        last = part.after[0]
        found = found[keys.index(last) + 1 :] if last in keys else []
    found = found[part.skip :]
    shown = tuple(found[: part.limit])
    is_more = bool(shown) and len(found) > len(shown)
    return Page(shown, (getattr(shown[-1], key),) if is_more else None)


def _sorting(attribute: str) -> Callable[[Any], tuple[bool, Any]]:
    def sorted_by(each: object) -> tuple[bool, Any]:
        value = getattr(each, attribute)
        return value is not None, key_of(value) if isinstance(value, str) else value or 0

    return sorted_by


@dataclass(frozen=True, slots=True)
class Reached:
    """What one owner leads to, as a source of entities."""

    navigation: Navigation
    owner: Any

    async def every(self, stores: Stores) -> Sequence[Any]:
        """Return all of it."""
        return (await self.navigation.related(stores, (self.owner,)))[0]

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list."""
        return part_of(await self.every(stores), part, self.navigation.to.entity.key_attribute)

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        every = await self.every(stores)
        return len([each for each in every if where is None or matches(where, each)])

    async def find(self, stores: Stores, key: str) -> Any:  # noqa: ANN401 - as many types as sets
        """Return the entity of a key, compared without case, or None."""
        entity_set = self.navigation.to
        if entity_set.named is not None:
            return entity_set.named(await self.every(stores), key)
        name = entity_set.entity.key_attribute
        for each in await self.every(stores):
            if key_of(str(getattr(each, name))) == key_of(key):
                return each
        return None

    async def first(self, stores: Stores) -> Any:  # noqa: ANN401 - as many types as sets
        """Return the only entity a navigation to one leads to, or None."""
        return next(iter(await self.every(stores)), None)
