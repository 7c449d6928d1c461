"""The tables of the database."""

from typing import Any, get_type_hints

from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import dialect

from gatelodge.storage.columns import Json
from gatelodge.storage.store import Store
from gatelodge.storage.stores import Stores
from gatelodge.storage.tables import metadata
from scripts.reference.markdown import code, first_line, page, section, table

INTRO = """\
The same schema in SQLite and PostgreSQL, made by `gatelodge migrate`. Moments are microseconds
since 1970 in UTC. A column of the type *JSON* holds a value of its own that is read and written
whole. `key` columns hold the form a name is looked up by. Read the tables as you like; write
through the Graph API only, because caches, audit events and revisions depend on it."""


_TYPES = {
    "Member": "text, of a closed list",
    "UtcDateTime": "moment",
    "Flag": "true or false",
}


def database_page() -> str:
    """Return the page."""
    about = _about()
    tables = sorted(metadata.tables.values(), key=lambda each: each.name)
    return page("Tables", INTRO, *(_table(each, about.get(each.name, "")) for each in tables))


def _about() -> dict[str, str]:
    """Return what each store says of itself, by the name of its table."""
    stores = [
        get_type_hints(each.fget)["return"]
        for each in vars(Stores).values()
        if isinstance(each, property) and each.fget is not None
    ]
    return {
        each.record.table.name: first_line(each.record.python.__doc__)
        for each in stores
        if issubclass(each, Store) and hasattr(each, "record")
    }


def _table(each: Table, about: str) -> str:
    rows = [(code(column.name), _type(column), _rules(column)) for column in each.columns]
    more = [f"Unique: {_names(rule.columns)}." for rule in _of_kind(each, UniqueConstraint)]
    more += [
        f"{_names(rule.columns)} {'refers' if len(rule.columns) == 1 else 'refer'} to "
        f"{code(rule.referred_table.name)}{_deletion(rule)}."
        for rule in _of_kind(each, ForeignKeyConstraint)
    ]
    more += [
        f"Index: {_names(index.columns)}."
        for index in sorted(each.indexes, key=lambda it: str(it.name))
    ]
    parts = [about, table(("column", "type", "rules"), rows), "\n".join(f"- {it}" for it in more)]
    return section(code(each.name), *(it for it in parts if it))


def _of_kind(each: Table, kind: type[Any]) -> list[Any]:
    found = [rule for rule in each.constraints if isinstance(rule, kind)]
    return sorted(found, key=lambda rule: _names(rule.columns))


def _names(columns: Any) -> str:  # noqa: ANN401 - a collection of columns in several forms
    return ", ".join(code(each.name) for each in columns)


def _deletion(rule: ForeignKeyConstraint) -> str:
    return " and goes with it" if rule.ondelete == "CASCADE" else ""


def _type(column: "Column[Any]") -> str:
    if isinstance(column.type, Json):
        return "JSON"
    return _TYPES.get(type(column.type).__name__) or _sql(column)


def _rules(column: "Column[Any]") -> str:
    if column.primary_key:
        return "primary key"
    return "may be empty" if column.nullable else ""


def _sql(column: "Column[Any]") -> str:
    spoken = dialect()  # type: ignore[no-untyped-call]
    return column.type.compile(spoken).lower()
