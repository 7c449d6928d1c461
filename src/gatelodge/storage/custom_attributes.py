"""Custom attributes in filters: names as they were declared, values of the declared type."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from gatelodge.errors import Invalid, Problem
from gatelodge.model.attribute import DataType, UserAttribute
from gatelodge.model.identifier import key_of
from gatelodge.model.query import AllOf, Among, AnyOf, Comparison, Filter, Not, Value
from gatelodge.storage.stores import Stores

PREFIX = "extension_"
_PYTHON: Mapping[DataType, tuple[type, ...]] = {
    DataType.STRING: (str,),
    DataType.BOOLEAN: (bool,),
    DataType.INT64: (int,),
    DataType.DATE_TIME: (datetime,),
}


async def with_known_attributes(stores: Stores, where: Filter) -> Filter:
    """Return the filter with every custom attribute called by its own id.

    Raises `Invalid` for an attribute the directory does not have, or one that is compared with a
    value of another type.
    """
    if not any(True for _ in _open_names(where)):
        return where
    known = {key_of(each.id): each for each in await stores.user_attributes.every()}
    return _resolved(where, known)


def _open_names(where: Filter) -> Iterator[str]:
    match where:
        case AllOf() | AnyOf():
            for part in where.parts:
                yield from _open_names(part)
        case Not():
            yield from _open_names(where.part)
        case Comparison() | Among() if key_of(where.attribute).startswith(PREFIX):
            yield where.attribute


def _resolved(where: Filter, known: Mapping[str, UserAttribute]) -> Filter:
    match where:
        case AllOf() | AnyOf():
            return replace(where, parts=tuple(_resolved(part, known) for part in where.parts))
        case Not():
            return Not(_resolved(where.part, known))
        case Comparison() | Among() if key_of(where.attribute).startswith(PREFIX):
            values = where.values if isinstance(where, Among) else (where.value,)
            return replace(where, attribute=_declared(where.attribute, values, known))
        case _:
            return where


def _declared(name: str, values: tuple[Value, ...], known: Mapping[str, UserAttribute]) -> str:
    attribute = known.get(key_of(name))
    if attribute is None:
        raise Invalid(Problem("$filter", f"The directory has no attribute '{name[:200]}'."))
    wanted = _PYTHON.get(attribute.data_type)
    if wanted is None:
        raise Invalid(Problem("$filter", f"'{attribute.id}' cannot be filtered by."))
    for value in values:
        is_flag = isinstance(value, bool)
        if value is not None and (not isinstance(value, wanted) or is_flag != (bool in wanted)):
            raise Invalid(
                Problem("$filter", f"The value of '{attribute.id}' is no {attribute.data_type}.")
            )
    return attribute.id
