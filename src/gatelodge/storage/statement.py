"""SQL, written once as SQLAlchemy Core expressions and compiled once per database.

The compiled text runs on the driver directly: SQLAlchemy's execution path costs several times what
SQLite needs to answer (see the decision page on the execution path).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sqlalchemy import ClauseElement
from sqlalchemy.engine import Dialect

from gatelodge.errors import Invalid, Problem
from gatelodge.storage.columns import Convert, Converted, Name

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

Row: TypeAlias = Sequence[Any]
Make: TypeAlias = Callable[[Row, Callable[[Row], Row]], Any]
"""Makes a value of a row as the driver gave it, and of what turns it into its Python form."""


class Query:
    """A Core expression that is compiled when a database first meets it, and kept as long as it.

    Equal only to itself, so that looking up its compiled form costs nothing. With `make` the answer
    is what that makes of the rows.
    """

    __slots__ = ("__weakref__", "expression", "make")

    def __init__(self, expression: ClauseElement, make: Make | None = None) -> None:
        self.expression = expression
        self.make = make


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL text with what is needed to bind its parameters and read its rows.

    `is_write` says that it may change rows, `is_delete` that it may remove some.
    """

    text: str
    is_write: bool
    is_delete: bool
    names: tuple[str, ...]
    encoders: tuple[Convert | None, ...]
    constants: Mapping[str, Any]
    decoders: tuple[tuple[int, Convert], ...]
    make: Make | None = None

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order the driver wants them.

        Raises `KeyError` when a parameter is missing and `Invalid` for text not every database can
        keep: with a NUL or half of a surrogate pair, or a name that is too long for an index.
        """
        constants = self.constants
        values = []
        name = ""
        try:
            for name, encode in zip(self.names, self.encoders, strict=True):
                value = given[name] if name in given else constants[name]
                if value is not None:
                    if encode is not None:
                        value = encode(value)
                    if value.__class__ is str:
                        if not value.isascii():
                            value.encode()
                        if "\0" in value:
                            raise _unstorable(name)
                values.append(value)
        except ValueError as error:
            raise _unstorable(name) from error
        return values

    def read(self, row: Row) -> Any:
        """Return what a row stands for: its values, or what the query makes of them."""
        return self.decoded(row) if self.make is None else self.make(row, self.decoded)

    def read_all(self, rows: Iterable[Row]) -> list[Any]:
        """Return what each row stands for."""
        make, decoded = self.make, self.decoded
        if make is None:
            return [decoded(row) for row in rows]
        return [make(row, decoded) for row in rows]

    def decoded(self, row: Row) -> Row:
        """Return the row with every converted column in its Python form."""
        if not self.decoders:
            return row
        values = list(row)
        for index, decode in self.decoders:
            if (value := values[index]) is not None:
                values[index] = decode(value)
        return values


def _unstorable(parameter: str) -> Invalid:
    return Invalid(
        Problem(
            parameter.removeprefix("new_"),
            "The text is too long or has characters that cannot be stored.",
        )
    )


def compile_query(query: Query, dialect: Dialect) -> Compiled:
    """Compile for a dialect with positional parameters."""
    compiled = cast("SQLCompiler", query.expression.compile(dialect=dialect))
    names = tuple(compiled.positiontup or ())
    binds = {name: compiled.binds[name] for name in names}
    columns = compiled._result_columns  # noqa: SLF001 - the only place that has the result types
    return Compiled(
        text=str(compiled),
        is_write=compiled.isinsert or compiled.isupdate or compiled.isdelete,
        is_delete=compiled.isdelete,
        names=names,
        encoders=tuple(_encoder(binds[name].type) for name in names),
        constants={name: bind.value for name, bind in binds.items() if not bind.required},
        decoders=tuple(
            (index, each.type.decode)
            for index, each in enumerate(columns)
            if isinstance(each.type, Converted)
        ),
        make=query.make,
    )


def _encoder(column_type: Any) -> Convert | None:
    return column_type.encode if isinstance(column_type, Converted | Name) else None
