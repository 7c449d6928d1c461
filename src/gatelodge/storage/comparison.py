"""Comparisons of one attribute with bound values, as SQL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, and_, bindparam, false, func, not_, or_, true

from gatelodge.model.identifier import key_of
from gatelodge.model.query import Among, Comparator, Comparison, Order, Value
from gatelodge.storage import open_property

Condition: TypeAlias = ColumnElement[bool]

_PATTERNS = {
    Comparator.STARTS_WITH: "{}%",
    Comparator.ENDS_WITH: "%{}",
    Comparator.CONTAINS: "%{}%",
}
RANGES: Mapping[Comparator, Callable[[Any, Any], Condition]] = {
    Comparator.GT: lambda column, value: column > value,
    Comparator.GE: lambda column, value: column >= value,
    Comparator.LT: lambda column, value: column < value,
    Comparator.LE: lambda column, value: column <= value,
}
_LAST_POINT = 0x10FFFF


def _pattern(pattern: str, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return pattern.format(escaped)


class Case(Enum):
    """How upper and lower case are made the same."""

    LOWERED = "by SQL, on both sides"
    FOLDED = "the column holds the look-up form"
    EITHER = "the column holds the look-up form, or the name as it is when case matters"
    NONE = "the column holds no text"


@dataclass(frozen=True, slots=True)
class Place:
    """The column that answers for an attribute.

    `kept` is NULL when the attribute has no value, which a look-up form does not tell.
    """

    column: Column[Any]
    case: Case
    kept: Column[Any]

    @property
    def compared(self) -> ColumnElement[Any]:
        """Return what is compared with a bound value."""
        return func.lower(self.column) if self.case is Case.LOWERED else self.column

    def bind(self, name: str) -> ColumnElement[Any]:
        """Return the bound value of that name."""
        bound: ColumnElement[Any] = bindparam(name, type_=self.column.type)
        return func.lower(bound) if self.case is Case.LOWERED else bound

    def values(self, comparator: Comparator, value: Value) -> list[Value]:
        """Return what to bind for a comparison with `value`."""
        if comparator is Comparator.STARTS_WITH and self.case is Case.FOLDED:
            prefix = key_of(str(value))
            return [prefix, _beyond_prefix(prefix)]
        if (pattern := _PATTERNS.get(comparator)) is not None:
            value = _pattern(pattern, str(value))
        if self.case is Case.EITHER:
            return [value, key_of(str(value))]
        return [key_of(str(value))] if self.case is Case.FOLDED else [value]


def still(place: Place, where: Comparison, names: Iterator[str], beyond: Order) -> Condition:
    """Return what is left of a comparison for rows after one that fulfils it."""
    bound = place.bind(next(names))
    if where.comparator is not Comparator.STARTS_WITH:
        return _is_there(place.kept, true())
    end = place.bind(next(names))
    left = place.column >= bound if beyond.is_descending else place.column < end
    return _is_there(place.kept, left)


def compare(place: Place, where: Comparison, names: Iterator[str]) -> Condition:
    """Return the condition; `names` are those of the values bound."""
    if where.value is None:
        return _compare_with_nothing(place.kept, where.comparator)
    if where.comparator is Comparator.NE:
        return not_(_equals(place, names))
    if where.comparator is Comparator.EQ:
        return _equals(place, names)
    bound = place.bind(next(names))
    if where.comparator is Comparator.STARTS_WITH and place.case is Case.FOLDED:
        # A range, because LIKE uses an index only under conditions that differ by database.
        within = and_(place.column >= bound, place.column < place.bind(next(names)))
        return _is_there(place.kept, within)
    if where.comparator in _PATTERNS:
        return _is_there(place.kept, place.compared.like(bound, escape="\\"))
    return _is_there(place.kept, RANGES[where.comparator](place.compared, bound))


def _beyond_prefix(prefix: str) -> str:
    """Return the first text after all that begin with the prefix, in the order of code points."""
    for at in range(len(prefix) - 1, -1, -1):
        point = ord(prefix[at])
        if point < _LAST_POINT:
            return prefix[:at] + chr(0xE000 if point == 0xD7FF else point + 1)
    return chr(_LAST_POINT) * 8


def _equals(place: Place, names: Iterator[str]) -> Condition:
    if place.case is Case.EITHER:
        return place.column.in_([place.bind(next(names)), place.bind(next(names))])
    return _is_there(place.kept, place.compared == place.bind(next(names)))


def _compare_with_nothing(column: ColumnElement[Any], comparator: Comparator) -> Condition:
    if comparator is Comparator.EQ:
        return column.is_(None)
    return column.is_not(None) if comparator is Comparator.NE else false()


def among(place: Place, where: Among, names: Iterator[str]) -> Condition:
    """Return the condition that the column has one of the values."""
    known = [each for each in where.values if each is not None]
    if place.case is Case.FOLDED and known:
        bounds = [place.bind(next(names)) for _ in known]
        found = _is_there(place.kept, place.column.in_(bounds))
    else:
        found = or_(false(), *(_equals(place, names) for _ in known))
    return or_(found, place.kept.is_(None)) if None in where.values else found


def _is_there(column: Column[Any], condition: Condition) -> Condition:
    """Make a missing value answer no instead of unknown, which `not` would leave unknown."""
    return and_(column.is_not(None), condition) if column.nullable else condition


def open_values(where: Comparison) -> list[Value]:
    """Return what to bind for a comparison of a member of a JSON object."""
    if where.value is None:
        return [where.attribute]
    value = open_property.stored_form(where.value)
    if (pattern := _PATTERNS.get(where.comparator)) is not None:
        value = _pattern(pattern, str(value))
    return [where.attribute, value]


def compare_open(column: Any, where: Comparison, names: Iterator[str]) -> Condition:
    """Return the condition about a member of the JSON object in a column."""
    kind, name = open_property.kind_of(where.value), next(names)
    found = open_property.compared(column, name, kind)
    if kind is None:
        return _compare_with_nothing(found, where.comparator)
    bound = open_property.bound(next(names), where.value)
    match where.comparator:
        case Comparator.EQ:
            return and_(found.is_not(None), found == bound)
        case Comparator.NE:
            return or_(found.is_(None), found != bound)
        case each if each in _PATTERNS:
            return and_(found.is_not(None), found.like(bound, escape="\\"))
        case each:
            return and_(found.is_not(None), RANGES[each](found, bound))
