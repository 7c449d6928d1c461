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
    select,
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
from gatelodge.storage import open_property

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """A collection kept in a table of its own.

    `owner` is the column that names whom a row belongs to by `key`, in the same directory. Rows
    are found through an index by what is in `found_by`.
    """

    scope: "Scope"
    owner: Column[Any]
    directory: Column[Any]
    key: Column[Any]
    found_by: frozenset[str] = frozenset()

    def condition(self, part: Filter | None, inner: Condition) -> Condition:
        """Return the condition that some member fulfils `inner`, which is what `part` says."""
        if part is not None and _pins(part, self.found_by):
            # Begins with the few members there can be, instead of asking everybody for theirs.
            found = select(self.owner).where(self.directory == bindparam("of_directory"), inner)
            return self.key.in_(found)
        return exists().where(
            self.directory == self.key.table.c.directory_id, self.owner == self.key, inner
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which column answers for which attribute.

    Attributes that begin with `open_prefix` are members of the JSON object in `open_column`.
    """

    columns: Mapping[str, Column[Any]]
    folded: Mapping[str, Column[Any]] = field(default_factory=dict)
    either: Mapping[str, Column[Any]] = field(default_factory=dict)
    members: Mapping[str, Members] = field(default_factory=dict)
    open_prefix: str = ""
    open_column: Column[Any] | None = None

    def place(self, attribute: str) -> Place:
        """Return the column to ask."""
        if (column := self.folded.get(attribute)) is not None:
            return Place(column, Case.FOLDED, self.columns.get(attribute, column))
        if (column := self.either.get(attribute)) is not None:
            return Place(column, Case.EITHER, column)
        column = self.columns[attribute]
        is_text = isinstance(column.type, Text)
        return Place(column, Case.LOWERED if is_text else Case.NONE, column)

    def _is_open(self, attribute: str) -> bool:
        return self.open_column is not None and attribute.startswith(self.open_prefix)

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
            case Comparison() if self._is_open(where.attribute):
                values += _open_values(where)
                kind = open_property.kind_of(where.value)
                return ("open", where.comparator, kind, type(where.value))
            case Among() if self._is_open(where.attribute):
                return self.shape(_any_of(where), values)
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
                members, part = self.members[where.attribute], where.part
                inner = true() if part is None else members.scope.condition(part, names)
                return members.condition(part, inner)
            case Comparison() if self._is_open(where.attribute):
                return _compare_open(self.open_column, where, names)
            case Among() if self._is_open(where.attribute):
                return self.condition(_any_of(where), names)
            case Comparison():
                return _compare(self.place(where.attribute), where, names)
            case Among():
                return _among(self.place(where.attribute), where, names)


def _compare(place: Place, where: Comparison, names: Iterator[str]) -> Condition:
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
    return _is_there(place.kept, _COMPARE[where.comparator](place.compared, bound))


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


def _among(place: Place, where: Among, names: Iterator[str]) -> Condition:
    known = [each for each in where.values if each is not None]
    found = or_(false(), *(_equals(place, names) for _ in known))
    return or_(found, place.kept.is_(None)) if None in where.values else found


def _is_there(column: Column[Any], condition: Condition) -> Condition:
    """Make a missing value answer no instead of unknown, which `not` would leave unknown."""
    return and_(column.is_not(None), condition) if column.nullable else condition


def _pins(where: Filter, attributes: frozenset[str]) -> bool:
    """Return whether only rows with one of a few values of these attributes can fulfil it."""
    match where:
        case Comparison():
            return where.attribute in attributes and where.comparator is Comparator.EQ
        case Among():
            return where.attribute in attributes
        case AllOf():
            return any(_pins(part, attributes) for part in where.parts)
        case AnyOf():
            return all(_pins(part, attributes) for part in where.parts)
        case _:
            return False


def _any_of(where: Among) -> Filter:
    return AnyOf(tuple(Comparison(where.attribute, Comparator.EQ, each) for each in where.values))


def _open_values(where: Comparison) -> list[Value]:
    if where.value is None:
        return [where.attribute]
    value = open_property.stored_form(where.value)
    if (pattern := _PATTERNS.get(where.comparator)) is not None:
        value = _pattern(pattern, str(value))
    return [where.attribute, value]


def _compare_open(column: Any, where: Comparison, names: Iterator[str]) -> Condition:
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
            return and_(found.is_not(None), _COMPARE[each](found, bound))
