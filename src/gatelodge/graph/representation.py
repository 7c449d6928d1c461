"""Entities as JSON. What to write for a type and a selection is worked out once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeAlias

from gatelodge.graph.edm import (
    SENTINEL,
    ComplexType,
    EntityType,
    Enumeration,
    Primitive,
    Property,
    Returned,
)
from gatelodge.graph.primitive import write_date_time, write_octets, write_single

Write: TypeAlias = Callable[[Any], Any]
Writers: TypeAlias = tuple[tuple[str, Write], ...]

_PRIMITIVE: Mapping[Primitive, Write] = {
    Primitive.SINGLE: write_single,
    Primitive.DATE_TIME: write_date_time,
    Primitive.BINARY: write_octets,
}


@dataclass(frozen=True, slots=True)
class Style:
    """How values are written. Where later members are hidden the sentinel stands for them."""

    is_beta: bool = False
    hides_later_members: bool = False


AS_STORED = Style()
AS_HIDDEN = Style(hides_later_members=True)
_MOST_REMEMBERED = 256
MASK = "******"
"""What stands for a secret that is there."""


def represent(value: object, writers: Writers) -> dict[str, Any]:
    """Return the JSON object of an entity or structured value."""
    return {name: write(value) for name, write in writers}


@lru_cache(maxsize=512)
def writers_of(
    kind: EntityType, selected: tuple[str, ...] | None = None, style: Style = AS_STORED
) -> Writers:
    """Return how to write an entity: the default properties, or those selected by name."""
    if selected is None:
        return tuple(
            (each.name, _writer(each, style))
            for each in kind.all_properties()
            if each.returned in {Returned.BY_DEFAULT, Returned.MASKED}
        )
    known = {each.name: each for each in kind.all_properties()}
    return tuple(
        (name, _writer(known[name], style) if name in known else _extension(kind, name))
        for name in selected
        if name in known or kind.open_prefix
    )


def _extension(kind: EntityType, name: str) -> Write:
    attribute = kind.open_attribute
    return lambda entity: getattr(entity, attribute).get(name)


def _writer(each: Property, style: Style) -> Write:
    if each.returned is Returned.NEVER:
        return lambda _: None
    if (inlined := each.inlined) is not None:
        return _structure(inlined, style)
    read = attrgetter(each.attribute)
    if each.returned is Returned.MASKED:
        return lambda entity: None if read(entity) is None else MASK
    item = (
        _structure(each.type, style)
        if isinstance(each.type, ComplexType)
        else _single(each.type, style)
    )
    if each.is_collection:
        return _collection(read, item)
    if isinstance(each.type, ComplexType) and item is not None:
        item = remembered(item, _MOST_REMEMBERED)
    return read if item is None else _optional(read, item)


def remembered(write: Write, most: int) -> Write:
    """Write each object once: settings are few, and rows that say the same share them.

    Told apart by identity, which costs nothing; what is remembered is kept, so that no other
    object can take its place.
    """
    known: dict[int, tuple[Any, Any]] = {}

    def again(value: object) -> Any:  # noqa: ANN401
        found = known.get(id(value))
        if found is None:
            if len(known) >= most:
                known.clear()
            found = known[id(value)] = (value, write(value))
        return found[1]

    return again


def _structure(kind: ComplexType, style: Style) -> Write:
    if kind.derived:
        return _variant(kind.derived, style)
    writers = structure_writers(kind, style)
    return lambda value: {name: write(value) for name, write in writers}


def _variant(kinds: tuple[ComplexType, ...], style: Style) -> Write:
    of_python = {each.python: (each.name, structure_writers(each, style)) for each in kinds}

    def write(value: object) -> Any:  # noqa: ANN401
        name, writers = of_python[type(value)]
        return {"@odata.type": f"#microsoft.graph.{name}", **represent(value, writers)}

    return write


def _single(kind: object, style: Style) -> Write | None:
    if isinstance(kind, Enumeration) and kind.later and style.hides_later_members:
        later = kind.later
        return lambda value: SENTINEL if value in later else value
    return _PRIMITIVE.get(kind) if isinstance(kind, Primitive) else None


def _collection(read: Write, item: Write | None) -> Write:
    if item is None:
        return lambda value: list(read(value))
    return lambda value: [item(each) for each in read(value)]


def _optional(read: Write, item: Write) -> Write:
    def write(value: object) -> Any:  # noqa: ANN401
        found = read(value)
        return None if found is None else item(found)

    return write


def structure_writer(each: Property, style: Style = AS_STORED) -> Write:
    """Return how to write a structured value of an entity, None where it has none."""
    return _writer(replace(each, returned=Returned.BY_DEFAULT), style)


def structure_writers(kind: ComplexType, style: Style = AS_STORED) -> Writers:
    """Return how to write a structured value that is an answer by itself."""
    return tuple(
        ((style.is_beta and each.beta_name) or each.name, _writer(each, style))
        for each in kind.properties
    )
