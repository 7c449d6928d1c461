"""What may be asked of a list: filters, orders and slices, by attribute name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias

from gatelodge.model.identifier import key_of

Value: TypeAlias = str | int | float | bool | datetime | None


class Comparator(StrEnum):
    """How an attribute is compared; values are OData's operators and functions."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    STARTS_WITH = "startswith"
    ENDS_WITH = "endswith"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Comparison:
    """True when the attribute compares so with `value`; text is compared without case.

    An attribute without a value equals None and nothing else, and is neither before nor after.
    """

    attribute: str
    comparator: Comparator
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """True when the attribute equals one of `values`."""

    attribute: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is not."""

    part: "Filter"


@dataclass(frozen=True, slots=True)
class Has:
    """True when some member of the collection `attribute` fulfils `part`, or exists at all."""

    attribute: str
    part: "Filter | None" = None


Filter: TypeAlias = Comparison | Among | AllOf | AnyOf | Not | Has


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by an attribute; a missing value comes first, and last when descending."""

    attribute: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of a list. `after` is where the page before ended, as that page told it."""

    where: Filter | None = None
    order: tuple[Order, ...] = ()
    limit: int = 100
    skip: int = 0
    after: tuple[str | int | float | bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some values of a list; `end` is where the next page begins, None on the last one.

    `are_kept` says that what was not changed comes again as the very same object.
    """

    values: tuple[Any, ...]
    end: tuple[str | int | float | bool, ...] | None = None
    are_kept: bool = False


_TESTS: Mapping[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.EQ: eq,
    Comparator.NE: ne,
    Comparator.GT: gt,
    Comparator.GE: ge,
    Comparator.LT: lt,
    Comparator.LE: le,
    Comparator.STARTS_WITH: str.startswith,
    Comparator.ENDS_WITH: str.endswith,
    Comparator.CONTAINS: str.__contains__,
}


def attributes_in(where: Filter) -> Iterator[str]:
    """Yield the attributes a filter looks at; of the members of a collection, the collection."""
    match where:
        case AllOf() | AnyOf():
            for part in where.parts:
                yield from attributes_in(part)
        case Not():
            yield from attributes_in(where.part)
        case Comparison() | Among() | Has():
            yield where.attribute


def matches(where: Filter, candidate: object) -> bool:
    """Return whether `candidate` fulfils the filter: for lists that lie in no table."""
    match where:
        case Comparison():
            return _compare(where, getattr(candidate, where.attribute))
        case Among():
            return _folded(getattr(candidate, where.attribute)) in map(_folded, where.values)
        case AllOf():
            return all(matches(part, candidate) for part in where.parts)
        case AnyOf():
            return any(matches(part, candidate) for part in where.parts)
        case Not():
            return not matches(where.part, candidate)
        case Has():
            members = getattr(candidate, where.attribute)
            return any(where.part is None or matches(where.part, each) for each in members)


def _compare(where: Comparison, found: object) -> bool:
    one, other = _folded(found), _folded(where.value)
    if where.comparator not in {Comparator.EQ, Comparator.NE} and (one is None or other is None):
        return False
    return _TESTS[where.comparator](one, other)


def _folded(value: object) -> object:
    return key_of(value) if isinstance(value, str) else value
