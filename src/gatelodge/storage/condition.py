"""Filters as SQL conditions. Every value is bound; a condition depends on a filter's shape only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    Text,
    and_,
    bindparam,
    exists,
    false,
    not_,
    or_,
    select,
    true,
    union_all,
)

from gatelodge.model.query import (
    AllOf,
    Among,
    AnyOf,
    Comparator,
    Comparison,
    Filter,
    Has,
    Not,
    Order,
    Value,
)
from gatelodge.storage import open_property
from gatelodge.storage.comparison import (
    Case,
    Condition,
    Place,
    among,
    compare,
    compare_open,
    open_values,
    still,
)

Shape: TypeAlias = Any

_BEGINS = {
    False: {Comparator.GT, Comparator.GE, Comparator.STARTS_WITH},
    True: {Comparator.LT, Comparator.LE, Comparator.STARTS_WITH},
}
"""What says where a list begins, by whether it descends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """A collection kept in a table of its own.

    `owner` is the column that names whom a row belongs to by `key`, in the same directory.
    """

    scope: "Scope"
    owner: Column[Any]
    directory: Column[Any]
    key: Column[Any]

    def condition(self, part: Filter | None, inner: Condition) -> Condition:
        """Return the condition that some member fulfils `inner`, which is what `part` says."""
        if part is not None and self.scope.pins(part):
            # Begins with the few members there can be, instead of asking everybody for theirs.
            found = select(self.owner).where(self.directory == bindparam("of_directory"), inner)
            return self.key.in_(found)
        return exists().where(
            self.directory == self.key.table.c.directory_id, self.owner == self.key, inner
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which column answers for which attribute.

    Attributes that begin with `open_prefix` are members of the JSON object in `open_column`. Rows
    are found through an index by what is in `found_by`; then `key` is their unique column.
    """

    columns: Mapping[str, Column[Any]]
    folded: Mapping[str, Column[Any]] = field(default_factory=dict)
    either: Mapping[str, Column[Any]] = field(default_factory=dict)
    members: Mapping[str, Members] = field(default_factory=dict)
    open_prefix: str = ""
    open_column: Column[Any] | None = None
    found_by: frozenset[str] = frozenset()
    key: Column[Any] | None = None

    def pins(self, where: Filter) -> bool:
        """Return whether only rows with one of a few values an index finds can fulfil it."""
        match where:
            case Comparison():
                is_one = where.comparator is Comparator.EQ and where.value is not None
                return is_one and where.attribute in self.found_by
            case Among():
                return None not in where.values and where.attribute in self.found_by
            case Has():
                members = self.members[where.attribute].scope
                return where.part is not None and members.pins(where.part)
            case AllOf():
                return any(self.pins(part) for part in where.parts)
            case AnyOf():
                return all(self.pins(part) for part in where.parts)
            case Not():
                return False

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

    def is_ordered(self, attribute: str) -> bool:
        """Return whether comparing the attribute agrees with the order of its column."""
        case = Case.LOWERED if self._is_open(attribute) else self.place(attribute).case
        return case in {Case.FOLDED, Case.NONE}

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
                values += open_values(where)
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

    def condition(
        self, where: Filter, names: Iterator[str], beyond: Order | None = None
    ) -> Condition:
        """Return the condition; `names` are those of the values `shape` appended.

        `beyond` says in which order only rows after one that fulfilled it are asked for: where
        the first would be is then left out, because a database may begin there instead.
        """
        match where:
            case Comparison() if beyond is not None and self._is_begun(where, beyond):
                return still(self.place(where.attribute), where, names, beyond)
            case AllOf():
                parts = [self.condition(each, names, beyond) for each in where.parts]
                return and_(true(), *parts)
            case AnyOf():
                ways = [self.condition(each, names) for each in where.parts]
                return self._by_ways(ways) if self.pins(where) else or_(false(), *ways)
            case Not():
                return not_(self.condition(where.part, names))
            case Has():
                members, part = self.members[where.attribute], where.part
                inner = true() if part is None else members.scope.condition(part, names)
                return members.condition(part, inner)
            case Comparison() if self._is_open(where.attribute):
                return compare_open(self.open_column, where, names)
            case Among() if self._is_open(where.attribute):
                return self.condition(_any_of(where), names)
            case Comparison():
                return compare(self.place(where.attribute), where, names)
            case Among():
                found = among(self.place(where.attribute), where, names)
                return self._by_ways([found]) if self.pins(where) else found

    def _is_begun(self, where: Comparison, beyond: Order) -> bool:
        same = where.attribute == beyond.attribute and self.is_ordered(where.attribute)
        begins = _BEGINS[beyond.is_descending]
        return same and where.value is not None and where.comparator in begins

    def _by_ways(self, ways: Sequence[Condition]) -> Condition:
        """Return what `or` of the ways says, so that each is gone by the index that fits it.

        Left to themselves databases read everybody in the order of the list instead.
        """
        key = self.key
        if key is None or not ways:
            return or_(false(), *ways)
        directory = key.table.c.directory_id == bindparam("of_directory")
        found = (select(key).where(directory, each).correlate(None) for each in ways)
        return key.in_(union_all(*found))


def _any_of(where: Among) -> Filter:
    return AnyOf(tuple(Comparison(where.attribute, Comparator.EQ, each) for each in where.values))
