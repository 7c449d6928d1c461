"""Values of open types, kept as JSON in one column, as SQL sees them on either database."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Double, Text, bindparam, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement

from gatelodge.model.query import Value


class Member(ColumnElement[Any]):
    """A member of a JSON object, NULL unless it is of the kind asked for.

    `kind` is `text`, `number` or `flag`; None asks for the name of whatever kind it has. The name
    of the member is bound like every other value.
    """

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str, kind: str | None) -> None:
        self.column = column
        self.bound: ColumnElement[Any] = bindparam(name, type_=Text())
        self.kind = kind
        self.type = Text()


_SQLITE = {
    "text": "CASE WHEN {kind} = 'text' THEN {value} END",
    "number": "CASE WHEN {kind} IN ('integer', 'real') THEN {value} END",
    "flag": "CASE {kind} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    None: "{kind}",
}
_POSTGRESQL = {
    "text": "CASE WHEN {kind} = 'string' THEN {value} END",
    "number": "CASE WHEN {kind} = 'number' THEN ({value})::NUMERIC END",
    "flag": "CASE WHEN {kind} = 'boolean' THEN ({value})::BOOLEAN END",
    None: "{kind}",
}


@compiles(Member, "sqlite")
def _on_sqlite(element: Member, compiler: Any, **options: Any) -> str:
    def path() -> str:
        return f"""'$."' || {compiler.process(element.bound, **options)} || '"'"""

    column = compiler.process(element.column, **options)
    pattern = _SQLITE[element.kind]
    kind = f"json_type({column}, {path()})"
    value = f"json_extract({column}, {path()})" if "{value}" in pattern else ""
    return "(" + pattern.format(kind=kind, value=value) + ")"


@compiles(Member, "postgresql")
def _on_postgresql(element: Member, compiler: Any, **options: Any) -> str:
    column = f"({compiler.process(element.column, **options)})::JSONB"
    pattern = _POSTGRESQL[element.kind]
    kind = f"jsonb_typeof({column} -> {compiler.process(element.bound, **options)})"
    value = ""
    if "{value}" in pattern:
        value = f"{column} ->> {compiler.process(element.bound, **options)}"
    return "(" + pattern.format(kind=kind, value=value) + ")"


def kind_of(value: Value) -> str | None:
    """Return the kind of member a value is compared with; None for any member at all."""
    match value:
        case None:
            return None
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case _:
            return "text"


def stored_form(value: Value) -> Value:
    """Return a value as the JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


def compared(column: ColumnElement[Any], name: str, kind: str | None) -> ColumnElement[Any]:
    """Return the member in the form that is compared; text without regard to case."""
    found = Member(column, name, kind)
    return func.lower(found) if kind == "text" else found


def bound(name: str, value: Value) -> ColumnElement[Any]:
    """Return the bound value a member is compared with."""
    match value:
        case bool():
            return bindparam(name, type_=Boolean())
        case int():
            return bindparam(name, type_=BigInteger())
        case float():
            return bindparam(name, type_=Double())
        case _:
            return func.lower(bindparam(name, type_=Text()))
