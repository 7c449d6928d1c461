"""How a frozen dataclass lies in a table, and the statements every table needs."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, insert, select, update

from gatelodge.storage.statement import Query, Row

T = TypeVar("T")
Put = Callable[[Any, Any], None]
Derive = Callable[[T], Any]


class Record(Generic[T]):
    """A table and the dataclass it holds; built once, at import.

    Columns are the dataclass's attributes, except those in `elsewhere` (kept in another table),
    and `derived` columns, which are computed from the value (look-up forms of names). `key` are
    the columns that identify a row within its directory. Rows that do not fulfil `only` do not
    exist as far as this record is concerned: neither reads nor changes reach them.
    """

    def __init__(
        self,
        python: type[T],
        table: Table,
        *,
        key: tuple[str, ...] = ("id",),
        derived: Mapping[str, Derive[T]] | None = None,
        elsewhere: tuple[str, ...] = (),
        only: ColumnElement[bool] | None = None,
    ) -> None:
        self.python = python
        self.table = table
        self.key = key
        self.only = only
        self.derived = dict(derived or {})
        self.names = tuple(
            each.name
            for each in fields(python)  # type: ignore[arg-type]
            if each.name not in elsewhere
        )
        self._puts = _puts(python, self.names)
        absent = [each for each in fields(python) if each.name in elsewhere]  # type: ignore[arg-type]
        defaults = [each.default for each in absent]
        self._elsewhere = list(zip(_puts(python, elsewhere), defaults, strict=True))
        self._put_elsewhere = dict(zip(elsewhere, _puts(python, elsewhere), strict=True))
        self.columns = [table.c[name] for name in self.names]
        self.insert = Query(insert(table))
        self.by_key = Query(select(*self.columns).where(self.of_directory(), self._is_key()))
        self.remove = Query(delete(table).where(self.of_directory(), self._is_key()))
        self.replace = Query(self._update(with_revision="revision" in self.names))

    def of_directory(self) -> ColumnElement[bool]:
        """Return the condition every statement carries: the row belongs to this directory."""
        name = "directory_id" if "directory_id" in self.table.c else "id"
        is_here: ColumnElement[bool] = self.table.c[name] == bindparam("of_directory")
        return is_here if self.only is None else and_(is_here, self.only)

    def _is_key(self) -> ColumnElement[bool]:
        return and_(*(self.table.c[name] == bindparam(f"key_{name}") for name in self.key))

    def _update(self, *, with_revision: bool) -> Any:
        fixed = {"directory_id", "revision", *self.key}
        changed = [column for column in self.table.columns if column.name not in fixed]
        statement = update(self.table).where(self.of_directory(), self._is_key())
        values: dict[Any, Any] = {
            column: bindparam(f"new_{column.name}", type_=column.type) for column in changed
        }
        if with_revision:
            statement = statement.where(self.table.c.revision == bindparam("old_revision"))
            values[self.table.c.revision] = self.table.c.revision + 1
        return statement.values(values)

    def load(self, row: Row) -> T:
        """Return the value a row of `columns` stands for."""
        value = object.__new__(self.python)
        for put, part in zip(self._puts, row, strict=True):
            put(value, part)
        for put, part in self._elsewhere:
            put(value, part)
        return value

    def put(self, value: T, name: str, part: Any) -> None:
        """Fill in what is kept elsewhere, of a value that has just been loaded."""
        self._put_elsewhere[name](value, part)

    def parameters(self, value: T) -> dict[str, Any]:
        """Return every column of `value`."""
        found = {name: getattr(value, name) for name in self.names}
        for name, derive in self.derived.items():
            found[name] = derive(value)
        return found

    def key_parameters(self, *key: Any) -> dict[str, Any]:
        """Return the parameters of `by_key` and `remove`."""
        return {f"key_{name}": part for name, part in zip(self.key, key, strict=True)}

    def replacement(self, value: T) -> dict[str, Any]:
        """Return the parameters of `replace`."""
        found = self.parameters(value)
        parameters = {f"new_{name}": each for name, each in found.items()}
        parameters.update({f"key_{name}": found[name] for name in self.key})
        parameters["old_revision"] = found.get("revision")
        return parameters


def _puts(python: type, names: tuple[str, ...]) -> tuple[Put, ...]:
    """Return what fills the fields of a value that is being made, in the order of `names`.

    Calling the class costs several times as much, and a page makes hundreds of values.
    """
    if hasattr(python, "__post_init__"):
        raise TypeError(f"{python.__name__} checks itself, which loading would leave out")
    return tuple(getattr(python, name).__set__ for name in names)
