"""Filters as SQL conditions. Every value is bound; a condition depends on a filter's shape only."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    and_,
    bindparam,
    exists,
    false,
    func,
    not_,
    or_,
    true,
)

from gatelodge.model.identifier import key_of
from gatelodge.model.query import (
    AllOf,
    Among,
    AnyOf,
    Comparator,
    Comparison,
    Filter,
    Has,
    Not,
    Value,
)

Shape: TypeAlias = Any
Condition: TypeAlias = ColumnElement[bool]

_PATTERNS = {
    Comparator.STARTS_WITH: "{}%",
    Comparator.ENDS_WITH: "%{}",
    Comparator.CONTAINS: "%{}%",
}
_COMPARE: Mapping[Comparator, Callable[[Any, Any], Condition]] = {
    Comparator.GT: lambda column, value: column > value,
    Comparator.GE: lambda column, value: column >= value,
    Comparator.LT: lambda column, value: column < value,
    Comparator.LE: lambda column, value: column <= value,
}


class Case(Enum):
    """How upper and lower case are made the same."""

    LOWERED = "by SQL, on both sides"
    FOLDED = "the column holds the look-up form"
    EITHER = "the column holds the look-up form, or the name as it is when case matters"
    NONE = "the column holds no text"


@dataclass(frozen=True, slots=True)
class Place:
    """The column that answers for an attribute."""

    column: Column[Any]
    case: Case

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
        if (pattern := _PATTERNS.get(comparator)) is not None:
            escaped = str(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            value = pattern.format(escaped)
        if self.case is Case.EITHER:
            return [value, key_of(str(value))]
        return [key_of(str(value))] if self.case is Case.FOLDED else [value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """A collection kept in a table of its own. `joined` says which rows belong to the one asked."""

    scope: "Scope"
    joined: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which column answers for which attribute."""

    columns: Mapping[str, Column[Any]]
    folded: Mapping[str, Column[Any]] = field(default_factory=dict)
    either: Mapping[str, Column[Any]] = field(default_factory=dict)
    members: Mapping[str, Members] = field(default_factory=dict)

    def place(self, attribute: str) -> Place:
        """Return the column to ask."""
        if (column := self.folded.get(attribute)) is not None:
            return Place(column, Case.FOLDED)
        if (column := self.either.get(attribute)) is not None:
            return Place(column, Case.EITHER)
        column = self.columns[attribute]
        return Place(column, Case.LOWERED if isinstance(column.type, Text) else Case.NONE)

    def shape(self, where: Filter, values: list[Value]) -> Shape:
        """Return what of a filter decides the SQL; append its values in the order of binding."""
        match where:
            case AllOf() | AnyOf():
                return (type(where), *(self.shape(part, values) for part in where.parts))
            case Not():
                return (Not, self.shape(where.part, values))
            case Has():
                inner = self.members[where.attribute].scope
                shape = None if where.part is None else inner.shape(where.part, values)
                return (Has, where.attribute, shape)
            case Comparison():
                if where.value is not None:
                    values += self.place(where.attribute).values(where.comparator, where.value)
                return (where.attribute, where.comparator, where.value is None)
            case Among():
                known = [each for each in where.values if each is not None]
                for each in known:
                    values += self.place(where.attribute).values(Comparator.EQ, each)
                return (Among, where.attribute, len(known), len(known) != len(where.values))

    def condition(self, where: Filter, names: Iterator[str]) -> Condition:
        """Return the condition; `names` are those of the values `shape` appended."""
        match where:
            case AllOf():
                return and_(true(), *(self.condition(each, names) for each in where.parts))
            case AnyOf():
                return or_(false(), *(self.condition(each, names) for each in where.parts))
            case Not():
                return not_(self.condition(where.part, names))
            case Has():
                members = self.members[where.attribute]
                if where.part is None:
                    return exists().where(members.joined)
                return exists().where(members.joined, members.scope.condition(where.part, names))
            case Comparison():
                return _compare(self.place(where.attribute), where, names)
            case Among():
                return _among(self.place(where.attribute), where, names)


def _compare(place: Place, where: Comparison, names: Iterator[str]) -> Condition:
    column = place.column
    if where.value is None:
        return _compare_with_nothing(column, where.comparator)
    if where.comparator is Comparator.NE:
        return not_(_equals(place, names))
    if where.comparator is Comparator.EQ:
        return _equals(place, names)
    bound = place.bind(next(names))
    if where.comparator in _PATTERNS:
        return _is_there(column, place.compared.like(bound, escape="\\"))
    return _is_there(column, _COMPARE[where.comparator](place.compared, bound))


def _equals(place: Place, names: Iterator[str]) -> Condition:
    found = place.compared == place.bind(next(names))
    if place.case is Case.EITHER:
        found = or_(found, place.compared == place.bind(next(names)))
    return _is_there(place.column, found)


def _compare_with_nothing(column: Column[Any], comparator: Comparator) -> Condition:
    if comparator is Comparator.EQ:
        return column.is_(None)
    return column.is_not(None) if comparator is Comparator.NE else false()


def _among(place: Place, where: Among, names: Iterator[str]) -> Condition:
    known = [each for each in where.values if each is not None]
    found = or_(false(), *(_equals(place, names) for _ in known))
    return or_(found, place.column.is_(None)) if None in where.values else found


def _is_there(column: Column[Any], condition: Condition) -> Condition:
    """Make a missing value answer no instead of unknown, which `not` would leave unknown."""
    return and_(column.is_not(None), condition) if column.nullable else condition
