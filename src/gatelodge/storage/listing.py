"""Lists: a filter, an order and a slice become one SQL statement, built once for each shape."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from gatelodge.model.identifier import key_of
from gatelodge.model.query import (
    AllOf,
    Comparator,
    Comparison,
    Filter,
    Order,
    Page,
    Slice,
    Value,
)
from gatelodge.storage.columns import Converted, UtcDateTime
from gatelodge.storage.comparison import RANGES, Case, Condition, Place
from gatelodge.storage.condition import Scope, Shape
from gatelodge.storage.record import Record
from gatelodge.storage.remembered import Remembered
from gatelodge.storage.statement import Query, Row
from gatelodge.storage.stores import Stores

T = TypeVar("T")
Complete: TypeAlias = Callable[[Stores, Sequence[T]], Coroutine[Any, Any, Sequence[T]]]
Resolve: TypeAlias = Callable[[Stores, Filter], Coroutine[Any, Any, Filter]]
_MOST_SHAPES = 512
_NO_TEXT = literal("", Text())
_NO_TIME = literal(0, BigInteger())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists(Generic[T]):
    """What may be asked of one table.

    `key` is the unique column that ends every order and `key_of_value` its value. `find` reads
    one value by its key, `complete` adds to a page what lies in other tables, and `resolve` turns
    a filter into one about what is stored; it raises `Invalid` for names nothing has. `remembered`
    makes values of what is listed again and again as it is: configuration.
    """

    record: Record[T]
    scope: Scope
    key: Column[Any]
    key_of_value: Callable[[T], str]
    find: Callable[[Stores, str], Coroutine[Any, Any, T | None]]
    complete: Complete[T] | None = None
    resolve: Resolve | None = None
    remembered: Remembered[T] | None = None
    _queries: dict[Shape, Query] = field(default_factory=dict, repr=False)

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return up to `part.limit` values in order, and where the next page begins.

        Without an order, what is asked for by how it begins, or by what it is not before or
        after, comes in the order of that: the same index finds and sorts it.
        """
        where = await self._resolved(stores, part.where)
        part = replace(part, where=where, order=part.order or self._natural(where))
        values: list[Value] = []
        shape = (self._shape(part.where, values), part.order, part.after is not None)
        parameters: dict[str, Any] = _named("v", values)
        if part.after is not None:
            parameters |= _named("after", part.after)
        found: Sequence[T] = await stores.connection.all(
            self._query(shape, lambda: self._select(part)),
            of_directory=stores.directory_id,
            limit=part.limit + 1,
            skip=part.skip,
            **parameters,
        )
        is_more, found = len(found) > part.limit, found[: part.limit]
        if self.complete is not None:
            found = await self.complete(stores, found)
        end = self.end(found[-1], part.order) if is_more and found else None
        return Page(tuple(found), end, are_kept=self.remembered is not None)

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return how many values fulfil the filter."""
        where = await self._resolved(stores, where)
        values: list[Value] = []
        shape = ("count", self._shape(where, values))
        row = await stores.connection.one(
            self._query(shape, lambda: self._count(where)),
            of_directory=stores.directory_id,
            **_named("v", values),
        )
        return 0 if row is None else int(row[0])

    async def _resolved(self, stores: Stores, where: Filter | None) -> Filter | None:
        if where is None or self.resolve is None:
            return where
        return await self.resolve(stores, where)

    def _natural(self, where: Filter | None) -> tuple[Order, ...]:
        if where is None or self.scope.pins(where):
            return ()
        for each in where.parts if isinstance(where, AllOf) else (where,):
            if isinstance(each, Comparison) and self._is_range(each):
                return (Order(each.attribute),)
        return ()

    def _is_range(self, each: Comparison) -> bool:
        if each.value is None or not self.scope.is_ordered(each.attribute):
            return False
        if each.comparator is Comparator.STARTS_WITH:
            return each.attribute in self.scope.folded
        column = self.scope.place(each.attribute).column
        return each.comparator in RANGES and column in _sorted_by_index(column.table, self.key)

    def _shape(self, where: Filter | None, values: list[Value]) -> Shape:
        return None if where is None else self.scope.shape(where, values)

    def _query(self, shape: Shape, build: Callable[[], Query]) -> Query:
        query = self._queries.get(shape)
        if query is None:
            if len(self._queries) >= _MOST_SHAPES:
                self._queries.clear()
            query = self._queries[shape] = build()
        return query

    def _select(self, part: Slice) -> Query:
        order = self._order(part.order)
        beyond = part.order[0] if part.order and part.after is not None else None
        statement = select(*self.record.columns).where(self._where(part.where, beyond))
        if part.after is not None:
            statement = statement.where(_beyond(order))
        return Query(
            statement.order_by(*(each.desc() if down else each.asc() for each, down in order))
            .limit(bindparam("limit", type_=Integer()))
            .offset(bindparam("skip", type_=Integer())),
            self._loaded if self.remembered is None else self.remembered.of,
        )

    def _loaded(self, row: Row, read: Callable[[Row], Row]) -> T:
        return self.record.load(read(row))

    def _count(self, where: Filter | None) -> Query:
        return Query(select(func.count()).select_from(self.record.table).where(self._where(where)))

    def _where(self, where: Filter | None, beyond: Order | None = None) -> Condition:
        if where is None:
            return self.record.of_directory()
        names = (f"v{number}" for number in count())
        return and_(self.record.of_directory(), self.scope.condition(where, names, beyond))

    def _order(self, order: tuple[Order, ...]) -> list[tuple[ColumnElement[Any], bool]]:
        columns: list[tuple[ColumnElement[Any], bool]] = []
        is_descending = False
        for each in order:
            column, is_descending = self.scope.place(each.attribute).column, each.is_descending
            columns.append((_sorted_column(column), is_descending))
            if column is self.key:
                return columns
        # In one direction with what comes before it, so that an index can be read either way.
        return [*columns, (self.key, is_descending)]

    def end(self, value: T, order: tuple[Order, ...]) -> tuple[Any, ...]:
        """Return where a page that ends with this value ends."""
        end: list[Any] = []
        for each in order:
            place = self.scope.place(each.attribute)
            end.append(_stored(place, getattr(value, each.attribute)))
            if place.column is self.key:
                return tuple(end)
        return (*end, self.key_of_value(value))


def _named(prefix: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{prefix}{index}": value for index, value in enumerate(values)}


@cache
def _sorted_by_index(table: Table, key: Column[Any]) -> frozenset[Column[Any]]:
    """Return the columns whose order, ended by the key, an index of the table has."""
    indexes = [tuple(each.columns) for each in table.indexes if len(each.columns) == 3]
    here = table.c.directory_id
    return frozenset(middle for first, middle, last in indexes if first is here and last is key)


def _sorted_column(column: Column[Any]) -> ColumnElement[Any]:
    if not column.nullable:
        return column
    return func.coalesce(column, _NO_TIME if isinstance(column.type, UtcDateTime) else _NO_TEXT)


def _beyond(order: list[tuple[ColumnElement[Any], bool]]) -> Condition:
    """Return the condition for rows after the last one of the page before.

    In one direction it is a comparison of rows, which an index answers from where it says.
    """
    columns = [column for column, _ in order]
    bounds = [
        bindparam(f"after{index}", type_=_plain(column)) for index, column in enumerate(columns)
    ]
    directions = {down for _, down in order}
    if len(directions) == 1:
        rows, last = tuple_(*columns), tuple_(*bounds)
        return rows < last if directions.pop() else rows > last
    ways = []
    for index, (column, down) in enumerate(order):
        same = [columns[earlier] == bounds[earlier] for earlier in range(index)]
        ways.append(and_(*same, column < bounds[index] if down else column > bounds[index]))
    first, is_descending = order[0]
    begins = first <= bounds[0] if is_descending else first >= bounds[0]
    return and_(begins, or_(*ways))


def _plain(column: ColumnElement[Any]) -> Any:
    """Return the type as the driver knows it: where a page ends is kept in its stored form."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, Converted) else kind


def _stored(place: Place, value: object) -> Any:
    kind = place.column.type
    if value is None:
        return 0 if isinstance(kind, UtcDateTime) else ""
    if place.case is Case.FOLDED:
        return key_of(str(value))
    return kind.encode(value) if isinstance(kind, Converted) else value
