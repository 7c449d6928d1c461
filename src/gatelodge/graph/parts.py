"""Callers who may see or change only some properties of an entity."""

from dataclasses import replace

from gatelodge.graph.access import denied
from gatelodge.graph.call import Call
from gatelodge.graph.edm import PartialAccess, Update
from gatelodge.graph.query import Options
from gatelodge.graph.representation import writers_of
from gatelodge.model.identifier import key_of
from gatelodge.model.query import Filter, attributes_in


def limited(call: Call, options: Options) -> Options:
    """Return the options, limited to what the caller may see.

    Raises `GraphError` 403 when they ask for more: to filter by a property is to read it. How
    many there are in all is not told to one who sees only its own.
    """
    if call.only_owned and call.target.navigation is None:
        if options.is_counted or call.target.is_count:
            raise denied()
        return options
    read, kind = call.target.entity_set.read, call.target.entity_set.entity
    if not read.partial or call.target.navigation is not None or call.caller.may(read.access):
        return options
    names = _open_to(call, read.partial)
    shown = tuple(each for each, _ in writers_of(kind) if key_of(each) in names)
    selected = shown if options.select is None else options.select
    attributes = {each.attribute: key_of(each.name) for each in kind.all_properties()}
    asked = {attributes.get(each, "") for each in _asked(options)}
    if not names.issuperset(map(key_of, selected)) or not names.issuperset(asked):
        raise denied()
    return replace(options, select=selected)


def refuse_other_parts(call: Call, operation: Update) -> None:
    """Raise `GraphError` 403 when a body changes a property the caller may not."""
    if not operation.partial or call.caller.may(operation.access):
        return
    given = {key_of(name) for name in call.body if not name.startswith("@")}
    if not _open_to(call, operation.partial).issuperset(given):
        raise denied()


def _open_to(call: Call, partial: tuple[PartialAccess, ...]) -> frozenset[str]:
    return frozenset(
        key_of(name) for each in partial if call.caller.may(each.access) for name in each.properties
    )


def _asked(options: Options) -> frozenset[str]:
    where: Filter | None = options.where
    orders = (each.attribute for each in options.order)
    return frozenset((*orders, *(() if where is None else attributes_in(where))))
