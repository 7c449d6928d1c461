"""A table's columns are the attributes of the dataclass it holds, and nothing else."""

from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules
from types import NoneType
from typing import Any, get_args

import pytest

import gatelodge.storage
from gatelodge.model.service_principal import OF_APPLICATION
from gatelodge.storage import audit_chain, installations, tables
from gatelodge.storage.record import Record
from gatelodge.storage.store import Store

MODULES = [
    import_module(f"gatelodge.storage.{each.name}")
    for each in iter_modules(gatelodge.storage.__path__)
    if each.name != "migrations"
]
STORES = [
    each
    for module in MODULES
    for each in vars(module).values()
    if isinstance(each, type)
    and issubclass(each, Store)
    and hasattr(each, "record")
    and each.__module__ == module.__name__
]
RECORDS: dict[str, Record[Any]] = {each.__name__: each.record for each in STORES} | {
    f"{module.__name__}{name}": each
    for module in (audit_chain, installations)
    for name, each in vars(module).items()
    if isinstance(each, Record)
}
every = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)


@every
def test_columns_are_attributes_or_derived_from_them(record: Record[Any]) -> None:
    columns = {each.name for each in record.table.columns}
    attributes = {each.name for each in fields(record.python)}
    elsewhere = attributes - set(record.names)
    assert columns == (attributes - elsewhere) | set(record.derived)
    assert elsewhere <= set(OF_APPLICATION)


@every
def test_what_may_be_none_may_be_null_and_nothing_else(record: Record[Any]) -> None:
    optional = {each.name for each in fields(record.python) if NoneType in get_args(each.type)}
    optional &= set(record.names)
    nullable = {each.name for each in record.table.columns if each.nullable}
    assert nullable == optional


def test_every_table_belongs_to_a_store() -> None:
    kept = {each.table.name for each in RECORDS.values()}
    parts = {"sign_in_name", "identifier_uri"}  # of an account, and of an application
    assert kept | parts == set(tables.metadata.tables)


@pytest.mark.parametrize("table", tables.metadata.tables.values(), ids=lambda it: it.name)
def test_every_row_belongs_to_a_directory_and_its_key_says_so(table: Any) -> None:
    if table.name in {"installation", "directory", "audit_checkpoint"}:
        assert [each.name for each in table.primary_key] == ["id"]
    else:
        assert next(iter(table.primary_key)).name == "directory_id"
