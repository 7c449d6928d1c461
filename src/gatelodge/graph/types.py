"""Every type the model mentions, each once."""

from collections.abc import Iterator

from gatelodge.graph.edm import ComplexType, EntityType, Enumeration, Model, Property, Type


def structured_types(model: Model) -> tuple[ComplexType, ...]:
    """Return every structured type, in the order it is first mentioned."""
    found: dict[str, ComplexType] = {}
    for kind in _mentioned(model):
        if isinstance(kind, ComplexType):
            found.setdefault(kind.name, kind)
    return tuple(found.values())


def enumerations(model: Model) -> tuple[Enumeration, ...]:
    """Return every enum type, in the order it is first mentioned."""
    found: dict[str, Enumeration] = {}
    for kind in _mentioned(model):
        if isinstance(kind, Enumeration):
            found.setdefault(kind.name, kind)
    return tuple(found.values())


def entity_types(model: Model) -> tuple[EntityType, ...]:
    """Return every entity type, what others derive from first."""
    found: dict[str, EntityType] = {}
    for entity_set in model:
        for kind in (entity_set.entity, *entity_set.derived):
            for each in reversed(tuple(kind.lineage())):
                found.setdefault(each.name, each)
    return tuple(found.values())


def _mentioned(model: Model) -> Iterator[Type]:
    for entity_set in model:
        for entity in (entity_set.entity, *entity_set.derived):
            yield from _within(tuple(entity.all_properties()))
        for function in entity_set.functions:
            yield from _with_parts(function.result)
        for lookup in entity_set.lookups:
            yield from _within(lookup.parameters)
        for action in entity_set.actions:
            if action.result is not None:
                yield from _with_parts(action.result)
            yield from _within(action.parameters)


def _within(properties: tuple[Property, ...]) -> Iterator[Type]:
    for each in properties:
        yield from _with_parts(each.type)


def _with_parts(kind: Type) -> Iterator[Type]:
    yield kind
    if isinstance(kind, ComplexType):
        yield from _within(kind.properties)
        for each in kind.derived:
            yield from _with_parts(each)


def type_name(kind: Type, namespace: str = "graph.") -> str:
    """Return how CSDL calls a type."""
    return f"{namespace}{kind.name}" if isinstance(kind, ComplexType | Enumeration) else kind.value
